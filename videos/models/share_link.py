"""A private link to one ready video: off by default, unguessable, and dead as soon as its owner switches it off."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils import timezone

if TYPE_CHECKING:
    from videos.models.video import Video


def new_token() -> str:
    """128 random bits, 22 characters of an address."""
    return secrets.token_urlsafe(16)


class ShareManager(models.Manager["Share"]):
    def switch(self, video: Video, on: bool) -> None:
        """Open the link of a ready video, or close it for good: opened again, it is another one."""
        if not on:
            self.filter(video=video).delete()
        elif video.is_shareable:
            self.get_or_create(video=video)


class Share(models.Model):
    """While there is a row, whoever has the link may watch this one video, and sees nothing else of its owner."""

    video = models.OneToOneField("videos.Video", on_delete=models.CASCADE, primary_key=True, related_name="share")
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = ShareManager()

    def __str__(self) -> str:
        return f"Link to {self.video}"

    def get_absolute_url(self) -> str:
        return reverse("videos:shared", args=[self.token])
