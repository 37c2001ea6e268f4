"""The codecs that the studio needs from the FFmpeg inside PyAV. Some builds of it leave encoders out."""

from typing import Literal

from av.codec import Codec
from av.codec.codec import UnknownCodecError

REQUIRED_CODECS: tuple[tuple[str, Literal["r", "w"]], ...] = (
    ("libx264", "w"),
    ("aac", "w"),
    ("h264", "r"),
    ("aac", "r"),
)


def missing_codecs() -> list[str]:
    """Return the names of missing encoders and decoders; empty if all are available. The check is cheap."""
    return [
        f"{name} ({'encoder' if mode == 'w' else 'decoder'})"
        for name, mode in REQUIRED_CODECS
        if not is_available(name, mode)
    ]


def is_available(name: str, mode: Literal["r", "w"]) -> bool:
    try:
        Codec(name, mode)
    except UnknownCodecError:
        return False
    return True
