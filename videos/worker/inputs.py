"""Orders for providers, built from a video and its photo.

The studio is imported inside the functions, so that the web process may import this module and stay small.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from videos import formats, photos
from videos.models import Photo, Video
from videos.photos.head import Head
from videos.providers.base import Order, Report
from videos.styles import Body, Style
from videos.subject import Subject
from videos.worker.cutouts import prepare, read

if TYPE_CHECKING:
    from videos.studio.segmentation.cutout import Cutout


def ensure_prepared(photo: Photo, report: Report = lambda progress: None) -> None:
    """Cut the pet out and look for its head, unless that is done. ``report`` receives the progress and may raise."""
    if not photo.is_prepared:
        prepare(photo, report)


def load_subject(
    photo: Photo,
    shape: formats.Format,
    focus: photos.Focus,
    head: Head | None,
    *,
    cutout: bool,
    style: Style = Style.WHOLE_PET,
    body: Body | None = None,
) -> Subject:
    """Return a prepared photo as the studio renders it. Its mask and whole photo are None if no pet was found.

    ``head`` chooses the pet that dances, if it is known; otherwise ``focus`` does. If the pet is not cut out and a
    person was found, the pet's side of the photo takes the place of the photo: a person never dances. A pet that
    cannot be cut out is shown with less around it.
    """
    from videos.studio.segmentation.pet_side import around_head, pet_side

    image, cut, pet = read_cutout(photo, focus, head)
    mask = cut.mask
    subject = partial(Subject, head=head, cutout=cutout, faces=cut.faces, original=(image, pet), style=style, body=body)
    if cut.faces and not (cutout and mask):
        picture = pet_side(image, cut.faces, head or photo.likely_head)
        # All of it goes on the card.
        everything = photos.white_mask(picture)
        middle = photos.exact_frame(picture, shape, photos.Focus(0.5, 0.5))
        return subject(middle, None, (picture, everything))
    frame = photos.exact_frame(image, shape, focus)
    if mask is None:
        picture = around_head(image, head)
        whole = None if picture is image else (picture, photos.white_mask(picture))
        return subject(frame, None, whole)
    cropped = photos.crop_mask(mask, photo.width, photo.height, shape, focus)
    return subject(frame, cropped, (image, pet or mask))


def load_dancer(photo: Photo, head: Head, body: Body | None) -> Subject:
    """Return a prepared photo with all that a dancer needs, for a picture that shows nothing else of it."""
    image, cut, pet = read_cutout(photo, photo.focus, head)
    return Subject(image, head=head, style=Style.DANCER, body=body, faces=cut.faces, original=(image, pet))


def read_cutout(photo: Photo, focus: photos.Focus, head: Head | None) -> tuple[bytes, Cutout, bytes | None]:
    """Return the image of a prepared photo, its cutout, and the mask of the pet that dances, if any was found."""
    from videos.studio.segmentation.cutout import Cutout

    mask = read(photo.mask) if photo.mask else None
    cut = Cutout.from_info(mask, photo.cutout_info)
    return read(photo.image), cut, cut.pet_mask(focus, head) or mask


def local_order(video: Video, report: Report = lambda progress: None) -> Order:
    """Return the order for a local provider: the frame that the page showed, and the owner's choice of cutout.

    Raises LeaseLost.
    """
    ensure_prepared(video.photo, report)
    # The first cutout may have decided between pet and print, which the owner could not choose yet.
    video.refresh_from_db(fields=["cutout"])
    video.settle_head()
    video.settle_style()
    return order_in(video, video.shape)


def order_in(video: Video, shape: formats.Format) -> Order:
    """Return the order for a local provider in a format, once it is decided how the pet dances."""
    focus, head = photos.Focus(video.focus_x, video.focus_y), video.dancing_head
    style, body = Style(video.style), video.chosen_body
    subject = load_subject(video.photo, shape, focus, head, cutout=video.cutout, style=style, body=body)
    return _order_of(video, subject, shape)


def remote_order(video: Video) -> Order:
    """Return the order for a remote provider: the frame alone, since remote providers cut nothing out."""
    focus = photos.Focus(video.focus_x, video.focus_y)
    subject = Subject(photos.exact_frame(read(video.photo.image), video.shape, focus))
    return _order_of(video, subject, video.shape)


def _order_of(video: Video, subject: Subject, shape: formats.Format) -> Order:
    return Order(
        video_id=str(video.pk),
        subject=subject,
        dance=video.catalogue_dance,
        format=shape,
        seconds=video.seconds,
        seed=video.seed,
        prompt=video.prompt,
    )
