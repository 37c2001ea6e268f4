"""Mail to the owner when a dance has ended: written with the end itself, sent by the worker, once."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from videos.models.leases import LeasedModel, LeasedQuerySet

if TYPE_CHECKING:
    from videos.models.video import Video

log = logging.getLogger(__name__)


class VideoNotificationQuerySet(LeasedQuerySet["VideoNotification"]):
    def enqueue(self, video: Video, now: datetime) -> None:
        """To be called in the transaction that ends ``video``: no end without its letter, no letter without its end."""
        if video.user.email_when_finished and video.user.is_active:
            self.get_or_create(video=video, defaults={"due_at": now})


class VideoNotification(LeasedModel):
    """One mail about one ended video. Being due means that it is not sent yet.

    A worker that dies between the sending and the record sends it again, under the same Message-ID, which mail
    programs show once.
    """

    video = models.OneToOneField(
        "videos.Video", on_delete=models.CASCADE, primary_key=True, related_name="notification"
    )
    sent_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = VideoNotificationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Notification of {self.video_id} ({'sent' if self.sent_at else 'to be sent'})"
