"""Private files on this machine's disk, whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

from videos.storage.base import PREFIXES, StorageUnavailable, StoredFile


class AtomicFileSystemStorage(FileSystemStorage):
    """A file appears under its name only when all of it is on the disk; saving the same name again replaces it.

    Django's own storage writes in place: a worker that dies, or one that lost its lease and writes the same name,
    would leave a short file under the name of a finished video.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def signed_link(self, name: str, content_type: str, *, seconds: int, download_name: str = "") -> str:
        """Nothing: a disk has no addresses. Views of ours send these files."""
        return ""

    def check(self) -> None:
        """Whether the disk is there and takes files. Raises StorageUnavailable."""
        folder = Path(self.location)
        # Made with the first file.
        if not os.access(folder if folder.exists() else folder.parent, os.W_OK | os.X_OK):
            raise StorageUnavailable("the folder is not there, or nobody may write to it")

    def delete_prefix(self, folder: str) -> None:
        """Delete all that is under ``folder``, which ends with a slash."""
        for stored in self.list_files(folder):
            self.delete(stored.name)

    def list_files(self, *prefixes: str) -> Iterator[StoredFile]:
        """All files in these folders, else in our rooms; the halves that a killed process left included."""
        for prefix in prefixes or PREFIXES:
            for folder, _, names in os.walk(self.path(prefix)):
                for path in (Path(folder, name) for name in names):
                    try:
                        stat = path.stat()
                    except FileNotFoundError:
                        continue  # deleted at this very moment
                    modified = datetime.fromtimestamp(stat.st_mtime, UTC)
                    yield StoredFile(path.relative_to(self.location).as_posix(), modified, stat.st_size)

    def _save(self, name: str, content: File) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        return name
