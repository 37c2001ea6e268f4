"""Visitors: owners who are logged in, and guests, who are known by a signed cookie.

The cookie is apart from the session, which a login replaces. A photo that is still being uploaded during a login
therefore finds its guest, and the account that has taken the guest over.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.http import HtmxRequest, client_ip
from accounts.languages import follow_account
from accounts.models import User
from videos import clock
from videos.models import Guest

Visitor = User | Guest
SALT = "videos.visitors"


class VisitorRequest(HtmxRequest):
    """A request to a view that is open to guests: from an owner or a guest."""

    visitor: Visitor


def visitor_of(request: HttpRequest) -> Visitor | None:
    """Return the owner or the guest who sends the request, or None for anybody else.

    An owner takes over here what a login did not: the database may have failed, or an upload may have ended later. The
    page is in the language of the owner's account.
    """
    if isinstance(request.user, User):
        follow_account(request)
        take_over(request, request.user)
        return request.user
    guest = guest_of(request)
    return guest if guest and guest.user_id is None else None


def guest_of(request: HttpRequest) -> Guest | None:
    """Return the guest of this browser, whether an account has taken them over or not."""
    pk = request.get_signed_cookie(settings.GUEST_COOKIE_NAME, default="", salt=SALT)
    return Guest.objects.filter(pk=pk).first() if pk else None


def new_guest(request: HttpRequest) -> Guest:
    """Return a guest who is stored with the first photo."""
    return Guest.new(client_ip(request), clock.now())


def remember(response: HttpResponse, guest: Guest) -> None:
    """Have the browser remember a guest as long as the photo that was just uploaded."""
    response.set_signed_cookie(
        settings.GUEST_COOKIE_NAME,
        str(guest.pk),
        salt=SALT,
        max_age=int(settings.GUEST_PHOTO_LIFETIME.total_seconds()),
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def take_over(request: HttpRequest, user: User) -> str:
    """Give the account what its owner had as a guest. Return the URL to continue at, or "" if there is nothing."""
    guest = guest_of(request)
    if guest is None:
        return ""
    if guest.user_id is None and guest.hand_over(user, clock.now()):
        return guest.resume_url
    # In two tabs, the other one may have handed over the photos to the same account.
    return guest.resume_url if Guest.objects.filter(pk=guest.pk, user=user).exists() else ""
