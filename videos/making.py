"""What is made of a photo, without any state: the order for a provider, the checked file, mask, sticker and preview.

The studio is imported inside the functions: the web process may import this module and stays small.
"""

from __future__ import annotations

import hashlib
import math
import tempfile
import time
from pathlib import Path
from typing import IO, Any, NamedTuple

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from videos import dances, formats, photos, watch
from videos.leases import Leased
from videos.models import Photo, Preview, Video
from videos.providers.base import BadOutput, Order, Report
from videos.storage import StorageAway

# A clip may be this much longer or shorter than what was ordered, in seconds.
TOLERANCE = 0.5


class Framed(NamedTuple):
    """What the studio gets of a photo.

    ``frame`` is the exact frame as a JPEG and ``mask`` the mask of the same picture; ``whole`` is the whole photo and
    the mask of the pet in it that is to dance. Both masks are None where nothing was found.
    """

    frame: bytes
    mask: bytes | None
    whole: tuple[bytes, bytes] | None


def framed(photo: Photo, shape: formats.Format, focus: photos.Focus, report: Report = lambda progress: None) -> Framed:
    """The photo as the studio gets it; the pet is cut out first where nobody has yet, which ``report`` hears of."""
    from videos.studio.cutout import Cutout

    if not photo.cut:
        prepare(photo, report)
    image = read(photo.image)
    frame = photos.exact_frame(image, shape, focus)
    if not photo.mask:
        return Framed(frame, None, None)
    mask = read(photo.mask)
    pet = Cutout.restored(mask, photo.cut).pet(focus) or mask
    return Framed(frame, photos.crop_mask(mask, photo.width, photo.height, shape, focus), (image, pet))


def order_for(video: Video, report: Report = lambda progress: None) -> Order:
    """What a provider is asked for: the frame that the page showed, and the choice that was made there."""
    material = framed(video.photo, video.shape, photos.Focus(video.focus_x, video.focus_y), report)
    # The first look at the photo may have settled what the owner had no chance to choose.
    video.refresh_from_db(fields=["cutout"])
    return Order(
        video_id=str(video.pk),
        frame=material.frame,
        mask=material.mask,
        whole=material.whole,
        cutout=video.cutout,
        dance=video.style,
        format=video.shape,
        seconds=video.seconds,
        seed=video.seed,
        prompt=video.prompt,
    )


def order_from_afar(video: Video) -> Order:
    """What a remote provider is asked for: the frame alone, since nothing is cut out there."""
    focus = photos.Focus(video.focus_x, video.focus_y)
    return Order(
        video_id=str(video.pk),
        frame=photos.exact_frame(read(video.photo.image), video.shape, focus),
        dance=video.style,
        format=video.shape,
        seconds=video.seconds,
        seed=video.seed,
        prompt=video.prompt,
    )


def add_music(video: Video, clip: Path, into: Path, seconds: int) -> None:
    """Write ``clip`` with the dance's music to ``into``, or as it is when it has sound. Raises BadOutput."""
    from videos.studio import mp4, music

    try:
        if mp4.probe(clip).audio_codec is None:
            mp4.add_soundtrack(clip, music.soundtrack(video.style, seconds, video.seed), into)
        else:
            clip.replace(into)
    except mp4.NotAVideo as error:
        raise BadOutput(str(error)) from error


def checked(file: Path, seconds: int) -> dict[str, Any]:
    """Size and sha256 of a finished file that plays, with sound, so many seconds. Raises BadOutput otherwise."""
    from videos.studio import mp4

    try:
        probe = mp4.probe(file)
    except mp4.NotAVideo as error:
        raise BadOutput(str(error)) from error
    if probe.audio_codec is None:
        raise BadOutput("the file has no sound")
    if abs(probe.seconds - seconds) > TOLERANCE:
        raise BadOutput(f"the file is {probe.seconds:.2f} s long, {seconds} s were ordered")
    with file.open("rb") as opened:
        sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
    return {"size": probe.size, "sha256": sha256}


def stored(video: Video, file: Path) -> dict[str, Any]:
    """Put the file and its poster under the video's fixed names: a repeat overwrites them with the same bytes.

    The lease is kept while the bytes go out. Raises StorageAway where the storage has not kept all of them, LeaseLost,
    and whatever else the storage raises.
    """
    from videos.studio import moves
    from videos.studio.poster import poster

    # Where a remote clip shows its pet upright nobody knows.
    moments = [] if video.is_remote else moves.portraits(video.style, video.seconds)
    still = poster(file, moments)
    names = {"poster": kept(video.name_of("poster.jpg"), ContentFile(still), len(still))}
    with file.open("rb") as opened:
        names["file"] = kept(video.name_of("dance.mp4"), Leasing(opened, video), file.stat().st_size)
    return names


def kept(name: str, content: File, size: int) -> str:
    """Store so many bytes and look whether they are there: a storage may say yes to half of them."""
    name = default_storage.save(name, content)
    if (found := default_storage.size(name)) != size:
        raise StorageAway(f"{found} of {size} bytes were kept of {name}")
    return name


class Leasing(File):
    """A file that keeps its row's lease whenever it is read from: the upload may take longer than a lease."""

    def __init__(self, file: IO[bytes], row: Leased) -> None:
        super().__init__(file)
        self.bytes, self.row, self.last = file, row, -math.inf

    def read(self, size: int = -1) -> bytes:
        if time.monotonic() - self.last >= watch.HEARTBEAT:
            self.last = time.monotonic()
            self.row.keep(timezone.now(), settings.LEASE)
        return self.bytes.read(size)


def prepare(photo: Photo, report: Report = lambda progress: None) -> None:
    """Cut the pet out, once for all dances, and make the sticker; both are kept with the photo.

    The first look decides whether the pet or the photo print dances, for videos in line too: their owner could not
    choose yet. Safe to be done twice at the same time: the names are fixed and the model gives the same bytes.
    ``report`` hears the progress between the parts and may raise.
    """
    from videos.studio import cutout

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


def read(stored: FieldFile) -> bytes:
    with stored.open("rb") as file:
        return file.read()


def save_path(name: str, path: Path) -> str:
    with path.open("rb") as file:
        return default_storage.save(name, File(file))
