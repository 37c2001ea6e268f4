"""Cutouts of photos: the mask of the pet, its head, the sticker, and the choice between pet and photo print."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import F
from django.db.models.fields.files import FieldFile

from videos import clock, failpoints
from videos.models import Photo
from videos.models.turns import new_place
from videos.photos.head import LIKELY, SURE, Head, HeadSource, is_on_face
from videos.providers.base import Report
from videos.worker.failing import fail_permanently
from videos.worker.keepalive import MAX_ATTEMPTS, ProgressReporter, ShouldStop

if TYPE_CHECKING:
    from videos.studio.segmentation.cutout import Cutout


def advance_photo(photo: Photo, should_stop: ShouldStop) -> None:
    if photo.attempts > MAX_ATTEMPTS:
        fail_permanently(photo, "studio")
        return
    prepare(photo, ProgressReporter(photo, should_stop))
    failpoints.hit("photo: prepared")
    photo.update_claimed(due_at=None, attempts=0)


def prepare(photo: Photo, report: Report = lambda progress: None) -> None:
    """Cut the pet out once for all dances, look for its head, make both stickers, and store all with the photo.

    The first cutout decides whether the pet or the photo print dances. Unfinished videos follow it, because their
    owner could not choose yet. The head that was found is proposed unless the owner has answered first. Concurrent
    calls are safe: the names are fixed and the models return the same results. ``report`` is called with the progress
    between the parts and may raise.
    """
    from videos.studio.segmentation import cutout

    report(0.0)
    image = read(photo.image)
    if photo.cutout_info:
        cut = cutout.Cutout.from_info(read(photo.mask) if photo.mask else None, photo.cutout_info)
        cut = cutout.find_missing_heads(image, cut)
    else:
        cut = cutout.cut_out(image, report)
    answer = photo.oval if photo.head_source == HeadSource.OWNER else None
    if cut.faces and answer and not is_on_face(answer, cut.faces):
        # What the owner said may tell the pet apart from a person.
        cut = replace(cutout.cut_out(image, report, head=answer), heads=cut.heads)
    use_cutout = photo.cutout and (bool(photo.cutout_info) or cut.advised)
    report(0.9)
    names: dict[str, Any] = {"mask": ""}
    if cut.mask:
        names["mask"] = default_storage.save(photo.storage_name("mask.png"), ContentFile(cut.mask))
    elif photo.mask:
        default_storage.delete(photo.storage_name("mask.png"))
    sticker = cutout.sticker(image, cut, cut=use_cutout, focus=photo.focus, head=head_on_card(photo, cut))
    names["sticker"] = default_storage.save(photo.storage_name("sticker.webp"), ContentFile(sticker))
    head = photo.oval
    if cut.heads and not photo.head_source:
        head = cut.heads[0].head
    names |= store_head(photo, image, cut, None if head and is_on_face(head, cut.faces) else head)
    # The owner first: a request numbers the owner's waiting videos again, and would lock them in another order.
    with photo.line_lock():
        if not photo.cutout_info and not use_cutout:
            # Lock the videos in a fixed order, and before the photo, as ``close_account`` does.
            waiting = photo.videos.unfinished().order_by("pk").select_for_update(no_key=True)
            photo.videos.filter(pk__in=list(waiting.values_list("pk", flat=True))).update(cutout=False)
            Photo.objects.filter(pk=photo.pk, cutout_info={}).update(cutout=False)
        photo.propose_head(cut.heads or ())
        Photo.objects.filter(pk=photo.pk, deleted_at=None).update(cutout_info=cut.info, **names)
    photo.refresh_from_db(fields=["cutout_info", "mask", "sticker", "cutout", *Photo.HEAD_FIELDS])
    if photo.oval != head:
        # The owner has answered during the preparation. Another worker may have stored the right sticker before ours.
        Photo.objects.filter(pk=photo.pk, deleted_at=None).update(claim=F("claim") + 1, **new_place(clock.now()))


def store_head(photo: Photo, image: bytes, cut: Cutout, head: Head | None) -> dict[str, Any]:
    """Store the head alone for the dancer on the cards, and return the photo's fields about it."""
    from videos.studio.dancer.art.fur import fur_of
    from videos.studio.segmentation.head_cutout import head_of, place_of, sticker_of

    name = photo.storage_name("head.webp")
    if head is None:
        if photo.head_sticker:
            default_storage.delete(name)
        return {"head_sticker": "", "head_place": None, "fur": None}
    alone = head_of(image, cut, head)
    fur = fur_of(alone)
    return {
        "head_sticker": default_storage.save(name, ContentFile(sticker_of(alone))),
        "head_place": place_of(alone).as_json,
        "fur": {"main": css_colour(fur.main), "second": css_colour(fur.second)},
    }


def css_colour(bgr: tuple[int, int, int]) -> str:
    """Return a colour (blue, green, red; each 0 to 255) as CSS and SVG write it."""
    blue, green, red = bgr
    return f"#{red:02x}{green:02x}{blue:02x}"


def head_on_card(photo: Photo, cut: Cutout) -> Head | None:
    """Return the head that is sure once the photo is prepared with ``cut``, whose faces the photo may not have yet.

    In a photo with people, a likely head is enough.
    """
    if photo.head_source:
        heads = [photo.likely_head if cut.faces else photo.known_head]
    else:
        least = LIKELY if cut.faces else SURE
        heads = [found.head for found in cut.heads or () if found.confidence >= least]
    return next((head for head in heads if head and not is_on_face(head, cut.faces)), None)


def read(field_file: FieldFile) -> bytes:
    with field_file.open("rb") as file:
        return file.read()
