"""Cutting the pet out of its photo: the model's passes, and whether the result is good enough to dance."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import Any, Self

import cv2
import numpy as np
from PIL import Image

from videos.photos import Focus
from videos.photos.advice import CLOSE_COVER, MAX_COVER, MIN_COVER, SMALL_COVER
from videos.photos.head import FoundHead, Head, is_on_face, pets_only
from videos.studio.raster.mattes import fill_holes, refine_mask
from videos.studio.raster.picture import MASK_SIDE, decode, decode_mask, limit_size
from videos.studio.segmentation.faces import Box, confirmed_faces, face_candidates, without_pets
from videos.studio.segmentation.heads import find_heads, leave_out_people, propose
from videos.studio.segmentation.parts import choose_part, large_parts
from videos.studio.segmentation.people import without_people
from videos.studio.segmentation.pet_side import around_head, pet_side
from videos.studio.segmentation.segmenter import MODEL, segment
from videos.studio.segmentation.sticker import cut_sticker, print_sticker


class People(StrEnum):
    """Where the people in a photo are: nowhere, apart from the pet, in touch with it, or alone without a pet."""

    NONE = "none"
    APART = "apart"
    TOUCHING = "touching"
    ALONE = "alone"


class Mode(StrEnum):
    """How a pet appears: whole, cut off at the lower edge, or as the photo printed on a card."""

    FULL = "full"
    BUST = "bust"
    PRINT = "print"


@dataclass(frozen=True, slots=True)
class Cutout:
    """The result of segmenting a photo, stored with it so that the model never runs twice.

    ``mask`` is an 8-bit grey PNG of the whole photo, at most 640 pixels wide or high. It shows no people. It is None if
    the result is not to be trusted, or if no pet can be told apart from a person. ``cover`` is the pet's share of the
    photo, and ``confidence`` the model's certainty about the pet's pixels. ``agreement`` is the overlap of the two
    passes (1 if one was enough), and ``passes`` how many ran. ``mode`` is what suits the pet in the whole photo.
    ``faces`` are the human faces (left, top, right, bottom as shares of the photo), and ``people`` says where they are.
    ``parts`` counts the separate parts of the mask, such as two pets. ``heads`` are the heads of pets, the most certain
    first; it is None before the worker has looked for them.
    """

    mask: bytes | None
    cover: float = 0.0
    confidence: float = 0.0
    agreement: float = 0.0
    passes: int = 0
    mode: Mode = Mode.PRINT
    faces: tuple[Box, ...] = ()
    parts: int = 0
    heads: tuple[FoundHead, ...] | None = None
    people: People = People.NONE

    def pet_mask(self, focus: Focus, head: Head | None = None) -> bytes | None:
        """Return the mask of the part that dances, as ``choose_part`` picks it, or None without a mask."""
        if self.mask is None or self.parts < 2:
            return self.mask
        return _png(choose_part(decode_mask(self.mask), self.faces, focus, head))

    @property
    def advised(self) -> bool:
        """Whether to cut the pet out unless its owner chooses otherwise."""
        return self.mode is not Mode.PRINT

    @property
    def info(self) -> dict[str, Any]:
        """Everything but the mask, ready for JSON. ``heads`` is left out while it is None."""
        info = {key: value for key, value in asdict(self).items() if key not in ("mask", "heads")}
        return info if self.heads is None else info | {"heads": [found.as_json for found in self.heads]}

    @classmethod
    def from_info(cls, mask: bytes | None, info: dict[str, Any]) -> Self:
        """Restore a cutout from its ``info`` and its stored mask."""
        faces = tuple(tuple(face) for face in info.get("faces", ()))
        heads = tuple(FoundHead.from_json(found) for found in info["heads"]) if "heads" in info else None
        people = People(info.get("people", People.NONE))
        return cls(mask=mask, **{**info, "mode": Mode(info["mode"]), "faces": faces, "heads": heads, "people": people})


def cut_out(
    photo: bytes,
    report: Callable[[float], None] = lambda progress: None,
    *,
    model: Path = MODEL,
    head: Head | None = None,
) -> Cutout:
    """Find the pet and its head in a photo (JPEG, or anything that Pillow reads), with one or two passes of the model.

    ``report`` receives the progress between the passes and may raise. The photo becomes a print if the file ``model``
    is missing, its result is not to be trusted, or a person cannot be told apart from the pet. ``head`` is the pet's
    head if its owner said where it is; otherwise the head finder says it. Raises InvalidImage.
    """
    bgr = limit_size(decode(photo), MASK_SIDE)
    report(0.1)
    looks = face_candidates(bgr)
    found = find_heads(bgr) if looks else ()
    candidates = without_pets(looks, found, bgr.shape)
    faces = confirmed_faces(candidates)
    report(0.2)
    guess = segment(bgr, report, model)
    report(0.9)
    if guess is None:
        return _with_heads(bgr, Cutout(mask=None, faces=faces))
    large = cv2.resize(guess.mask, (bgr.shape[1], bgr.shape[0]), interpolation=cv2.INTER_CUBIC)
    whole = fill_holes(np.clip(large, 0, 1))
    known = [head] if head else []
    if candidates and not known:
        known = [one.head for one in leave_out_people(found, bgr, faces) if one.is_sure]
    faces = confirmed_faces(candidates, known, bgr.shape)
    known = pets_only(known, faces)
    trusted = guess.confidence >= 0.62 and guess.agreement > 0
    pets = without_people(whole, bgr, faces, known)
    pet = choose_part(whole if pets is None else pets, faces, Focus())
    result = Cutout(
        mask=_png(pets) if trusted and pets is not None else None,
        cover=round(float((pet > 0.5).mean()), 4),
        confidence=round(guess.confidence, 4),
        agreement=round(guess.agreement, 4),
        passes=guess.passes,
        mode=mode_of(pet) if trusted and pets is not None else Mode.PRINT,
        faces=faces,
        parts=0 if pets is None else len(large_parts(pets)),
        people=_people(faces, found=pets is not None, known=bool(known)),
    )
    return _with_heads(bgr, result)


def _people(faces: Sequence[Box], *, found: bool, known: bool) -> People:
    """Return where people are, if a pet was ``found`` without them, or only its head is ``known``."""
    if not faces:
        return People.NONE
    return People.APART if found else People.TOUCHING if known else People.ALONE


def find_missing_heads(photo: bytes, cutout: Cutout) -> Cutout:
    """Return ``cutout`` of ``photo`` with its heads. Look for them only if that has not been done. Raises InvalidImage.

    Photos that were cut out before the head finder existed have none yet. The segmentation model does not run again.
    """
    return cutout if cutout.heads is not None else _with_heads(limit_size(decode(photo), MASK_SIDE), cutout)


def _with_heads(bgr: np.ndarray, cutout: Cutout) -> Cutout:
    pet = cutout.pet_mask(Focus())
    found = propose(bgr, None if pet is None else decode_mask(pet), cutout.faces)
    return replace(cutout, heads=tuple(one for one in found if not is_on_face(one.head, cutout.faces)))


def sticker(
    photo: bytes,
    cutout: Cutout,
    *,
    cut: bool | None = None,
    focus: Focus | None = None,
    head: Head | None = None,
) -> bytes:
    """Return the pet with a white outline on a transparent ground, or the framed photo, as a WebP of at most 100 kB.

    ``cut`` selects the pet (True), the framed photo (False), or what ``cutout`` advises (None). ``head`` selects one of
    several pets if it is known, otherwise ``focus`` does. As in the video, the photo is framed if no pet was found, and
    people are left out. Raises InvalidImage.
    """
    bgr = limit_size(decode(photo), MASK_SIDE)
    pet = cutout.pet_mask(focus or Focus(), head) if (cutout.advised if cut is None else cut) else None
    if pet is not None and can_cut_out(mask := decode_mask(pet)):
        alpha = refine_mask(cv2.resize(mask, (bgr.shape[1], bgr.shape[0])), bgr)
        if (alpha > 0.5).any():
            return cut_sticker(bgr, alpha)
    side = pet_side(photo, cutout.faces, head)
    if cutout.mask is None and not cutout.faces:
        side = around_head(photo, head)
    return print_sticker(limit_size(decode(side), MASK_SIDE))


def can_cut_out(mask: np.ndarray) -> bool:
    """Return whether the pet under ``mask`` (float32, 0 to 1) can be cut out if its owner asks for it."""
    return MIN_COVER <= float((mask > 0.5).mean()) <= MAX_COVER


def mode_of(mask: np.ndarray, *, manual: bool = False) -> Mode:
    """Return how the pet under ``mask`` (float32, (h, w), 0 to 1, of the whole photo) can appear.

    A pet that is too small, or so large that three edges of the photo cut it off, becomes a print, unless ``manual``
    says that its owner chose the cutout.
    """
    pet = mask > 0.5
    cover = float(pet.mean())
    if not (MIN_COVER <= cover <= MAX_COVER if manual else SMALL_COVER <= cover <= CLOSE_COVER):
        return Mode.PRINT
    height, width = int(pet.any(axis=1).sum()), int(pet.any(axis=0).sum())
    rim = max(1, round(0.012 * max(mask.shape)))
    top, bottom = (pet[part].any(axis=0).sum() / width for part in (slice(rim), slice(-rim, None)))
    left, right = (pet[:, part].any(axis=1).sum() / height for part in (slice(rim), slice(-rim, None)))
    if not manual and sum((top > 0.25, left > 0.3, right > 0.3, bottom > 0.42)) >= 3:
        return Mode.PRINT
    return Mode.BUST if bottom > 0.42 else Mode.FULL


def _png(mask: np.ndarray) -> bytes:
    file = BytesIO()
    Image.fromarray((mask * 255).round().astype(np.uint8), "L").save(file, "PNG", optimize=True)
    return file.getvalue()
