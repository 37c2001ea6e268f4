"""The small picture of a ready dance that goes with its letter, inside the mail: nothing is loaded when it is read."""

from __future__ import annotations

import logging
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.core.mail import EmailMultiAlternatives
from PIL import Image

if TYPE_CHECKING:
    from videos.models import Video

log = logging.getLogger(__name__)

# In pixels and bytes: sharp in a mail of 520 pixels, and no burden on a phone's data.
MAX_SIZE = (440, 440)
MAX_BYTES = 40_000
QUALITIES = (80, 65, 50, 35)


def email_thumbnail(video: Video) -> bytes:
    """A JPEG of ``MAX_BYTES`` at most; empty where there is no poster to be had, since the letter goes without."""
    try:
        with video.poster.open("rb") as file, Image.open(file) as poster:
            picture = poster.convert("RGB")
    except (OSError, ValueError):
        log.warning("notification sent without a thumbnail", exc_info=True, extra={"video": video.pk})
        return b""
    picture.thumbnail(MAX_SIZE)
    for quality in QUALITIES:
        made = BytesIO()
        picture.save(made, "JPEG", quality=quality, optimize=True, progressive=True)
        if made.tell() <= MAX_BYTES:
            return made.getvalue()
    return b""


class InlineImageEmail(EmailMultiAlternatives):
    """A mail whose HTML part brings its picture along, as ``cid:thumbnail``."""

    image = b""

    def message(self, **options: Any) -> Any:
        message = super().message(**options)
        html: Any = message.get_body(("html",))
        if html and self.image:
            html.add_related(self.image, "image", "jpeg", cid="<thumbnail>", disposition="inline", filename="dance.jpg")
        return message
