"""Poses: how the puppet is bent at each moment. Arrays hold one value per frame."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np

NEUTRAL = {"flip": 1.0, "lx": 0.1, "ly": 0.42, "la": 20.0, "rx": 0.1, "ry": 0.42, "ra": 20.0}

MAX_LEAN = 4.0  # In degrees. A bust that leans further shows its lower edge.


@dataclass(slots=True)
class Poses:
    """The puppet's state at each of n moments; every field is a float array (n,).

    Lengths are shares of the pet's height: ``tx`` is right, ``ty`` up, ``bend`` the lean of the upper body, ``snake``
    an S-curve and ``hip`` a push of the middle. ``rot`` and ``head`` are degrees clockwise, about the feet and the
    neck. ``stretch`` is the growth in height (volume is kept), and ``flip`` the factor of the width (-1 is mirrored).
    ``turn`` looks right (1) or left (-1), ``nod`` lowers the head (-1), ``zoom`` is the growth by the camera, and
    ``whirl`` counts turns head over heels.

    ``lx`` and ``rx`` are how far the left and the right glove float outside the body, ``ly`` and ``ry`` how high.
    ``la`` and ``ra`` turn them outwards, in degrees; at 0 the fingers point up.
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
    lx: np.ndarray
    ly: np.ndarray
    la: np.ndarray
    rx: np.ndarray
    ry: np.ndarray
    ra: np.ndarray

    @classmethod
    def of(cls, beats: np.ndarray, **values: np.ndarray | float) -> "Poses":
        """Return poses at ``beats``. Fields without a value are neutral."""
        neutral = {field.name: NEUTRAL.get(field.name, 0.0) for field in fields(cls)}
        shape = beats.shape
        return cls(**{name: np.broadcast_to(values.get(name, rest), shape) * 1.0 for name, rest in neutral.items()})

    def adapted_to(self, *, cut_off: bool, flat: bool, length: float = 0.0) -> "Poses":
        """Adapt the dance to a pet that is ``cut_off`` below (no leaps, no somersaults) or ``flat`` (a card).

        A pet that is much longer than high (``length`` 1; most are 0) hops and steps further than its height suggests.
        """
        if cut_off:
            spin = np.cos(2 * np.pi * self.whirl)
            lean = MAX_LEAN * np.tanh(0.8 * self.rot / MAX_LEAN)
            return replace(self, ty=0.2 * self.ty, flip=self.flip * spin, whirl=0 * self.whirl, rot=lean)
        if flat:
            soft = {name: 0.55 * getattr(self, name) for name in ("bend", "hip", "head", "snake", "stretch", "rot")}
            return replace(self, **soft, turn=0.8 * self.turn, tx=0.7 * self.tx)
        if length:
            far = 1 + 0.8 * length
            return replace(self, tx=far * self.tx, ty=far * self.ty, stretch=far * self.stretch, bend=far * self.bend)
        return self

    def mirrored(self) -> "Poses":
        """Return the same dance for a pet that faces the other way."""
        turned = {name: -getattr(self, name) for name in ("tx", "rot", "bend", "snake", "hip", "head", "turn", "whirl")}
        hands = {"lx": self.rx, "ly": self.ry, "la": self.ra, "rx": self.lx, "ry": self.ly, "ra": self.la}
        return replace(self, **turned, **hands)

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
    lx: float
    ly: float
    la: float
    rx: float
    ry: float
    ra: float
