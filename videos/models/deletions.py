"""Deletion queues: videos, folders of our storage, and tasks at a provider."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from videos.models.leases import LeasedModel, LeasedQuerySet

log = logging.getLogger(__name__)


# How long an owner can undo the deletion of a video.
UNDO_FOR = timedelta(minutes=10)


class VideoDeletionQuerySet(LeasedQuerySet["VideoDeletion"]):
    def cancel(self, video_id: Any) -> bool:
        """Keep the video after all. Return False if a worker has already begun to delete it."""
        return bool(self.filter(video_id=video_id, claim=0).delete()[0])


class VideoDeletion(LeasedModel):
    """A video that its owner has deleted. It is hidden immediately, and erased at ``due_at``."""

    video = models.OneToOneField("videos.Video", on_delete=models.CASCADE, primary_key=True, related_name="deletion")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = VideoDeletionQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Deletion of {self.video}"


class StoredFileDeletionQuerySet(LeasedQuerySet["StoredFileDeletion"]):
    def enqueue(self, folder: str, now: datetime) -> None:
        """Schedule the deletion of a folder. Call inside the transaction that hides the object.

        Call ``purge`` after it commits. A worker that was busy with the object may still write a file after that, so
        the worker deletes the folder once more when every current lease has expired.
        """
        self.get_or_create(folder=folder, defaults={"due_at": now + 3 * settings.LEASE_DURATION})


class StoredFileDeletion(LeasedModel):
    """A folder to delete. The row is deleted once the folder is empty for good."""

    folder = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = StoredFileDeletionQuerySet.as_manager()

    def __str__(self) -> str:
        return self.folder


class ProviderTaskDeletionQuerySet(LeasedQuerySet["ProviderTaskDeletion"]):
    def enqueue(self, provider: str, task_id: str, now: datetime) -> None:
        """Schedule the deletion of a provider task. Calling it again for the same task changes nothing."""
        self.get_or_create(provider=provider, task_id=task_id, defaults={"due_at": now})


class ProviderTaskDeletion(LeasedModel):
    """A provider task to delete. The row is deleted once the provider confirms that the task is gone."""

    provider = models.CharField(max_length=20)
    task_id = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar = ProviderTaskDeletionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task_id", "provider"], name="providertaskdeletion_unique_task"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.task_id}"
