"""The surroundings of a head in its photo, turned upright, at the sizes at which a head is examined and cut out."""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from videos.photos.head import Head
from videos.studio.segmentation.head_shape import Oval

MIN_RADIUS, MAX_RADIUS = 24, 200  # in pixels; smaller heads are enlarged, and larger ones reduced
SHAPE_RADIUS = 36  # in pixels; the size at which the head's shape is examined
BELOW = 1.75  # A tongue or an ear hangs down to this, in the oval from -1 to 1.

type Box = tuple[slice, slice]


@dataclass(frozen=True, slots=True)
class _Source:
    """A picture of the whole photo or of a part of it, and where a pixel of an upright view is in it.

    ``at`` (float, (2, 3)) converts a point of the view.
    """

    picture: np.ndarray
    at: np.ndarray

    def moved(self, left: int, top: int) -> "_Source":
        at = self.at.copy()
        at[:, 2] += at[:, :2] @ (left, top)
        return _Source(self.picture, at)

    def seen(self, size: tuple[int, int], beyond: int) -> np.ndarray:
        way = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return cv2.warpAffine(self.picture, self.at, size, flags=way, borderMode=beyond)

    def reduced(self, size: tuple[int, int], by: float) -> "_Source":
        """Return the part of the picture that a view of ``size`` shows, for a view that is smaller by ``by``."""
        corners = np.array([[0, size[0], 0, size[0]], [0, 0, size[1], size[1]]])
        places = self.at[:, :2] @ corners + self.at[:, 2:]
        rows, columns = self.picture.shape[:2]
        room = 2 / by
        left, right = np.clip([places[0].min() - room, places[0].max() + room], 0, columns).astype(int)
        top, bottom = np.clip([places[1].min() - room, places[1].max() + room], 0, rows).astype(int)
        part = self.picture[top : max(bottom, top + 1), left : max(right, left + 1)]
        # A picture that is coarser than the view is not reduced.
        fine = min(1.0, by * float(np.hypot(*self.at[0, :2])) ** -1)
        small = cv2.resize(part, _scaled(part.shape, fine), interpolation=cv2.INTER_AREA)
        scale = np.array([[small.shape[1] / part.shape[1]], [small.shape[0] / part.shape[0]]])
        at = self.at.copy()
        at[:, 2] += at[:, :2] @ (0.5 / by - 0.5, 0.5 / by - 0.5) - (left, top)
        at[:, :2] /= by
        at *= scale
        at[:, 2:] += scale / 2 - 0.5
        return _Source(small, at)


