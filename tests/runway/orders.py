"""Orders and clients for the Runway tests."""

from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from tests.runway.fixtures import GOOD_KEY
from videos.dances import DANCES
from videos.formats import BY_SLUG
from videos.providers.base import Order
from videos.providers.runway.client import Runway
from videos.subject import Subject


@cache
def frame(width: int, height: int) -> bytes:
    """Return a drawn picture as a JPEG."""
    picture = Image.new("RGB", (width, height), "#88ccee")
    pen = ImageDraw.Draw(picture)
    pen.ellipse([width // 4, height // 4, width * 3 // 4, height * 3 // 4], fill="#aa5522")
    file = BytesIO()
    picture.save(file, "JPEG", quality=85)
    return file.getvalue()


def an_order(shape: str = "tall", **changes: Any) -> Order:
    """Return an order of five seconds, with any field changed."""
    format = BY_SLUG[shape]
    order = Order(
        video_id="0193c1f2-0000-7000-8000-000000000001",
        subject=Subject(frame(format.width, format.height)),
        dance=DANCES[0],
        format=format,
        seconds=5,
        seed=4294967295,
        prompt=DANCES[0].prompt,
    )
    return replace(order, **changes)


def a_client(base: str = "https://api.dev.runwayml.com", **changes: Any) -> Runway:
    """Return a client with a valid key. With a loopback base URL it may also download from there."""
    arguments: dict[str, Any] = {"allow_loopback": base.startswith("http://127.0.0.1"), **changes}
    return Runway(GOOD_KEY, base_url=base, **arguments)
