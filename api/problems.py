"""Errors as ``application/problem+json`` (RFC 9457): a stable type for programs, a sentence for people."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from django.http.multipartparser import MultiPartParserError
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
    400: ("bad_request", "The request was not understood"),
    401: ("login_needed", "Who are you?"),
    402: ("insufficient_credits", "Not enough credits"),
    403: ("forbidden", "Not allowed"),
    404: ("not_found", "Not found"),
    405: ("method_not_allowed", "Method not allowed"),
    409: ("full", "There is no room for more"),
    413: ("too_large", "Too large"),
    422: ("invalid", "Something in the request is not right"),
    429: ("too_many_requests", "Too many requests"),
    500: ("our_fault", "That did not work, and it is our fault"),
    503: ("away", "Something that we need is away"),
}
UNREADABLE_BODY = "The body could not be read. Is it JSON, or a form with a file where one is asked for?"
STUDIO_CLOSED = ("studio_closed", "The studio is closed")
NO_ROOM = ("busy", "There is no room just now")
DETAILS = {
    400: "The request could not be read.",
    401: "Send a token from your account page as 'Authorization: Bearer ...', or log in.",
    404: "There is nothing here that is yours.",
    413: "Please send less at once: a photo may have up to 10 MB.",
    500: "Nothing was charged that is not in your account's history. We have been told; please try again later.",
    503: "Please try again in a minute.",
}


class InvalidField(Exception):
    """A request that makes no sense as a whole: ``field`` says where, the message what to do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class TemporarilyUnavailable(Exception):
    """The same request may do in a minute; the message says so."""


def problem(
    status: int, detail: str = "", *, errors: list[dict[str, str]] | None = None, kind: tuple[str, str] | None = None
) -> JsonResponse:
    """``kind`` is the type's last word and the title; those of the status unless told."""
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
    """Where in the request something is wrong; what was sent is not sent back."""
    errors = [{"field": field_path(row["loc"]), "message": row["msg"]} for row in error.errors]
    fields = ", ".join(sorted({row["field"] for row in errors if row["field"]}))
    return problem(422, f"Please look at: {fields}." if fields else "", errors=errors)


def field_path(place: tuple[str | int, ...]) -> str:
    """The field as a program sent it: after where in the request it was and, for a body, our own name for the whole."""
    return ".".join(str(part) for part in place[2 if place[0] == "body" else 1 :])


def invalid_field(request: HttpRequest, error: Any) -> JsonResponse:
    return problem(422, str(error), errors=[{"field": error.field, "message": str(error)}])


def http_error(request: HttpRequest, error: Any) -> JsonResponse:
    status = error.status_code if error.status_code in TITLES else 400
    # The words for what is no JSON are the library's own.
    return problem(status, {400: UNREADABLE_BODY, 401: ""}.get(status, str(error)))


def throttled(request: HttpRequest, error: Any) -> JsonResponse:
    return problem(429, f"Please try again in {request.rate_limit.reset_after} seconds.")  # type: ignore[attr-defined]


def service_unavailable(detail: str, kind: tuple[str, str] | None = None) -> JsonResponse:
    response = problem(503, detail, kind=kind)
    response.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def database_unavailable(request: HttpRequest, error: Any) -> JsonResponse:
    log.error("the database is away", exc_info=error)
    return service_unavailable("")


def limit_exceeded(request: HttpRequest, error: Any) -> JsonResponse:
    response = problem(429, error.sentence)
    response.headers["Retry-After"] = str(error.result.reset_after)
    return response


def storage_unavailable(request: HttpRequest, error: Any) -> JsonResponse:
    log.error("the storage is away", extra={"reason": str(error)})
    return service_unavailable("The files cannot be reached just now. Please try again in a minute.")


def install(api: NinjaAPI) -> None:
    """Whatever goes wrong in an operation of ``api`` is told as a problem.

    What nobody foresaw goes on to Django, which logs it; ``api.middleware`` has the last word on what is answered.
    """
    api.add_exception_handler(ValidationError, validation_error)
    api.add_exception_handler(InvalidField, invalid_field)
    api.add_exception_handler(HttpError, http_error)
    api.add_exception_handler(Throttled, throttled)
    api.add_exception_handler(
        ProviderUnavailable, lambda request, error: service_unavailable(UNAVAILABLE_TEXT, STUDIO_CLOSED)
    )
    api.add_exception_handler(TemporarilyUnavailable, lambda request, error: service_unavailable(str(error), NO_ROOM))
    api.add_exception_handler(LimitExceeded, limit_exceeded)
    api.add_exception_handler(StorageQuotaExceeded, lambda request, error: problem(409, str(error)))
    api.add_exception_handler(StorageUnavailable, storage_unavailable)
    api.add_exception_handler(AccountClosed, lambda request, error: problem(401))
    api.add_exception_handler(Http404, lambda request, error: problem(404))
    api.add_exception_handler(RequestDataTooBig, lambda request, error: problem(413))
    for away in (OperationalError, InterfaceError):
        api.add_exception_handler(away, database_unavailable)
    for unread in (BadRequest, MultiPartParserError):
        api.add_exception_handler(unread, lambda request, error: problem(400, UNREADABLE_BODY))
    no_credits = "This costs more credits than you have. Nothing was charged."
    api.add_exception_handler(InsufficientCredits, lambda request, error: problem(402, no_credits))
