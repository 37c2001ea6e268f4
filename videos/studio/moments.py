"""Moments of a clip that make a good poster, by how the pet dances."""

from videos.studio import choreography
from videos.studio.choreography import PHRASE_SECONDS
from videos.studio.dance import Dance
from videos.studio.dancer.motion import posters
from videos.studio.dancer.motion.rig import Rig
from videos.studio.dancer.motion.skeleton import SKELETONS
from videos.styles import Body, Style


def poster_moments(dance: Dance, seconds: int, style: Style, body: Body | None = None) -> list[float]:
    """Return twelve moments (0 to 1) at which the pet is upright and its face is seen.

    ``body`` is the dancer's. Those that the studio chooses for itself face the viewer at the same moments.
    """
    if style is not Style.DANCER:
        return choreography.poster_moments(dance, seconds)
    phrases = max(1, seconds // PHRASE_SECONDS)
    return posters.poster_moments(Rig(dance.choreography, SKELETONS[body or Body.SLIM], phrases=phrases))
