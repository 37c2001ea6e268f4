"""The OpenAPI 3.1 document, with every problem that an operation can end in, and the door before the operations."""

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
# What any operation can end in.
COMMON_STATUSES = (400, 401, 403, 405, 413, 429, 500, 503)
# The limit of whoever is known, in windows of fixed length.
RATE_LIMIT_HEADERS = {
    "RateLimit-Limit": "How many requests of this kind the window has.",
    "RateLimit-Remaining": "How many of them are left.",
    "RateLimit-Reset": "Seconds until the next window begins.",
}
RETRY_AFTER_HEADER = {"Retry-After": "Seconds after which to try again."}


def integer_header(description: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "integer", "minimum": 0}}


def problem_response(status: int) -> dict[str, Any]:
    response = {"description": TITLES[status][1], "content": {MEDIA_TYPE: {"schema": PROBLEM}}}
    if status in (429, 503):
        response["headers"] = {name: integer_header(description) for name, description in RETRY_AFTER_HEADER.items()}
    return response


def with_problems(*statuses: int) -> dict[str, Any]:
    """The keyword of an operation that documents the problems it can end in, beside those of every operation."""
    return {
        "openapi_extra": {
            "responses": {status: problem_response(status) for status in sorted({*statuses, *COMMON_STATUSES})}
        }
    }


def binary(media_type: str) -> dict[str, Any]:
    """The same, for an operation that answers with a file: whole, in part, unchanged, or from the storage itself."""
    content: dict[str, Any] = {"content": {media_type: {}}}
    extra = with_problems(404)
    extra["openapi_extra"]["responses"] |= {
        200: {"description": "The file", **content},
        206: {"description": "A part of it", **content},
        302: {"description": "It is at this address, for some minutes"},
        304: {"description": "It has not changed"},
        416: {"description": "There is no such part"},
    }
    return extra


class PetGrooveAPI(NinjaAPI):
    """Ninja's API, without a login page in front of it, and with problems where Ninja would answer in plain words."""

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
                    # Whoever is not known has no limit yet.
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
    """What the operation answers; to a HEAD what it would to a GET, without the bytes."""
    if request.method != "HEAD":
        return operation(request, *args, **kwargs)
    request.method = "GET"
    try:
        response = operation(request, *args, **kwargs)
    finally:
        request.method = "HEAD"
    # The server leaves a body away that is there in full; a file is not even read.
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = ()
    return response


def api_view(operation: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Around every operation: nobody is sent to a login page, nothing is kept by caches, limits are told."""

    @wraps(operation)
    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = run_operation(operation, request, *args, **kwargs)
        except Http404:
            response = problem(404)
        if response.status_code == 405:
            allowed = response.headers["Allow"].replace("GET", "GET, HEAD")
            response = problem(405, f"Allowed here: {allowed}.")
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
