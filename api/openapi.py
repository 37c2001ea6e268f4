"""The OpenAPI 3.1 document with the problems of each operation, and the wrapper around every operation."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI

from api.problems import MEDIA_TYPE, TITLES, problem
from api.schemas import Problem

PROBLEM = {"$ref": "#/components/schemas/Problem"}
# Error statuses that every operation can return.
COMMON_STATUSES = (400, 401, 403, 405, 413, 429, 500, 503)
# Rate limits apply per user, in fixed windows.
RATE_LIMIT_HEADERS = {
    "RateLimit-Limit": "Number of requests of this kind allowed per window.",
    "RateLimit-Remaining": "Number of requests left in this window.",
    "RateLimit-Reset": "Seconds until the next window starts.",
}
RETRY_AFTER_HEADER = {"Retry-After": "Seconds to wait before the next request."}


def integer_header(description: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "integer", "minimum": 0}}


def problem_response(status: int) -> dict[str, Any]:
    response = {"description": TITLES[status][1], "content": {MEDIA_TYPE: {"schema": PROBLEM}}}
    if status in (429, 503):
        response["headers"] = {name: integer_header(description) for name, description in RETRY_AFTER_HEADER.items()}
    return response


def with_problems(*statuses: int) -> dict[str, Any]:
    """Return the keyword argument that documents an operation's problems, including those common to all."""
    return {
        "openapi_extra": {
            "responses": {status: problem_response(status) for status in sorted({*statuses, *COMMON_STATUSES})}
        }
    }


def binary(*media_types: str) -> dict[str, Any]:
    """Return the keyword argument for a file: whole, partial, not modified, or redirected to the storage."""
    content: dict[str, Any] = {"content": {media_type: {} for media_type in media_types}}
    extra = with_problems(404)
    extra["openapi_extra"]["responses"] |= {
        200: {"description": "The file", **content},
        206: {"description": "The requested range of the file", **content},
        302: {"description": "The file is at this URL for a few minutes"},
        304: {"description": "The file has not changed"},
        416: {"description": "The requested range is not satisfiable"},
    }
    return extra


class PetGrooveAPI(NinjaAPI):
    """A NinjaAPI that returns problems instead of Ninja's errors and never redirects to the login page."""

    def get_openapi_operation_id(self, operation: Any) -> str:
        return operation.view_func.__name__

    def get_openapi_schema(self, **options: Any) -> Any:
        document = super().get_openapi_schema(**options)
        document["components"]["schemas"]["Problem"] = Problem.model_json_schema(
            ref_template="#/components/schemas/{model}"
        )
        schemas = document["components"]["schemas"]
        schemas |= schemas["Problem"].pop("$defs", {})
        for path in document["paths"].values():
            for operation in path.values():
                for status, response in operation["responses"].items():
                    # Requests that are not authenticated have no rate limit.
                    if int(status) < 400 or int(status) == 429:
                        response["headers"] = {
                            name: integer_header(description) for name, description in RATE_LIMIT_HEADERS.items()
                        } | response.get("headers", {})
        return document

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        patterns = super()._get_urls()
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                pattern.callback = api_view(pattern.callback)
        return patterns


def run_operation(
    operation: Callable[..., HttpResponseBase], request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    """Run the operation. Answer HEAD as GET, without the body."""
    if request.method != "HEAD":
        return operation(request, *args, **kwargs)
    request.method = "GET"
    try:
        response = operation(request, *args, **kwargs)
    finally:
        request.method = "HEAD"
    # The server drops a complete body itself; emptying a stream avoids reading the file.
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = ()
    return response


def api_view(operation: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Wrap an operation: no login redirect, no caching by default, and rate limits in the headers."""

    @wraps(operation)
    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = run_operation(operation, request, *args, **kwargs)
        except Http404:
            response = problem(404)
        if response.status_code == 405:
            allowed = response.headers["Allow"].replace("GET", "GET, HEAD")
            response = problem(405, f"Use one of these methods: {allowed}.")
            response.headers["Allow"] = allowed
        rate_limit = getattr(request, "rate_limit", None)
        for name, value in rate_limit.headers.items() if rate_limit else ():
            response.headers[name] = value
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "private, no-store"
        return response

    view.login_required = False  # type: ignore[attr-defined]
    view.csrf_exempt = True  # type: ignore[attr-defined]
    return view
