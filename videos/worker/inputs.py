"""Orders for providers, built from a video and its photo.

The studio is imported inside the functions, so that the web process may import this module and stay small.
"""

from __future__ import annotations

from typing import NamedTuple

from videos import formats, photos
from videos.models import Photo, Video
from videos.providers.base import Order, Report
from videos.worker.cutouts import prepare, read


class RenderInput(NamedTuple):
    """A photo in the form that the studio renders.

    ``frame`` is the exact frame as a JPEG and ``mask`` the mask of the same picture. ``whole`` is the whole photo with
    the mask of the pet that dances. ``mask`` and ``whole`` are None if no pet was found.
    """

    frame: bytes
    mask: bytes | None
    whole: tuple[bytes, bytes] | None


def load_input(
    photo: Photo, shape: formats.Format, focus: photos.Focus, report: Report = lambda progress: None
) -> RenderInput:
    """Return the photo as the studio renders it. Prepare it first if necessary, with progress to ``report``."""
    from videos.studio.segmentation.cutout import Cutout

    if not photo.is_prepared:
        prepare(photo, report)
    image = read(photo.image)
    frame = photos.exact_frame(image, shape, focus)
    if not photo.mask:
        return RenderInput(frame, None, None)
    mask = read(photo.mask)
    pet = Cutout.from_info(mask, photo.cutout_info).pet_mask(focus) or mask
    return RenderInput(frame, photos.crop_mask(mask, photo.width, photo.height, shape, focus), (image, pet))


def without_people(render_input: RenderInput, photo: Photo, shape: formats.Format, *, cutout: bool) -> RenderInput:
    """Return the input with the pet's side of the photo in place of the photo, if a card would show a person.

    That is so if the pet is not cut out, a human face was found, and the pet's head is known.
    """
    from videos.studio.segmentation.cutout import Cutout
    from videos.studio.segmentation.pet_side import pet_side

    faces = Cutout.from_info(None, photo.cutout_info).faces
    if (cutout and render_input.whole) or not faces or not photo.known_head:
        return render_input
    picture = pet_side(read(photo.image), faces, photo.known_head)
    # All of it goes on the card.
    everything = photos.white_mask(picture)
    return RenderInput(photos.exact_frame(picture, shape, photos.Focus(0.5, 0.5)), None, (picture, everything))


def local_order(video: Video, report: Report = lambda progress: None) -> Order:
    """Return the order for a local provider: the frame that the page showed, and the owner's choice of cutout.

    Raises LeaseLost.
    """
    render_input = load_input(video.photo, video.shape, photos.Focus(video.focus_x, video.focus_y), report)
    # The first cutout may have decided between pet and print, which the owner could not choose yet.
    video.refresh_from_db(fields=["cutout"])
    video.settle_head()
    render_input = without_people(render_input, video.photo, video.shape, cutout=video.cutout)
    return Order(
        video_id=str(video.pk),
        frame=render_input.frame,
        mask=render_input.mask,
        whole=render_input.whole,
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
