"""What the doctor says of one part."""

from __future__ import annotations

from dataclasses import asdict, dataclass

FINE, LOOK, WRONG = "ok", "look", "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """``state`` is ok, look (it works, but know this) or wrong; ``mend`` is what to do about it."""

    part: str
    state: str
    told: str
    mend: str = ""

    def as_dict(self) -> dict[str, str]:
        return asdict(self)
