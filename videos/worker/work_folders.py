"""Folders for the files of one step, below ``VAR_DIR/work``.

Each folder is locked while its step runs. The operating system releases the lock when the process ends, however it
ends, so a folder that can be locked belongs to no running worker and is deleted.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

log = logging.getLogger(__name__)

LOCK = ".lock"
# A folder without a lock file is being created, or was left by a worker that died then. In seconds.
MAX_UNLOCKED_AGE = 60.0


def root() -> Path:
    return settings.VAR_DIR / "work"


@contextmanager
def work_folder() -> Iterator[Path]:
    """Create a private folder, and delete it at the end. Raises OSError if there is no room or no permission."""
    root().mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=root()))
    # The lock file is locked before it gets its name.
    handle, new = tempfile.mkstemp(dir=folder)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        Path(new).rename(folder / LOCK)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def delete_abandoned() -> int:
    """Delete the folders that no running worker holds, and return how many. Errors are logged."""
    deleted = 0
    for folder in root().iterdir() if root().is_dir() else ():
        try:
            deleted += delete_if_abandoned(folder)
        except FileNotFoundError:
            continue  # its worker has just deleted it
        except OSError as error:
            log.warning("work folder not deleted", extra={"folder": folder.name, "reason": str(error)})
    if deleted:
        log.info("folders of dead workers deleted", extra={"count": deleted})
    return deleted


def delete_if_abandoned(folder: Path) -> bool:
    """Delete ``folder`` unless a running worker holds it. Return whether it was deleted. Raises OSError."""
    try:
        handle = os.open(folder / LOCK, os.O_RDWR)
    except (FileNotFoundError, NotADirectoryError):
        if time.time() - folder.stat().st_mtime < MAX_UNLOCKED_AGE:
            return False
        delete(folder)
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        delete(folder)
        return True
    finally:
        os.close(handle)


def delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
