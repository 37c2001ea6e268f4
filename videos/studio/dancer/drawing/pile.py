"""The parts of one pose, laid over its bones."""

import math

import numpy as np

from videos.studio.dance import Hands
from videos.studio.dancer.drawing.compositor import Part
from videos.studio.dancer.drawing.contact import footing, grip
from videos.studio.dancer.drawing.layering import SIDES, Look, View
from videos.studio.dancer.drawing.textures import Textures
from videos.studio.dancer.motion.kinematics import TILT, project
from videos.studio.dancer.motion.rig import Pose
from videos.studio.dancer.motion.seated import SEAT
from videos.studio.dancer.motion.skeleton import Skeleton

SHORTEST = 0.30  # A bone that points to the viewer still shows this share of its sprite.
LOWEST_TORSO = 0.5  # A bent torso is drawn with at least this share of its length.
FLATTEST = 0.66  # A torso without a profile of its own is drawn with this share of its width in profile.
# The tail: where it starts behind and above the hip in U, and how much further it bends at each segment.
TAIL_BEHIND, TAIL_ABOVE, TAIL_LIFT, TAIL_SWING = 0.10, 0.05, 0.3, 1.1
# Degrees above the horizontal. A hanging tail would look like a third leg, and one along the back like an arm.
TAIL_LOWEST, TAIL_HIGHEST = 20.0, 65.0
FAN_FRONT, FAN_BACK = -112.0, 8.0  # degrees; a bird's tail
HAUNCH, HIND_PAW = 0.70, 0.37  # U from the middle: the outer edge of a haunch on the floor, and a hind paw
POINTED_SHOES = ("shoe_toe", "shoe_back_toe", "shoe_pointe", "shoe_pointe_back", "shoe_pointe_side")
SHOE_VIEWS = {View.FRONT: "", View.SIDE: "_side", View.BACK: "_back"}

Point = np.ndarray


