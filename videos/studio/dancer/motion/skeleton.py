"""The bones of the dancer, in widths of a head (U)."""

from dataclasses import dataclass, replace
from typing import Self

from videos.styles import Body


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The lengths of a body in U. Choreographies are written for the slim one.

    ``torso`` is hip to chest and ``neck`` chest to neck; ``head`` is neck to the middle of the head. The shoulders lie
    ``shoulder_half`` aside of the chest and ``shoulder_up`` above it. ``foot`` is the ball of the foot to the heel side
    of the ankle, ``ankle`` the ankle's height, ``toe`` and ``heel`` how far the sole continues. ``arm_stretch`` and
    ``leg_stretch`` are how far a limb may grow. A raised hand lifts its shoulder by up to ``shoulder_lift``. ``muzzle``
    is the radius of what hands avoid, and ``paw`` that of a hand. ``tail`` is one of four segments.

    ``height`` scales all absolute positions of a choreography, and ``reach`` those of hands.
    """

    thigh: float = 0.52
    shin: float = 0.52
    ankle: float = 0.125
    foot: float = 0.28
    toe: float = 0.16
    heel: float = 0.06
    hip_half: float = 0.15
    torso: float = 0.62
    neck: float = 0.28
    head: float = 0.47
    shoulder_half: float = 0.29
    shoulder_up: float = 0.06
    upper_arm: float = 0.45
    lower_arm: float = 0.45
    arm_stretch: float = 1.14
    leg_stretch: float = 1.06
    shoulder_lift: float = 0.13
    paw: float = 0.14
    tail: float = 0.19
    muzzle: float = 0.28
    height: float = 1.0
    reach: float = 1.0
    sits: bool = False

    def with_arms(self, share: float) -> Self:
        """Return the same body with arms that are ``share`` times as long, and whose hands reach as far."""
        arms = {name: share * getattr(self, name) for name in ("upper_arm", "lower_arm", "reach")}
        return replace(self, **arms)


SKELETONS: dict[Body, Skeleton] = {
    Body.SLIM: Skeleton(),
    Body.ROUND: Skeleton(hip_half=0.19),
    Body.SMALL: Skeleton(
        thigh=0.41,
        shin=0.41,
        foot=0.25,
        torso=0.50,
        neck=0.24,
        shoulder_half=0.27,
        upper_arm=0.37,
        lower_arm=0.37,
        tail=0.15,
        height=0.80,
        reach=0.83,
    ),
    Body.BIRD: Skeleton(),
    Body.SITTING: Skeleton(sits=True),
}
