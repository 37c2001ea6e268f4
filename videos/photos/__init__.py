"""Check and normalise uploaded photos: bytes in, bytes and notes out. No Django."""

from videos.photos.framing import Box, Focus, crop_mask, exact_frame, frame_box, frame_css
from videos.photos.guard import ACCEPTED, MAX_BYTES, Unusable
from videos.photos.normalise import LONGEST_SIDE, Normalised, normalise, thumbnail
from videos.photos.quality import Finding, inspect

__all__ = [
    "ACCEPTED",
    "Box",
    "Finding",
    "Focus",
    "LONGEST_SIDE",
    "MAX_BYTES",
    "Normalised",
    "Unusable",
    "crop_mask",
    "exact_frame",
    "frame_box",
    "frame_css",
    "inspect",
    "normalise",
    "thumbnail",
]
