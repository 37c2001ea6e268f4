"""Request ids, added to every log record of a request and to its response."""

import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase

log = logging.getLogger(__name__)

HEADER = "X-Request-ID"
# The format accepted from a proxy; anything else could forge log lines.
VALID_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
# Seconds after which a response is logged as slow.
SLOW_SECONDS = 2.0
current: ContextVar[str] = ContextVar("request_id", default="")


class RequestIdMiddleware:
    """Use the proxy's request id, or generate one. Must be the first middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        proxy_id = request.headers.get(HEADER, "")
        request_id = proxy_id if VALID_ID.fullmatch(proxy_id) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        token, started = current.set(request_id), time.monotonic()
        try:
            response = self.get_response(request)
            duration = time.monotonic() - started
            if duration > SLOW_SECONDS:
                context = {"method": request.method, "route": route_of(request), "seconds": f"{duration:.1f}"}
                log.warning("slow request", extra=context)
        finally:
            current.reset(token)
        response.headers[HEADER] = request_id
        return response


def route_of(request: HttpRequest) -> str:
    """Return the route, not the path: a path may be a private link."""
    return request.resolver_match.route if request.resolver_match else "-"


class RequestIdFilter(logging.Filter):
    """Add the id of the current request to each log record."""

    def filter(self, record: logging.LogRecord) -> bool:
        # Django logs rejected requests after the middleware has returned, and attaches the request to the record.
        if request_id := current.get() or getattr(getattr(record, "request", None), "request_id", ""):
            record.request_id = request_id
        return True
