"""Choreographies as key poses: what a dance's file says about how the dancer moves.

Units: 1 is the width of a head (U), times are beats. The world's y axis points up from the floor at 0, x to the
viewer's right and z to the viewer. ``l`` and ``r`` are the viewer's left and right while the body faces the viewer.

Every channel has keys of its own: (beat, value), and optionally an ease and a move (see ``Part.key``). The value is
interpolated between the keys and repeats after the last beat. The channels and their values:

``hip``             x, height, z of the middle of the pelvis, absolute.
``yaw``             the body's turn in degrees: 0 to the viewer, 90 facing right, 180 away, -90 facing left.
``lean``            degrees to the right in the picture; any angle, so that 180 stands on its head.
``pitch``           degrees forwards.
``roll``            degrees; the pelvis with its right side up.
``twist``           degrees; the shoulders against the pelvis.
``chest``           dx, dy, dz along the torso's own axes.
``shrug_l``         how far this shoulder is raised.
``head``            dx, dy, tilt (degrees clockwise), turn. The turn is absolute: 0 to the viewer, 1 the right
                    profile, 2 the back, -1 the left profile; higher numbers count on.
``hand_l``          x, y, z of the wrist from the chest, upright, turned by the yaw; z > 0 is in front of the body. The
                    value may start with a space: ``body`` (leans with the torso) or ``floor`` (absolute), each with
                    ``+cover`` for a hand that may cover the face, as may ``chest+cover``.
``elbow_l``,        x, y, z of the direction in which the joint bends, in the body's frame.
``knee_l``
``foot_l``          x, height, pitch, z, turnout of the ball of the foot, absolute. Pitch is in degrees, positive for a
                    raised heel (80 is on the toes) and negative for raised toes. Turnout is in degrees outwards.
``tail``            swing, lift in degrees.

This module needs neither NumPy nor OpenCV, because the web process imports the dances.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from videos.studio.dance.camera import CameraPlan

# How a channel arrives at a key. Poses are hit on the beat.
# smooth: a monotone cubic through the keys. snap: holds, then moves within the last .22 beat. hold: within .08 beat.
# anticipate: moves back first. bounce: overshoots and settles. slide: as smooth, but a foot stays on the floor.
# wrap: for turns; the same pose, from which the numbers start again.
Ease = Literal["smooth", "snap", "hold", "anticipate", "bounce", "linear", "in", "out", "slide", "wrap"]

REST: dict[str, tuple[float, ...]] = {
    "hip": (0, 1.1, 0),
    "yaw": (0,),
    "lean": (0,),
    "pitch": (0,),
    "roll": (0,),
    "twist": (0,),
    "chest": (0, 0, 0),
    "shrug_l": (0,),
    "shrug_r": (0,),
    "head": (0, 0, 0, 0),
    "hand_l": (-0.40, -0.62, 0.05),
    "hand_r": (0.40, -0.62, 0.05),
    "elbow_l": (-0.7, -0.4, -0.5),
    "elbow_r": (0.7, -0.4, -0.5),
    "knee_l": (-0.35, 0, 1),
    "knee_r": (0.35, 0, 1),
    "foot_l": (-0.2, 0, 0, 0, 25),
    "foot_r": (0.2, 0, 0, 0, 25),
    "tail": (35, 30),
}
# Values may be shorter than these; what is missing has this value.
_COMPLETED = ("hip", "foot_l", "foot_r", "head")
ON_FLOOR = 0.3  # U; a hand below this height carries weight.
_ODD = frozenset({"yaw", "roll", "twist", "lean"})  # Mirroring changes their sign.


class Key(NamedTuple):
    """One key of a channel. ``move`` is how many beats the movement to it takes, or None from the key before."""

    beat: float
    value: tuple[float, ...]
    ease: Ease = "smooth"
    space: str = "chest"
    move: float | None = None


class Part:
    """The keys of ``beats`` beats."""

    def __init__(self, beats: int) -> None:
        self.beats = beats
        self.keys: dict[str, list[Key]] = {}

    def key(self, channel: str, *entries: Sequence[Any], ease: Ease = "smooth", move: float | None = None) -> None:
        """Add keys: (beat, value), (beat, value, ease) or (beat, value, ease, move).

        ``ease`` and ``move`` are for entries that do not say.
        """
        for entry in entries:
            space, value = _parsed(channel, entry[1])
            how = entry[2] if len(entry) > 2 and entry[2] else ease
            self.keys.setdefault(channel, []).append(
                Key(entry[0], value, how, space, entry[3] if len(entry) > 3 else move)
            )

    def both(self, channel: str, *entries: Sequence[Any], ease: Ease = "smooth", move: float | None = None) -> None:
        """Add keys for the right side, and the same mirrored for the left: ``both("hand", ...)``."""
        self.key(f"{channel}_r", *entries, ease=ease, move=move)
        for entry in entries:
            self.key(f"{channel}_l", (entry[0], mirrored(f"{channel}_r", entry[1]), *entry[2:]), ease=ease, move=move)

    def mirror(self, after: float, *, without: Sequence[str] = ()) -> None:
        """Repeat all keys so far ``after`` beats later, mirrored; channels in ``without`` are left out."""
        for channel, keys in list({name: list(keys) for name, keys in self.keys.items()}.items()):
            if channel in without:
                continue
            for key in keys:
                value = _mirrored_values(channel, key.value)
                self.keys.setdefault(other_side(channel), []).append(key._replace(beat=key.beat + after, value=value))

    def clear(self, channel: str, *beats: float) -> None:
        """Remove the keys of a channel at these beats, or all."""
        self.keys[channel] = [key for key in self.keys[channel] if beats and key.beat not in beats]

    def wag(self, swing: float = 45, base: float = 20, per: float = 1, lift: float = 30) -> None:
        """Wag the tail once every ``per`` beats, ``swing`` degrees to either side of ``base``."""
        count = round(self.beats / per * 2)
        for number in range(count):
            side = swing if number % 2 else -swing
            self.key("tail", (number * self.beats / count, (base + side, lift)))

    def tracks(self, starts: Mapping[str, Key] | None = None) -> dict[str, list[Key]]:
        """Return the keys of each channel in order, with a hold before each key that has a ``move``.

        ``starts`` replace the keys at beat 0.
        """
        tracks = {}
        for channel in {**self.keys, **(starts or {})}:
            keys = self.keys.get(channel, [])
            if starts and channel in starts:
                keys = [starts[channel], *(key for key in keys if key.beat > 1e-6)]
            tracks[channel] = self._resolved(keys)
        return tracks

    def _resolved(self, keys: list[Key]) -> list[Key]:
        keys = sorted(keys, key=lambda key: key.beat)
        placed: dict[tuple[float, str], Key] = {}
        for number, key in enumerate(keys):
            if key.move is not None:
                before = keys[number - 1]
                start, since = key.beat - key.move, before.beat - (0 if number else self.beats)
                if start > since + 0.02:
                    self._place(placed, before._replace(beat=start, ease="smooth"))
            self._place(placed, key)
        return [placed[at] for at in sorted(placed)]

    def _place(self, placed: dict[tuple[float, str], Key], key: Key) -> None:
        beat = round(key.beat, 4) % self.beats
        placed[beat, key.ease] = key._replace(beat=beat, move=None)


@dataclass(frozen=True, slots=True)
class Choreography:
    """The dance as two parts: five seconds, and other material for the second half of ten. Both start alike.

    ``first`` and ``second`` build the parts. Without ``second``, the first part is mirrored. ``overlap`` scales how far
    hands, head and tail lag behind. ``arms`` stretches the arms, so that they clear the head. ``step_lift`` is how high
    a step lifts a foot. ``highlight`` is the beat at which a preview of a bar starts. ``camera`` is its camera work.
    """

    first: Callable[[], Part]
    second: Callable[[], Part] | None = None
    overlap: float = 1.0
    arms: float = 1.0
    step_lift: float = 0.10
    highlight: float = 0.0
    camera: CameraPlan = field(default_factory=CameraPlan)

    @property
    def leans_on_hands(self) -> bool:
        """Whether a hand is ever on the floor, so that the arms need their length."""
        parts = [build() for build in (self.first, self.second) if build is not None]
        keys = [*(key for part in parts for side in "lr" for key in part.keys.get(f"hand_{side}", ()))]
        return any(key.space.startswith("floor") and key.value[1] < ON_FLOOR for key in keys)


def mirrored(channel: str, value: Any) -> Any:
    """Return a value of ``channel`` as the other side's."""
    space, values = _parsed(channel, value)
    result = _mirrored_values(channel, values)
    return result if space == "chest" else (space, *result)


