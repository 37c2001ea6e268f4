"""Interpolation of a channel between its keys. Each channel repeats after the choreography's beats."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from videos.studio.dance.choreography import Ease, Key

SNAP, HOLD = 0.22, 0.08  # The beats that the movement to a key with this ease takes.
ANTICIPATION = 0.14
OVERSHOOT = 1.4
NEARLY = 1e-9


class Sample(NamedTuple):
    """A channel at one moment: its value, and the keys around it with the eased progress (0 to 1) between them."""

    value: np.ndarray
    before: Key
    after: Key
    progress: float


class Track:
    """The keys of one channel, repeated every ``beats`` beats.

    ``turn`` names a component that counts turns, and the size of a whole one: a value that differs by whole turns is
    the same at a seam. Seams are beat 0, the beats in ``seams`` and keys with the ease ``wrap``.
    """

    def __init__(
        self, keys: Sequence[Key], beats: float, turn: tuple[int, float] | None = None, seams: Sequence[float] = ()
    ) -> None:
        self.beats = beats
        self.keys = sorted(keys, key=lambda key: key.beat)
        self._turn, self._seams = turn, {0.0, *seams}
        self._values = [np.array(key.value, np.float64) for key in self.keys]
        self._slopes = [self._slope(number) for number in range(len(self.keys))]

    def at(self, beat: float) -> Sample:
        """Return the channel at ``beat``."""
        if len(self.keys) == 1:
            return Sample(self._values[0].copy(), self.keys[0], self.keys[0], 0.0)
        beat %= self.beats
        count = len(self.keys)
        i = max((k for k in range(count) if self.keys[k].beat <= beat + NEARLY), default=count - 1)
        j = (i + 1) % count
        span = (self.keys[j].beat - self.keys[i].beat) % self.beats or self.beats
        # A beat that is a rounding error before a key is on it, and not a whole period later.
        into = beat - self.keys[i].beat
        u = (0.0 if abs(into) < NEARLY else into % self.beats) / span
        start, goal, ease = self._values[i], self._goal(i, j), self.keys[j].ease
        if ease in ("smooth", "slide"):
            cubic = (1 + 2 * u) * (1 - u) ** 2, u * (1 - u) ** 2, u * u * (3 - 2 * u), u * u * (u - 1)
            first, second = span * self._slopes[i], span * self._slopes[j]
            value = cubic[0] * start + cubic[1] * first + cubic[2] * goal + cubic[3] * second
            return Sample(value, self.keys[i], self.keys[j], smooth(u))
        progress = eased(ease, u, span)
        return Sample(start + (goal - start) * progress, self.keys[i], self.keys[j], progress)

    def _goal(self, i: int, j: int) -> np.ndarray:
        """Return the value of key j when coming from key i, without whole turns over a seam."""
        value = self._values[j]
        at_seam = j <= i or self.keys[j].beat in self._seams or self.keys[j].ease == "wrap"
        if self._turn is None or not at_seam:
            return value
        component, whole = self._turn
        value = value.copy()
        value[component] += whole * round((self._values[i][component] - value[component]) / whole)
        return value

    def _slope(self, i: int) -> np.ndarray:
        """Return the slope of the monotone cubic at key i: 0 where the value is held or turns back."""
        count = len(self.keys)
        before, after = (i - 1) % count, (i + 1) % count
        h0 = (self.keys[i].beat - self.keys[before].beat) % self.beats or self.beats
        h1 = (self.keys[after].beat - self.keys[i].beat) % self.beats or self.beats
        d0 = (self._goal(before, i) - self._values[before]) / h0
        d1 = (self._goal(i, after) - self._values[i]) / h1
        w1, w2 = 2 * h1 + h0, h1 + 2 * h0
        same_way = d0 * d1 > 0
        safe0, safe1 = np.where(same_way, d0, 1.0), np.where(same_way, d1, 1.0)
        return np.where(same_way, (w1 + w2) / (w1 / safe0 + w2 / safe1), 0.0)


def smooth(u: float) -> float:
    """Map 0 to 1 onto 0 to 1 with a soft start and end."""
    u = min(max(u, 0.0), 1.0)
    return u * u * (3 - 2 * u)


def eased(ease: Ease, u: float, span: float) -> float:
    """Return the progress at the share ``u`` of the ``span`` beats between two keys."""
    if ease in ("snap", "hold"):
        share = min(1.0, (SNAP if ease == "snap" else HOLD) / max(span, 1e-6))
        return smooth((u - 1 + share) / share)
    if ease == "anticipate":
        return smooth(u) - ANTICIPATION * math.sin(math.pi * min(1.0, 2 * u)) * (1 - u)
    if ease == "bounce":
        v = u - 1
        return 0.35 * smooth(u) + 0.65 * (1 + (OVERSHOOT + 1) * v**3 + OVERSHOOT * v * v)
    if ease == "linear":
        return u
    if ease == "out":
        return 1 - (1 - u) ** 3
    if ease == "in":
        return u**3
    return smooth(u)
