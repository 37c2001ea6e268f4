"""Every row of the app: photos, videos, and what is to be done about them."""

from videos.leases import LeaseLost
from videos.leftovers import Leftover
from videos.letters import Letter
from videos.line import Line, StudioClosed
from videos.models.photo import Photo, Preview
from videos.models.states import LIVING, PromptSource, Status, Step
from videos.models.video import Video, new_seed
from videos.pulse import Pulse
from videos.rubbish import Rubbish
from videos.sharing import Share

__all__ = [
    "LIVING",
    "LeaseLost",
    "Leftover",
    "Letter",
    "Line",
    "Photo",
    "Preview",
    "PromptSource",
    "Pulse",
    "Rubbish",
    "Share",
    "Status",
    "Step",
    "StudioClosed",
    "Video",
    "new_seed",
]
