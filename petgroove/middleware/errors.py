"""Trouble that any page can meet, answered in a sentence: a body that is too large, an address that only takes forms, a
storage that is away.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import render

from accounts.http import RETRY_AFTER_SECONDS
from videos.storage.base import StorageUnavailable

log = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class RequestTooLargeMiddleware:
    """Refuses a request by the length it claims, before a byte of its body is read.

    A body without a length is none to Django, and a server reads no further than the length that was claimed.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        if length <= settings.MAX_BODY_BYTES:
            return self.get_response(request)
        log.warning("a body was too large", extra={"bytes": length})
        return render(request, "413.html", status=413)


class MethodNotAllowedMiddleware:
    """An address that only takes a form, opened by itself, says so: Django's own answer is a blank page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        page = render(request, "405.html", status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page


class ServiceUnavailableMiddleware:
    """A storage that cannot be reached gives a page that says so, and 503, not 500; each 503 says when to come back."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == 503:
            response.headers.setdefault("Retry-After", RETRY_AFTER_SECONDS)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, StorageUnavailable):
            return None
        log.error("the storage is away", extra={"reason": str(error)})
        return render(request, "503.html", status=503)
