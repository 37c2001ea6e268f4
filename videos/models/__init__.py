"""The models of the app: photos, videos, and the jobs and records that belong to them."""

from videos.models.card_loop import CardLoop
from videos.models.choices import UNFINISHED_STATUSES, PromptSource, Status, Step
from videos.models.deletions import ProviderTaskDeletion, StoredFileDeletion, VideoDeletion
from videos.models.export import ExportKind, VideoExport
from videos.models.guest import Guest
from videos.models.heartbeat import WorkerHeartbeat
from videos.models.leases import LeaseLost
from videos.models.notification import VideoNotification
from videos.models.photo import Photo
from videos.models.preview import Preview, PreviewPending
from videos.models.provider_status import ProviderStatus, ProviderUnavailable
from videos.models.report import Concern, Outcome, Takedown, VideoReport
from videos.models.request import DEFAULT_SECONDS, new_seed
from videos.models.share_link import ShareLink
from videos.models.staff_warning import StaffWarning
from videos.models.video import Video

__all__ = [
    "DEFAULT_SECONDS",
    "UNFINISHED_STATUSES",
    "CardLoop",
    "Concern",
    "ExportKind",
    "Guest",
    "LeaseLost",
    "Outcome",
    "Photo",
    "Preview",
    "PreviewPending",
    "PromptSource",
    "ProviderStatus",
    "ProviderTaskDeletion",
    "ProviderUnavailable",
    "ShareLink",
    "StaffWarning",
    "Status",
    "Step",
    "StoredFileDeletion",
    "Takedown",
    "Video",
    "VideoDeletion",
    "VideoExport",
    "VideoNotification",
    "VideoReport",
    "WorkerHeartbeat",
    "new_seed",
]
