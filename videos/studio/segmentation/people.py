"""People in a mask: parts with a person are left out, and a person and a pet that touch are split if that is certain.

The cut-out model finds what stands out in a photo, which may be a person as well as a pet. Everything here prefers to
lose a pet's cut-out over showing a part of a person in it.
"""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from videos.photos.head import Head, pets_only
from videos.studio.raster.picture import limit_size
from videos.studio.segmentation.faces import Box
from videos.studio.segmentation.parts import LARGE, large_parts

SIDE = 320  # The split works on a picture with this longer side.
# A part of the mask with this share of a face, or of a chest, holds a person.
FACE_SHARE, CHEST_SHARE = 0.1, 0.15
# A part without a pet's head is a piece of a person if this share of it lies where a body is expected.
BODY_SHARE = 0.5
# What a split must show to be trusted: two splits from other seeds overlap, little of the pet lies where the person's
# body is expected or has the person's colours, and the pet is more than a head but not as large as a group.
MIN_AGREEMENT, MAX_IN_BODY, MAX_PERSON_COLOURS = 0.85, 0.3, 0.04
MIN_HEADS, MAX_HEADS = 1.8, 14.0


class Person(NamedTuple):
    """Where a person with a given face is expected, as bool masks (h, w).

    ``face`` is the face itself, ``head`` includes the hair, ``chest`` is surely the body if nothing covers it, and
    ``body`` is everything below the face that may belong to it, down to the feet.
    """

    face: np.ndarray
    head: np.ndarray
    chest: np.ndarray
    body: np.ndarray


def without_people(mask: np.ndarray, bgr: np.ndarray, faces: Sequence[Box], heads: Sequence[Head]) -> np.ndarray | None:
    """Return ``mask`` (float32, (h, w), 0 to 1) without people, or None if no pet remains that is surely only a pet.

    ``bgr`` (uint8, (h, w, 3)) is the picture of the mask, ``faces`` are the human faces in it, and ``heads`` the heads
    of pets that are sure. A head at a person's face does not count. A mask without human faces is returned unchanged.
    """
    if not faces:
        return mask
    people = [person_at(face, mask.shape) for face in faces]
    heads = pets_only(heads, faces)
    pets = [oval_mask(head, mask.shape, 0.7) for head in heads]
    kept = np.zeros(mask.shape, bool)
    for part in large_parts(mask, 0.0 if heads else LARGE):
        own = [head for head, pet in zip(heads, pets, strict=True) if _share(pet, part) > 0.5]
        if any(_holds(part, person, pets) for person in people):
            split = split_pet(part, bgr, people, own) if own else None
            kept |= split if split is not None else False
        elif own or not heads:
            body = np.any([person.body | person.head for person in people], axis=0)
            kept |= part if own or _share(part, body) < BODY_SHARE else False
    if not kept.any():
        return None
    rim = max(2, round(max(mask.shape) / 160))
    near = cv2.dilate(kept.astype(np.uint8), np.ones((2 * rim + 1, 2 * rim + 1), np.uint8)) > 0
    other = (mask > 0.5) & ~kept
    return np.where(near & ~other, mask, 0).astype(np.float32)


def person_at(face: Box, shape: tuple[int, ...]) -> Person:
    """Return where the person with ``face`` is expected in a picture of ``shape``, standing or sitting upright.

    Shoulders are about three faces wide, and the feet about eight faces below the chin.
    """
    height, width = shape[:2]
    w, h = (face[2] - face[0]) * width, (face[3] - face[1]) * height
    x, chin = (face[0] + face[2]) / 2 * width, face[3] * height

    def outline(*points: tuple[float, float]) -> np.ndarray:
        """Return the area between points, in face widths from the middle and face heights below the chin."""
        right = [(x + across * w, chin + down * h) for across, down in points]
        left = [(x - across * w, chin + down * h) for across, down in reversed(points)]
        area: np.ndarray = np.zeros((height, width), np.uint8)
        cv2.fillPoly(area, [np.round(np.array(right + left)).astype(np.int32)], 1)
        return area > 0

    return Person(
        face=_ellipse((height, width), x, chin - 0.5 * h, 0.5 * w, 0.6 * h),
        head=_ellipse((height, width), x, chin - 0.7 * h, 0.85 * w, 1.05 * h),
        chest=outline((0.3, 0.0), (0.8, 0.8), (0.7, 2.2)),
        body=outline((0.45, -0.2), (1.5, 0.7), (1.7, 3.5), (1.5, 8.0)),
    )


def oval_mask(head: Head, shape: tuple[int, ...], scale: float = 1.0) -> np.ndarray:
    """Return the head's oval, ``scale`` times as large, as a bool mask of ``shape``."""
    height, width = shape[:2]
    side = scale * max(height, width)
    return _ellipse((height, width), head.x * width, head.y * height, head.rx * side, head.ry * side, head.tilt)


