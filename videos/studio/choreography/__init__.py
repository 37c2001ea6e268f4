"""The sixteen choreographies: how the puppet is bent at each beat of each dance.

A choreography is a pure function of the time in beats and of the number of beats after which it repeats. Its first and
last moments meet, so that a clip loops without a seam.
"""

from collections.abc import Callable

import numpy as np

from videos.dances import Dance
from videos.studio.choreography import ballroom, club, latin, showtime
from videos.studio.choreography.pose import Pose, Poses

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

# These are written for a pet that faces right, and mirrored for a pet that faces left.
SIDE_ON = frozenset({"moonwalk", "conga", "tango"})


def choreograph(dance: Dance, beats: np.ndarray, total: int, *, faces_left: bool = False) -> Poses:
    """Return the poses of ``dance`` at ``beats``, repeating every ``total`` beats."""
    danced = CHOREOGRAPHIES[dance.slug](np.mod(np.asarray(beats, np.float64), total), total)
    return danced.mirrored() if faces_left and dance.slug in SIDE_ON else danced


def poster_moments(dance: Dance, seconds: int) -> list[float]:
    """Return twelve moments (0 to 1) of a clip at which the pet stands upright and faces the viewer."""
    phrases = max(1, seconds // PHRASE_SECONDS)
    at = np.linspace(0.04, 0.96, 139)
    total = dance.beats(PHRASE_SECONDS)
    p = choreograph(dance, at * total, total)
    askew = (
        np.abs(p.rot) / 8 + np.abs(p.head) / 16 + 2 * np.abs(p.stretch) + 6 * (1 - np.abs(p.flip)) + 0.5 * (p.flip < 0)
    )
    askew += 12 * np.abs(np.sin(np.pi * p.whirl)) + np.abs(p.nod) / 2
    return sorted((at[np.argsort(askew, kind="stable")[:12]] / phrases).tolist())


__all__ = ["CHOREOGRAPHIES", "PHRASE_SECONDS", "Pose", "Poses", "choreograph", "poster_moments"]
