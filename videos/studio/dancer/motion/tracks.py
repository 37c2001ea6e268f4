"""Interpolation of a channel between its keys. Each channel repeats after the choreography's beats."""

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


class Samples(NamedTuple):
    """A channel at n moments: values (n, components), the numbers of the keys around them, and the progress."""

    values: np.ndarray
    before: np.ndarray
    after: np.ndarray
    progress: np.ndarray


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
        self.values = np.array([key.value for key in self.keys], np.float64)
        count = len(self.keys)
        self._beats = np.array([key.beat for key in self.keys], np.float64)
        self._after = (np.arange(count) + 1) % count
        self._spans = (self._beats[self._after] - self._beats) % beats
        self._spans[self._spans == 0] = beats
        self._goals = np.array([self._goal(number, self._after[number]) for number in range(count)])
        self._slopes = self._slopes_of_keys()
        self._eases = [self.keys[after].ease for after in self._after]

    def at(self, beat: float) -> Sample:
        """Return the channel at ``beat``."""
        found = self.over(np.array([beat], np.float64))
        before, after = self.keys[found.before[0]], self.keys[found.after[0]]
        return Sample(found.values[0], before, after, float(found.progress[0]))

    def over(self, beats: np.ndarray) -> Samples:
        """Return the channel at each of ``beats``."""
        if len(self.keys) == 1:
            none = np.zeros(len(beats), int)
            return Samples(np.repeat(self.values, len(beats), axis=0), none, none, np.zeros(len(beats)))
        beats = beats % self.beats
        i = np.searchsorted(self._beats, beats + NEARLY, "right") - 1
        i[i < 0] = len(self.keys) - 1
        # A beat that is a rounding error before a key is on it, and not a whole period later.
        into = beats - self._beats[i]
        u = np.where(np.abs(into) < NEARLY, 0.0, into % self.beats) / self._spans[i]
        values, progress = np.empty((len(beats), self.values.shape[1])), np.empty(len(beats))
        for ease in set(self._eases):
            at = np.flatnonzero([self._eases[key] == ease for key in i])
            if not at.size:
                continue
            key, share = i[at], u[at]
            progress[at] = eased(ease, share, self._spans[key])
            if ease in ("smooth", "slide"):
                values[at] = self._cubic(key, share[:, None])
            else:
                values[at] = self.values[key] + (self._goals[key] - self.values[key]) * progress[at][:, None]
        return Samples(values, i, self._after[i], progress)

    def _cubic(self, i: np.ndarray, u: np.ndarray) -> np.ndarray:
        """Return the monotone cubic after key i at the share ``u`` of its span."""
        span = self._spans[i][:, None]
        first, second = span * self._slopes[i], span * self._slopes[self._after[i]]
        start, goal = self.values[i], self._goals[i]
        cubic = (1 + 2 * u) * (1 - u) ** 2, u * (1 - u) ** 2, u * u * (3 - 2 * u), u * u * (u - 1)
        result: np.ndarray = cubic[0] * start + cubic[1] * first + cubic[2] * goal + cubic[3] * second
        return result

    def _goal(self, i: int, j: int) -> np.ndarray:
        """Return the value of key j when coming from key i, without whole turns over a seam."""
        value = self.values[j]
        at_seam = j <= i or self.keys[j].beat in self._seams or self.keys[j].ease == "wrap"
        if self._turn is None or not at_seam:
            return value
        component, whole = self._turn
        value = value.copy()
        value[component] += whole * round((self.values[i][component] - value[component]) / whole)
        return value

    def _slopes_of_keys(self) -> np.ndarray:
        """Return the slopes of the monotone cubic at the keys: 0 where the value is held or turns back."""
        before = np.argsort(self._after)
        h0, h1 = self._spans[before][:, None], self._spans[:, None]
        d0, d1 = (self._goals[before] - self.values[before]) / h0, (self._goals - self.values) / h1
        w1, w2 = 2 * h1 + h0, h1 + 2 * h0
        same_way = d0 * d1 > 0
        safe0, safe1 = np.where(same_way, d0, 1.0), np.where(same_way, d1, 1.0)
        return np.where(same_way, (w1 + w2) / (w1 / safe0 + w2 / safe1), 0.0)


def smooth(u: np.ndarray) -> np.ndarray:
    """Map 0 to 1 onto 0 to 1 with a soft start and end."""
    u = np.minimum(np.maximum(u, 0.0), 1.0)
    return u * u * (3 - 2 * u)


def eased(ease: Ease, u: np.ndarray, span: np.ndarray) -> np.ndarray:
    """Return the progress at the share ``u`` of the ``span`` beats between two keys."""
    if ease in ("snap", "hold"):
        share = np.minimum(1.0, (SNAP if ease == "snap" else HOLD) / np.maximum(span, 1e-6))
        return smooth((u - 1 + share) / share)
    if ease == "anticipate":
        return smooth(u) - ANTICIPATION * np.sin(np.pi * np.minimum(1.0, 2 * u)) * (1 - u)
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
