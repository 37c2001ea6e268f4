"""A private link to one ready video: off by default, unguessable, and dead as soon as its owner switches it off."""

from __future__ import annotations

import secrets

from django.db import models
from django.urls import reverse
from django.utils import timezone


def new_token() -> str:
    """128 random bits, 22 characters of an address."""
    return secrets.token_urlsafe(16)


class ShareLink(models.Model):
    """While there is a row, whoever has the link may watch this one video, and sees nothing else of its owner."""

    video = models.OneToOneField("videos.Video", on_delete=models.CASCADE, primary_key=True, related_name="share_link")
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"Link to {self.video}"

    def get_absolute_url(self) -> str:
        return reverse("videos:shared", args=[self.token])
