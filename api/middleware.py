"""Whatever answers a program before or after the operations do: in the API's own words, too."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from api.problems import MEDIA_TYPE, TITLES, problem
from petgroove.middleware.errors import AFTER

PREFIX = "/api/"
# What a program should know of the answer that is replaced.
KEPT = ("Allow", "Retry-After", "Vary")


class Problems:
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
        answer = problem(page.status_code if page.status_code in TITLES else 400)
        for name in KEPT:
            if name in page.headers:
                answer.headers[name] = page.headers[name]
        if answer.status_code == 503:
            answer.headers.setdefault("Retry-After", AFTER)
        # The page that is replaced is not closed: that would tell Django that the request is over. It holds no file.
        return answer
