"""Loops of the dancer for the cards of the dances, rendered while no video or preview waits."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from videos import clock
from videos.models import CardLoop, LeaseLost, Photo
from videos.models.turns import new_place
from videos.providers.base import Report
from videos.storage.base import StorageUnavailable
from videos.styles import Body
from videos.worker.failing import fail_permanently
from videos.worker.inputs import load_dancer
from videos.worker.keepalive import MAX_ATTEMPTS, ProgressReporter, ShouldStop

if TYPE_CHECKING:
    from videos.studio.dancer.art.body_fur import WhiteParts
    from videos.studio.segmentation.head_cutout import HeadCutout

# The head of the photo whose loops are being rendered, since cutting it out takes as long as half a loop.
_latest: dict[tuple[UUID, int, str], tuple[HeadCutout, Body, WhiteParts]] = {}


def advance_loop(loop: CardLoop, should_stop: ShouldStop) -> None:
    if loop.attempts > MAX_ATTEMPTS:
        fail_permanently(loop, "studio")
        return
    photo, old = loop.photo, loop.file.name
    loop.follow_photo()
    delete_file(old)
    if not photo.is_dancer:
        # The owner prefers the whole pet, or has deleted the photo during the request.
        photo.loops.filter(due_at__isnull=False, file="").delete()
        return
    file = render_loop(loop, ProgressReporter(loop, should_stop))
    photo.refresh_from_db(fields=["claim", "body"])
    try:
        # The owner may have changed the head or the body during the rendering.
        again = {"due_at": None, "attempts": 0} if loop.matches(photo) else new_place(clock.now())
        loop.update_claimed(file=file, **again)
    except LeaseLost:
        delete_file(file)
        raise
    if not photo.loops.filter(due_at__isnull=False).exists():
        _latest.clear()


def render_loop(loop: CardLoop, report: Report) -> str:
    """Render the loop, store it, and return its name in the storage."""
    from videos.studio.card_loop import card_loop

    dancer = dancer_of(loop.photo)
    report(0.0)
    strip = card_loop(*dancer, dance=loop.catalogue_dance, seed=loop.photo.seed, report=report)
    return default_storage.save(loop.storage_name, ContentFile(strip))


def dancer_of(photo: Photo) -> tuple[HeadCutout, Body, WhiteParts]:
    """Return the head of a dancer, the build of its body, and what is white below the head."""
    from videos.studio.render import cut_dancer

    key = (photo.pk, photo.claim, photo.body)
    if key not in _latest:
        _latest.clear()
        head = photo.known_head
        assert head is not None
        _latest[key] = cut_dancer(load_dancer(photo, head, Body(photo.body) if photo.body else None), head)
    return _latest[key]


def delete_file(name: str | None) -> None:
    """Delete a file that no row names any more. If that is impossible now, it is left as an orphan."""
    if name:
        with suppress(StorageUnavailable):
            default_storage.delete(name)
