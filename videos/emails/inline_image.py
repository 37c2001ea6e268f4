"""The picture in a notification. It is part of the e-mail, so that opening the e-mail loads nothing."""

from __future__ import annotations

import logging
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.core.mail import EmailMultiAlternatives
from PIL import Image

from videos.provenance import xmp_packet

if TYPE_CHECKING:
    from videos.models import Video

log = logging.getLogger(__name__)

# In pixels and bytes: sharp in an e-mail 520 pixels wide, and small enough for mobile data.
MAX_SIZE = (440, 440)
MAX_BYTES = 40_000
QUALITIES = (80, 65, 50, 35)


def email_thumbnail(video: Video) -> bytes:
    """Return a JPEG of at most ``MAX_BYTES``, or nothing if the poster cannot be read. The e-mail is sent anyway."""
    try:
        with video.poster.open("rb") as file, Image.open(file) as poster:
            picture = poster.convert("RGB")
    except (OSError, ValueError):
        log.warning("notification sent without a thumbnail", exc_info=True, extra={"video": video.pk})
        return b""
    picture.thumbnail(MAX_SIZE)
    for quality in QUALITIES:
        jpeg = BytesIO()
        packet = xmp_packet(video.source_type)
        picture.save(jpeg, "JPEG", quality=quality, optimize=True, progressive=True, xmp=packet)
        if jpeg.tell() <= MAX_BYTES:
            return jpeg.getvalue()
    return b""


class InlineImageEmail(EmailMultiAlternatives):
    """An e-mail with a GIF or JPEG embedded in its HTML part, as ``cid:thumbnail``."""

    image = b""

    def message(self, **options: Any) -> Any:
        message = super().message(**options)
        html: Any = message.get_body(("html",))
        if html and self.image:
            kind = "gif" if self.image.startswith(b"GIF8") else "jpeg"
            names = {"cid": "<thumbnail>", "disposition": "inline", "filename": f"dance.{kind}"}
            html.add_related(self.image, "image", kind, **names)
        return message
