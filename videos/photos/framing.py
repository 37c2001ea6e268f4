"""The exact crop of a photo for each video format, around the point that the owner chose.

The page's preview, the studio and the provider all use it, so they show the same crop.
"""

import io
from dataclasses import dataclass

from PIL import Image

from videos.formats import Format

JPEG_QUALITY = 90

type Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Focus:
    """The point of a photo to keep in the frame, as shares (0 to 1) from its left and its top edge.

    The default is above the middle, where a pet's face usually is.
    """

    x: float = 0.5
    y: float = 0.42


def frame_box(width: int, height: int, shape: Format, focus: Focus) -> Box:
    """Return the part of a photo that a video of ``shape`` shows: left, top, right and bottom in pixels.

    It is the largest box of exactly the shape's ratio that fits into ``width`` by ``height``. Its centre is as near to
    the focus as possible.
    """
    across = min(width, height * shape.ratio)
    down = min(height, width / shape.ratio)
    left = min(max(focus.x * width - across / 2, 0), width - across)
    top = min(max(focus.y * height - down / 2, 0), height - down)
    return left, top, left + across, top + down


def can_move_focus(width: int, height: int, shape: Format) -> tuple[bool, bool]:
    """Return whether the focus can move the frame horizontally and vertically.

    It can only move where a video of ``shape`` leaves out part of the photo.
    """
    left, top, right, bottom = frame_box(width, height, shape, Focus())
    return right - left < width - 0.5, bottom - top < height - 0.5


def frame_css(width: int, height: int, shape: Format, focus: Focus) -> str:
    """Return the ``object-position`` that shows ``frame_box``.

    The image needs ``object-fit: cover`` and the shape's ratio. A percentage p puts the point p of the picture on the
    point p of its frame (CSS Images 3, 5.5).
    """
    left, top, right, bottom = frame_box(width, height, shape, focus)
    return f"{_percent(left, width - right)} {_percent(top, height - bottom)}"


def _percent(before: float, after: float) -> str:
    room = before + after
    return f"{100 * before / room:.3f}%" if room > 1e-9 else "50%"


def fit_within(width: int, height: int, max_side: int) -> tuple[int, int]:
    """Return the size of a ``width`` by ``height`` picture with its longest side limited to ``max_side``."""
    scale = min(1.0, max_side / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def exact_frame(jpeg: bytes, shape: Format, focus: Focus) -> bytes:
    """Return the frame of a normalised photo as a JPEG of exactly ``shape.width`` by ``shape.height`` pixels."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as photo:
        box = frame_box(photo.width, photo.height, shape, focus)
        frame = photo.resize((shape.width, shape.height), Image.Resampling.LANCZOS, box=box)
    return encode_jpeg(frame)


def crop_mask(mask_png: bytes, width: int, height: int, shape: Format, focus: Focus) -> bytes:
    """Return the mask for ``exact_frame`` as an 8-bit grey PNG of ``shape.width`` by ``shape.height`` pixels.

    ``mask_png`` covers the whole photo of ``width`` by ``height`` pixels, at any scale.
    """
    left, top, right, bottom = frame_box(width, height, shape, focus)
    with Image.open(io.BytesIO(mask_png), formats=("PNG",)) as mask:
        across, down = mask.width / width, mask.height / height
        box = (left * across, top * down, min(right * across, mask.width), min(bottom * down, mask.height))
        frame = mask.convert("L").resize((shape.width, shape.height), Image.Resampling.BILINEAR, box=box)
    file = io.BytesIO()
    frame.save(file, "PNG")
    return file.getvalue()


def white_mask(picture: bytes) -> bytes:
    """Return a mask for ``picture`` (JPEG) that has all of it, as an 8-bit grey PNG of a few pixels."""
    with Image.open(io.BytesIO(picture), formats=("JPEG",)) as opened:
        opened.thumbnail((64, 64))
        mask = Image.new("L", opened.size, 255)
    file = io.BytesIO()
    mask.save(file, "PNG")
    return file.getvalue()


def encode_jpeg(picture: Image.Image) -> bytes:
    """Encode an RGB picture as a JPEG without any metadata."""
    picture.info = {}
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=JPEG_QUALITY)
    return file.getvalue()
