"""Folders of our storage whose owner deleted what was in them."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from videos.models.leases import LeasedModel, LeasedQuerySet

log = logging.getLogger(__name__)


class StoredFileDeletionQuerySet(LeasedQuerySet["StoredFileDeletion"]):
    def enqueue(self, folder: str, now: datetime) -> None:
        """To be called in the transaction that takes something from its owner's sight; ``purge`` comes after it.

        The worker goes through the folder again when every lease of today has run out: a worker that was busy with it
        at this very moment may have put something there yet.
        """
        self.get_or_create(folder=folder, defaults={"due_at": now + 3 * settings.LEASE_DURATION})


class StoredFileDeletion(LeasedModel):
    """A folder that has to be empty; the row goes when it is, for good."""

    folder = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = StoredFileDeletionQuerySet.as_manager()

    def __str__(self) -> str:
        return self.folder


class ProviderTaskDeletionQuerySet(LeasedQuerySet["ProviderTaskDeletion"]):
    def enqueue(self, provider: str, task_id: str, now: datetime) -> None:
        """Let the worker delete this task; told twice, it counts once."""
        self.get_or_create(task_id=task_id, defaults={"provider": provider, "due_at": now})


class ProviderTaskDeletion(LeasedModel):
    """One task to be deleted; the row goes when the studio has said that the task is gone."""

    provider = models.CharField(max_length=20)
    task_id = models.CharField(max_length=100, unique=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar = ProviderTaskDeletionQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.provider} {self.task_id}"
