"""Every request has an id: in each line that is logged on its behalf, and in its answer."""

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
# What a proxy may have given already; anything else could forge lines of the log.
VALID_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
# An answer that takes longer is logged, in seconds.
SLOW_SECONDS = 2.0
current: ContextVar[str] = ContextVar("request_id", default="")


class RequestIdMiddleware:
    """The first of all middlewares. Takes a proxy's id, or makes one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        proxy_id = request.headers.get(HEADER, "")
        name = proxy_id if VALID_ID.fullmatch(proxy_id) else uuid.uuid4().hex
        request.request_id = name  # type: ignore[attr-defined]
        token, started = current.set(name), time.monotonic()
        try:
            response = self.get_response(request)
            duration = time.monotonic() - started
            if duration > SLOW_SECONDS:
                facts = {"method": request.method, "route": route_of(request), "seconds": f"{duration:.1f}"}
                log.warning("slow", extra=facts)
        finally:
            current.reset(token)
        response.headers[HEADER] = name
        return response


def route_of(request: HttpRequest) -> str:
    """The route, not the path: a path may be a private link."""
    return request.resolver_match.route if request.resolver_match else "-"


class RequestIdFilter(logging.Filter):
    """Puts the id of the request into every record that is logged on its behalf."""

    def filter(self, record: logging.LogRecord) -> bool:
        # Django tells of refused requests when it has left all middlewares, and passes the request along.
        if name := current.get() or getattr(getattr(record, "request", None), "request_id", ""):
            record.request_id = name
        return True
