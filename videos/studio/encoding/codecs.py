"""What the studio needs of the FFmpeg inside PyAV: some builds of it leave encoders out."""

from typing import Literal

from av.codec import Codec
from av.codec.codec import UnknownCodecError

NEEDED: tuple[tuple[str, Literal["r", "w"]], ...] = (("libx264", "w"), ("aac", "w"), ("h264", "r"), ("aac", "r"))


def missing() -> list[str]:
    """The encoders and decoders that are not there, in words; cheap, and empty if all is well."""
    return [f"{name} ({'encoder' if mode == 'w' else 'decoder'})" for name, mode in NEEDED if not is_there(name, mode)]


def is_there(name: str, mode: Literal["r", "w"]) -> bool:
    try:
        Codec(name, mode)
    except UnknownCodecError:
        return False
    return True
