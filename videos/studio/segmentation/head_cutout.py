"""The pet's head alone: cut out by its mask and its oval together, or by the oval alone, and turned upright."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np

from videos.photos.head import Head, HeadPlace
from videos.studio.raster.discs import shrunk
from videos.studio.raster.mattes import extend_colours, fill_holes, refine_mask, smoothstep
from videos.studio.raster.picture import decode, decode_mask
from videos.studio.segmentation.cutout import Cutout
from videos.studio.segmentation.faces import Box
from videos.studio.segmentation.head_colours import HeadColours
from videos.studio.segmentation.head_contour import contour_in_oval, head_contour
from videos.studio.segmentation.head_mask import head_mask
from videos.studio.segmentation.head_shape import (
    Oval,
    head_shape,
    linked_part,
    without_threads,
)
from videos.studio.segmentation.head_skull import USUAL_SKULL, skull_width
from videos.studio.segmentation.head_view import HeadView, reduced, view_head
from videos.studio.segmentation.pet_side import reach_beside
from videos.studio.segmentation.sticker import cut_sticker, outline_width

MIN_AGREEMENT = 0.5  # A cut that covers less of the oval means that the mask shows something else.
# Shares of the oval's mean radius.
FEATHER = 0.16  # The soft edge of an oval without a mask.
EDGE = 0.012  # The mask's outermost pixels, which hold colours of the background.
FAINT = 0.02  # Where the mask says less than this, there is no pet.
SURE = 0.1  # What is so far from the mask's edge belongs to the head, whatever the picture shows there.
DOME = 0.25  # A head that the photo cuts off goes on beyond the edge by at most this.
# It goes on by this share of the cut's length, so that a cut-off tip of an ear becomes no semicircle.
ROUNDNESS = 0.2


class CutBy(StrEnum):
    """What a head was cut out by: the pet's mask within the oval, or the oval alone."""

    MASK = "mask"
    OVAL = "oval"


@dataclass(frozen=True, slots=True)
class HeadCutout:
    """A head, turned so that its crown is up.

    ``bgra`` is uint8 (h, w, 4), trimmed to the head. Its colours extend beyond the edge and are not multiplied by the
    alpha. ``oval`` is the head's oval in the pixels of ``bgra``, and may reach beyond it. ``skull`` is the width in
    pixels of the head at the oval's middle, without ears.
    """

    bgra: np.ndarray
    oval: Oval
    skull: float
    cut_by: CutBy


def head_of(photo: bytes, cutout: Cutout, head: Head) -> HeadCutout:
    """Return the pet's head alone. ``head`` says which pet it is if there are several. Raises InvalidImage."""
    mask = None if cutout.mask is None else decode_mask(cutout.mask)
    return segmented_head(decode(photo), mask, head, cutout.faces)


def segmented_head(bgr: np.ndarray, mask: np.ndarray | None, head: Head, faces: Sequence[Box] = ()) -> HeadCutout:
    """Return what ``cut_head`` does, by a mask of the head itself if one is found that is to be trusted."""
    found = head_mask(bgr, head, mask, _beside(head, faces))
    return cut_head(bgr, mask if found is None else found.mask, head, faces)


def sticker_of(head: HeadCutout) -> bytes:
    """Return a head with a white outline on a transparent ground, as a WebP of at most 100 kB."""
    bgr, alpha = np.ascontiguousarray(head.bgra[..., :3]), head.bgra[..., 3]
    return cut_sticker(bgr, alpha.astype(np.float32) / 255)


def place_of(head: HeadCutout) -> HeadPlace:
    """Return where the skull is in the sticker of the head."""
    rim = outline_width(head.bgra.shape)
    height, width = head.bgra.shape[0] + 2 * rim, head.bgra.shape[1] + 2 * rim
    middle = np.clip(round(head.oval.x), 0, head.bgra.shape[1] - 1)
    chin = min(head.oval.y + head.oval.ry + rim, height)
    # An odd cut must not turn the head upside down, nor make it endlessly wide.
    crown = min(float((head.bgra[:, middle, 3] > 127).argmax()) + rim, 0.8 * chin)
    places = (height, head.oval.x + rim, crown, chin, np.clip(head.skull, 0.3 * width, width))
    return HeadPlace(*(float(place / width) for place in places))


