"""The rig: turns the keys of a choreography into poses of a skeleton, by forward and inverse kinematics."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from videos.studio.dance.choreography import REST, Choreography, Key, Part, mirrored, other_side
from videos.studio.dancer.motion.axes import Axes, cosines, facing, sines
from videos.studio.dancer.motion.kinematics import project, solve_limbs, turn_in_picture
from videos.studio.dancer.motion.seated import seated, seated_turn
from videos.studio.dancer.motion.skeleton import Skeleton
from videos.studio.dancer.motion.tracks import Track, smooth

SIDES = (("l", -1), ("r", 1))
# How many beats a channel lags behind, at an overlap of 1.
LAG = {"hand_l": 0.03, "hand_r": 0.03, "tail": 0.12, "head": 0.04}
TURNS = {"yaw": (0, 360.0), "head": (3, 4.0)}  # The component that counts turns, and a whole turn.
HEAD_FOLLOWS = 0.55  # The head leans with the torso by this share.
STEP = 0.03  # A grounded foot that moves further, in U, is lifted.
GROUNDED = 0.08  # A foot below this height is on the floor.
# An excerpt ends as it starts: the poses change over in its last beats.
CROSSFADE = 1.0

Vector = np.ndarray


@dataclass(frozen=True, slots=True)
class Foot:
    """A foot: the position of its ball in U, its pitch (degrees, positive for a raised heel) and turnout (degrees)."""

    x: float
    height: float
    pitch: float
    z: float
    turnout: float

    @property
    def is_grounded(self) -> bool:
        return self.height < GROUNDED


@dataclass(frozen=True, slots=True)
class Pose:
    """One moment of a dance.

    ``joints`` are points (x, y, z) in U: hip, chest, neck and head, and with _l or _r hip, shoulder, elbow, hand, knee,
    ankle, ball, toe and heel. ``right``, ``up`` and ``forward`` are the torso's axes. ``yaw`` is the body's turn in
    degrees. ``head_tilt`` is in degrees clockwise, ``head_turn`` in degrees: 0 to the viewer, 90 the right profile, 180
    the back. ``tail`` is its swing and lift in degrees. ``covers`` says of each hand whether it may cover the face.
    ``reach`` is how far each limb is stretched (1 is its length), by "arm_l" and so on.
    """

    joints: dict[str, Vector]
    right: Vector
    up: Vector
    forward: Vector
    yaw: float
    lean: float
    head_tilt: float
    head_turn: float
    feet: dict[str, Foot]
    tail: tuple[float, float]
    covers: dict[str, bool]
    reach: dict[str, float]


class Rig:
    """A choreography on a skeleton, as a function of the beat.

    ``phrases`` is 1 for five seconds and 2 for ten. ``excerpt`` is a start and a length in beats: the rig then repeats
    this part of the first phrase, and the poses at its end change over into those at its start.
    """

    def __init__(
        self,
        choreography: Choreography,
        skeleton: Skeleton,
        *,
        phrases: int = 1,
        excerpt: tuple[float, float] | None = None,
    ) -> None:
        self.skeleton = skeleton
        self._choreography, self._excerpt = choreography, excerpt
        keys, self.beats, seams = _keys(choreography, phrases)
        self._tracks = {
            channel: Track(keys.get(channel) or [Key(0, rest)], self.beats, TURNS.get(channel), seams)
            for channel, rest in REST.items()
        }

    def pose(self, beat: float) -> Pose:
        """Return the pose at ``beat``."""
        return self.poses(np.array([beat]))[0]

    def poses(self, beats: np.ndarray) -> list[Pose]:
        """Return the pose at each of ``beats``."""
        bones = self.skeleton
        yaw, lean, pitch, roll, twist = (
            self._value(name, beats)[:, 0] for name in ("yaw", "lean", "pitch", "roll", "twist")
        )
        hip = self._value("hip", beats) * bones.height
        if bones.sits:
            hip, yaw, lean, pitch = seated(hip, yaw, lean, pitch)
        frame = Axes.of(yaw, lean, pitch)
        right, up, forward = frame.right, frame.up, frame.forward
        shift = self._value("chest", beats)
        frame.chest = hip + up * (bones.torso + shift[:, 1:2]) + right * shift[:, :1] + forward * shift[:, 2:]
        joints = {"hip": hip, "chest": frame.chest, "neck": frame.chest + up * bones.neck}
        head = self._value("head", beats)
        joints["head"] = joints["neck"] + up * bones.head + head[:, :3] * (1, 1, 0)
        tilt = lean * np.where(frame.upside_down, 1, HEAD_FOLLOWS) + head[:, 2]
        turn = seated_turn(90 * head[:, 3]) if bones.sits else 90 * head[:, 3]
        pelvis = right * cosines(roll) + up * sines(roll)
        shoulders = right * cosines(twist) - forward * sines(twist)
        reach: dict[str, np.ndarray] = {}
        covers: dict[str, list[bool]] = {}
        feet: dict[str, list[Foot]] = {}
        for name, sign in SIDES:
            joints[f"hip_{name}"] = hip + pelvis * sign * bones.hip_half
            covers[name] = self._add_arm(joints, reach, name, beats, frame, shoulders * sign, (tilt, turn))
            feet[name] = self._add_leg(joints, reach, name, beats, frame, yaw)
        tail = self._value("tail", beats)
        return [
            Pose(
                {name: points[at] for name, points in joints.items()},
                right[at],
                up[at],
                forward[at],
                float(yaw[at]),
                float(lean[at]),
                float(tilt[at]),
                float(turn[at]),
                {name: rows[at] for name, rows in feet.items()},
                (float(tail[at, 0]), float(tail[at, 1])),
                {name: rows[at] for name, rows in covers.items()},
                {limb: float(shares[at]) for limb, shares in reach.items()},
            )
            for at in range(len(beats))
        ]

    def _value(self, channel: str, beats: np.ndarray) -> np.ndarray:
        """Return the values (n, components) of a channel, with its lag."""
        beats = beats - LAG.get(channel, 0) * self._choreography.overlap
        return self._looped(lambda at: self._tracks[channel].over(at).values, beats, TURNS.get(channel))

    def _looped(
        self, value: Callable[[np.ndarray], np.ndarray], beats: np.ndarray, turn: tuple[int, float] | None = None
    ) -> np.ndarray:
        """Return ``value`` at the beats, or, near the end of an excerpt, mixtures with the value before its start."""
        if self._excerpt is None:
            return value(beats)
        start, length = self._excerpt
        into = (beats - start) % length
        here = value(start + into)
        share = smooth((into - length + CROSSFADE) / CROSSFADE)[:, None]
        before = value(start + into - length)
        if turn is not None:
            component, whole = turn
            before[:, component] += whole * np.round((here[:, component] - before[:, component]) / whole)
        return here * (1 - share) + before * share

    def _hands(self, name: str, beats: np.ndarray, frame: Axes) -> tuple[np.ndarray, list[str]]:
        """Return where a hand wants to be, and the space of its nearer key."""
        track, lagged = self._tracks[f"hand_{name}"], beats - LAG[f"hand_{name}"] * self._choreography.overlap
        spaces = np.array([key.space for key in track.keys])

        def goals(at: np.ndarray) -> np.ndarray:
            found = track.over(at)
            before, after = spaces[found.before], spaces[found.after]
            result = self._points(found.values, before, frame)
            if (before != after).any():
                ends = (self._points(track.values[i], spaces[i], frame) for i in (found.before, found.after))
                share = found.progress[:, None]
                mixed = next(ends) * (1 - share) + next(ends) * share
                result = np.where((before != after)[:, None], mixed, result)
            return result

        found = track.over(lagged)
        nearer = np.where(found.progress > 0.5, found.after, found.before)
        return self._looped(goals, lagged), spaces[nearer].tolist()

    def _points(self, values: np.ndarray, spaces: np.ndarray, frame: Axes) -> np.ndarray:
        """Return the world's points (n, 3) of a hand's values."""
        floor, body = (np.strings.startswith(spaces, kind)[:, None] for kind in ("floor", "body"))
        off = values * self.skeleton.reach
        held = frame.chest + np.where(body, frame.along_torso(off), frame.upright(off))
        return np.where(floor, values * self.skeleton.height, held)

    def _add_arm(
        self,
        joints: dict[str, np.ndarray],
        reach: dict[str, np.ndarray],
        name: str,
        beats: np.ndarray,
        frame: Axes,
        aside: np.ndarray,
        head: tuple[np.ndarray, np.ndarray],
    ) -> list[bool]:
        """Add the joints of an arm; return whether its hand may cover the face.

        ``aside`` is the direction of its shoulder, and ``head`` the head's tilt and turn.
        """
        bones, arms = self.skeleton, self._choreography.arms
        goal, spaces = self._hands(name, beats, frame)
        covers = ["cover" in space for space in spaces]
        shrug = self._value(f"shrug_{name}", beats)
        shoulder = frame.chest + aside * bones.shoulder_half + frame.up * (bones.shoulder_up + shrug)
        raised = smooth(((goal - shoulder) * frame.up).sum(axis=1, keepdims=True) / 0.75)
        shoulder = shoulder + frame.up * raised * bones.shoulder_lift
        free = np.array(
            [not (covered or space.startswith("floor")) for covered, space in zip(covers, spaces, strict=True)]
        )
        sign = dict(SIDES)[name]
        goal = np.where(free[:, None], _beside_muzzle(goal, joints["head"], *head, sign, bones), goal)
        values = self._value(f"elbow_{name}", beats)
        pole = np.where(frame.upside_down[:, None], frame.along_torso(values), frame.upright(values))
        elbow, hand, reach[f"arm_{name}"] = solve_limbs(
            shoulder, goal, bones.upper_arm * arms, bones.lower_arm * arms, pole, bones.arm_stretch
        )
        joints |= {f"shoulder_{name}": shoulder, f"elbow_{name}": elbow, f"hand_{name}": hand}
        return covers

    def _feet(self, name: str, beats: np.ndarray) -> np.ndarray:
        """Return x, height, pitch, z and turnout of a foot. A step of a grounded foot is lifted in an arc."""
        track = self._tracks[f"foot_{name}"]
        slides = np.array([key.ease == "slide" for key in track.keys])

        def value(at: np.ndarray) -> np.ndarray:
            found = track.over(at)
            before, after = track.values[found.before], track.values[found.after]
            far = np.hypot(after[:, 0] - before[:, 0], after[:, 3] - before[:, 3])
            steps = (far > STEP) & ~slides[found.after] & (np.maximum(before[:, 1], after[:, 1]) < GROUNDED)
            arc = np.sin(np.pi * np.clip(found.progress, 0, 1))
            found.values[:, 1] += steps * np.minimum(self._choreography.step_lift, 0.6 * far + STEP) * arc
            return found.values

        feet, scale = self._looped(value, beats), self.skeleton.height
        feet[:, 1] = np.maximum(feet[:, 1], 0)
        return feet * (scale, scale, 1, scale, 1)

    def _add_leg(
        self,
        joints: dict[str, np.ndarray],
        reach: dict[str, np.ndarray],
        name: str,
        beats: np.ndarray,
        frame: Axes,
        yaw: np.ndarray,
    ) -> list[Foot]:
        """Add the joints of a leg; return its feet. No part of a foot on the floor is below it."""
        bones, above, feet = self.skeleton, np.array([0.0, 1.0, 0.0]), self._feet(name, beats)
        pole = frame.upright(self._value(f"knee_{name}", beats))
        x, height, pitch, z, turnout = feet.T
        _, toes = facing(yaw + dict(SIDES)[name] * turnout)
        cos, sin = cosines(pitch), sines(pitch)
        # A sole that is tilted stands on its lowest point, the tip of the toes or the heel.
        lowest = np.maximum.reduce([0 * height, bones.toe * sin[:, 0], (bones.foot + bones.heel) * -sin[:, 0]])
        ball = np.stack([x, np.maximum(height, lowest), z], axis=1)
        back, upwards = above * sin - toes * cos, above * cos + toes * sin
        goal = ball + back * bones.foot + upwards * bones.ankle
        knee, ankle, reach[f"leg_{name}"] = solve_limbs(
            joints[f"hip_{name}"], goal, bones.thigh, bones.shin, pole, bones.leg_stretch
        )
        ball = ball + ankle - goal
        joints |= {f"knee_{name}": knee, f"ankle_{name}": ankle, f"ball_{name}": ball}
        joints |= {f"toe_{name}": ball - back * bones.toe, f"heel_{name}": ball + back * (bones.foot + bones.heel)}
        return [Foot(*row) for row in feet.tolist()]


def muzzle(head: np.ndarray, tilt: float | np.ndarray, turn: float | np.ndarray) -> np.ndarray:
    """Return the picture's point of the muzzle: below the middle of the head, and towards where it looks.

    Takes one head, or the heads (n, 3), tilts and turns of n moments.
    """
    aside = 0.18 * np.sin(np.radians(turn))
    offset = np.stack([aside, np.full_like(aside, -0.12), np.zeros_like(aside)], axis=-1)
    return project(head) + turn_in_picture(offset, tilt)[..., :2]


def _beside_muzzle(
    goal: np.ndarray, head: np.ndarray, tilt: np.ndarray, turn: np.ndarray, sign: int, bones: Skeleton
) -> np.ndarray:
    """Return a hand's goals, pushed off the face where they would cover the muzzle."""
    middle, here = muzzle(head, tilt, turn), project(goal)
    away, radius = here - middle, bones.muzzle + bones.paw + 0.01
    distance = np.hypot(*away.T)
    from_behind = np.abs((turn + 180) % 360 - 180) >= 120
    clear = from_behind | (goal[:, 2] <= head[:, 2] - 0.12) | (distance >= radius)
    near = np.maximum(distance, 1e-3)[:, None]
    away = np.where(distance[:, None] > 1e-3, away / near, (float(sign), 0.0))
    moved = np.where(clear[:, None], 0.0, middle + away * radius - here)
    return goal + np.concatenate([moved, np.zeros((len(goal), 1))], axis=1)


