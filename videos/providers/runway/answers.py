"""What Runway's answers mean: typed results, and for each failure whose it is and whether money can have been spent."""

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeGuard

from videos.providers.base import (
    Closed,
    NotAccepted,
    ProviderError,
    Refused,
    Submission,
    Task,
    TaskState,
    Unknown,
    Unreachable,
)
from videos.providers.runway.transport import Answer

# Nothing was created, and no other order would fare better: money, key, or an address that is not Runway's.
_CLOSED = frozenset({401, 402, 403, 404, 405, 410})
_NOT_ACCEPTED = frozenset({429, 503})
# 408, 409 and 425 say nothing of what became of the order; the SDK resends the first two.
_UNKNOWN = frozenset({408, 409, 425})

_STATES = {
    "PENDING": TaskState.WAITING,
    "THROTTLED": TaskState.WAITING,
    "RUNNING": TaskState.RUNNING,
    "SUCCEEDED": TaskState.SUCCEEDED,
    "FAILED": TaskState.FAILED,
    "CANCELLED": TaskState.CANCELLED,
    "CANCELED": TaskState.CANCELLED,
}


class Refusal(StrEnum):
    """Why an order was refused, for the owner's sentence: ``Refused.code``."""

    BAD_PHOTO = "bad_photo"
    BAD_PROMPT = "bad_prompt"
    NOT_OFFERED = "not_offered"
    BAD_REQUEST = "bad_request"


@dataclass(frozen=True, slots=True)
class Organization:
    """The operator's account at Runway and one model's limits in it.

    ``balance`` is in Runway's credits. ``max_concurrent`` and ``max_daily`` are None where there is no limit or the
    model is not listed; ``unlimited`` says that as many as one likes may run at a time. ``used_today`` counts this
    model's generations in the past day.
    """

    balance: int
    max_concurrent: int | None
    max_daily: int | None
    used_today: int
    unlimited: bool = False

    @property
    def capped(self) -> bool:
        """Whether the day's generations are used up, so that a create would be answered with 429."""
        return self.max_daily is not None and self.used_today >= self.max_daily


def submission(answer: Answer, prompt: str) -> Submission:
    """The task that a create made. Raises NotAccepted, Unknown, Refused or Closed."""
    if 200 <= answer.status < 300:
        body = answer.body or {}
        task_id = body.get("id")
        if not is_task_id(task_id):
            raise Unknown(f"{answer.status} without a task's id (call {answer.call})")
        return Submission(task_id, _credits(body.get("estimatedCost")))
    raise _create_error(answer, prompt)


def _create_error(answer: Answer, prompt: str) -> ProviderError:
    status = answer.status
    said = scrubbed(_error_text(answer.body), prompt)
    reason = f"{status}: {said or 'no reason given'} (call {answer.call})"
    if status in _NOT_ACCEPTED:
        return NotAccepted(reason, retry_after=answer.retry_after)
    if status in _CLOSED or 300 <= status < 400 or _is_out_of_credits(answer):
        return Closed(reason, retry_after=answer.retry_after)
    if status in _UNKNOWN or not 400 <= status < 500:
        return Unknown(reason, retry_after=answer.retry_after)
    return Refused(reason, code=_refusal(answer))


def _is_out_of_credits(answer: Answer) -> bool:
    return answer.status == 400 and "enough credits" in _error_text(answer.body).lower()


def _refusal(answer: Answer) -> Refusal:
    if answer.status == 413:
        return Refusal.BAD_PHOTO
    named = " ".join([_error_text(answer.body), *_issue_paths(answer.body)])
    if "promptImage" in named:
        return Refusal.BAD_PHOTO
    return Refusal.BAD_PROMPT if "promptText" in named else Refusal.BAD_REQUEST


