"""The link in each notification that turns notifications off, without a login."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from accounts.models import User

signer = Signer(salt="videos.emails.unsubscribing", sep="~")


def unsubscribe_url(user: User) -> str:
    """Return the absolute URL. It stays valid, since old e-mails must be able to turn off new ones."""
    return settings.SITE_URL + reverse("videos:unsubscribe", args=[signer.sign(user.pk.hex)])


def owner_of(token: str) -> User | None:
    """Return the user whose token this is, or None."""
    try:
        pk = uuid.UUID(signer.unsign(token))
    except (BadSignature, ValueError):
        return None
    return User.objects.filter(pk=pk).first()


def turn_off_emails(user: User) -> None:
    User.objects.filter(pk=user.pk).update(email_when_finished=False)
