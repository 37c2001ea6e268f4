"""Private files on this machine's disk, written atomically."""

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

from videos.storage.base import PREFIXES, StorageUnavailable, StoredFile


class AtomicFileSystemStorage(FileSystemStorage):
    """Atomic writes: a file gets its name only when it is complete on disk. Saving an existing name replaces the file.

    Django's own storage writes in place. A worker that dies, or that lost its lease and writes the same name, would
    leave a truncated file under the name of a finished video.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def signed_link(self, name: str, content_type: str, *, seconds: int, download_name: str = "") -> str:
        """Return "": files on disk have no URL of their own. Our views send them."""
        return ""

    def check(self, *, is_used: bool = False) -> None:
        """Raise StorageUnavailable unless the folder can be written to. One that is used must exist already."""
        folder = Path(self.location)
        if is_used and not folder.exists():
            raise StorageUnavailable("the media folder is missing")
        # The folder is created with the first file.
        if not os.access(folder if folder.exists() else folder.parent, os.W_OK | os.X_OK):
            raise StorageUnavailable("the media folder is missing or not writable")

    def list_files(self, *prefixes: str) -> Iterator[StoredFile]:
        """Yield all files under these prefixes, by default ours, including partial files of killed processes.

        Raises OSError for a folder that cannot be read. A folder that does not exist holds no files.
        """
        for prefix in prefixes or PREFIXES:
            for folder, _, names in os.walk(self.path(prefix), onerror=raise_unless_missing):
                for path in (Path(folder, name) for name in names):
                    try:
                        stat = path.stat()
                    except FileNotFoundError:
                        continue  # deleted since it was listed
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


def raise_unless_missing(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        raise error
