"""Personal tokens, which let a program act for an owner without the owner's password."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User

PREFIX = "groove_"
# The visible part of the secret lets owners distinguish their tokens.
VISIBLE_LENGTH = len(PREFIX) + 4
MAX_TOKENS = 10
# Update ``last_used_at`` at most this often, not on every request.
LAST_USED_RESOLUTION = timedelta(minutes=10)


def digest(secret: str) -> str:
    """Return the hash to store. Tokens have 256 bits of entropy, so an unsalted hash is sufficient."""
    return hashlib.sha256(secret.encode()).hexdigest()


class TokenQuerySet(models.QuerySet["Token"]):
    def of(self, user: User) -> Self:
        """Return the owner's tokens that are not revoked, newest first."""
        return self.filter(user=user, revoked_at=None).order_by("-created_at")

    def issue(self, user: User, name: str) -> tuple[Token, str]:
        """Create a token and return it with its secret, which cannot be retrieved later."""
        secret = PREFIX + secrets.token_urlsafe(32)
        return self.create(user=user, name=name, start=secret[:VISIBLE_LENGTH], digest=digest(secret)), secret

    def owner_of(self, secret: str, now: datetime) -> User | None:
        """Return the active owner of a secret, or None."""
        token = self.select_related("user").filter(digest=digest(secret), revoked_at=None).first()
        if token is None or not token.user.is_active:
            return None
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - LAST_USED_RESOLUTION)
        if token.last_used_at is None or token.last_used_at < now - LAST_USED_RESOLUTION:
            self.filter(stale, pk=token.pk).update(last_used_at=now)
        return token.user

    def revoke(self, now: datetime) -> int:
        """Revoke these tokens permanently and return how many were still valid."""
        return self.filter(revoked_at=None).update(revoked_at=now)


class Token(models.Model):
    """A personal token. The secret itself is not stored."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60)
    start = models.CharField(max_length=VISIBLE_LENGTH, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")

    def __str__(self) -> str:
        return f"{self.name} ({self.start}...)"
