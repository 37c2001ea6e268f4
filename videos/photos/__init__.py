"""Checks and normalisation of uploaded photos, as pure functions over bytes. Nothing here imports Django."""

from videos.photos.framing import Box, Focus, crop_mask, exact_frame, frame_box, frame_css, white_mask
from videos.photos.normalise import Normalised, normalise, thumbnail
from videos.photos.quality import QualityNote, inspect
from videos.photos.validation import ACCEPTED, LONGEST_SIDE, MAX_BYTES, InvalidPhoto

__all__ = [
    "ACCEPTED",
    "LONGEST_SIDE",
    "MAX_BYTES",
    "Box",
    "Focus",
    "InvalidPhoto",
    "Normalised",
    "QualityNote",
    "crop_mask",
    "exact_frame",
    "frame_box",
    "frame_css",
    "inspect",
    "normalise",
    "thumbnail",
    "white_mask",
]
