"""The result of one check of the ``doctor`` command."""

from __future__ import annotations

from dataclasses import asdict, dataclass

OK, WARNING, ERROR = "ok", "warning", "error"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """``state`` is "ok", "warning" (works, with a limitation) or "error". ``hint`` says what to do about it."""

    part: str
    state: str
    message: str
    hint: str = ""

    def as_dict(self) -> dict[str, str]:
        return asdict(self)