def cut_head(bgr: np.ndarray, mask: np.ndarray | None, head: Head, faces: Sequence[Box] = ()) -> HeadCutout:
    """Return the head alone.

    ``bgr`` is the photo (uint8, (h, w, 3)). ``mask`` is the pet's mask of the whole photo (float32, 0 to 1, of any
    size), or None. If it covers less than half of the oval, the oval alone is cut out, with a soft edge. A head that
    the photo's edge cuts off is completed by a small dome instead of a straight line.

    ``faces`` are human faces, as in ``Cutout``. The oval alone leaves them out; a mask must not contain them. A face
    around the middle of the oval is taken for the pet's own.
    """
    view = view_head(bgr, mask, head)
    by_mask = _cut_by_mask(view)
    view, cut = by_mask or _cut_by_oval(view, _beside(head, faces))
    seen = (cut > 0.97) & (view.depth >= 0)
    cut = _complete(cut, view)
    box = _bounds(cut > 0.02)
    view, cut, seen = view.cropped(box), cut[box], seen[box]
    colours = _colours(view, seen, cut > 0.97)
    if by_mask:
        small, by = reduced(cut, view.oval)
        skull = skull_width(small, view.oval.scaled(by)) / by
    else:
        skull, cut = USUAL_SKULL * 2 * view.oval.rx, _feathered(cut, FEATHER * view.oval.radius)
    bgra = cv2.merge([*cv2.split(cv2.convertScaleAbs(colours)), cv2.convertScaleAbs(cut, alpha=255)])
    return HeadCutout(bgra, view.oval, skull, CutBy.MASK if by_mask else CutBy.OVAL)


def _cut_by_mask(view: HeadView) -> tuple[HeadView, np.ndarray] | None:
    """Return the surroundings of the head, and its alpha (float32, (h, w)), or None if the mask does not show it."""
    if view.pet is None:
        return None
    small = view.reduced()
    if small.mask is None or not _agrees(small, small.mask):
        return None
    shape = _shape(small)
    pet = (shape > 0) & (small.mask > FAINT)
    if not pet.any():
        return None
    scale = np.array([small.size[0] / view.size[0], small.size[1] / view.size[1]])
    box = _enlarged(_bounds(pet), scale, view, DOME * view.oval.radius)
    view = view.cropped(box)
    at = np.hstack([np.diag(scale), (scale * ((box[1].start + 0.5, box[0].start + 0.5)) - 0.5)[:, None]])
    way = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    shape = cv2.warpAffine(shape, at, view.size, flags=way)
    assert view.mask is not None
    inside = view.depth >= 0
    cut = refine_mask(np.ascontiguousarray(view.mask), view.bgr) * shape * inside
    cut = inside * _in_one_piece(cut, reduced(view.mask * shape * inside, view.oval)[0], view.oval)
    return (view, cut) if (cut > 0.5).any() else None


def _agrees(view: HeadView, mask: np.ndarray) -> bool:
    """Whether one part of the mask covers enough of the oval, as far as that is in the photo."""
    expected = (view.depth >= 0) & (view.oval.distance(view.shape) < 1)
    shown = linked_part((mask > 0.5) & expected, view.oval)
    return bool(shown.sum() >= max(MIN_AGREEMENT * expected.sum(), 1))


def _enlarged(box: tuple[slice, slice], scale: np.ndarray, view: HeadView, margin: float) -> tuple[slice, slice]:
    """Return the rows and columns of ``view`` for a box in its reduced picture, with a margin where there is room."""
    down, across = (
        slice(max(0, int(at.start / by - margin)), min(size, int(at.stop / by + margin) + 1))
        for at, by, size in zip(box, scale[::-1], view.shape, strict=True)
    )
    return down, across


def _shape(view: HeadView) -> np.ndarray:
    """Return how much of each pixel of a reduced view can belong to the head (float32, (h, w), 0 to 1)."""
    assert view.mask is not None
    colours = HeadColours(view.bgr, view.mask, view.oval)
    foreign = colours.foreign()
    pet = np.where(foreign, 0, view.mask).astype(np.float32)
    inside = head_contour(pet, view.oval, colours) & ~foreign
    return head_shape(pet, view.oval, inside, alike=colours.likeness, photo=view.depth >= 0)


