"""The switch between the dancer and the whole pet, and the cards of the dances, which show the chosen style."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from videos import clock, dances, formats, photos
from videos.forms import DanceForm
from videos.models import CardLoop, Photo, Preview, PreviewPending
from videos.models.choices import BODIES, STYLES
from videos.photos.head import HeadPlace
from videos.styles import Style
from videos.views.heads import decimal, head_state

# In units of the mascots' drawings: the lower end of the head, its axis, the width of the skull, and the crown that the
# hats were drawn for.
CHIN, AXIS, SKULL, CROWN = 190, 120, 140, 52
# The highest places of a crown, which leaves room for a hat, and of ears.
HIGHEST_CROWN, HIGHEST_EARS = 20, -18
# A small dancer has a larger head.
SMALL_BODY = 1.15
# How wide the torso is, if it is not the usual one.
BUILDS = {"slim": 0.86, "round": 1.2, "sitting": 1.12}
# The place and the colours of a head whose photo was prepared before they were measured.
USUAL_PLACE = HeadPlace(height=1.05, x=0.5, crown=0.15, chin=1.0, skull=0.85)
USUAL_FUR = {"main": "#c0905e", "second": "#f4e8d6"}


@dataclass(frozen=True, slots=True)
class Dancer:
    """The dancer on the cards: the pet's own head on a drawn body. Its properties are SVG attributes."""

    photo: Photo

    @classmethod
    def of(cls, photo: Photo) -> Self | None:
        """Return the dancer, or None if the whole pet dances or its head is yet to be cut out."""
        is_ready = photo.is_dancer and photo.head_sticker and not photo.due_at
        return cls(photo) if is_ready else None

    @property
    def body(self) -> str:
        return str(self.photo.look["body"])

    @property
    def build(self) -> str:
        """The transform of the torso."""
        width = BUILDS.get(self.body, 1.0)
        return f"translate({AXIS} 0) scale({width} 1) translate(-{AXIS} 0)" if width != 1 else ""

    @property
    def place(self) -> HeadPlace:
        return HeadPlace(**self.photo.head_place) if self.photo.head_place else USUAL_PLACE

    @property
    def head(self) -> dict[str, str]:
        """The box of the picture of the head, with a skull of the usual width."""
        width = SKULL / self.place.skull
        x, y = AXIS - self.place.x * width, CHIN - self.place.chin * width
        return {
            name: decimal(value) for name, value in zip("xywh", (x, y, width, self.place.height * width), strict=True)
        }

    @property
    def hat(self) -> str:
        """The transform that puts a hat on the crown."""
        crown = CHIN - (self.place.chin - self.place.crown) * SKULL / self.place.skull
        return f"translate(0 {decimal(crown - CROWN)})"

    @property
    def fit(self) -> str:
        """The transform that makes the head fit the body, without the ears or a hat leaving the card."""
        width = SKULL / self.place.skull
        ears, crown = self.place.chin * width, (self.place.chin - self.place.crown) * width
        largest = min((CHIN - HIGHEST_EARS) / ears, (CHIN - HIGHEST_CROWN) / crown)
        scale = min(SMALL_BODY if self.body == "small" else 1.0, largest)
        return f"translate({AXIS} {CHIN}) scale({scale:.2f}) translate(-{AXIS} -{CHIN})"

    @property
    def fur(self) -> dict[str, str]:
        return self.photo.fur or USUAL_FUR

    @property
    def head_url(self) -> str:
        """The address of the head, which changes with the head."""
        return f"{reverse('videos:photo_head_sticker', args=[self.photo.pk])}?{self.photo.claim}"


@dataclass(frozen=True, slots=True)
class Loops:
    """The moving dancers that replace the drawn one: those that are ready, by dance, and whether there will be more."""

    ready: dict[str, CardLoop]
    are_coming: bool

    @property
    def versions(self) -> str:
        """What the page sends back to get only the others."""
        return " ".join(loop.version for loop in self.ready.values())


