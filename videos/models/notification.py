"""The queue of e-mails to owners about finished videos."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from videos.models.leases import LeasedModel, LeasedQuerySet


class VideoNotification(LeasedModel):
    """An e-mail about one finished video. It is due until it is sent.

    The row is created in the transaction that ends the video. The e-mail about a ready video is due a little later, and
    is not sent if a page has confirmed by then that the owner has seen the video become ready.

    If a worker dies after sending the e-mail but before
    recording it, the e-mail is sent again. It then has the same Message-ID, so mail programs show it once.
    """

    video = models.OneToOneField(
        "videos.Video", on_delete=models.CASCADE, primary_key=True, related_name="notification"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    watched_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("When the owner saw the video become ready.")
    )

    objects: ClassVar = LeasedQuerySet["VideoNotification"].as_manager()

    def __str__(self) -> str:
        return f"Notification of {self.video_id} ({'sent' if self.sent_at else 'to be sent'})"
