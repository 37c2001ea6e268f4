"""The head of a pet as sprites of the dancer: front and back, with a hat, and with small motions.

A motion has a few steps. Each picture is made when it is first needed, and kept.
"""

from collections import OrderedDict
from typing import NamedTuple

import cv2
import numpy as np

from videos.studio.dancer.head.back import back_cover, draw_back
from videos.studio.dancer.head.life import can_open, close_eyes, ear_lag_map, open_jaw
from videos.studio.dancer.head.placed import place_head
from videos.studio.dancer.sprite import Sprite
from videos.studio.puppet.hats import Hat
from videos.studio.puppet.wear import draw_hat, ears_before, end_at_ears
from videos.studio.raster.canvas import Canvas
from videos.studio.raster.colours import Bgr
from videos.studio.segmentation.head_cutout import CutBy, HeadCutout

# The number of steps of each motion, without the one at rest.
SQUASH_STEPS, EAR_STEPS, JAW_STEPS, BLINK_STEPS = 3, 3, 3, 2
SQUASH = 0.07  # How much wider a squashed head is. It is lower by the same factor.
KEPT = 24  # Sprites that are kept; one has about 0.5 MB at 300 pixels to a U.


class _Moment(NamedTuple):
    """The steps of all motions at one moment."""

    squash: int
    ear_lag: int
    jaw: int
    blink: int
    back: bool
    mirrored: bool


class HeadSprites:
    """The sprites of one head, whose joint is the neck.

    ``hair`` is the part of its hat behind the head and the hands, if there is one.
    """

    def __init__(self, head: HeadCutout, unit: float, fur: Bgr, hat: Hat | None = None) -> None:
        """Place ``head`` at ``unit`` pixels to a U, below ``hat``. ``fur`` is its main colour, for the back."""
        self._head = place_head(head, unit, hat)
        self._fur = fur
        self.hair: Sprite | None = None
        self._before: tuple[np.ndarray, tuple[slice, slice]] | None = None
        self._inside: tuple[np.ndarray, tuple[slice, slice]] | None = None
        self._ears: np.ndarray | None = None
        if hat is not None:
            self._wear(hat, ears=head.cut_by is CutBy.MASK)
        self._lag_maps: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        self._faces: dict[tuple[int, int, bool], np.ndarray] = {}
        self._wholes: OrderedDict[_Moment, Sprite] = OrderedDict()
        self._sprites: OrderedDict[_Moment, Sprite] = OrderedDict()

    @property
    def crown(self) -> float:
        """The height of the crown above the neck in U, without hat and ears."""
        return (self._head.joint[1] - self._head.skull.y) / self._head.unit

    @property
    def can_blink(self) -> bool:
        """Whether the eyes are sure."""
        return self._head.face is not None

    @property
    def can_open(self) -> bool:
        """Whether the jaw opens: on an upright face seen from the front."""
        return can_open(self._head)

    def at(
        self,
        squash: float = 0.0,
        ear_lag: float = 0.0,
        jaw: float = 0.0,
        blink: float = 0.0,
        *,
        back: bool = False,
        mirrored: bool = False,
    ) -> Sprite:
        """Return the head at a moment.

        ``squash`` goes from -1 (tall and narrow) to 1 (low and wide). ``ear_lag`` goes from -1 to 1, with the tips of
        the ears to the right on the screen. ``jaw`` (0 to 1) opens the mouth and ``blink`` (0 to 1) closes the eyes,
        where they are sure. ``back`` shows the back of the head, whose outline is that of the mirrored front.
        """
        jaw = jaw if self.can_open and not back else 0.0
        blink = blink if self.can_blink and not back else 0.0
        flipped = back != mirrored
        moment = _Moment(
            _step(squash, SQUASH_STEPS, -1),
            _step(-ear_lag if flipped else ear_lag, EAR_STEPS, -1),
            _step(jaw, JAW_STEPS, 0),
            _step(blink, BLINK_STEPS, 0),
            back,
            mirrored,
        )
        sprite = self._sprites.get(moment)
        if sprite is None:
            sprite = self._sprites[moment] = self._drawn(moment)
            if len(self._sprites) > KEPT:
                self._sprites.popitem(last=False)
        self._sprites.move_to_end(moment)
        return sprite

    def _wear(self, hat: Hat, *, ears: bool) -> None:
        """Keep the parts of the hat, premultiplied, and what of the ears stays before it, if ``ears`` can be told."""
        head = self._head
        worn = draw_hat(head.bgr, head.cover, hat, head.seat)
        before = worn.before
        if worn.hair is not None:
            self.hair = Sprite(*_trimmed(_layer(worn.hair), head.joint), 0)
        if worn.inside is not None:
            box = _box(worn.inside.alpha)
            self._inside = np.ascontiguousarray(_layer(worn.inside)[box]), box
        kept = ears_before(head.cover, hat, head.seat) if ears else np.zeros_like(head.cover)
        if before is not None:
            if hat.fits:
                end_at_ears(before, kept)
            box = _box(before.alpha)
            if box[0].start == box[0].stop:
                return  # Nothing of the hat is left beside the ears.
            self._before = np.ascontiguousarray(_layer(before)[box]), box
            self._ears = cv2.convertScaleAbs(kept, alpha=255)

    def _drawn(self, moment: _Moment) -> Sprite:
        whole = self._whole(moment._replace(squash=0, mirrored=False))
        picture, joint = whole.bgra, whole.joint
        if moment.squash:
            picture, joint = _scaled(picture, joint, squash_scale(moment.squash / SQUASH_STEPS))
        if moment.back != moment.mirrored:
            picture, joint = cv2.flip(picture, 1), (picture.shape[1] - 1 - joint[0], joint[1])
        return Sprite(picture, joint, 0)

    def _whole(self, moment: _Moment) -> Sprite:
        """Return the head with its hat, neither squashed nor mirrored."""
        if moment not in self._wholes:
            if len(self._wholes) >= KEPT:
                self._wholes.popitem(last=False)
            self._wholes[moment] = self._composed(moment)
        self._wholes.move_to_end(moment)
        return self._wholes[moment]

    def _composed(self, moment: _Moment) -> Sprite:
        picture, ears = self._face(moment.jaw, moment.blink, back=moment.back).copy(), self._ears
        if moment.ear_lag:
            maps = self._lag_map(moment.ear_lag)
            upper = slice(0, len(maps[0]))
            picture[upper] = cv2.remap(picture, *maps, cv2.INTER_LINEAR)
            if ears is not None:
                ears = ears.copy()
                ears[upper] = cv2.remap(ears, *maps, cv2.INTER_LINEAR)
        if self._inside is not None:
            hat, box = self._inside
            picture[box] = _over(picture[box], hat)
        if self._before is not None and ears is not None:
            hat, box = self._before
            free = cv2.bitwise_not(ears[box])
            picture[box] = _over(cv2.multiply(hat, cv2.merge([free] * 4), scale=1 / 255), picture[box])
        return Sprite(*_trimmed(picture, self._head.joint), 0)

    def _face(self, jaw: int, blink: int, *, back: bool) -> np.ndarray:
        """Return the head without a hat, premultiplied."""
        key = (jaw, blink, back)
        if key not in self._faces:
            head = self._head
            seen = (draw_back(head, self._fur), back_cover(head)) if back else (head.bgr, head.cover)
            picture = _premultiplied(*seen)
            close_eyes(picture, head, blink / BLINK_STEPS)
            open_jaw(picture, head, jaw / JAW_STEPS)
            self._faces[key] = picture
        return self._faces[key]

    def _lag_map(self, step: int) -> tuple[np.ndarray, np.ndarray]:
        if step not in self._lag_maps:
            self._lag_maps[step] = ear_lag_map(self._head, step / EAR_STEPS)
        return self._lag_maps[step]


