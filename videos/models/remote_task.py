"""The fields of a video for its task at a remote provider: the order, the task id and the cost."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models

from videos.models.choices import Status, Step
from videos.models.deletions import ProviderTaskDeletion
from videos.models.leases import LeasedModel
from videos.providers.registry import REMOTE


class RemoteTaskFields(LeasedModel):
    """The fields of ``Video`` for remote providers."""

    provider_task_id = models.CharField(max_length=100, unique=True, null=True, blank=True, editable=False)
    submissions = models.PositiveSmallIntegerField(default=0, editable=False)
    provider_model = models.CharField(
        max_length=30, blank=True, default="", db_default="", editable=False, help_text="Of the latest order."
    )
    ordered_seconds = models.PositiveSmallIntegerField(
        null=True, blank=True, editable=False, help_text="Of the latest order: a model may make none so short."
    )
    queued_at_provider = models.BooleanField("in line at the provider", default=False, db_default=False, editable=False)
    provider_failure = models.CharField(
        max_length=100, blank=True, default="", db_default="", editable=False, help_text="In the provider's words."
    )
    provider_cost = models.PositiveIntegerField(
        null=True, blank=True, editable=False, help_text="In the provider's credits, over all its tasks for this video."
    )
    current_task_cost = models.PositiveIntegerField(
        default=0,
        db_default=0,
        editable=False,
        help_text="How much of it the latest order is: an estimate until its task has ended.",
    )
    consecutive_errors = models.PositiveIntegerField(
        default=0,
        db_default=0,
        editable=False,
        help_text="Steps in a row at a remote provider that went wrong, and said so.",
    )
    stale_results = models.PositiveIntegerField(
        default=0, db_default=0, editable=False, help_text="Answers that came after their lease was lost."
    )
    previous_task_ids = models.JSONField(
        default=list, db_default=[], editable=False, help_text="Tasks that came to nothing."
    )

    if TYPE_CHECKING:
        provider: models.CharField[str, str]
        started_at: models.DateTimeField[datetime | None, datetime | None]

    class Meta:
        abstract = True

    def submit(
        self, now: datetime, lease: timedelta, *, model: str = "", seconds: int | None = None, estimate: int = 0
    ) -> None:
        """Count a submission to a remote provider, before it is sent. Raises LeaseLost.

        ``model`` and ``seconds`` describe the order. ``estimate``, in the provider's credits, counts as its cost until
        the real cost is known. Raises IntegrityError at the third submission, since the provider may have charged for
        the first two.
        """
        self.update_claimed(
            status=Status.PROCESSING,
            step=Step.SUBMITTING,
            started_at=self.started_at or now,
            updated_at=now,
            submissions=self.submissions + 1,
            attempts=0,
            due_at=now + lease,
            provider_model=model,
            ordered_seconds=seconds,
            provider_cost=(self.provider_cost or 0) + estimate,
            current_task_cost=estimate,
        )

    def schedule_task_deletion(self, now: datetime) -> None:
        """Schedule the provider task for cancellation, or for deletion if it has finished."""
        if self.provider in REMOTE and self.provider_task_id:
            ProviderTaskDeletion.objects.enqueue(self.provider, self.provider_task_id, now)
