"""Parsers of Runway's responses. Each error says who is at fault and whether money may have been spent."""

import math
import re
from dataclasses import dataclass
from typing import Any, TypeGuard

from videos.providers.base import (
    AccountUnavailable,
    FailureKind,
    OrderRejected,
    OutcomeUnknown,
    ProviderError,
    RejectionCode,
    RequestFailed,
    Submission,
    Task,
    TaskState,
    TemporarilyRejected,
)
from videos.providers.runway.failures import failure_kind
from videos.providers.runway.transport import ApiResponse

# Nothing was created, and any other order would fail too: no credits, a bad key, or a URL that is not Runway's.
_UNAVAILABLE_STATUSES = frozenset({401, 402, 403, 404, 405, 410})
_TEMPORARY_STATUSES = frozenset({429, 503})
# 408, 409 and 425 do not say whether the order was accepted; the SDK retries the first two.
_AMBIGUOUS_STATUSES = frozenset({408, 409, 425})

_STATES = {
    "PENDING": TaskState.WAITING,
    "THROTTLED": TaskState.WAITING,
    "RUNNING": TaskState.RUNNING,
    "SUCCEEDED": TaskState.SUCCEEDED,
    "FAILED": TaskState.FAILED,
    "CANCELLED": TaskState.CANCELLED,
    "CANCELED": TaskState.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Organization:
    """The operator's account at Runway and one model's limits in it.

    ``balance`` is in Runway's credits. ``max_concurrent`` and ``max_daily`` are None if there is no limit or the
    model is not listed. ``unlimited`` is whether any number of tasks may run at a time. ``used_today`` counts this
    model's generations in the past day.
    """

    balance: int
    max_concurrent: int | None
    max_daily: int | None
    used_today: int
    unlimited: bool = False

    @property
    def daily_limit_reached(self) -> bool:
        """Return whether the day's generations are used up, so that a create would return 429."""
        return self.max_daily is not None and self.used_today >= self.max_daily


def parse_submission(response: ApiResponse, prompt: str) -> Submission:
    """Return the created task. Raises TemporarilyRejected, OutcomeUnknown, OrderRejected or AccountUnavailable."""
    if 200 <= response.status < 300:
        body = response.body or {}
        task_id = body.get("id")
        if not is_task_id(task_id):
            raise OutcomeUnknown(f"{response.status} without a task id (call {response.call_id})")
        return Submission(task_id, _credits(body.get("estimatedCost")))
    raise _submit_error(response, prompt)


def _submit_error(response: ApiResponse, prompt: str) -> ProviderError:
    status = response.status
    message = scrub(_error_text(response.body), prompt)
    reason = f"{status}: {message or 'no reason given'} (call {response.call_id})"
    if status in _TEMPORARY_STATUSES:
        return TemporarilyRejected(reason, retry_after=response.retry_after)
    if status in _UNAVAILABLE_STATUSES or 300 <= status < 400 or _is_out_of_credits(response):
        return AccountUnavailable(reason, retry_after=response.retry_after)
    if status in _AMBIGUOUS_STATUSES or not 400 <= status < 500:
        return OutcomeUnknown(reason, retry_after=response.retry_after)
    return OrderRejected(reason, code=_rejection_code(response))


def _is_out_of_credits(response: ApiResponse) -> bool:
    return response.status == 400 and "enough credits" in _error_text(response.body).lower()


def _rejection_code(response: ApiResponse) -> RejectionCode:
    if response.status == 413:
        return RejectionCode.BAD_PHOTO
    details = " ".join([_error_text(response.body), *_issue_paths(response.body)])
    if "promptImage" in details:
        return RejectionCode.BAD_PHOTO
    return RejectionCode.BAD_PROMPT if "promptText" in details else RejectionCode.BAD_REQUEST


def parse_task(response: ApiResponse, task_id: str) -> Task:
    """Return the polled task; ``GONE`` if Runway no longer knows it.

    Raises RequestFailed or AccountUnavailable.
    """
    if _is_unknown_task(response):
        return Task(task_id, TaskState.GONE)
    body = _json_body(response)
    status = body.get("status")
    if not isinstance(status, str) or body.get("id") != task_id:
        raise RequestFailed(f"the response is not about this task (call {response.call_id})")
    # Runway may add a status. It is not a failure, so the task counts as running.
    state = _STATES.get(status.upper(), TaskState.RUNNING)
    output, code = body.get("output"), body.get("failureCode")
    succeeded = state is TaskState.SUCCEEDED
    failure_code = code[:100] if isinstance(code, str) and state is TaskState.FAILED else ""
    return Task(
        task_id,
        state,
        progress=1.0 if succeeded else _progress(body.get("progress")),
        failure=failure_kind(failure_code) if failure_code else FailureKind.INTERNAL,
        failure_code=failure_code,
        cost=_credits(body.get("cost")),
        output_url=output[0]
        if succeeded and isinstance(output, list) and output and isinstance(output[0], str)
        else "",
    )


def parse_organization(response: ApiResponse, model: str) -> Organization:
    """Return the account's current state. Raises RequestFailed or AccountUnavailable."""
    body = _json_body(response)
    balance = _integer(body.get("creditBalance"))
    if balance is None:
        raise RequestFailed(f"the response contains no balance (call {response.call_id})")
    tier, usage = _nested(body, "tier", "models", model), _nested(body, "usage", "models", model)
    return Organization(
        balance=balance,
        max_concurrent=_integer(tier.get("maxConcurrentGenerations")),
        max_daily=_integer(tier.get("maxDailyGenerations")),
        used_today=_integer(usage.get("dailyGenerations")) or 0,
        unlimited=tier.get("maxConcurrentGenerations", 0) is None,
    )


def check_deleted(response: ApiResponse) -> None:
    """Accept the response to a DELETE if the task is deleted or unknown. Raises RequestFailed."""
    if not (200 <= response.status < 300 or _is_unknown_task(response)):
        raise RequestFailed(f"{response.status} (call {response.call_id})", retry_after=response.retry_after)


def _is_unknown_task(response: ApiResponse) -> bool:
    # Any other 404 comes from a proxy or gateway, not from Runway: the task continues and has been paid for.
    return response.status == 404 and "could not find task" in _error_text(response.body).lower()


def _json_body(response: ApiResponse) -> dict[str, Any]:
    if response.status in (401, 403):
        raise AccountUnavailable(f"{response.status}: {scrub(_error_text(response.body))} (call {response.call_id})")
    if response.status != 200 or response.body is None:
        kind = "" if response.body is not None else " without JSON"
        raise RequestFailed(f"{response.status}{kind} (call {response.call_id})", retry_after=response.retry_after)
    return response.body


def is_task_id(value: object) -> TypeGuard[str]:
    """Return whether ``value`` can be a task id, which goes into URLs and a column of 100 characters."""
    return isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9_-]{1,100}", value) is not None


