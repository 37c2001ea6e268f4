"""Error pages for problems that can occur on any page: an oversized body, a wrong method, unavailable storage."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.defaults import page_not_found

from accounts.http import RETRY_AFTER_SECONDS
from videos.storage.base import StorageUnavailable

log = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class RequestTooLargeMiddleware:
    """Reject a request by its Content-Length, before the body is read.

    Django ignores a body without a length, and the web server never reads more than Content-Length.
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
        log.warning("request body too large", extra={"bytes": length})
        return render(request, "413.html", status=413)


class MethodNotAllowedMiddleware:
    """Return an error page for a wrong method; Django's own response is blank."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        page = render(request, "405.html", status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page


class NotFoundMiddleware:
    """In development, show our own page for an unknown address instead of the list of all addresses."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not settings.DEBUG or response.status_code != 404 or not isinstance(response, HttpResponse):
            return response
        return page_not_found(request, Http404()) if b"<code>DEBUG = True</code>" in response.content else response


class ServiceUnavailableMiddleware:
    """Return 503 instead of 500 when the storage is unavailable, and add Retry-After to every 503."""

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
        log.error("storage unavailable", extra={"reason": str(error)})
        return render(request, "503.html", status=503)
