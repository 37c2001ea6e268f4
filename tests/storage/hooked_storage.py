"""Storages that call functions of a test, configured in ``STORAGES`` like any other storage."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from django.core.files.base import File
from django.core.files.storage import storages

import videos.storage.s3
from videos.storage.base import StoredFile
from videos.storage.local import AtomicFileSystemStorage


class HookedStorage:
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.hook()

    def hook(
        self,
        storing: Callable[[str, File], File] = lambda name, content: content,
        stored: Callable[[str], object] = lambda name: None,
        listed: Callable[[], object] = lambda: None,
    ) -> None:
        """Call these functions from now on.

        ``storing`` gets each file before it is stored and returns what is stored instead; ``stored`` gets its name
        afterwards. ``listed`` is called when all files were listed, before the first one is returned.
        """
        self.storing, self.stored, self.listed = storing, stored, listed

    def _save(self, name: str, content: File) -> str:
        name = super()._save(name, self.storing(name, content))  # type: ignore[misc]
        self.stored(name)
        return name

    def list_files(self, *prefixes: str) -> Iterator[StoredFile]:
        found = list(super().list_files(*prefixes))  # type: ignore[misc]
        self.listed()
        yield from found


class Files(HookedStorage, AtomicFileSystemStorage):
    pass


class HookedBucket(HookedStorage, videos.storage.s3.PrivateS3Storage):
    pass


# One client for each set of options: creating one parses the whole description of S3.
Bucket = cache(HookedBucket)


def hook(settings: Any, **hooks: Callable[..., object]) -> None:
    """Let the storage of this test call these functions only; see ``HookedStorage.hook``."""
    current = settings.STORAGES["default"]
    if not current["BACKEND"].startswith(__name__):
        settings.STORAGES = settings.STORAGES | {"default": current | {"BACKEND": f"{__name__}.Files"}}
    storages["default"].hook(**hooks)
