"""Whatever answers a program before or after the operations do: in the API's own words, too."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.http import RETRY_AFTER_SECONDS
from api.problems import MEDIA_TYPE, TITLES, problem

PREFIX = "/api/"
# What a program should know of the answer that is replaced.
PRESERVED_HEADERS = ("Allow", "Retry-After", "Vary")


class ProblemDetailsMiddleware:
    """Error pages of the site become problems under /api/: a body that is too large, a wrong host, a fault of ours.

    Stands before all that may refuse a request. A fault has been logged and told to Sentry when its page comes by.
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
        # The page that is replaced is not closed: that would tell Django that the request is over. It holds no file.
        return response