@dataclass(frozen=True)
class HeadView:
    """The surroundings of a head, upright. Beyond the photo, the picture is mirrored and the mask repeats its edge.

    ``size`` is the width and height. ``to_photo`` (2, 3) says where a pixel is in the photo, whose width and height are
    ``photo``. ``left``, ``top``, ``right`` and ``bottom`` (float32, (h, w)) are each pixel's distances from the photo's
    edges in pixels of this view, positive inside the photo. ``depth`` is the least of them.
    """

    oval: Oval
    size: tuple[int, int]
    to_photo: np.ndarray
    photo: tuple[int, int]
    colours: _Source
    pet: _Source | None

    @cached_property
    def bgr(self) -> np.ndarray:
        return self.colours.seen(self.size, cv2.BORDER_REFLECT)

    @cached_property
    def mask(self) -> np.ndarray | None:
        return self.pet.seen(self.size, cv2.BORDER_REPLICATE) if self.pet else None

    @property
    def shape(self) -> tuple[int, int]:
        return self.size[1], self.size[0]

    @cached_property
    def left(self) -> np.ndarray:
        return self._place(0)

    @cached_property
    def top(self) -> np.ndarray:
        return self._place(1)

    @cached_property
    def right(self) -> np.ndarray:
        return self.photo[0] - 1 - self.left

    @cached_property
    def bottom(self) -> np.ndarray:
        return self.photo[1] - 1 - self.top

    @cached_property
    def depth(self) -> np.ndarray:
        return np.minimum(np.minimum(self.left, self.right), np.minimum(self.top, self.bottom))

    def cropped(self, box: Box) -> "HeadView":
        left, top = box[1].start, box[0].start
        right, bottom = min(box[1].stop, self.size[0]), min(box[0].stop, self.size[1])
        to_photo = self.to_photo.copy()
        to_photo[:, 2] += to_photo[:, :2] @ (left, top)
        pet = self.pet.moved(left, top) if self.pet else None
        view = HeadView(
            self.oval.moved(-float(left), -float(top)),
            (right - left, bottom - top),
            to_photo,
            self.photo,
            self.colours.moved(left, top),
            pet,
        )
        # What is known need not be found again.
        known = vars(self).keys() & {"bgr", "mask", "left", "top", "right", "bottom", "depth"}
        vars(view).update(
            {name: vars(self)[name] if vars(self)[name] is None else vars(self)[name][box] for name in known}
        )
        return view

    def reduced(self) -> "HeadView":
        """Return the same view at the size at which the head's shape is examined."""
        by = min(1.0, SHAPE_RADIUS / self.oval.radius)
        to_photo = self.to_photo.copy()
        to_photo[:, 2] += to_photo[:, :2] @ (0.5 / by - 0.5, 0.5 / by - 0.5)
        to_photo[:, :2] /= by
        return HeadView(
            self.oval.scaled(by),
            _scaled(self.shape, by),
            to_photo,
            self.photo,
            self.colours.reduced(self.size, by),
            self.pet.reduced(self.size, by) if self.pet else None,
        )

    def _place(self, axis: int) -> np.ndarray:
        right, down, start = self.to_photo[axis].astype(np.float32)
        across, along = (np.arange(size, dtype=np.float32) for size in self.size)
        return np.add.outer(along * down, across * right + start)


def view_head(bgr: np.ndarray, mask: np.ndarray | None, head: Head) -> HeadView:
    """Return the head with the room that its ears can take.

    ``bgr`` is the photo (uint8, (h, w, 3)), and ``mask`` the pet's mask of the whole photo at any size.
    """
    longer = max(bgr.shape[:2])
    mean = np.sqrt(head.rx * head.ry) * longer
    by = float(np.clip(1.0, MIN_RADIUS / mean, MAX_RADIUS / mean))
    columns, rows = _scaled(bgr.shape, by)
    if by != 1:
        way = cv2.INTER_AREA if by < 1 else cv2.INTER_CUBIC
        bgr = cv2.resize(bgr, (columns, rows), interpolation=way)
    x, y = head.x * columns, head.y * rows
    oval = Oval(0, 0, head.rx * longer * by, head.ry * longer * by)
    side, up = oval.reach
    size = (round(2 * side), round(up + BELOW * oval.ry))
    if head.tilt == 0:
        x, y = round(x - side) + side, round(y - up) + up  # without interpolation
    turn = np.deg2rad(head.tilt)
    cos, sin = float(np.cos(turn)), float(np.sin(turn))
    to_photo = np.array([[cos, -sin, x - cos * side + sin * up], [sin, cos, y - sin * side - cos * up]])
    pet = None
    if mask is not None:
        # Pixels grow around their corners, not their centres.
        scale = np.array([[mask.shape[1] / columns], [mask.shape[0] / rows]])
        pet = _Source(mask, to_photo * scale + np.hstack([np.zeros((2, 2)), scale / 2 - 0.5]))
    return HeadView(oval.moved(side, up), size, to_photo, (columns, rows), _Source(bgr, to_photo), pet)


def reduced(picture: np.ndarray, oval: Oval) -> tuple[np.ndarray, float]:
    """Return a picture at the size at which the head's shape is examined, and its scale."""
    by = min(1.0, SHAPE_RADIUS / oval.radius)
    return cv2.resize(picture, _scaled(picture.shape, by), interpolation=cv2.INTER_AREA), by


def _scaled(shape: tuple[int, ...], by: float) -> tuple[int, int]:
    return max(1, round(shape[1] * by)), max(1, round(shape[0] * by))
