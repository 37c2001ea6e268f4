"""The state machine: claim one due row, do one step of it, record the outcome.

Everything slow (rendering, HTTP, storage) happens outside any transaction, under a lease that ``Watch`` keeps alive.
Whoever lost the lease stops and writes nothing.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage

from videos import dances
from videos.models import Preview
from videos.providers.base import Report
from videos.worker.failing import give_up
from videos.worker.inputs import framed
from videos.worker.keepalive import MAX_ATTEMPTS, Stopping, Watch


def advance_preview(preview: Preview, stopping: Stopping) -> None:
    if preview.attempts > MAX_ATTEMPTS:
        give_up(preview, "studio")
        return
    preview.record(file=make_preview(preview, Watch(preview, stopping)), due_at=None, attempts=0)


def make_preview(preview: Preview, report: Report = lambda progress: None) -> str:
    """Render the preview and store it; returns its name in the storage."""
    from videos.studio import render

    photo = preview.photo
    shape = preview.shape
    material = framed(photo, shape, preview.focus, report)
    with tempfile.TemporaryDirectory(prefix="petgroove-") as folder:
        file = Path(folder) / "preview.mp4"
        render.preview(
            material.frame,
            material.mask,
            dance=dances.BY_SLUG[preview.dance],
            shape=shape,
            seed=photo.pk.int % 2**32,
            cutout=preview.cutout,
            into=file,
            whole=material.whole,
            report=report,
        )
        return save_path(preview.name, file)


def save_path(name: str, path: Path) -> str:
    with path.open("rb") as file:
        return default_storage.save(name, File(file))
