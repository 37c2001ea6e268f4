"""Who asks: a program with a personal token, or a page of ours with its session and a CSRF token."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import HttpError
from ninja.security import HttpBearer
from ninja.security.base import AuthBase
from ninja.throttling import BaseThrottle
from ninja.utils import check_csrf

from accounts.models import User
from accounts.throttling import RateLimit
from api.models import Token


class PersonalToken(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        user = Token.objects.owner_of(token, timezone.now())
        if user:
            request.user = user
        return user


class Session(AuthBase):
    """The session's owner; whatever changes something must carry the CSRF token, as any form does."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Any:
        # A token that is wrong is an error, also where a session would do.
        if "Authorization" in request.headers or not request.user.is_authenticated:
            return None
        if check_csrf(request):
            raise HttpError(403, "The CSRF token is missing or wrong. Send it as X-CSRFToken.")
        return request.user


class UserRateThrottle(BaseThrottle):
    """A limit for each owner; the result is told in the headers of every answer."""

    def __init__(self, limit: RateLimit) -> None:
        self.limit = limit

    def allow_request(self, request: HttpRequest) -> bool:
        # Kept with the request alone: all threads share this object.
        request.rate_limit = self.limit.hit(request.user.pk)  # type: ignore[attr-defined]
        return request.rate_limit.allowed  # type: ignore[attr-defined]
