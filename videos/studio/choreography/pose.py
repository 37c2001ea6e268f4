"""Poses: how the puppet is bent at each moment. Arrays hold one value per frame."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np

NEUTRAL = {"flip": 1.0}

MAX_LEAN = 4.0  # In degrees. A bust that leans further shows its lower edge.
MAX_SIDE_LEAN = 2.0  # The same for a pet whose cut side is hidden beyond the frame.
NO_WHIRL = 0.25  # A pet longer than this does not fit into the frame head over heels.
NARROW = 0.75  # The share of steps and leans in a frame that is higher than wide.
# A turn is a hop on either side of a deep squash, in which the mirrored picture appears. Shares of the pet's height.
TURN_HOP, TURN_SQUASH = 0.03, 0.25


@dataclass(slots=True)
class Poses:
    """The puppet's state at each of n moments; every field is a float array (n,).

    Lengths are shares of the pet's height: ``tx`` is right, ``ty`` up, ``bend`` the lean of the upper body, ``snake``
    an S-curve and ``hip`` a push of the middle. ``rot`` and ``head`` are degrees clockwise, about the feet and the
    neck. ``stretch`` is the growth in height (volume is kept). ``flip`` goes from 1 to -1 during a turn about the
    vertical axis; once adapted, it is 1 or -1 (mirrored).
    ``turn`` looks right (1) or left (-1), ``nod`` lowers the head (-1), ``zoom`` is the growth by the camera, and
    ``whirl`` counts turns head over heels.
    """

    tx: np.ndarray
    ty: np.ndarray
    rot: np.ndarray
    stretch: np.ndarray
    bend: np.ndarray
    snake: np.ndarray
    hip: np.ndarray
    flip: np.ndarray
    head: np.ndarray
    turn: np.ndarray
    nod: np.ndarray
    zoom: np.ndarray
    whirl: np.ndarray

    @classmethod
    def of(cls, beats: np.ndarray, **values: np.ndarray | float) -> "Poses":
        """Return poses at ``beats``. Fields without a value are neutral."""
        neutral = {field.name: NEUTRAL.get(field.name, 0.0) for field in fields(cls)}
        shape = beats.shape
        return cls(**{name: np.broadcast_to(values.get(name, rest), shape) * 1.0 for name, rest in neutral.items()})

    def adapted_to(
        self,
        *,
        cut_off: bool,
        flat: bool,
        length: float = 0.0,
        aside: bool = False,
        axis: float = 0.0,
        narrow: bool = False,
    ) -> "Poses":
        """Adapt the dance to a pet that is ``cut_off`` below (no leaps, no somersaults) or ``flat`` (a card).

        A pet that is much longer than high (``length`` 1; most are 0) hops further than its height suggests, and leans
        less. A pet that stands ``aside``, with its cut side hidden beyond the frame, leans and bobs without turns. All
        others turn in a hop, about their ``axis``: the middle of the pet, in shares of its height right of its feet. In
        a ``narrow`` frame the steps and leans are smaller, so that the pet can be larger.
        """
        poses = self
        if narrow and not flat:
            poses = replace(poses, **{name: NARROW * getattr(poses, name) for name in ("tx", "rot", "bend")})
        if cut_off:
            lean = MAX_LEAN * np.tanh(0.8 * poses.rot / MAX_LEAN)
            poses = replace(poses._upright(), ty=0.2 * poses.ty, rot=lean)
        elif flat:
            soft = {name: 0.55 * getattr(poses, name) for name in ("bend", "hip", "head", "snake", "stretch", "rot")}
            poses = replace(poses, **soft, turn=0.8 * poses.turn, tx=0.7 * poses.tx)
        elif length:
            poses = poses._upright() if length > NO_WHIRL else poses
            far, lean = 1 + 0.8 * length, (1 - 0.4 * length) * poses.rot
            poses = replace(poses, ty=far * poses.ty, stretch=far * poses.stretch, bend=far * poses.bend, rot=lean)
        return poses._aside() if aside else poses._hopping(cut_off, axis)

    def _upright(self) -> "Poses":
        """Return the poses with turns about the vertical axis instead of those head over heels."""
        return replace(self, flip=self.flip * np.cos(2 * np.pi * self.whirl), whirl=0 * self.whirl)

    def _aside(self) -> "Poses":
        soft = {name: 0.5 * getattr(self, name) for name in ("tx", "bend", "hip", "snake")}
        lean = MAX_SIDE_LEAN * np.tanh(0.6 * self.rot / MAX_SIDE_LEAN)
        return replace(self, **soft, rot=lean, flip=np.ones_like(self.flip), whirl=0 * self.whirl)

    def _hopping(self, cut_off: bool, axis: float) -> "Poses":
        """Return the poses with each turn as a hop: up, down to a squash that swaps the sides, up again and down."""
        far = 1 - np.abs(self.flip)
        hop = 4 * far * (1 - far)
        lift = 0.0 if cut_off else TURN_HOP
        return replace(
            self,
            flip=np.where(self.flip < 0, -1.0, 1.0),
            tx=np.where(self.flip < 0, self.tx + 2 * axis, self.tx),
            ty=self.ty + lift * hop,
            stretch=self.stretch - TURN_SQUASH * far * far * (3 - 2 * far),
        )

    def mirrored(self) -> "Poses":
        """Return the same dance for a pet that faces the other way."""
        turned = {name: -getattr(self, name) for name in ("tx", "rot", "bend", "snake", "hip", "head", "turn", "whirl")}
        return replace(self, **turned)

    def frames(self) -> Iterator["Pose"]:
        """Yield one pose per moment."""
        for row in zip(*(getattr(self, field.name).tolist() for field in fields(self)), strict=True):
            yield Pose(*row)


@dataclass(frozen=True, slots=True)
class Pose:
    """One moment of ``Poses``."""

    tx: float
    ty: float
    rot: float
    stretch: float
    bend: float
    snake: float
    hip: float
    flip: float
    head: float
    turn: float
    nod: float
    zoom: float
    whirl: float
