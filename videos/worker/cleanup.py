"""Deletion of videos, of stored files, and of tasks at the provider."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from videos import clock
from videos.models import Guest, ProviderTaskDeletion, StoredFileDeletion, VideoDeletion
from videos.providers import registry
from videos.providers.base import AccountUnavailable, RequestFailed
from videos.storage.base import delete_prefix, purge
from videos.worker.keepalive import ShouldStop

log = logging.getLogger(__name__)


def delete_video(deletion: VideoDeletion, should_stop: ShouldStop) -> None:
    """Erase a video that its owner deleted a while ago. Raises LeaseLost."""
    deletion.video.delete_by_owner(clock.now())
    deletion.claimed.delete()


def delete_stored_files(deletion: StoredFileDeletion, should_stop: Any) -> None:
    """Delete a claimed folder, or retry later with a growing delay if the storage is unavailable. Raises LeaseLost."""
    try:
        delete_prefix(deletion.folder)
    except OSError as error:
        log.warning("files not deleted yet", extra={"folder": deletion.folder, "reason": str(error)})
        deletion.retry_later(clock.now())
        return
    deletion.claimed.delete()


def delete_guest_photos(guest: Guest, should_stop: Any) -> None:
    """Delete the photos of a claimed guest that nobody has taken over in time. Raises LeaseLost."""
    folders = guest.expire(clock.now())
    log.info("guest's photos expired", extra={"count": len(folders)})
    purge(*folders)


# Providers delete outputs after a day or two; later there is nothing left to delete.
GIVE_UP_AFTER = timedelta(days=3)


def delete_provider_task(deletion: ProviderTaskDeletion, should_stop: ShouldStop) -> None:
    """Delete a claimed task at the provider, or retry later. Raises LeaseLost."""
    if deletion.provider not in registry.REMOTE:
        log.warning("task cannot be deleted: unknown provider", extra={"task": deletion.task_id})
        deletion.claimed.delete()
        return
    try:
        registry.remote_provider(deletion.provider).cancel(deletion.task_id)
    except (RequestFailed, AccountUnavailable) as error:
        now = clock.now()
        log.warning("task not deleted at the provider", extra={"task": deletion.task_id, "reason": error.reason})
        if now - deletion.created_at < GIVE_UP_AFTER:
            deletion.retry_later(now)
            return
    deletion.claimed.delete()
