"""Where a pet's head is in its photo: an oval, and who said so."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from videos import mark
from videos.translation import gettext as _

# A head that is smaller has too few pixels for a video. A larger one would leave nothing of the photo around it.
MIN_RADIUS, MAX_RADIUS = 0.02, 0.75
# The longer radius is at most this many times the shorter one.
MAX_RATIO = 3.0
# From this confidence up, a proposed head is used without asking the owner.
SURE = 0.85
# From this confidence up, a proposed head may be shown instead of a person, although nobody has confirmed it.
LIKELY = 0.3
# What an owner reads whose oval lies on a human face.
ON_FACE = mark.gettext("That looks like a person's face. Move the oval to your pet's face.")


class HeadSource(StrEnum):
    """Who said where the head is: the head finder, the outline of the pet, or the owner."""

    DETECTOR = "detector"
    OUTLINE = "outline"
    OWNER = "owner"


class InvalidHead(ValueError):
    """The oval cannot be a head in this photo. ``field`` is the value at fault, and the message says what to do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Head:
    """An oval around the whole head, from the chin to the tips of the ears.

    ``x`` and ``y`` are its centre, as shares (0 to 1) of the photo's width and height. ``rx`` and ``ry`` are its
    radii across and along the face, as shares of the photo's longer side. ``tilt`` is the clockwise turn in degrees
    (-180 to 180); 0 is a head with its crown up. The oval may reach beyond the photo's edge, its centre may not.
    The numbers are rounded to a ten-thousandth.
    """

    x: float
    y: float
    rx: float
    ry: float
    tilt: float = 0.0

    def __post_init__(self) -> None:
        for field in ("x", "y", "rx", "ry", "tilt"):
            value = getattr(self, field)
            if not math.isfinite(value):
                raise InvalidHead(field, _("Enter a number."))
            # Round before the checks, so that a head that is stored can always be restored.
            object.__setattr__(self, field, round(float(value), 4))
        for field in ("x", "y"):
            if not 0 <= getattr(self, field) <= 1:
                raise InvalidHead(field, _("The middle of the head must be inside the photo, from 0 to 1."))
        for field in ("rx", "ry"):
            if not MIN_RADIUS <= getattr(self, field) <= MAX_RADIUS:
                sentence = _("Choose a radius from %(least)s to %(most)s of the longer side.")
                raise InvalidHead(field, sentence % {"least": MIN_RADIUS, "most": MAX_RADIUS})
        if max(self.rx, self.ry) > MAX_RATIO * min(self.rx, self.ry):
            raise InvalidHead("ry", _("One radius can be at most %(most)d times the other.") % {"most": MAX_RATIO})
        if not -180 <= self.tilt <= 180:
            raise InvalidHead("tilt", _("Choose a tilt from -180 to 180 degrees."))

    @classmethod
    def from_json(cls, data: dict[str, Any] | None) -> Self | None:
        """Restore a head from ``as_json``, or None from nothing."""
        return cls(**data) if data else None

    def is_close(self, other: Self) -> bool:
        """Whether the two differ by less than a step of the page's sliders, which round what they are given."""
        shares = all(abs(getattr(self, name) - getattr(other, name)) < 0.003 for name in ("x", "y", "rx", "ry"))
        return shares and abs(self.tilt - other.tilt) < 0.6

    @property
    def as_json(self) -> dict[str, float]:
        """The five numbers, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class FoundHead:
    """A head that was proposed for a photo.

    ``confidence`` (0 to 1) is the calibrated probability that the oval's middle is within half a head of the real one,
    rounded to a ten-thousandth.
    """

    head: Head
    confidence: float
    source: HeadSource

    def __post_init__(self) -> None:
        object.__setattr__(self, "confidence", round(self.confidence, 4))

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(Head(**data["head"]), data["confidence"], HeadSource(data["source"]))

    @property
    def as_json(self) -> dict[str, Any]:
        return {"head": self.head.as_json, "confidence": self.confidence, "source": self.source}

    @property
    def is_sure(self) -> bool:
        return self.confidence >= SURE


@dataclass(frozen=True, slots=True)
class HeadPlace:
    """Where the skull is in the sticker of a head, as shares (0 to 1) of the sticker's width.

    ``height`` is the height of the sticker. ``x`` is the middle of the skull, and ``skull`` its width without ears.
    ``crown`` is the top of the head between the ears, and ``chin`` its lower end, both from the sticker's top.
    """

    height: float
    x: float
    crown: float
    chin: float
    skull: float

    @property
    def as_json(self) -> dict[str, float]:
        """The five numbers, rounded to a thousandth, ready for JSON."""
        return {name: round(value, 3) for name, value in asdict(self).items()}


def is_on_face(head: Head, faces: Iterable[Sequence[float]]) -> bool:
    """Whether the middle of the head lies in a human face.

    Each face is left, top, right and bottom, as shares (0 to 1) of the photo's width and height.
    """
    return any(left <= head.x <= right and top <= head.y <= bottom for left, top, right, bottom in faces)


def pets_only(heads: Iterable[Head], faces: Sequence[Sequence[float]]) -> list[Head]:
    """Return ``heads`` without those on a human face. ``faces`` are as in ``is_on_face``."""
    return [head for head in heads if not is_on_face(head, faces)]
