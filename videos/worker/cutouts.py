"""The state machine: claim one due row, do one step of it, record the outcome.

Everything slow (rendering, HTTP, storage) happens outside any transaction, under a lease that ``Watch`` keeps alive.
Whoever lost the lease stops and writes nothing.
"""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.fields.files import FieldFile

from videos import failpoints
from videos.models import Photo
from videos.providers.base import Report
from videos.worker.failing import give_up
from videos.worker.keepalive import MAX_ATTEMPTS, Stopping, Watch


def advance_photo(photo: Photo, stopping: Stopping) -> None:
    if photo.attempts > MAX_ATTEMPTS:
        give_up(photo, "studio")
        return
    prepare(photo, Watch(photo, stopping))
    failpoints.at("photo: prepared")
    photo.record(due_at=None, attempts=0)


def prepare(photo: Photo, report: Report = lambda progress: None) -> None:
    """Cut the pet out, once for all dances, and make the sticker; both are kept with the photo.

    The first look decides whether the pet or the photo print dances, for videos in line too: their owner could not
    choose yet. Safe to be done twice at the same time: the names are fixed and the model gives the same bytes.
    ``report`` hears the progress between the parts and may raise.
    """
    from videos.studio.segmentation import cutout

    report(0.0)
    image = read(photo.image)
    if photo.cut:
        cut, wanted = cutout.Cutout.restored(read(photo.mask) if photo.mask else None, photo.cut), photo.cutout
    else:
        cut = cutout.cut_out(image, report)
        wanted = photo.cutout and cut.advised
    report(0.9)
    names = {}
    if cut.mask:
        names["mask"] = default_storage.save(photo.name_of("mask.png"), ContentFile(cut.mask))
    sticker = cutout.sticker(image, cut, cut=wanted, focus=photo.focus)
    names["sticker"] = default_storage.save(photo.name_of("sticker.webp"), ContentFile(sticker))
    with transaction.atomic():
        if not photo.cut and not wanted:
            Photo.objects.filter(pk=photo.pk, cut={}).update(cutout=False)
            photo.videos.living().update(cutout=False)
        Photo.objects.filter(pk=photo.pk, deleted_at=None).update(cut=cut.figures, **names)
    photo.refresh_from_db(fields=["cut", "mask", "sticker", "cutout"])


def read(stored: FieldFile) -> bytes:
    with stored.open("rb") as file:
        return file.read()
