"""Every row of the app: photos, videos, and what is to be done about them."""

from videos.models.choices import LIVING, PromptSource, Status, Step
from videos.models.deletions import Leftover, Rubbish
from videos.models.heartbeat import Pulse
from videos.models.leases import LeaseLost
from videos.models.notification import Letter
from videos.models.photo import Photo, Preview
from videos.models.provider_status import ProviderStatus, ProviderUnavailable
from videos.models.share_link import Share
from videos.models.video import Video, new_seed

__all__ = [
    "LIVING",
    "LeaseLost",
    "Leftover",
    "Letter",
    "ProviderStatus",
    "Photo",
    "Preview",
    "PromptSource",
    "Pulse",
    "Rubbish",
    "Share",
    "Status",
    "Step",
    "ProviderUnavailable",
    "Video",
    "new_seed",
]