def other_side(channel: str) -> str:
    """Return the channel of the other limb, or the channel itself if it has no sides."""
    sides = {"_l": "_r", "_r": "_l"}
    return channel[:-2] + sides[channel[-2:]] if channel[-2:] in sides else channel


def around(x: float, z: float, yaw: float, right: float, forward: float) -> tuple[float, float]:
    """Return the world's x and z of a point ``right`` and ``forward`` of (x, z), for a body turned by ``yaw``."""
    cos, sin = math.cos(math.radians(yaw)), math.sin(math.radians(yaw))
    return x + right * cos + forward * sin, z - right * sin + forward * cos


def foot(x: float, height: float = 0, pitch: float = 0, z: float = 0, turnout: float = 25) -> tuple[float, ...]:
    """Return a value of a foot's channel."""
    return (x, height, pitch, z, turnout)


def _parsed(channel: str, value: Any) -> tuple[str, tuple[float, ...]]:
    """Return the space of a value and its numbers, completed where they may be shorter."""
    values = tuple(value) if isinstance(value, Sequence) else (value,)
    space = "chest"
    if isinstance(values[0], str):
        space, values = values[0], values[1:]
    rest = REST[channel]
    if channel in _COMPLETED:
        values += rest[len(values) :]
    if len(values) != len(rest):
        raise ValueError(f"{channel} takes {len(rest)} numbers, not {values}")
    return space, tuple(float(number) for number in values)


def _mirrored_values(channel: str, values: tuple[float, ...]) -> tuple[float, ...]:
    if channel in _ODD or channel in ("hip", "chest", "tail") or channel[-2:] in ("_l", "_r"):
        return values if channel.startswith("shrug") else (-values[0], *values[1:])
    if channel == "head":
        return (-values[0], values[1], -values[2], -values[3])
    return values
