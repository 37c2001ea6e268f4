"""Problem details for errors under /api/ that occur outside the API's operations."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.http import RETRY_AFTER_SECONDS
from api.problems import MEDIA_TYPE, TITLES, problem

PREFIX = "/api/"
# Headers to copy from the replaced error page.
PRESERVED_HEADERS = ("Allow", "Retry-After", "Vary")


class ProblemDetailsMiddleware:
    """Replace the site's error pages under /api/ with problems: a body too large, an invalid host, an internal error.

    It must come before every middleware that can reject a request. Internal errors have been logged and sent to Sentry
    before their page gets here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        page = self.get_response(request)
        if not request.path_info.startswith(PREFIX) or page.status_code < 400:
            return page
        if page.status_code == 416 or page.headers.get("Content-Type") == MEDIA_TYPE:
            return page
        response = problem(page.status_code if page.status_code in TITLES else 400)
        for name in PRESERVED_HEADERS:
            if name in page.headers:
                response.headers[name] = page.headers[name]
        if response.status_code == 503:
            response.headers.setdefault("Retry-After", RETRY_AFTER_SECONDS)
        # Do not close the replaced page, because that would signal the end of the request. It holds no open file.
        return response
