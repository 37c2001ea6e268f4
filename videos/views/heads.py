"""The panel that shows an owner where the pet's head is in the photo, and that takes the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from django.utils.translation import gettext

from videos.forms import HeadForm
from videos.models import Photo
from videos.photos.head import ON_FACE, Head, HeadSource

# Where the oval appears if no head is known, above the middle of the photo as most heads are.
FIRST_GUESS = Head(0.5, 0.4, 0.12, 0.14)
# A head on the thumbnail beside the title has this much of the photo around it.
MARGIN = 1.15
# The smallest side of another head's button, as a share of the longer side: 44 pixels on a narrow phone.
SMALLEST_BUTTON = 0.16


def decimal(number: float) -> str:
    """Return a number for an SVG attribute, which never has a decimal comma."""
    return f"{round(number, 2):g}" if abs(number) < 1 else f"{number:.1f}"


@dataclass(frozen=True, slots=True)
class Oval:
    """A head as it is drawn over its photo of ``width`` x ``height`` pixels. Its properties are SVG attributes."""

    head: Head
    width: int
    height: int

    @property
    def centre(self) -> tuple[float, float]:
        return self.head.x * self.width, self.head.y * self.height

    @property
    def longer_side(self) -> int:
        return max(self.width, self.height)

    @property
    def rx(self) -> str:
        return decimal(self.head.rx * self.longer_side)

    @property
    def ry(self) -> str:
        return decimal(self.head.ry * self.longer_side)

    @property
    def transform(self) -> str:
        x, y = map(decimal, self.centre)
        return f"translate({x} {y}) rotate({decimal(self.head.tilt)})"

    @property
    def upright(self) -> str:
        """The turn of the photo that makes the head upright."""
        return " ".join(("rotate(" + decimal(-self.head.tilt), *map(decimal, self.centre))) + ")"

    @property
    def view_box(self) -> str:
        """A square around the head, upright or not."""
        radius = MARGIN * max(self.head.rx, self.head.ry) * self.longer_side
        x, y = self.centre
        return " ".join(map(decimal, (x - radius, y - radius, 2 * radius, 2 * radius)))

    @property
    def button(self) -> dict[str, str]:
        """The box of the button that chooses this head."""
        side = max(2 * max(self.head.rx, self.head.ry), SMALLEST_BUTTON) * self.longer_side
        x, y = self.centre
        return {"x": decimal(x - side / 2), "y": decimal(y - side / 2), "side": decimal(side)}

    @property
    def numbers(self) -> str:
        """The five numbers, for the page's script."""
        return " ".join(str(number) for number in self.head.as_json.values())


@dataclass(frozen=True, slots=True)
class HeadPanel:
    """What the panel shows.

    ``state`` is ``waiting`` while the worker looks for a head, ``question`` if the owner should confirm it, ``known``,
    ``person`` if the oval that the owner has sent is on the face of a person, ``none`` if the owner has said that there
    is none, ``missing`` if none was found, or ``unasked`` if nobody looked. ``others`` are the other heads that were
    found, with their places among all. ``problem`` is why an answer was refused.
    """

    photo: Photo
    state: str
    oval: Oval | None
    others: list[tuple[int, Oval]]
    is_open: bool
    problem: str = ""

    @classmethod
    def of(cls, photo: Photo, *, is_open: bool | None = None, problem: str = "") -> Self:
        """Return the panel for a photo. It is open if it asks something, unless ``is_open`` says otherwise."""
        current, state = photo.oval, head_state(photo)
        others = [(place, found.head) for place, found in enumerate(photo.proposed_heads) if found.head != current]
        return cls(
            photo=photo,
            state=state,
            oval=Oval(current, photo.width, photo.height) if current else None,
            others=[
                (place, Oval(head, photo.width, photo.height)) for place, head in others if not photo.is_person(head)
            ],
            is_open=state in ("question", "person", "missing") if is_open is None else is_open,
            problem=problem or (gettext(ON_FACE) if state == "person" else ""),
        )

    @property
    def is_confirmed(self) -> bool:
        return self.photo.head_source == HeadSource.OWNER

    @property
    def drawn(self) -> Oval:
        """The oval, or the place where the first one appears."""
        return self.oval or Oval(FIRST_GUESS, self.photo.width, self.photo.height)

    @property
    def was(self) -> str:
        """What ``HeadForm.was`` is to be when the next answer is undone."""
        if not self.oval:
            return ""
        return "owner" if self.is_confirmed else "sure" if self.state == "known" else "question"

    @property
    def sliders(self) -> list[Any]:
        form = HeadForm(prefix="head", photo=self.photo, initial=self.drawn.head.as_json)
        return [form[name] for name in HeadForm.OVAL]


def head_state(photo: Photo) -> str:
    if photo.oval:
        if photo.is_person(photo.oval):
            return "person"
        return "known" if photo.is_head_sure else "question"
    if photo.head_source:
        return "none" if photo.head_source == HeadSource.OWNER else "missing"
    return "waiting" if photo.due_at else "unasked"


def answer(photo: Photo, form: HeadForm) -> None:
    """Store the owner's answer, which must be valid."""
    reply, head = form.cleaned_data["answer"], form.head
    if reply == "reject":
        photo.reject_head()
    elif reply == "undo" and form.cleaned_data["was"] != "owner":
        same = next((one for one in photo.proposed_heads if head and one.head.is_close(head)), None)
        if same:
            photo.repropose_head(same, sure=form.cleaned_data["was"] == "sure")
        else:
            photo.set_head(head)
    elif reply.isdigit():
        if head:
            photo.set_head(head)
    else:
        # The sliders round the numbers that they were given.
        unchanged = head and photo.oval and photo.oval.is_close(head)
        photo.set_head(photo.oval if unchanged else head)
