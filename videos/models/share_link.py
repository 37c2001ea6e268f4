"""Private links to videos: off by default, unguessable, and invalid as soon as the owner disables them."""

from __future__ import annotations

import secrets

from django.db import models
from django.urls import reverse
from django.utils import timezone


def new_token() -> str:
    """Return 128 random bits as 22 URL-safe characters."""
    return secrets.token_urlsafe(16)


class ShareLink(models.Model):
    """A private link. While the row exists, anyone with the link can watch this video, but see nothing else."""

    video = models.OneToOneField("videos.Video", on_delete=models.CASCADE, primary_key=True, related_name="share_link")
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    # Off until the owner turns it on: a link travels further than its owner knows, and a name makes a pet findable.
    shows_name = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"Link to {self.video}"

    def get_absolute_url(self) -> str:
        return reverse("videos:shared", args=[self.token])
