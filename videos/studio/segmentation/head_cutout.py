"""The pet's head alone: cut out by its mask and its oval together, or by the oval alone, and turned upright."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import cv2
import numpy as np

from videos.photos.head import Head, HeadPlace
from videos.studio.raster.mattes import extend_colours, refine_mask, smoothstep
from videos.studio.raster.picture import decode, decode_mask
from videos.studio.segmentation.cutout import Cutout
from videos.studio.segmentation.faces import Box
from videos.studio.segmentation.head_mask import head_mask
from videos.studio.segmentation.head_shape import USUAL_SKULL, Oval, head_shape, linked_part, skull_width
from videos.studio.segmentation.pet_side import reach_beside
from videos.studio.segmentation.sticker import cut_sticker, outline_width

MIN_RADIUS, MAX_RADIUS = 24, 200  # in pixels; smaller heads are enlarged, and larger ones reduced
SHAPE_RADIUS = 36  # in pixels; the size at which the head's shape is examined
MIN_AGREEMENT = 0.5  # A cut that covers less of the oval means that the mask shows something else.
# Shares of the oval's mean radius.
FEATHER = 0.16  # The soft edge of an oval without a mask.
EDGE = 0.012  # The mask's outermost pixels, which hold colours of the background.
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
    view = _upright(bgr, mask, head)
    by_mask = _cut_by_mask(view)
    view, cut = by_mask or _cut_by_oval(view, _beside(head, faces))
    seen = (cut > 0.97) & (view.depth >= 0)
    cut = _complete(cut, view)
    box = _bounds(cut > 0.02)
    view, cut, seen = view.cropped(box), cut[box], seen[box]
    colours = _colours(view, seen, cut > 0.97)
    if by_mask:
        small, by = _reduced(cut, view.oval)
        skull = skull_width(small, view.oval.scaled(by)) / by
    else:
        skull, cut = USUAL_SKULL * 2 * view.oval.rx, _feathered(cut, FEATHER * view.oval.radius)
    bgra = np.clip(np.dstack([colours, cut * 255]) + 0.5, 0, 255).astype(np.uint8)
    return HeadCutout(bgra, view.oval, skull, CutBy.MASK if by_mask else CutBy.OVAL)


class _View(NamedTuple):
    """The surroundings of the head, upright. Beyond the photo, the picture is mirrored and the mask repeats its edge.

    ``left``, ``top``, ``right`` and ``bottom`` (float32, (h, w)) are each pixel's distances from the photo's edges in
    pixels of this view, positive inside the photo. ``depth`` is the least of them.
    """

    bgr: np.ndarray
    mask: np.ndarray | None
    oval: Oval
    left: np.ndarray
    top: np.ndarray
    right: np.ndarray
    bottom: np.ndarray
    depth: np.ndarray

    def cropped(self, box: tuple[slice, slice]) -> "_View":
        oval = self.oval.moved(-float(box[1].start), -float(box[0].start))
        mask = None if self.mask is None else self.mask[box]
        return _View(self.bgr[box], mask, oval, *(edge[box] for edge in self[3:]))


def _upright(bgr: np.ndarray, mask: np.ndarray | None, head: Head) -> _View:
    """Return the head with the room that its ears can take."""
    longer = max(bgr.shape[:2])
    mean = np.sqrt(head.rx * head.ry) * longer
    by = float(np.clip(1.0, MIN_RADIUS / mean, MAX_RADIUS / mean))
    columns, rows = max(1, round(bgr.shape[1] * by)), max(1, round(bgr.shape[0] * by))
    if by != 1:
        way = cv2.INTER_AREA if by < 1 else cv2.INTER_CUBIC
        bgr = cv2.resize(bgr, (columns, rows), interpolation=way)
    x, y = head.x * columns, head.y * rows
    oval = Oval(0, 0, head.rx * longer * by, head.ry * longer * by)
    side, up = oval.reach
    width, height = round(2 * side), round(up + 1.5 * oval.ry)
    if head.tilt == 0:
        x, y = round(x - side) + side, round(y - up) + up  # without interpolation
    turn = np.deg2rad(head.tilt)
    cos, sin = float(np.cos(turn)), float(np.sin(turn))
    to_photo = np.array([[cos, -sin, x - cos * side + sin * up], [sin, cos, y - sin * side - cos * up]])

    def seen(picture: np.ndarray, beyond: int) -> np.ndarray:
        way = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return cv2.warpAffine(picture, to_photo, (width, height), flags=way, borderMode=beyond)

    if mask is not None:
        mask = seen(cv2.resize(mask, (columns, rows), interpolation=cv2.INTER_LINEAR), cv2.BORDER_REPLICATE)
    place = cv2.transform(np.dstack(np.meshgrid(np.arange(width), np.arange(height))).astype(np.float32), to_photo)
    left, top = np.ascontiguousarray(place[..., 0]), np.ascontiguousarray(place[..., 1])
    right, bottom = columns - 1 - left, rows - 1 - top
    depth = np.minimum(np.minimum(left, right), np.minimum(top, bottom))
    return _View(seen(bgr, cv2.BORDER_REFLECT), mask, oval.moved(side, up), left, top, right, bottom, depth)


def _reduced(mask: np.ndarray, oval: Oval) -> tuple[np.ndarray, float]:
    """Return a mask at the size at which the head's shape is examined, and its scale."""
    by = min(1.0, SHAPE_RADIUS / oval.radius)
    size = (max(1, round(mask.shape[1] * by)), max(1, round(mask.shape[0] * by)))
    return cv2.resize(mask, size, interpolation=cv2.INTER_AREA), by


def _cut_by_mask(view: _View) -> tuple[_View, np.ndarray] | None:
    """Return the surroundings of the head, and its alpha (float32, (h, w)), or None if the mask does not show it."""
    if view.mask is None:
        return None
    small, by = _reduced(view.mask, view.oval)
    shape = cv2.resize(head_shape(small, view.oval.scaled(by)), view.mask.shape[::-1], interpolation=cv2.INTER_LINEAR)
    box = _bounds(shape > 0, round(DOME * view.oval.radius))
    view = view.cropped(box)
    inside = view.depth >= 0
    cut = refine_mask(np.ascontiguousarray(view.mask), view.bgr) * shape[box] * inside
    part = linked_part(cut > 0.5, view.oval)
    cut = cut * cv2.dilate(part.astype(np.float32), np.ones((5, 5), np.uint8))
    expected = inside & (view.oval.distance(cut.shape) < 1)
    return (view, cut) if part[expected].sum() >= max(MIN_AGREEMENT * expected.sum(), 1) else None


def _cut_by_oval(view: _View, faces: Sequence[Box]) -> tuple[_View, np.ndarray]:
    """Return the surroundings of the head, and its alpha: the oval without human faces.

    What lies between a person's face and the pet's head belongs to the nearer one.
    """
    view = view.cropped(_bounds(view.oval.distance(view.depth.shape) < 1 + DOME))
    distance = view.oval.distance(view.depth.shape)
    whole = (distance < 1) & (view.depth >= 0)
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


def _complete(cut: np.ndarray, view: _View) -> np.ndarray:
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


def _colours(view: _View, seen: np.ndarray, whole: np.ndarray) -> np.ndarray:
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
