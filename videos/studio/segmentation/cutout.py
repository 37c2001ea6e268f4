"""Cutting the pet out of its photo: the model, its two passes, and whether the result is good enough to dance."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import Any, Self

import cv2
import numpy as np
from PIL import Image

from videos.photos import Focus
from videos.photos.advice import MAX_COVER, MIN_COVER
from videos.studio.raster.mattes import fill_holes, refine_mask
from videos.studio.raster.picture import MASK_SIDE, decode, decode_mask, limit_size
from videos.studio.segmentation.faces import Box, human_faces
from videos.studio.segmentation.parts import choose_part, large_parts
from videos.studio.segmentation.segmenter import MODEL, segment
from videos.studio.segmentation.sticker import cut_sticker, print_sticker


class Mode(StrEnum):
    """How a pet appears: whole, cut off at the lower edge, or as the photo printed on a card."""

    FULL = "full"
    BUST = "bust"
    PRINT = "print"


@dataclass(frozen=True, slots=True)
class Cutout:
    """What was found in a photo; kept with it, so that the model never runs twice.

    ``mask`` is an 8-bit grey PNG of the whole photo, at most 640 pixels wide or high (None when nothing
    trustworthy was found).
    ``cover`` is the pet's share of the photo, ``confidence`` the model's certainty about the pet's pixels,
    ``agreement`` the overlap of the two passes (1 when one was enough), ``passes`` how many ran, ``mode`` what suits
    the pet in the whole photo. ``faces`` are those of people (left, top, right, bottom as shares of the photo), and
    ``parts`` counts what the mask shows apart from each other: a pet and its owner, or two pets.
    """

    mask: bytes | None
    cover: float = 0.0
    confidence: float = 0.0
    agreement: float = 0.0
    passes: int = 0
    mode: Mode = Mode.PRINT
    faces: tuple[Box, ...] = ()
    parts: int = 0

    def pet_mask(self, focus: Focus) -> bytes | None:
        """The mask of what dances, of several parts the one that ``choose_part`` picks; None without a mask."""
        if self.mask is None or self.parts < 2:
            return self.mask
        return _png(choose_part(decode_mask(self.mask), self.faces, focus))

    @property
    def advised(self) -> bool:
        """Whether to cut the pet out unless its owner says otherwise."""
        return self.mode is not Mode.PRINT

    @property
    def info(self) -> dict[str, Any]:
        """Everything but the mask, ready for JSON."""
        return {key: value for key, value in asdict(self).items() if key != "mask"}

    @classmethod
    def from_info(cls, mask: bytes | None, info: dict[str, Any]) -> Self:
        """What ``info`` and the kept mask describe."""
        faces = tuple(tuple(face) for face in info.get("faces", ()))
        return cls(mask=mask, **{**info, "mode": Mode(info["mode"]), "faces": faces})


def cut_out(photo: bytes, report: Callable[[float], None] = lambda progress: None, *, model: Path = MODEL) -> Cutout:
    """Find the pet in a photo (JPEG, or anything Pillow reads). Costs one or two runs of the model.

    ``report`` hears the progress between the runs and may raise. Raises InvalidImage. Without the file ``model``, or
    when its answer is not to be trusted, the photo is to be a print.
    """
    bgr = limit_size(decode(photo), MASK_SIDE)
    report(0.1)
    faces = human_faces(bgr)
    report(0.2)
    guess = segment(bgr, report, model)
    report(0.9)
    if guess is None:
        return Cutout(mask=None, faces=faces)
    large = cv2.resize(guess.mask, (bgr.shape[1], bgr.shape[0]), interpolation=cv2.INTER_CUBIC)
    whole = fill_holes(np.clip(large, 0, 1))
    trusted = guess.confidence >= 0.62 and guess.agreement > 0
    pet = choose_part(whole, faces, Focus())
    return Cutout(
        mask=_png(whole) if trusted else None,
        cover=round(float((pet > 0.5).mean()), 4),
        confidence=round(guess.confidence, 4),
        agreement=round(guess.agreement, 4),
        passes=guess.passes,
        mode=mode_of(pet) if trusted else Mode.PRINT,
        faces=faces,
        parts=len(large_parts(whole)),
    )


def sticker(photo: bytes, cutout: Cutout, *, cut: bool | None = None, focus: Focus | None = None) -> bytes:
    """The pet of ``photo`` on a transparent ground with a white outline, or the framed photo; WebP, at most 100 kB.

    ``cut`` True asks for the pet, False for the framed photo, None for what ``cutout`` advises; ``focus`` says which
    one of several. Where nothing was found the photo is framed, as in the video. Raises InvalidImage.
    """
    bgr = limit_size(decode(photo), MASK_SIDE)
    pet = cutout.pet_mask(focus or Focus()) if (cutout.advised if cut is None else cut) else None
    if pet is not None and can_cut_out(mask := decode_mask(pet)):
        alpha = refine_mask(cv2.resize(mask, (bgr.shape[1], bgr.shape[0])), bgr)
        if (alpha > 0.5).any():
            return cut_sticker(bgr, alpha)
    return print_sticker(bgr)


def can_cut_out(mask: np.ndarray) -> bool:
    """Whether there is a pet under ``mask`` (float32, 0 to 1) to be cut out, should its owner want it."""
    return MIN_COVER <= float((mask > 0.5).mean()) <= MAX_COVER


def mode_of(mask: np.ndarray, *, manual: bool = False) -> Mode:
    """How the pet under ``mask`` (float32, (h, w), 0 to 1, of the whole photo) can appear.

    A pet cut off by the photo's top or sides would show a straight edge when it moves, so it is to be a print, unless
    its owner chose the cut-out ``manual``.
    """
    pet = mask > 0.5
    cover = float(pet.mean())
    if not (MIN_COVER <= cover <= MAX_COVER if manual else 0.03 <= cover <= 0.86):
        return Mode.PRINT
    rows, columns = np.flatnonzero(pet.any(axis=1)), np.flatnonzero(pet.any(axis=0))
    height, width = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    rim = max(1, round(0.012 * max(mask.shape)))
    top = pet[:rim].any(axis=0).sum() / width
    bottom = pet[-rim:].any(axis=0).sum() / width
    sides = [pet[:, :rim].any(axis=1), pet[:, -rim:].any(axis=1)]
    upper = max(float(side[: rows[0] + height // 2].sum()) for side in sides) / (height / 2)
    side = max(float(side.sum()) for side in sides) / height
    if not manual and (top > 0.25 or upper > 0.3 or (side > 0.3 and bottom < 0.05)):
        return Mode.PRINT
    return Mode.BUST if bottom > 0.42 else Mode.FULL


def _png(mask: np.ndarray) -> bytes:
    file = BytesIO()
    Image.fromarray((mask * 255).round().astype(np.uint8), "L").save(file, "PNG", optimize=True)
    return file.getvalue()
