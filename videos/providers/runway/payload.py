"""The body of a create request: frame as a data URI, prompt within its limit, and the fields that set the price."""

from base64 import b64encode
from io import BytesIO
from typing import Any

from PIL import Image

from videos.providers.base import Order, OrderRejected, RejectionCode
from videos.providers.runway.catalogue import Model

MAX_PROMPT_UNITS = 1000
MAX_URI_LENGTH = 5 * 1024 * 1024
_PREFIX = "data:image/jpeg;base64,"
_QUALITIES = (90, 80, 70, 60, 50)


def create_body(order: Order, model: Model) -> dict[str, Any]:
    """Return the JSON of ``POST /v1/image_to_video`` for an order, with only the keys that the model knows.

    Raises OrderRejected for a format or length that the model does not make, and for an unusable JPEG frame.
    """
    ratio, seconds = model.ratio(order.format), model.seconds(order.seconds)
    if ratio is None:
        raise OrderRejected(f"{model.id} does not make {order.format.slug} videos", code=RejectionCode.NOT_OFFERED)
    if seconds is None:
        raise OrderRejected(
            f"{model.id} does not make videos of {order.seconds} seconds", code=RejectionCode.NOT_OFFERED
        )
    body: dict[str, Any] = {
        "model": model.id,
        "promptImage": data_uri(order.subject.frame),
        "promptText": truncate_prompt(order.prompt.strip() or order.dance.prompt, MAX_PROMPT_UNITS),
        "ratio": ratio,
        "duration": seconds,
        "seed": order.seed,
    }
    if model.makes_sound:
        body["audio"] = False
    return body


def truncate_prompt(text: str, limit: int) -> str:
    """Return ``text`` cut to ``limit`` UTF-16 code units (an emoji counts two), at a word boundary if there is one."""
    if _utf16_units(text) <= limit:
        return text
    end, used = 0, 0
    while used + _utf16_units(text[end]) <= limit:
        used += _utf16_units(text[end])
        end += 1
    head = text[:end]
    if not text[end].isspace() and not head[-1:].isspace():
        parts = head.rsplit(maxsplit=1)
        head = parts[0] if len(parts) == 2 else head
    return head.rstrip()


def _utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def data_uri(jpeg: bytes) -> str:
    """Return a JPEG as a data URI shorter than Runway's 5 MiB, re-encoded at a lower quality if necessary.

    Raises OrderRejected if the bytes are not a JPEG or the JPEG stays too large.
    """
    if _fits(jpeg):
        return _PREFIX + b64encode(jpeg).decode("ascii")
    try:
        with Image.open(BytesIO(jpeg), formats=("JPEG",)) as picture:
            picture.load()
            for quality in _QUALITIES:
                buffer = BytesIO()
                picture.convert("RGB").save(buffer, "JPEG", quality=quality)
                if _fits(buffer.getvalue()):
                    return _PREFIX + b64encode(buffer.getvalue()).decode("ascii")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise OrderRejected(
            f"the frame is not a usable JPEG ({type(error).__name__})", code=RejectionCode.BAD_PHOTO
        ) from None
    raise OrderRejected("the frame is too large at any quality", code=RejectionCode.BAD_PHOTO)


def _fits(jpeg: bytes) -> bool:
    return len(_PREFIX) + (len(jpeg) + 2) // 3 * 4 < MAX_URI_LENGTH
