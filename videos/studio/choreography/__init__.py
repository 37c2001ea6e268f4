"""How the whole pet is bent at each beat of each dance.

A choreography is a pure function of the time in beats and of the number of beats after which it repeats. Its first and
last moments meet, so that a clip loops without a seam.
"""

import numpy as np

from videos.studio.choreography.pose import Pose, Poses
from videos.studio.dance import Dance

PHRASE_SECONDS = 5


def choreograph(dance: Dance, beats: np.ndarray, total: int, *, faces_left: bool = False) -> Poses:
    """Return the poses of ``dance`` at ``beats``, repeating every ``total`` beats."""
    danced = dance.whole_pet(np.mod(np.asarray(beats, np.float64), total), total)
    return danced.mirrored() if faces_left and dance.side_on else danced


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


__all__ = ["PHRASE_SECONDS", "Pose", "Poses", "choreograph", "poster_moments"]