def squash_scale(squash: float) -> tuple[float, float]:
    """Return how wide and how high a head is that is squashed by ``squash`` (-1 to 1). Its area stays the same."""
    wide = 1 + SQUASH * min(max(squash, -1), 1)
    return wide, 1 / wide


def _step(value: float, steps: int, least: int) -> int:
    return round(min(max(value, least), 1) * steps)


def _premultiplied(bgr: np.ndarray, cover: np.ndarray) -> np.ndarray:
    alpha = cv2.convertScaleAbs(cover, alpha=255)
    colour = cv2.multiply(cv2.convertScaleAbs(bgr), cv2.merge([alpha] * 3), scale=1 / 255)
    return cv2.merge([*cv2.split(colour), alpha])


def _layer(canvas: Canvas) -> np.ndarray:
    colour = cv2.multiply(canvas.colour, cv2.merge([canvas.alpha] * 3), scale=1 / 255)
    return cv2.merge([*cv2.split(colour), canvas.alpha])


def _box(alpha: np.ndarray) -> tuple[slice, slice]:
    """Return the rows and columns of what is drawn."""
    left, top, width, height = cv2.boundingRect(alpha)
    return slice(top, top + height), slice(left, left + width)


def _over(upper: np.ndarray, lower: np.ndarray) -> np.ndarray:
    """Lay one premultiplied picture over another of the same size."""
    through = cv2.bitwise_not(cv2.extractChannel(upper, 3))
    return cv2.add(upper, cv2.multiply(lower, cv2.merge([through] * 4), scale=1 / 255))


def _scaled(
    picture: np.ndarray, joint: tuple[float, float], scale: tuple[float, float]
) -> tuple[np.ndarray, tuple[float, float]]:
    size = (int(np.ceil(picture.shape[1] * scale[0])), int(np.ceil(picture.shape[0] * scale[1])))
    to = np.array([[scale[0], 0, 0], [0, scale[1], 0]])
    return cv2.warpAffine(picture, to, size, flags=cv2.INTER_LINEAR), (joint[0] * scale[0], joint[1] * scale[1])


def _trimmed(picture: np.ndarray, joint: tuple[float, float]) -> tuple[np.ndarray, tuple[float, float]]:
    """Return the picture without its clear borders, but for two pixels."""
    left, top, width, height = cv2.boundingRect(cv2.extractChannel(picture, 3))
    right, bottom = left + width + 2, top + height + 2
    left, top = max(0, left - 2), max(0, top - 2)
    return np.ascontiguousarray(picture[top:bottom, left:right]), (joint[0] - left, joint[1] - top)
