"""API authentication, by personal token or by session with a CSRF token, and rate limits per user."""

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
from accounts.security_log import record
from accounts.throttling import RateLimit
from api.models import Token


class PersonalToken(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        user = Token.objects.owner_of(token, timezone.now())
        if user:
            request.user = user
        else:
            record("token_rejected", request, "-")
        return user


class Session(AuthBase):
    """Session authentication. Unsafe requests must include the CSRF token, as forms do."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Any:
        # An invalid token is an error, even if the request has a valid session.
        if "Authorization" in request.headers or not request.user.is_authenticated:
            return None
        if check_csrf(request):
            raise HttpError(403, "The CSRF token is missing or wrong. Send it as X-CSRFToken.")
        return request.user


class UserRateThrottle(BaseThrottle):
    """A rate limit per user. Every response reports its state in headers."""

    def __init__(self, limit: RateLimit) -> None:
        self.limit = limit

    def allow_request(self, request: HttpRequest) -> bool:
        # Store the result on the request, because all threads share this object.
        request.rate_limit = self.limit.hit(request.user.pk)  # type: ignore[attr-defined]
        return request.rate_limit.allowed  # type: ignore[attr-defined]
