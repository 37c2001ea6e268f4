"""How far a video can be, in the words of the API and of the worker."""

from django.db import models


class Status(models.TextChoices):
    QUEUED = "queued", "In line"
    PROCESSING = "processing", "Dancing"
    SUCCEEDED = "succeeded", "Ready"
    FAILED = "failed", "Credit returned"


class Step(models.TextChoices):
    NONE = "", "-"
    SUBMITTING = "submitting", "Submitting"
    RENDERING = "rendering", "Rendering"
    STORING = "storing", "Storing"


class PromptSource(models.TextChoices):
    TEMPLATE = "template", "Our own words for the dance"
    WANTED = "wanted", "To be written by OpenAI"
    OPENAI = "openai", "Written by OpenAI"


LIVING = (Status.QUEUED, Status.PROCESSING)
# Codes of those that somebody ended, and no failure.
STOPPED = ("stopped", "closed")
