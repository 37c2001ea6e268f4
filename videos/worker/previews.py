"""Previews: short renderings of a dance with the owner's photo."""

from __future__ import annotations

from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage

from videos.models import Preview
from videos.photos.head import Head
from videos.provenance import SourceType
from videos.providers.base import Report
from videos.styles import Body, Style
from videos.worker import marking
from videos.worker.failing import fail_permanently
from videos.worker.inputs import ensure_prepared, load_subject
from videos.worker.keepalive import MAX_ATTEMPTS, ProgressReporter, ShouldStop
from videos.worker.work_folders import work_folder


def advance_preview(preview: Preview, should_stop: ShouldStop) -> None:
    if preview.attempts > MAX_ATTEMPTS:
        fail_permanently(preview, "studio")
        return
    preview.update_claimed(file=make_preview(preview, ProgressReporter(preview, should_stop)), due_at=None, attempts=0)


def make_preview(preview: Preview, report: Report = lambda progress: None) -> str:
    """Render the preview, store it, and return its name in the storage. Raises LeaseLost."""
    from videos.studio import render

    photo = preview.photo
    shape = preview.shape
    ensure_prepared(photo, report)
    preview.follow_photo()
    head = Head.from_json(preview.head)
    subject = load_subject(
        photo,
        shape,
        preview.focus,
        head,
        cutout=preview.cutout,
        # A preview that kept its style may have lost its head.
        style=Style(preview.style) if head else Style.WHOLE_PET,
        body=Body(preview.body) if preview.body else None,
    )
    with work_folder() as folder:
        file = folder / "preview.mp4"
        render.preview(
            subject,
            dance=preview.catalogue_dance,
            shape=shape,
            seed=photo.seed,
            into=file,
            report=report,
        )
        marking.mark_video(file, SourceType.COMPOSITE)
        return save_file(preview.storage_name, file)


def save_file(name: str, path: Path) -> str:
    with path.open("rb") as file:
        return default_storage.save(name, File(file))