def scrub(text: str, prompt: str = "") -> str:
    """Return Runway's text for staff and logs: one line, up to 200 characters, without key, URL, picture or prompt."""
    if len(prompt) >= 24 and any(prompt[start : start + 24] in text for start in range(len(prompt) - 23)):
        return "(withheld: quotes the prompt)"
    text = re.sub(r"key_\w+|(?:https?|data|runway):\S+|\S+@\S+|\S{60,}", "(removed)", text)
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:200]


def _error_text(body: dict[str, Any] | None) -> str:
    message = (body or {}).get("error")
    return message if isinstance(message, str) else ""


def _issue_paths(body: dict[str, Any] | None) -> list[str]:
    issues = (body or {}).get("issues")
    paths = [issue.get("path") for issue in issues if isinstance(issue, dict)] if isinstance(issues, list) else []
    return [str(path[0]) for path in paths if isinstance(path, list) and path]


def _nested(body: dict[str, Any], *keys: str) -> dict[str, Any]:
    for key in keys:
        inner = body.get(key)
        if not isinstance(inner, dict):
            return {}
        body = inner
    return body


def _number(value: object) -> float | None:
    # Python's JSON parser accepts NaN and Infinity, and True is an int.
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return value


def _integer(value: object) -> int | None:
    number = _number(value)
    return None if number is None else math.ceil(number)


def _credits(cost: object) -> int | None:
    number = _integer(cost.get("credits")) if isinstance(cost, dict) else None
    return None if number is None else max(0, number)


def _progress(value: object) -> float:
    return min(max(_number(value) or 0.0, 0.0), 1.0)