def task(answer: Answer, task_id: str) -> Task:
    """The task that a poll found; ``GONE`` when Runway no longer knows it. Raises Unreachable or Closed."""
    if _is_unknown_task(answer):
        return Task(task_id, TaskState.GONE)
    body = _body_of(answer)
    status = body.get("status")
    if not isinstance(status, str) or body.get("id") != task_id:
        raise Unreachable(f"the answer is not this task (call {answer.call})")
    # An unknown status is news of Runway's, no failure: the task goes on.
    state = _STATES.get(status.upper(), TaskState.RUNNING)
    output, code = body.get("output"), body.get("failureCode")
    done = state is TaskState.SUCCEEDED
    return Task(
        task_id,
        state,
        progress=1.0 if done else _progress(body.get("progress")),
        failure_code=code[:100] if isinstance(code, str) and state is TaskState.FAILED else "",
        cost=_credits(body.get("cost")),
        output_url=output[0] if done and isinstance(output, list) and output and isinstance(output[0], str) else "",
    )


def organization(answer: Answer, model: str) -> Organization:
    """The account as it stands. Raises Unreachable or Closed."""
    body = _body_of(answer)
    balance = _whole(body.get("creditBalance"))
    if balance is None:
        raise Unreachable(f"the answer names no balance (call {answer.call})")
    tier, usage = _inner(body, "tier", "models", model), _inner(body, "usage", "models", model)
    return Organization(
        balance=balance,
        max_concurrent=_whole(tier.get("maxConcurrentGenerations")),
        max_daily=_whole(tier.get("maxDailyGenerations")),
        used_today=_whole(usage.get("dailyGenerations")) or 0,
        unlimited=tier.get("maxConcurrentGenerations", 0) is None,
    )


def gone(answer: Answer) -> None:
    """Accept the answer to a DELETE: done, or nothing was there. Raises Unreachable."""
    if not (200 <= answer.status < 300 or _is_unknown_task(answer)):
        raise Unreachable(f"{answer.status} (call {answer.call})", retry_after=answer.retry_after)


def _is_unknown_task(answer: Answer) -> bool:
    # Any other 404, of a proxy or a gateway, is no word of Runway's: the task goes on, and has been paid.
    return answer.status == 404 and "could not find task" in _error_text(answer.body).lower()


def _body_of(answer: Answer) -> dict[str, Any]:
    if answer.status in (401, 403):
        raise Closed(f"{answer.status}: {scrubbed(_error_text(answer.body))} (call {answer.call})")
    if answer.status != 200 or answer.body is None:
        kind = "" if answer.body is not None else " without JSON"
        raise Unreachable(f"{answer.status}{kind} (call {answer.call})", retry_after=answer.retry_after)
    return answer.body


def is_task_id(value: object) -> TypeGuard[str]:
    """Whether this can be a task's id: it goes into addresses and into a column of a hundred characters."""
    return isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9_-]{1,100}", value) is not None


def scrubbed(text: str, prompt: str = "") -> str:
    """Runway's words for staff and logs: one line of at most 200 characters without key, address, picture or prompt."""
    if len(prompt) >= 24 and any(prompt[start : start + 24] in text for start in range(len(prompt) - 23)):
        return "(withheld: it quotes the prompt)"
    text = re.sub(r"key_\w+|(?:https?|data|runway):\S+|\S+@\S+|\S{60,}", "(removed)", text)
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:200]


def _error_text(body: dict[str, Any] | None) -> str:
    said = (body or {}).get("error")
    return said if isinstance(said, str) else ""


def _issue_paths(body: dict[str, Any] | None) -> list[str]:
    issues = (body or {}).get("issues")
    found = [issue.get("path") for issue in issues if isinstance(issue, dict)] if isinstance(issues, list) else []
    return [str(path[0]) for path in found if isinstance(path, list) and path]


def _inner(body: dict[str, Any], *keys: str) -> dict[str, Any]:
    for key in keys:
        inner = body.get(key)
        if not isinstance(inner, dict):
            return {}
        body = inner
    return body


def _number(value: object) -> float | None:
    # JSON of Python's kind may hold NaN and Infinity; and True is an int.
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return value


def _whole(value: object) -> int | None:
    number = _number(value)
    return None if number is None else math.ceil(number)


def _credits(cost: object) -> int | None:
    number = _whole(cost.get("credits")) if isinstance(cost, dict) else None
    return None if number is None else max(0, number)


def _progress(value: object) -> float:
    return min(max(_number(value) or 0.0, 0.0), 1.0)
