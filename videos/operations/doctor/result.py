"""The result of one check, for the ``doctor`` command and ``/readyz``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

OK, WARNING, ERROR = "ok", "warning", "error"

type Check = Callable[[], CheckResult]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """``state`` is "ok", "warning" (works, with a limitation) or "error". ``hint`` says what to do about it."""

    part: str
    state: str
    message: str
    hint: str = ""

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def run_check(check: Check) -> CheckResult:
    """Return the result of a check. A check that crashes is an error; its function is named after the part."""
    try:
        return check()
    except Exception as error:
        return CheckResult(
            check.__name__, ERROR, f"the check failed: {type(error).__name__}", "See the log of the worker."
        )
