"""Guests: visitors who try their own photo before they have an account."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import User
from videos.models.leases import LeasedModel, LeasedQuerySet, LeaseLost

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

MAX_URL = 300


def hash_of(address: str) -> str:
    """Return a keyed hash of a client's address, which tells addresses apart without storing them."""
    return salted_hmac("videos.models.guest", address, algorithm="sha256").hexdigest()[:32]


class GuestQuerySet(LeasedQuerySet["Guest"]):
    def open(self) -> Self:
        """Return the guests that no account has taken over."""
        return self.filter(user=None)


class Guest(LeasedModel):
    """A visitor without an account, known by a session. The row is inserted with the first photo.

    ``user`` is the account that took over the photos, or None. From then on, the row only says to whom a photo belongs
    that was still being uploaded. ``due_at`` is when the worker next deletes what is older than
    ``GUEST_PHOTO_LIFETIME``. ``resume_url`` is the page and the choice to return to after the login.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    address = models.CharField(max_length=32, db_index=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="guests"
    )
    resume_url = models.CharField(max_length=MAX_URL, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = GuestQuerySet.as_manager()
    photos: RelatedManager[Any]

    def __str__(self) -> str:
        return f"Guest of {self.created_at:%d %B %Y}"

    @classmethod
    def new(cls, address: str, now: datetime) -> Self:
        """Return a guest at this address, not yet stored."""
        return cls(address=hash_of(address), created_at=now, due_at=now + settings.GUEST_PHOTO_LIFETIME)

    def lock(self) -> None:
        """Lock the row until the end of the transaction, and read ``user``. Insert a guest who is new or expired."""
        fields = {"address": self.address, "created_at": self.created_at, "due_at": self.due_at}
        row, _ = Guest.objects.select_for_update(of=("self",)).get_or_create(pk=self.pk, defaults=fields)
        self.user_id = row.user_id

    def resume_at(self, url: str) -> None:
        """Store the page and the choice to return to after the login. A longer URL than there is room for is not."""
        if len(url) <= MAX_URL:
            Guest.objects.filter(pk=self.pk).update(resume_url=url)

    def hand_over(self, user: User, now: datetime) -> bool:
        """Give the photos, with their previews, to the account. Return False if another request has done so before.

        The row of the guest decides who wins. A photo that is being stored waits for it, and goes to the account then.
        A worker keeps its claim on a photo: it never writes who owns it.
        """
        with transaction.atomic():
            # Lock the user first, as ``close_account`` does. A closed account gets nothing.
            if not User.objects.select_for_update(no_key=True).filter(pk=user.pk, closed_at=None).first():
                return False
            due_at = now + settings.GUEST_PHOTO_LIFETIME
            if not Guest.objects.open().filter(pk=self.pk).update(user=user, due_at=due_at, claim=F("claim") + 1):
                return False
            self.photos.filter(deleted_at=None).update(user=user, guest=None)
        return True

    def expire(self, now: datetime) -> list[str]:
        """Delete the photos that are too old, and the guest if none is left. Return their folders in the storage.

        The caller deletes the files after the commit. Raises LeaseLost if an account takes the photos over instead.
        """
        with transaction.atomic():
            if not self.claimed.select_for_update(of=("self",)).first():
                raise LeaseLost
            old = list(self.photos.filter(created_at__lte=now - settings.GUEST_PHOTO_LIFETIME))
            folders = [photo.storage_name("") for photo in old]
            for photo in old:
                photo.erase(now)
                photo.delete()
            oldest = self.photos.order_by("created_at").values_list("created_at", flat=True).first()
            if oldest is None:
                self.claimed.delete()
            else:
                self.update_claimed(due_at=oldest + settings.GUEST_PHOTO_LIFETIME, attempts=0)
        return folders
