"""What is made of a photo, without any state: the order for a provider, the checked file, mask, sticker and preview.

The studio is imported inside the functions: the web process may import this module and stays small.
"""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile

from videos import dances, formats, photos
from videos.models import Photo, Preview, Video
from videos.providers.base import BadOutput, Order

# A clip may be this much longer or shorter than what was ordered, in seconds.
TOLERANCE = 0.5


def framed(photo: Photo, shape: formats.Format, focus: photos.Focus) -> tuple[bytes, bytes | None]:
    """The exact frame of a photo as a JPEG, and the mask of the same picture where the photo has one."""
    if not photo.cut:
        prepare(photo)
    mask = photos.crop_mask(read(photo.mask), photo.width, photo.height, shape, focus) if photo.mask else None
    return photos.exact_frame(read(photo.image), shape, focus), mask


def order_for(video: Video) -> Order:
    """What a provider is asked for: the frame that the page showed, and the choice that was made there."""
    frame, mask = framed(video.photo, video.shape, photos.Focus(video.focus_x, video.focus_y))
    return Order(
        video_id=str(video.pk),
        frame=frame,
        mask=mask,
        cutout=video.cutout,
        dance=video.style,
        format=video.shape,
        seconds=video.seconds,
        seed=video.seed,
        prompt=video.prompt,
    )


def checked(video: Video, file: Path) -> dict[str, Any]:
    """Size and sha256 of a finished file that plays, with sound, as long as it should. Raises BadOutput otherwise."""
    from videos.studio import mp4

    try:
        probe = mp4.probe(file)
    except mp4.NotAVideo as error:
        raise BadOutput(str(error)) from error
    if probe.audio_codec is None:
        raise BadOutput("the file has no sound")
    if abs(probe.seconds - video.seconds) > TOLERANCE:
        raise BadOutput(f"the file is {probe.seconds:.2f} s long, {video.seconds} s were ordered")
    with file.open("rb") as opened:
        sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
    return {"size": probe.size, "sha256": sha256}


def stored(video: Video, file: Path) -> dict[str, Any]:
    """Put the file and its poster under the video's fixed names: a repeat overwrites them with the same bytes."""
    from videos.studio import mp4

    poster = default_storage.save(video.name_of("poster.jpg"), ContentFile(mp4.poster(file)))
    return {"poster": poster, "file": save_path(video.name_of("dance.mp4"), file)}


def prepare(photo: Photo) -> None:
    """Cut the pet out, once for all dances, and make the sticker; both are kept with the photo.

    Safe to be done twice at the same time: the names are fixed and the model gives the same bytes.
    """
    from videos.studio import cutout

    image = read(photo.image)
    if photo.cut:
        cut = cutout.Cutout.restored(read(photo.mask) if photo.mask else None, photo.cut)
    else:
        cut = cutout.cut_out(image)
    names = {}
    if cut.mask:
        names["mask"] = default_storage.save(photo.name_of("mask.png"), ContentFile(cut.mask))
    sticker = cutout.sticker(image, cut, cut=None if photo.cutout else False)
    names["sticker"] = default_storage.save(photo.name_of("sticker.webp"), ContentFile(sticker))
    Photo.objects.filter(pk=photo.pk).update(cut=cut.figures, **names)
    photo.refresh_from_db(fields=["cut", "mask", "sticker"])


def make_preview(preview: Preview) -> str:
    """Render the preview and store it; returns its name in the storage."""
    from videos.studio import render

    photo = preview.photo
    shape = photo.proposed_format
    frame, mask = framed(photo, shape, photo.focus)
    with tempfile.TemporaryDirectory(prefix="petgroove-") as folder:
        file = Path(folder) / "preview.mp4"
        render.preview(
            frame,
            mask,
            dance=dances.BY_SLUG[preview.dance],
            shape=shape,
            seed=photo.pk.int % 2**32,
            cutout=preview.cutout,
            into=file,
        )
        return save_path(preview.name, file)


def read(stored: FieldFile) -> bytes:
    with stored.open("rb") as file:
        return file.read()


def save_path(name: str, path: Path) -> str:
    with path.open("rb") as file:
        return default_storage.save(name, File(file))