class Pile:
    """The parts of one pose, laid one after the other."""

    def __init__(self, textures: Textures, skeleton: Skeleton, hands: Hands, pose: Pose, look: Look) -> None:
        self.parts: list[Part] = []
        self._textures, self._skeleton, self._hands = textures, skeleton, hands
        self._pose, self._look = pose, look
        points = np.array(list(pose.joints.values()))
        points[:, 1] -= TILT * points[:, 2]
        self._points = dict(zip(pose.joints, points[:, :2], strict=True))
        way = self._points["neck"] - self._points["hip"]
        self._lean = math.degrees(math.atan2(way[0], way[1]))
        self._torso = max(math.hypot(*way) / textures["torso"].length, LOWEST_TORSO)
        self._facing = math.copysign(1, math.sin(math.radians(pose.yaw)))
        self._flat = FLATTEST + (1 - FLATTEST) * abs(math.cos(math.radians(pose.yaw)))

    def body(self, part: str) -> None:
        """Lay a part that leans and shortens with the torso, if there is one."""
        self._upright(part, self._points["hip"], self._torso)

    def collar(self, part: str) -> None:
        """Lay a part around the neck, if there is one."""
        self._upright(part, self._points["neck"], 1)

    def _upright(self, part: str, at: Point, along: float) -> None:
        textures, view = self._textures, self._look.body
        name, across = part, self._flat
        if view is View.BACK:
            name = textures.first(f"{part}_back", part)
        elif view is View.SIDE and f"{part}_side" in textures:
            name, across = f"{part}_side", self._facing
        if name in textures:
            self._part(name, at, self._lean, across, along)

    def _sign(self, name: str) -> int:
        """Return 1 for a limb at the right of the picture as it is drawn, and -1 for a mirrored one."""
        sign = -1 if name == "l" else 1
        return -sign if self._look.body is View.BACK else sign

    def arms(self, names: list[str]) -> None:
        for name in names:
            self.upper_arm(name)
            self.forearm(name)

    def upper_arm(self, name: str) -> None:
        elbow, _ = self._arm(name)
        self._limb("upper_arm", self._points[f"shoulder_{name}"], elbow, name)

    def forearm(self, name: str) -> None:
        """Lay a hand and the forearm, whose cuff covers it."""
        elbow, hand = self._arm(name)
        mitten = self._mitten(name)
        if mitten:
            way = hand - elbow
            angle = math.degrees(math.atan2(-way[0], -way[1]))
            self._part(mitten, hand, angle + self._look.turns[f"forearm_{name}"], self._sign(name))
        self._limb("forearm", elbow, hand, name)

    def _arm(self, name: str) -> tuple[Point, Point]:
        """Return the picture's points of an elbow and a wrist."""
        mitten = self._mitten(name)
        if not mitten:
            return self._points[f"elbow_{name}"], self._points[f"hand_{name}"]
        elbow, hand = grip(self._pose, name, self._textures.outline(mitten))
        return project(elbow), project(hand)

    def _mitten(self, name: str) -> str:
        wanted = self._hands.raised if self._look.raised[name] else self._hands.low
        return self._textures.first(wanted, "mitten_closed")

    def legs(self) -> None:
        """Lay the legs, or the haunches of a dancer that sits."""
        for name in self._look.legs:
            self._leg(name)
        if "haunch" in self._textures:
            hip = self._points["hip"]
            for _, sign in SIDES:
                # The outer edge rests on the floor, whatever the hip does.
                across = sign * (HAUNCH - sign * float(hip[0])) / HAUNCH
                self._part("haunch", hip, 0, across, max(float(hip[1]) / SEAT, 0.5))

    def hind_paws(self) -> None:
        """Lay the hind paws of a dancer that sits. They stay where they are."""
        if "hind_paw" in self._textures:
            for _, sign in SIDES:
                self._part("hind_paw", np.array((sign * HIND_PAW, 0.0)), 0, sign)

    def _part(self, name: str, at: Point, angle: float, across: float = 1.0, along: float = 1.0) -> None:
        self.parts.append(self._textures.place(self._textures[name], at, angle, across, along))

    def _leg(self, name: str) -> None:
        textures, view = self._textures, self._look.feet[name]
        shoe = self._shoe(view, self._look.pointed[name])
        if not shoe:
            return
        foot = footing(self._pose, name, view, textures.outline(shoe), pointed=shoe in POINTED_SHOES)
        hip, knee, ankle = self._points[f"hip_{name}"], project(foot.knee), project(foot.ankle)
        self._part(shoe, ankle, foot.angle, foot.across, foot.along)
        self._limb("thigh", hip, knee, name)
        self._limb("shin", knee, ankle, name, "shin_back" if self._look.body is View.BACK else "shin")
        self._limb("thigh_over", hip, knee, name)

    def _shoe(self, view: View, pointed: bool) -> str:
        """Return the sprite of a shoe, with its toes down if it is ``pointed`` and there is such a drawing."""
        textures, ending = self._textures, SHOE_VIEWS[view]
        plain = (f"shoe{ending}", "shoe")
        return (
            textures.first(f"shoe_pointe{ending}", f"shoe{ending}_toe", *plain) if pointed else textures.first(*plain)
        )

    def tail(self) -> None:
        """Lay the tail, from its root to its tip."""
        textures, pose, back = self._textures, self._pose, self._look.body is View.BACK
        start = pose.joints["hip"] - pose.forward * TAIL_BEHIND + pose.up * TAIL_ABOVE
        swing, lift = (math.radians(angle) for angle in pose.tail)
        if "tail_fan" in textures:
            angle = (FAN_BACK if back else FAN_FRONT) + self._lean + 0.3 * pose.tail[0]
            self._part("tail_fan", project(start), angle)
            return
        if back and "tail_root" in textures:
            self._part("tail_root", project(start), self._lean)
        lift = max(lift, math.radians(TAIL_LOWEST))
        for number in range(1, 5):
            level = pose.right * math.sin(swing) - pose.forward * math.cos(swing)
            end = start + (level * math.cos(lift) + pose.up * math.sin(lift)) * self._skeleton.tail
            self._bone(f"tail{number}", project(start), project(end), 1, shortest=0.5)
            start, swing = end, swing * TAIL_SWING
            lift = min(lift + TAIL_LIFT, max(lift, math.radians(TAIL_HIGHEST)))

    def _limb(self, limb: str, start: Point, end: Point, name: str, drawn: str = "") -> None:
        """Lay a limb of this side, drawn with its own sprite or the named one."""
        turn = self._look.turns[f"{limb.removesuffix('_over')}_{name}"]
        self._bone(self._textures.first(drawn, limb), start, end, self._sign(name), turn=turn)

    def _bone(
        self, part: str, start: Point, end: Point, across: float, shortest: float = SHORTEST, turn: float = 0.0
    ) -> None:
        """Lay a limb from joint to joint, if there is a sprite of it."""
        if part not in self._textures:
            return
        way = end - start
        length = self._textures[part].length
        drawn, along = self._textures.stretched(part, max(math.hypot(*way) / length, shortest))
        angle = math.degrees(math.atan2(-way[0], -way[1])) + turn
        self.parts.append(self._textures.place(drawn, start, angle, across, along))
