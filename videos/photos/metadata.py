"""The metadata in an uploaded photo file, named in the owner's words."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from PIL import ExifTags, Image

from videos import mark

_LOCATION = re.compile(rb"GPSL|exif:GPS|GPSPosition|LocationShown|LocationCreated|GPano:Pose", re.IGNORECASE)
_EXIF = ("exif", "Raw profile type exif", "Raw profile type APP1")
_XMP = ("xmp", "XML:com.adobe.xmp")
_IPTC = ("photoshop", "Raw profile type iptc", "Raw profile type 8bim")


def orientation_of(exif: Image.Exif) -> int:
    """Return how the camera was held, 1 (upright) to 8 as EXIF counts. Invalid values count as 1."""
    value = exif.get(ExifTags.Base.Orientation, 1)
    return value if value in range(1, 9) else 1


def describe_removed(
    info: Mapping[Any, Any], exif: Image.Exif, texts: Collection[str], pictures: int
) -> tuple[str, ...]:
    """Return plain words for everything in an opened file that a re-encoded photo no longer carries, in English.

    ``info`` is Pillow's (or pillow-heif's) dictionary of the file, and ``texts`` are the keywords of a PNG's text
    chunks. ``pictures`` is the number of pictures in the file.
    """
    xmp = b"".join(_as_bytes(info[key]) for key in _XMP if info.get(key))
    labels = {
        mark.gettext("location"): _has_location(exif) or bool(_LOCATION.search(xmp)),
        mark.gettext("camera info"): any(info.get(key) for key in _EXIF),
        mark.gettext("editing notes"): bool(xmp or info.get("metadata")),
        mark.gettext("caption and credits"): any(info.get(key) for key in _IPTC),
        mark.gettext("comments"): bool(info.get("comment") or set(texts) - {*_EXIF, *_XMP, *_IPTC}),
        mark.gettext("color profile"): bool(info.get("icc_profile")),
        mark.gettext("other pictures in the file"): pictures > 1,
    }
    return tuple(label for label, present in labels.items() if present)


def _has_location(exif: Image.Exif) -> bool:
    try:
        return bool(exif.get_ifd(ExifTags.IFD.GPSInfo))
    except Exception:
        return ExifTags.IFD.GPSInfo in exif


def _as_bytes(value: bytes | str) -> bytes:
    return value.encode() if isinstance(value, str) else bytes(value)
