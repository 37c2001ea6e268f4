"""Mail to the owner when a dance has ended: written with the end itself, sent by the worker, once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from videos.models.leases import LeasedModel, LeasedQuerySet


class VideoNotification(LeasedModel):
    """One mail about one ended video. Being due means that it is not sent yet.

    A worker that dies between the sending and the record sends it again, under the same Message-ID, which mail
    programs show once.
    """

    video = models.OneToOneField(
        "videos.Video", on_delete=models.CASCADE, primary_key=True, related_name="notification"
    )
    sent_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = LeasedQuerySet["VideoNotification"].as_manager()

    def __str__(self) -> str:
        return f"Notification of {self.video_id} ({'sent' if self.sent_at else 'to be sent'})"
