"""The rig: turns the keys of a choreography into poses of a skeleton, by forward and inverse kinematics."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from videos.studio.dance.choreography import REST, Choreography, Key, Part, mirrored, other_side
from videos.studio.dancer.motion.kinematics import project, solve_limb, turn_in_picture
from videos.studio.dancer.motion.seated import seated, seated_turn
from videos.studio.dancer.motion.skeleton import Skeleton
from videos.studio.dancer.motion.tracks import Track, smooth

SIDES = (("l", -1), ("r", 1))
# How many beats a channel lags behind, at an overlap of 1.
LAG = {"hand_l": 0.03, "hand_r": 0.03, "tail": 0.12, "head": 0.04}
TURNS = {"yaw": (0, 360.0), "head": (3, 4.0)}  # The component that counts turns, and a whole turn.
UPSIDE_DOWN = 60  # degrees of lean from which the head and the arms follow the torso
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
        bones = self.skeleton
        joints: dict[str, Vector] = {}
        reach: dict[str, float] = {}
        yaw, lean, pitch, roll, twist = (
            float(self._value(name, beat)[0]) for name in ("yaw", "lean", "pitch", "roll", "twist")
        )
        hip = self._value("hip", beat) * bones.height
        if bones.sits:
            hip, yaw, lean, pitch = seated(hip, yaw, lean, pitch)
        side, ahead = _facing(yaw)
        above = np.array([0.0, 1.0, 0.0])
        cos, sin = math.cos(math.radians(pitch)), math.sin(math.radians(pitch))
        up, forward = turn_in_picture(cos * above + sin * ahead, lean), turn_in_picture(cos * ahead - sin * above, lean)
        right = turn_in_picture(side, lean)
        pelvis = right * math.cos(math.radians(roll)) + up * math.sin(math.radians(roll))
        shift = self._value("chest", beat)
        chest = hip + up * (bones.torso + shift[1]) + right * shift[0] + forward * shift[2]
        neck = chest + up * bones.neck
        head = self._value("head", beat)
        joints |= {"hip": hip, "chest": chest, "neck": neck}
        joints["head"] = neck + up * bones.head + np.array([head[0], head[1], 0])
        tilt = lean * (1 if abs(lean) > UPSIDE_DOWN else HEAD_FOLLOWS) + float(head[2])
        turn = 90 * float(head[3])
        if bones.sits:
            turn = seated_turn(turn)
        shoulders = right * math.cos(math.radians(twist)) - forward * math.sin(math.radians(twist))
        frame = _Frame(side, above, ahead, right, up, forward, chest, abs(lean) > UPSIDE_DOWN)
        covers: dict[str, bool] = {}
        feet: dict[str, Foot] = {}
        for name, sign in SIDES:
            goal, space = self._hand(name, beat, frame)
            covers[name] = "cover" in space
            shrug = float(self._value(f"shrug_{name}", beat)[0])
            shoulder = chest + shoulders * sign * bones.shoulder_half + up * (bones.shoulder_up + shrug)
            shoulder = shoulder + up * smooth(float((goal - shoulder) @ up) / 0.75) * bones.shoulder_lift
            if not covers[name] and not space.startswith("floor"):
                goal = _beside_muzzle(goal, joints["head"], tilt, turn, sign, bones)
            pole = frame.direction(self._value(f"elbow_{name}", beat), follows=frame.upside_down)
            arms = self._choreography.arms
            elbow, hand, reach[f"arm_{name}"] = solve_limb(
                shoulder, goal, bones.upper_arm * arms, bones.lower_arm * arms, pole, bones.arm_stretch
            )
            joints |= {f"shoulder_{name}": shoulder, f"elbow_{name}": elbow, f"hand_{name}": hand}
            joints[f"hip_{name}"] = hip + pelvis * sign * bones.hip_half
            feet[name] = self._foot(name, beat)
            knee = frame.direction(self._value(f"knee_{name}", beat))
            self._add_leg(joints, reach, name, feet[name], yaw + sign * feet[name].turnout, knee)
        swing, lift = self._value("tail", beat)
        return Pose(joints, right, up, forward, yaw, lean, tilt, turn, feet, (float(swing), float(lift)), covers, reach)

    def _value(self, channel: str, beat: float) -> Vector:
        """Return the value of a channel, with its lag."""
        beat -= LAG.get(channel, 0) * self._choreography.overlap
        return self._looped(lambda at: self._tracks[channel].at(at).value, beat, TURNS.get(channel))

    def _looped(self, value: Callable[[float], Vector], beat: float, turn: tuple[int, float] | None = None) -> Vector:
        """Return ``value`` at the beat, or, near the end of an excerpt, a mixture with the value before its start."""
        if self._excerpt is None:
            return value(beat)
        start, length = self._excerpt
        into = (beat - start) % length
        here = value(start + into)
        share = smooth((into - length + CROSSFADE) / CROSSFADE)
        if share == 0:
            return here
        before = value(start + into - length)
        if turn is not None:
            component, whole = turn
            before[component] += whole * round((here[component] - before[component]) / whole)
        return here * (1 - share) + before * share

    def _hand(self, name: str, beat: float, frame: "_Frame") -> tuple[Vector, str]:
        """Return where a hand wants to be, and the space of its nearer key."""
        track, lagged = self._tracks[f"hand_{name}"], beat - LAG[f"hand_{name}"] * self._choreography.overlap
        reach, height = self.skeleton.reach, self.skeleton.height

        def goal(at: float) -> Vector:
            sample = track.at(at)
            spaces = [sample.before.space, sample.after.space]
            if spaces[0] == spaces[1]:
                return frame.point(sample.value, spaces[0], reach, height)
            ends = [frame.point(np.array(key.value), key.space, reach, height) for key in (sample.before, sample.after)]
            return ends[0] * (1 - sample.progress) + ends[1] * sample.progress

        sample = track.at(lagged)
        return self._looped(goal, lagged), (sample.after if sample.progress > 0.5 else sample.before).space

    def _foot(self, name: str, beat: float) -> Foot:
        """Return a foot. A step of a grounded foot is lifted in an arc."""
        track = self._tracks[f"foot_{name}"]

        def value(at: float) -> Vector:
            sample = track.at(at)
            way = np.subtract(sample.after.value, sample.before.value)
            far = math.hypot(way[0], way[3])
            if (
                far > STEP
                and sample.after.ease != "slide"
                and max(sample.before.value[1], sample.after.value[1]) < GROUNDED
            ):
                arc = math.sin(math.pi * min(max(sample.progress, 0), 1))
                sample.value[1] += min(self._choreography.step_lift, 0.6 * far + STEP) * arc
            return sample.value

        x, height, pitch, z, turnout = (float(number) for number in self._looped(value, beat))
        scale = self.skeleton.height
        return Foot(x * scale, max(0.0, height) * scale, pitch, z * scale, turnout)

    def _add_leg(
        self, joints: dict[str, Vector], reach: dict[str, float], name: str, foot: Foot, yaw: float, pole: Vector
    ) -> None:
        """Add the joints of a leg. No part of a foot on the floor is below it."""
        bones, above = self.skeleton, np.array([0.0, 1.0, 0.0])
        toes = np.array([math.sin(math.radians(yaw)), 0.0, math.cos(math.radians(yaw))])
        cos, sin = math.cos(math.radians(foot.pitch)), math.sin(math.radians(foot.pitch))
        # A sole that is tilted stands on its lowest point, the tip of the toes or the heel.
        lowest = max(0.0, bones.toe * sin, (bones.foot + bones.heel) * -sin)
        ball = np.array([foot.x, max(foot.height, lowest), foot.z])
        back, upwards = above * sin - toes * cos, above * cos + toes * sin
        goal = ball + back * bones.foot + upwards * bones.ankle
        knee, ankle, reach[f"leg_{name}"] = solve_limb(
            joints[f"hip_{name}"], goal, bones.thigh, bones.shin, pole, bones.leg_stretch
        )
        ball = ball + ankle - goal
        joints |= {f"knee_{name}": knee, f"ankle_{name}": ankle, f"ball_{name}": ball}
        joints |= {f"toe_{name}": ball - back * bones.toe, f"heel_{name}": ball + back * (bones.foot + bones.heel)}


@dataclass(frozen=True, slots=True)
class _Frame:
    """The axes of the body: upright (``side``, ``above``, ``ahead``), and those of the torso."""

    side: Vector
    above: Vector
    ahead: Vector
    right: Vector
    up: Vector
    forward: Vector
    chest: Vector
    upside_down: bool

    def direction(self, value: Vector, *, follows: bool = False) -> Vector:
        """Return a direction in the upright frame, or in the torso's if it ``follows``."""
        if follows:
            return self.right * value[0] + self.up * value[1] + self.forward * value[2]
        return self.side * value[0] + self.above * value[1] + self.ahead * value[2]

    def point(self, value: Vector, space: str, reach: float, height: float) -> Vector:
        """Return the world's point of a hand's value."""
        if space.startswith("floor"):
            return value * height
        return self.chest + self.direction(value * reach, follows=space.startswith("body"))


