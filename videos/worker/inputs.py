"""Orders for providers, built from a video and its photo.

The studio is imported inside the functions, so that the web process may import this module and stay small.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from videos import formats, photos
from videos.models import Photo, Video
from videos.photos.head import Head
from videos.providers.base import Order, Report
from videos.worker.cutouts import prepare, read


class RenderInput(NamedTuple):
    """A photo in the form that the studio renders.

    ``frame`` is the exact frame as a JPEG and ``mask`` the mask of the same picture. ``whole`` is the whole photo with
    the mask of the pet that dances. ``mask`` and ``whole`` are None if no pet was found. ``head`` is the pet's head in
    the whole photo, if it is known.
    """

    frame: bytes
    mask: bytes | None
    whole: tuple[bytes, bytes] | None
    head: Head | None


def load_input(
    photo: Photo,
    shape: formats.Format,
    focus: photos.Focus,
    report: Report = lambda progress: None,
    *,
    head: dict[str, Any] | None = None,
) -> RenderInput:
    """Return the photo as the studio renders it. Cut the pet out first if necessary, with progress to ``report``.

    ``head`` is the head (``Head.as_json``) that a video or preview was requested with. Without it, the photo's known
    head counts, which may have been found since.
    """
    from videos.studio.segmentation.cutout import Cutout

    if not photo.cutout_info:
        prepare(photo, report)
    image = read(photo.image)
    frame = photos.exact_frame(image, shape, focus)
    known = Head.from_json(head) or photo.known_head
    if not photo.mask:
        return RenderInput(frame, None, None, known)
    mask = read(photo.mask)
    pet = Cutout.from_info(mask, photo.cutout_info).pet_mask(focus) or mask
    return RenderInput(frame, photos.crop_mask(mask, photo.width, photo.height, shape, focus), (image, pet), known)


def local_order(video: Video, report: Report = lambda progress: None) -> Order:
    """Return the order for a local provider: the frame that the page showed, and the owner's choice of cutout."""
    focus = photos.Focus(video.focus_x, video.focus_y)
    render_input = load_input(video.photo, video.shape, focus, report, head=video.head)
    # The first cutout may have decided between pet and print, which the owner could not choose yet.
    video.refresh_from_db(fields=["cutout"])
    return Order(
        video_id=str(video.pk),
        frame=render_input.frame,
        mask=render_input.mask,
        whole=render_input.whole,
        head=render_input.head,
        cutout=video.cutout,
        dance=video.style,
        format=video.shape,
        seconds=video.seconds,
        seed=video.seed,
        prompt=video.prompt,
    )


def remote_order(video: Video) -> Order:
    """Return the order for a remote provider: the frame alone, since remote providers cut nothing out."""
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
