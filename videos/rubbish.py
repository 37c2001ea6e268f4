"""Folders of our storage whose owner deleted what was in them."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone

from videos.leases import Leased, LeasedQuerySet

log = logging.getLogger(__name__)

storage: Any = default_storage  # one of ours, which know how to clear a folder


class RubbishQuerySet(LeasedQuerySet["Rubbish"]):
    def note(self, folder: str, now: datetime) -> None:
        """To be called in the transaction that takes something from its owner's sight; ``empty_now`` comes after it.

        The worker goes through the folder again when every lease of today has run out: a worker that was busy with it
        at this very moment may have put something there yet.
        """
        self.get_or_create(folder=folder, defaults={"due_at": now + 3 * settings.LEASE})


class Rubbish(Leased):
    """A folder that has to be empty; the row goes when it is, for good."""

    folder = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = RubbishQuerySet.as_manager()

    def __str__(self) -> str:
        return self.folder


def empty_now(*folders: str) -> None:
    """Delete what is in them at once. A storage that is away is left to the worker, which has them on its list."""
    for folder in folders:
        try:
            storage.clear(folder)
        except OSError as error:
            log.error("deleted files are still there", extra={"folder": folder, "reason": str(error)})


def empty(row: Rubbish, stopping: Any) -> None:
    """The worker's step. A storage that is away is asked again, less and less often. Raises LeaseLost."""
    try:
        storage.clear(row.folder)
    except OSError as error:
        log.warning("not deleted yet", extra={"folder": row.folder, "reason": str(error)})
        row.later(timezone.now())
        return
    row.as_claimed.delete()
