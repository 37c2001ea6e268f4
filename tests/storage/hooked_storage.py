"""Storages that call hooks set by a test. They are configured in ``STORAGES`` like any other storage."""

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
        """Replace the hooks.

        ``storing`` gets each file before it is stored and returns the content to store; ``stored`` gets its name
        afterwards. ``listed`` is called after all files were listed, before the first one is returned.
        """
        self.storing, self.stored, self.listed = storing, stored, listed

    def _save(self, name: str, content: File) -> str:
        name = super()._save(name, self.storing(name, content))  # type: ignore[misc]
        self.stored(name)
        return name

    def list_files(self, *prefixes: str) -> Iterator[StoredFile]:
        files = list(super().list_files(*prefixes))  # type: ignore[misc]
        self.listed()
        yield from files


class HookedFileSystemStorage(HookedStorage, AtomicFileSystemStorage):
    pass


class HookedS3Storage(HookedStorage, videos.storage.s3.PrivateS3Storage):
    pass


# One client per set of options: creating a client parses the complete API description of S3.
cached_s3_storage = cache(HookedS3Storage)


def hook(settings: Any, **hooks: Callable[..., object]) -> None:
    """Set the hooks of this test's storage, and reset all others. See ``HookedStorage.hook``."""
    current = settings.STORAGES["default"]
    if not current["BACKEND"].startswith(__name__):
        backend = f"{__name__}.{HookedFileSystemStorage.__name__}"
        settings.STORAGES = settings.STORAGES | {"default": current | {"BACKEND": backend}}
    storages["default"].hook(**hooks)