def muzzle(head: Vector, tilt: float, turn: float) -> Vector:
    """Return the picture's point of the muzzle: below the middle of the head, and towards where it looks."""
    offset = np.array([0.18 * math.sin(math.radians(turn)), -0.12, 0.0])
    return project(head) + turn_in_picture(offset, tilt)[:2]


def _beside_muzzle(goal: Vector, head: Vector, tilt: float, turn: float, sign: int, bones: Skeleton) -> Vector:
    """Return a hand's goal, pushed off the face if it would cover the muzzle."""
    from_behind = abs((turn + 180) % 360 - 180) >= 120
    if from_behind or goal[2] <= head[2] - 0.12:
        return goal
    middle, here = muzzle(head, tilt, turn), project(goal)
    away, radius = here - middle, bones.muzzle + bones.paw + 0.01
    distance = float(np.hypot(*away))
    if distance >= radius:
        return goal
    away = away / distance if distance > 1e-3 else np.array([float(sign), 0.0])
    moved = middle + away * radius - here
    return goal + np.array([moved[0], moved[1], 0])


def _facing(yaw: float) -> tuple[Vector, Vector]:
    """Return the body's right and forward directions."""
    cos, sin = math.cos(math.radians(yaw)), math.sin(math.radians(yaw))
    return np.array([cos, 0.0, -sin]), np.array([sin, 0.0, cos])


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
