"""The dancer: drawn parts and the pet's head, laid over the bones of a pose, from back to front."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from videos.studio.dance import CLOSED, Hands
from videos.studio.dancer.camera import Bounds, Shot
from videos.studio.dancer.drawing.compositor import RIM, Part, edges_of, paint
from videos.studio.dancer.drawing.contact import lifted
from videos.studio.dancer.drawing.layering import SIDES, Depth, Look, View
from videos.studio.dancer.drawing.pile import Pile
from videos.studio.dancer.drawing.shadows import Shadows
from videos.studio.dancer.drawing.textures import Textures
from videos.studio.dancer.motion.expression import HeadMoment
from videos.studio.dancer.motion.kinematics import TILT, project
from videos.studio.dancer.motion.rig import Pose
from videos.studio.dancer.motion.skeleton import Skeleton
from videos.studio.dancer.sprite import Sprite
from videos.studio.raster.picture import Picture
from videos.studio.raster.scratch import Scratch

HIGH = 1.9  # U; no head at this height reaches the floor.
SQUASH = 0.07  # A squashed head is wider by this share. Its area stays the same.
HAND = 0.3  # U; a hand reaches this far beyond its wrist


class Head(Protocol):
    """A pet's head, whose sprites have their joint at the neck.

    ``crown`` is the crown's height above the joint in U, without hat and ears. ``hair`` lies behind head and hands.
    """

    @property
    def crown(self) -> float: ...

    @property
    def hair(self) -> Sprite | None: ...

    def at(self, *, ear_lag: float, jaw: float, blink: float, back: bool) -> Sprite:
        """Return the head with its ears, jaw and lids as in ``HeadMoment``, from the front or from behind."""
        ...


REST = HeadMoment()


@dataclass(frozen=True, slots=True)
class Laid:
    """A figure in one pose, lifted to the floor: its parts below the head and above it, and what it covers.

    ``edges`` are those of all parts (see ``edges_of``).

    The head is laid when it is drawn, because its pictures are many and large.
    """

    pose: Pose
    look: Look
    moment: HeadMoment
    below: list[Part]
    above: list[Part]
    edges: np.ndarray
    bounds: Bounds


class Figure:
    """A dancer, ready to be drawn in any pose.

    ``sprites`` and ``head`` have ``unit`` pixels to a U.
    """

    def __init__(
        self,
        sprites: Mapping[str, Sprite],
        head: Head,
        skeleton: Skeleton,
        unit: float,
        hands: Hands = CLOSED,
    ) -> None:
        self.skeleton, self.hands = skeleton, hands
        self._textures, self._head = Textures(sprites, unit), head
        self._shadows = Shadows()

    def draw(self, picture: Picture, laid: Laid, shot: Shot, scratch: Scratch) -> None:
        """Draw the dancer and its shadows over ``picture``."""
        self._shadows.draw(picture, laid.pose, shot)
        paint(picture, self.parts(laid), shot, scratch, laid.edges)

    def parts(self, laid: Laid) -> list[Part]:
        """Return what is drawn, from back to front."""
        return [*laid.below, self._head_part(laid.pose, laid.look, laid.moment), *laid.above]

    def lay(self, pose: Pose, look: Look, moment: HeadMoment) -> Laid:
        """Return the figure in a pose, ready to be drawn."""
        pose = self._above_floor(pose, look, moment)
        below, above = self._piled(pose, look, moment)
        head = self._head_part(pose, look, moment)
        edges = edges_of([*below, head, *above])
        return Laid(pose, look, moment, below, above, edges, self._bounds(pose, head, edges))

    def _bounds(self, pose: Pose, head: Part, edges: np.ndarray) -> Bounds:
        (left, top), (right, bottom) = (edges[:, :2].min(axis=0) - RIM), (edges[:, 2:].max(axis=0) + RIM)
        hands = min(float(project(pose.joints[f"hand_{name}"])[1]) for name, _ in SIDES) - HAND
        bust = min(hands, float(pose.joints["chest"][1]), -head.edges.bottom)
        return Bounds(float(left), float(right), -float(bottom), -float(top), self._crown(pose), bust)

    def _crown(self, pose: Pose) -> float:
        """Return the height of the head's upper end in U, without its hat and ears."""
        neck = project(pose.joints["head"] - pose.up * self.skeleton.head)[1]
        upright = math.cos(math.radians(pose.head_tilt))
        return float(neck) + max(upright * self._head.crown, 0.0) + RIM

    def _piled(self, pose: Pose, look: Look, moment: HeadMoment) -> tuple[list[Part], list[Part]]:
        """Return the parts below the head and those above it, each from back to front."""
        laid = Pile(self._textures, self.skeleton, self.hands, pose, look)
        if self._head.hair is not None:
            laid.parts.append(self._on_neck(self._head.hair, pose, look, moment))
        behind, before, over = ([name for name in look.arm_order if look.arms[name] is depth] for depth in Depth)
        if look.body is View.BACK:
            laid.arms(behind)
            laid.body("pelvis")
            laid.legs()
            laid.body("torso")
            laid.body("hem")
            laid.body("tails")
            laid.tail()
        else:
            laid.tail()
            laid.body("tails")
            laid.collar("hood")
            laid.arms(behind)
            under = "pelvis" if "pelvis" in self._textures else "torso"
            laid.body(under)
            laid.legs()
            if under == "pelvis":
                laid.body("torso")
            laid.body("hem")
            laid.hind_paws()
        for name in before:
            laid.upper_arm(name)
        laid.collar("collar")
        for name in before:
            laid.forearm(name)
        head = len(laid.parts)
        laid.arms(over)
        return laid.parts[:head], laid.parts[head:]

    def _above_floor(self, pose: Pose, look: Look, moment: HeadMoment) -> Pose:
        """Return the pose, its body lifted until the head with its ears and hat is not below the floor."""
        if pose.joints["head"][1] > HIGH:
            return pose
        head = self._head_part(pose, look, moment)
        below = head.edges.bottom - TILT * float(pose.joints["head"][2])
        return lifted(pose, below) if below > 0 else pose

    def _head_part(self, pose: Pose, look: Look, moment: HeadMoment) -> Part:
        """Return the head on its neck."""
        lag = -moment.ear_lag if look.mirrored else moment.ear_lag
        sprite = self._head.at(ear_lag=lag, jaw=moment.jaw, blink=moment.blink, back=look.head_back)
        return self._on_neck(sprite, pose, look, moment)

    def _on_neck(self, sprite: Sprite, pose: Pose, look: Look, moment: HeadMoment) -> Part:
        """Return a sprite whose joint is the neck. It moves with what the pose adds to the head's place at rest."""
        at = project(pose.joints["head"] - pose.up * self.skeleton.head)
        wide = 1 + SQUASH * moment.squash
        flip = -1 if look.mirrored else 1
        return self._textures.place(self._textures.of_head(sprite), at, pose.head_tilt, flip * wide, 1 / wide)
