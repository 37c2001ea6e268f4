"""What is made of a photo, without any state: the order for a provider, the checked file, mask, sticker and preview.

The studio is imported inside the functions: the web process may import this module and stays small.
"""

from __future__ import annotations

from typing import NamedTuple

from videos import formats, photos
from videos.models import Photo, Video
from videos.providers.base import Order, Report
from videos.worker.cutouts import prepare, read


class RenderInput(NamedTuple):
    """What the studio gets of a photo.

    ``frame`` is the exact frame as a JPEG and ``mask`` the mask of the same picture; ``whole`` is the whole photo and
    the mask of the pet in it that is to dance. Both masks are None where nothing was found.
    """

    frame: bytes
    mask: bytes | None
    whole: tuple[bytes, bytes] | None


def load_input(
    photo: Photo, shape: formats.Format, focus: photos.Focus, report: Report = lambda progress: None
) -> RenderInput:
    """The photo as the studio gets it; the pet is cut out first where nobody has yet, which ``report`` hears of."""
    from videos.studio.segmentation.cutout import Cutout

    if not photo.cutout_info:
        prepare(photo, report)
    image = read(photo.image)
    frame = photos.exact_frame(image, shape, focus)
    if not photo.mask:
        return RenderInput(frame, None, None)
    mask = read(photo.mask)
    pet = Cutout.from_info(mask, photo.cutout_info).pet_mask(focus) or mask
    return RenderInput(frame, photos.crop_mask(mask, photo.width, photo.height, shape, focus), (image, pet))


def local_order(video: Video, report: Report = lambda progress: None) -> Order:
    """What a provider is asked for: the frame that the page showed, and the choice that was made there."""
    render_input = load_input(video.photo, video.shape, photos.Focus(video.focus_x, video.focus_y), report)
    # The first look at the photo may have settled what the owner had no chance to choose.
    video.refresh_from_db(fields=["cutout"])
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
