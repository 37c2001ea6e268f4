"""The sixteen choreographies: for each dance, how the puppet is bent at each beat.

A choreography is a pure function of the time in beats and of the beats after which it begins again; its first and
last moments meet, so that a clip loops without a seam.
"""

from collections.abc import Callable

import numpy as np

from videos.dances import Dance
from videos.studio.moves import ballroom, club, latin, showtime
from videos.studio.moves.pose import Pose, Poses

PHRASE_SECONDS = 5

CHOREOGRAPHIES: dict[str, Callable[[np.ndarray, int], Poses]] = {
    "macarena": latin.macarena,
    "salsa": latin.salsa,
    "hip_hop": club.hip_hop,
    "robot": club.robot,
    "ballet": ballroom.ballet,
    "disco": club.disco,
    "breakdance": club.breakdance,
    "waltz": ballroom.waltz,
    "tango": latin.tango,
    "cha_cha": latin.cha_cha,
    "moonwalk": showtime.moonwalk,
    "floss": club.floss,
    "conga": latin.conga,
    "tap": showtime.tap,
    "happy_wiggle": showtime.happy_wiggle,
    "slow_sway": ballroom.slow_sway,
}


def choreographed(dance: Dance, beats: np.ndarray, total: int) -> Poses:
    """The poses of ``dance`` at ``beats``, beginning again every ``total`` beats."""
    return CHOREOGRAPHIES[dance.slug](np.mod(np.asarray(beats, np.float64), total), total)


__all__ = ["CHOREOGRAPHIES", "PHRASE_SECONDS", "Pose", "Poses", "choreographed"]
