"""Errors as ``application/problem+json`` (RFC 9457): a stable type for programs and a sentence for people."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext
from ninja import NinjaAPI
from ninja.errors import HttpError, Throttled, ValidationError

from accounts.http import RETRY_AFTER_SECONDS
from credits.ledger import InsufficientCredits
from videos.limits import LimitExceeded, StorageQuotaExceeded
from videos.models import ProviderUnavailable
from videos.ordering import UNAVAILABLE_TEXT
from videos.storage.base import StorageUnavailable
from videos.uploads import AccountClosed

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: ("bad_request", "Bad request"),
    401: ("login_needed", "Authentication required"),
    402: ("insufficient_credits", "Not enough credits"),
    403: ("forbidden", "Forbidden"),
    404: ("not_found", "Not found"),
    405: ("method_not_allowed", "Method not allowed"),
    409: ("full", "Storage quota exceeded"),
    413: ("too_large", "Request body too large"),
    422: ("invalid", "Invalid request"),
    429: ("too_many_requests", "Too many requests"),
    500: ("our_fault", "Internal server error"),
    503: ("away", "Service temporarily unavailable"),
}
UNREADABLE_BODY = "The body could not be read. Send JSON, or multipart form data for an upload."
PROVIDER_UNAVAILABLE = ("studio_closed", "Video provider unavailable")
BUSY = ("busy", "Server busy")
DETAILS = {
    400: "The request could not be read. Check its URL, headers and body.",
    401: "Send a token from your account page as 'Authorization: Bearer <token>', or log in.",
    404: "No such resource. Check the URL and the id.",
    413: "Send a smaller body. A photo can be up to 10 MB.",
    500: "The error was reported. Try again later. Failed videos are refunded automatically.",
    503: "Try again in a minute.",
}


class InvalidField(Exception):
    """A request that is invalid as a whole. ``field`` is the place of the error; the message says what to do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class TemporarilyUnavailable(Exception):
    """The same request may succeed in a minute, as the message says."""


def problem(
    status: int, detail: str = "", *, errors: list[dict[str, str]] | None = None, kind: tuple[str, str] | None = None
) -> JsonResponse:
    """Return a problem response. ``kind`` is the last part of the type and the title; it defaults to the status's."""
    name, title = kind or TITLES[status]
    body: dict[str, Any] = {
        "type": f"urn:petgroove:{name}",
        "title": title,
        "status": status,
        "detail": detail or DETAILS.get(status, title),
    }
    if errors:
        body["errors"] = errors
    headers = {"Cache-Control": "private, no-store"} | ({"WWW-Authenticate": "Bearer"} if status == 401 else {})
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE, headers=headers)


def validation_error(request: HttpRequest, error: Any) -> JsonResponse:
    """Return a 422 problem that names the invalid fields. It never repeats the values that were sent."""
    errors = [{"field": field_path(row["loc"]), "message": row["msg"]} for row in error.errors]
    fields = ", ".join(sorted({row["field"] for row in errors if row["field"]}))
    return problem(422, f"Check these fields: {fields}." if fields else "", errors=errors)


def field_path(location: tuple[str | int, ...]) -> str:
    """Return the name of a field as the client sent it.

    The location starts with the part of the request and, for a body, with the name of our parameter. Both are dropped.
    """
    return ".".join(str(part) for part in location[2 if location[0] == "body" else 1 :])


def invalid_field(request: HttpRequest, error: Any) -> JsonResponse:
    return problem(422, str(error), errors=[{"field": error.field, "message": str(error)}])


def http_error(request: HttpRequest, error: Any) -> JsonResponse:
    status = error.status_code if error.status_code in TITLES else 400
    # Replace the library's own message for a body that is not JSON.
    return problem(status, {400: UNREADABLE_BODY, 401: ""}.get(status, str(error)))


def throttled(request: HttpRequest, error: Any) -> JsonResponse:
    return problem(429, f"Try again in {request.rate_limit.reset_after} seconds.")  # type: ignore[attr-defined]


def service_unavailable(detail: str, kind: tuple[str, str] | None = None) -> JsonResponse:
    response = problem(503, detail, kind=kind)
    response.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def database_unavailable(request: HttpRequest, error: Any) -> JsonResponse:
    log.error("database unavailable", exc_info=error)
    return service_unavailable("")


def limit_exceeded(request: HttpRequest, error: Any) -> JsonResponse:
    response = problem(429, error.sentence)
    response.headers["Retry-After"] = str(error.result.reset_after)
    return response


def storage_unavailable(request: HttpRequest, error: Any) -> JsonResponse:
    log.error("storage unavailable", extra={"reason": str(error)})
    return service_unavailable("The file storage is unavailable. Try again in a minute.")


def install(api: NinjaAPI) -> None:
    """Register the handlers that turn errors in operations of ``api`` into problems.

    Django handles and logs unexpected exceptions; ``api.middleware`` then replaces the error page with a problem.
    """
    api.add_exception_handler(ValidationError, validation_error)
    api.add_exception_handler(InvalidField, invalid_field)
    api.add_exception_handler(HttpError, http_error)
    api.add_exception_handler(Throttled, throttled)
    api.add_exception_handler(
        ProviderUnavailable, lambda request, error: service_unavailable(gettext(UNAVAILABLE_TEXT), PROVIDER_UNAVAILABLE)
    )
    api.add_exception_handler(TemporarilyUnavailable, lambda request, error: service_unavailable(str(error), BUSY))
    api.add_exception_handler(LimitExceeded, limit_exceeded)
    api.add_exception_handler(StorageQuotaExceeded, lambda request, error: problem(409, str(error)))
    api.add_exception_handler(StorageUnavailable, storage_unavailable)
    api.add_exception_handler(AccountClosed, lambda request, error: problem(401))
    api.add_exception_handler(Http404, lambda request, error: problem(404))
    api.add_exception_handler(RequestDataTooBig, lambda request, error: problem(413))
    for database_error in (OperationalError, InterfaceError):
        api.add_exception_handler(database_error, database_unavailable)
    for parse_error in (BadRequest, MultiPartParserError):
        api.add_exception_handler(parse_error, lambda request, error: problem(400, UNREADABLE_BODY))
    no_credits = "You don't have enough credits. Nothing was charged."
    api.add_exception_handler(InsufficientCredits, lambda request, error: problem(402, no_credits))
