"""The result of one check, for the ``doctor`` command and ``/readyz``."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass

log = logging.getLogger(__name__)

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
    """Return the result of a check. A check that crashes is logged and is an error, named after its function."""
    part = check.__name__
    try:
        return check()
    except Exception as error:
        log.exception("check failed", extra={"part": part})
        message = f"the check failed: {type(error).__name__}"
        return CheckResult(part, ERROR, message, "See the traceback in the log of this process.")