def split_pet(part: np.ndarray, bgr: np.ndarray, people: Sequence[Person], heads: Sequence[Head]) -> np.ndarray | None:
    """Return the pet in ``part`` (bool, (h, w)), which people and the pet with ``heads`` share, or None if unsure.

    The picture is split twice by GrabCut (Rother et al., 2004), from the person's head and chest on one side and the
    pet's head on the other. The result must be nearly the same, and nothing in it may look like the person.
    """
    small = limit_size(bgr, SIDE)
    size = (small.shape[1], small.shape[0])

    def shrunk(area: np.ndarray) -> np.ndarray:
        return cv2.resize(area.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0

    inside = shrunk(part)
    head, chest, body = (
        shrunk(np.any([getattr(person, name) for person in people], axis=0)) for name in ("head", "chest", "body")
    )
    ovals = [np.any([oval_mask(one, inside.shape, scale) for one in heads], axis=0) for scale in (0.5, 0.7, 1.0, 1.25)]
    wide = cv2.dilate(chest.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    first = _grab(small, inside, (head | chest) & ~ovals[3], ovals[1], body)
    second = _grab(small, inside, (head | wide) & ~ovals[3], ovals[0], body)
    both = first & second
    agreement = both.sum() / max((first | second).sum(), 1)
    size_in_heads = both.sum() / max(ovals[2].sum(), 1)
    person = (head | chest) & inside & ~ovals[3] & ~both
    if (
        agreement < MIN_AGREEMENT
        or not MIN_HEADS <= size_in_heads <= MAX_HEADS
        or _share(both, body) > MAX_IN_BODY
        or _looks_like(small, both & ~ovals[2], person, ovals[1] & inside) > MAX_PERSON_COLOURS
    ):
        return None
    large = cv2.resize(both.astype(np.float32), (part.shape[1], part.shape[0]), interpolation=cv2.INTER_LINEAR)
    return part & (large > 0.5)


def _holds(part: np.ndarray, person: Person, pets: Sequence[np.ndarray]) -> bool:
    """Return whether the part of the mask shows the person's face or chest, as far as no pet's head covers it."""
    covered = np.any(pets, axis=0) if pets else np.zeros(part.shape, bool)
    return _share(person.face & ~covered, part) > FACE_SHARE or _share(person.chest & ~covered, part) > CHEST_SHARE


def _grab(bgr: np.ndarray, inside: np.ndarray, person: np.ndarray, pet: np.ndarray, body: np.ndarray) -> np.ndarray:
    """Return the pet's side of ``inside``, connected with the seed ``pet``, from the seeds ``person`` and ``pet``."""
    seeds = bgr[person & inside] if (person & inside).any() else bgr[person]
    if not len(seeds) or not (pet & inside).any():
        return np.zeros(inside.shape, bool)
    # The surroundings take the person's colours: they are known to be no pet, and must not be confused with one.
    random = np.random.default_rng(0)
    filled = bgr.copy()
    outside = ~inside & ~person
    filled[outside] = seeds[random.integers(0, len(seeds), int(outside.sum()))]
    labels = np.where(body, cv2.GC_PR_BGD, cv2.GC_PR_FGD).astype(np.uint8)
    labels[person | ~inside] = cv2.GC_BGD
    labels[pet & inside] = cv2.GC_FGD
    cv2.setRNGSeed(0)
    cv2.grabCut(filled, labels, (0, 0, 0, 0), np.zeros((1, 65)), np.zeros((1, 65)), 4, cv2.GC_INIT_WITH_MASK)
    found = ((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)).astype(np.uint8)
    _, parts = cv2.connectedComponents(cv2.morphologyEx(found, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)))
    own = np.unique(parts[pet & inside & (parts > 0)])
    return np.isin(parts, own)


def _looks_like(bgr: np.ndarray, area: np.ndarray, person: np.ndarray, pet: np.ndarray) -> float:
    """Return the share of ``area`` whose colours are those of ``person`` and are rare in ``pet`` (all bool masks)."""
    if not area.any() or not person.any() or not pet.any():
        return 0.0
    lab = cv2.cvtColor(cv2.GaussianBlur(bgr, (0, 0), 1), cv2.COLOR_BGR2LAB)

    def histogram(of: np.ndarray) -> np.ndarray:
        counts = cv2.calcHist([lab], [0, 1, 2], of.astype(np.uint8), [12, 32, 32], [0, 256] * 3)
        # Blur the bins, so that a fold or a shadow of the same cloth counts as well.
        for axis in range(3):
            counts = np.apply_along_axis(lambda line: np.convolve(line, [0.25, 0.5, 0.25], "same"), axis, counts)
        return counts / max(float(counts.sum()), 1e-6)

    bins = lab[area].astype(int) // np.array([256 // 12 + 1, 8, 8])
    theirs, its = (histogram(of)[tuple(bins.T)] for of in (person, pet))
    return float((theirs > 2 * its + 1e-4).mean())


def _ellipse(shape: tuple[int, int], x: float, y: float, rx: float, ry: float, tilt: float = 0.0) -> np.ndarray:
    area: np.ndarray = np.zeros(shape, np.uint8)
    cv2.ellipse(area, (round(x), round(y)), (max(1, round(rx)), max(1, round(ry))), tilt, 0, 360, 1, -1)
    return area > 0


def _share(area: np.ndarray, part: np.ndarray) -> float:
    """Return the share of ``area`` that belongs to ``part``."""
    return float((area & part).sum() / max(area.sum(), 1))