def _keys(choreography: Choreography, phrases: int) -> tuple[dict[str, list[Key]], int, tuple[float, ...]]:
    """Return the keys of each channel, the number of beats and the beats of seams."""
    part = choreography.first()
    keys, beats = part.tracks(), part.beats
    starts = {channel: _start(track, beats, channel) for channel, track in keys.items()}
    for channel, start in starts.items():
        if keys[channel][0].beat > 0:
            keys[channel].insert(0, start)
    if phrases == 1:
        return keys, beats, ()
    second = (choreography.second or (lambda: _mirrored_part(choreography.first())))()
    # A channel that only the second part moves rests in the first.
    starts |= {channel: Key(0, REST[channel]) for channel in second.keys if channel not in starts}
    for channel, later in second.tracks(starts).items():
        keys.setdefault(channel, [starts[channel]])
        keys[channel] += [key._replace(beat=key.beat + beats) for key in later]
    return keys, 2 * beats, (float(beats),)


def _start(keys: list[Key], beats: int, channel: str) -> Key:
    """Return the pose at beat 0 as a key."""
    sample = Track(keys, beats, TURNS.get(channel)).at(0)
    space = sample.before.space
    return Key(0, tuple(np.round(sample.value, 4).tolist()), "smooth", space)


def _mirrored_part(part: Part) -> Part:
    result = Part(part.beats)
    for channel, keys in part.keys.items():
        for key in keys:
            value = mirrored(channel, key.value)
            result.keys.setdefault(other_side(channel), []).append(key._replace(value=value))
    return result