@dataclass(frozen=True, slots=True)
class StylePanel:
    """What the switch and the cards show. Only the studio has styles. ``problem`` is why a choice was refused.

    ``requested`` is a choice that is not saved yet, for example because the session had expired.
    """

    photo: Photo
    is_studio: bool
    problem: str = ""
    requested: dict[str, str] = field(default_factory=dict)

    @property
    def look(self) -> dict[str, Any]:
        return self.photo.look

    @property
    def dancer(self) -> Dancer | None:
        return Dancer.of(self.photo) if self.is_studio else None

    def loops(self) -> Loops:
        """Return the loops of the dancer that the cards show, if they show one."""
        if not self.dancer:
            return Loops({}, are_coming=False)
        rows = {loop.dance: loop for loop in self.photo.loops.all()}
        current = {slug: loop for slug, loop in rows.items() if not loop.is_pending and loop.matches(self.photo)}
        ready = {slug: loop for slug, loop in current.items() if loop.file}
        return Loops(ready, are_coming=len(current) < len(dances.DANCES))

    @property
    def pets(self) -> str:
        """What the cards show: a picture, or the dancer with a certain head and body."""
        return f"dancer {self.photo.claim} {self.photo.body}" if self.dancer else "picture"

    @property
    def is_dancer(self) -> bool:
        return self.photo.is_dancer

    @property
    def styles(self) -> list[dict[str, Any]]:
        needs_head = self.photo.known_head is None
        chosen = self.photo.dance_style if needs_head else self.requested.get("style", self.photo.dance_style)
        return [
            {
                "value": value,
                "name": name,
                "checked": value == chosen,
                "needs_head": needs_head and value == Style.DANCER,
            }
            for value, name in STYLES
        ]

    @property
    def bodies(self) -> list[dict[str, Any]]:
        choices = [("", _("Automatic")), *BODIES]
        chosen = self.requested.get("body", self.photo.body)
        return [{"value": value, "name": name, "checked": value == chosen} for value, name in choices]

    @property
    def hint(self) -> str:
        """What to do before there can be a dancer."""
        hints = {"waiting": _("Looking for the head"), "question": _("Check the head first")}
        return hints.get(head_state(self.photo), _("Show us the head first"))

    def cards(self, shape: formats.Format, focus: photos.Focus) -> dict[str, Any]:
        """Return the context for the dance cards: the previews of this frame, and the pet for all cards."""
        existing = self.photo.previews.filter(**self.look)
        previews = {preview.dance: preview for preview in existing if preview.is_shown_for(shape, focus)}
        loops = self.loops()
        cards = [(dance, previews.get(dance.slug), loops.ready.get(dance.slug)) for dance in dances.DANCES]
        return self.pet() | {"loops": loops, "cards": cards}

    def framed_cards(self, shape: formats.Format, focus: photos.Focus) -> dict[str, Any]:
        """Return the context for the cards whose preview depends on the format and the focus."""
        existing = self.photo.previews.filter(**self.look)
        cards = [(row.catalogue_dance, row if row.is_shown_for(shape, focus) else None, None) for row in existing]
        return {"cards": cards}

    def pet(self) -> dict[str, Any]:
        """Return what all cards show: the dancer, or a picture of the pet.

        A print is shown as a square crop around its focus: a very wide photo would otherwise be a thin strip. With
        people in the photo, it is the sticker, which leaves them out as the video does. The photo's thumbnail, which
        is there at once, stands in until the worker has looked at the photo.
        """
        photo = self.photo
        # During a new preparation the sticker may be outdated, but only the sticker leaves people out.
        is_outdated = bool(photo.due_at) and photo.dances_as == "cutout"
        as_print = not photo.sticker or is_outdated or not photo.is_shown_as_sticker
        if as_print and not photo.dances_as:
            pet = reverse("videos:photo_thumbnail", args=[photo.pk])
        elif as_print:
            around = {"x": str(photo.focus_x), "y": str(photo.focus_y)}
            pet = f"{reverse('videos:photo_frame', args=[photo.pk, 'square'])}?{urlencode(around)}"
        else:
            pet = reverse("videos:photo_sticker", args=[photo.pk])
        return {"as_print": as_print, "pet": pet, "dancer": self.dancer}

    def changed_cards(self, page: Mapping[str, Any], *, follow: bool = False) -> dict[str, Any]:
        """Return the context for the cards that changed since ``page``, the form that the page has sent.

        They are all if the pets on them or the style changed. Otherwise, they are those whose preview shows
        another head than the photo has now, without that preview. With ``follow``, the preview of the chosen dance is
        requested again if it was shown.
        """
        choice = DanceForm.initial_choice(self.photo, page)
        shape, focus = formats.BY_SLUG[choice["format"]], photos.Focus(choice["x"], choice["y"])
        was, now = [page.get("style_was"), page.get("body_was")], [self.look["style"], self.look["body"]]
        has_new_style = was[0] is not None and was != now
        # The old head stays on the cards until the new one is cut out.
        is_cutting = self.is_dancer and self.photo.due_at is not None
        has_new_pets = page.get("pets") not in (None, self.pets) and not is_cutting
        outdated = self.outdated_previews()
        shown = {preview.dance for preview in outdated}
        if has_new_style:
            shown |= set(self.photo.previews.filter(style=was[0], body=was[1] or "").values_list("dance", flat=True))
        requested = None
        if follow and choice["dance"] in shown:
            dance = dances.BY_SLUG[choice["dance"]]
            # A guest who waits for another preview can ask for this one again.
            with suppress(PreviewPending):
                requested = self.photo.preview_of(dance, clock.now(), shape, focus)
        context = {"has_new_pets": has_new_pets}
        if has_new_style or has_new_pets:
            return context | self.cards(shape, focus)
        dances_of_previews = [preview.catalogue_dance for preview in outdated]
        following = {requested.dance: requested} if requested else {}
        return context | {"cards": [(dance, following.get(dance.slug), None) for dance in dances_of_previews]}

    def outdated_previews(self) -> list[Preview]:
        """Return the previews that show another head than the photo has now."""
        ready = self.photo.previews.filter(**self.look).exclude(file="").select_related("photo")
        return [preview for preview in ready if not preview.matches(preview.shape, preview.focus)]