def _in_one_piece(cut: np.ndarray, mask: np.ndarray, oval: Oval) -> np.ndarray:
    """Return a head's alpha without threads, scraps and holes. ``mask`` is the head's part of the mask, reduced.

    The mask is refined along edges in the picture, which would leave holes where fur has edges of its own.
    """
    small, by = reduced(cut, oval)
    oval = oval.scaled(by)
    sure = shrunk(mask > 0.5, SURE * oval.radius)
    part = without_threads((small > 0.5) | sure, oval)
    whole = fill_holes(part.astype(np.float32))
    near, deep = (
        cv2.resize(area.astype(np.float32), cut.shape[::-1], interpolation=cv2.INTER_LINEAR)
        for area in (cv2.dilate(whole, np.ones((3, 3), np.uint8)), shrunk(whole > 0.5, SURE * oval.radius))
    )
    joined: np.ndarray = cv2.max(cut * near, deep)
    return joined


def _cut_by_oval(view: HeadView, faces: Sequence[Box]) -> tuple[HeadView, np.ndarray]:
    """Return the surroundings of the head, and its alpha: the oval without human faces.

    What lies between a person's face and the pet's head belongs to the nearer one.
    """
    view = view.cropped(_bounds(view.oval.distance(view.shape) < 1 + DOME))
    distance = view.oval.distance(view.shape)
    small = view.reduced()
    inside = contour_in_oval(small.oval, HeadColours(small.bgr, None, small.oval)).astype(np.float32)
    whole = (cv2.resize(inside, view.size, interpolation=cv2.INTER_LINEAR) > 0.5) & (view.depth >= 0)
    size = (int(view.left[0, 0] + view.right[0, 0]) + 1, int(view.top[0, 0] + view.bottom[0, 0]) + 1)
    reach = reach_beside(view.left, view.top, size, faces)
    cut = linked_part(whole & (distance < reach), view.oval)
    # A photo that is one pixel wide can lie between the pixels of the view, which show it mirrored.
    return view, (cut if cut.any() else distance < 1).astype(np.float32)


def _beside(head: Head, faces: Sequence[Box]) -> list[Box]:
    """Return the faces that are not around the middle of the head."""
    return [face for face in faces if not (face[0] < head.x < face[2] and face[1] < head.y < face[3])]


def _bounds(mask: np.ndarray, margin: int = 0) -> tuple[slice, slice]:
    """Return the rows and the columns of the smallest box around a bool mask, with a margin where there is room."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    down, across = (slice(max(0, int(at[0]) - margin), int(at[-1]) + 1 + margin) for at in (rows, columns))
    return down, across


def _complete(cut: np.ndarray, view: HeadView) -> np.ndarray:
    """Add a dome wherever an edge of the photo cuts the head off."""
    whole = cut
    solid = cut > 0.5
    sides = ((view.left, view.top), (view.right, view.top), (view.top, view.left), (view.bottom, view.left))
    for depth, along in sides:
        at = np.unique(np.round(along[solid & (depth < 2)]))
        for run in np.split(at, np.flatnonzero(np.diff(at) > 2) + 1):
            if run.size < 3:
                continue
            half = (run[-1] - run[0] + 1) / 2
            place = (along - (run[0] + run[-1]) / 2) / half
            rise = min(ROUNDNESS * 2 * half, DOME * view.oval.radius) * (1 - place**2)
            dome = np.where((np.abs(place) <= 1) & (depth < 2), np.clip(depth + rise + 0.5, 0, 1), 0)
            whole = np.maximum(whole, dome)
    return whole


def _colours(view: HeadView, seen: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return the head's colours (float32, (h, w, 3)), extended to all other pixels.

    ``seen`` is the head in the photo. Its outermost pixels do not count, because they hold colours of the background.
    A dome in ``whole`` begins with the mirrored photo, so that no seam shows, and fades to extended colours.
    """
    edge = max(1, round(EDGE * view.oval.radius))
    solid = cv2.erode(seen.astype(np.float32), np.ones((2 * edge + 1, 2 * edge + 1), np.uint8))
    mirrored = whole & (view.depth < edge)
    weight = np.where(mirrored, np.clip(1 + view.depth / (0.6 * DOME * view.oval.radius), 0, 1), solid)[..., None]
    picture = view.bgr.astype(np.float32)
    return picture * weight + extend_colours(picture, solid) * (1 - weight)


def _feathered(cut: np.ndarray, width: float) -> np.ndarray:
    """Return ``cut`` with an edge that fades inwards over ``width`` pixels."""
    inward = cv2.distanceTransform((np.pad(cut, 1) > 0.5).astype(np.uint8), cv2.DIST_L2, 5)[1:-1, 1:-1]
    return smoothstep(inward, 0, width).astype(np.float32)
