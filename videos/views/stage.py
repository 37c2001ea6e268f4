"""The large picture on the dance page: what the video of the chosen dance will look like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.utils.translation import gettext as _

from videos import dances, formats, photos
from videos.forms import DanceForm
from videos.models import CardLoop, Photo, Preview
from videos.photos.framing import can_move_focus, frame_box
from videos.views.cards import StylePanel


@dataclass(frozen=True, slots=True)
class Stage:
    """The chosen dance in the chosen format. ``preview`` and ``loop`` are those of the dance, if there are any."""

    panel: StylePanel
    dance: dances.Dance
    shape: formats.Format
    focus: photos.Focus
    preview: Preview | None = None
    loop: CardLoop | None = None

    @classmethod
    def of(cls, panel: StylePanel, page: Mapping[str, Any]) -> Self:
        """Return the stage for the choice on ``page``, the form that the page has sent."""
        photo = panel.photo
        choice = DanceForm.initial_choice(photo, page)
        dance, shape = dances.BY_SLUG[choice["dance"]], formats.BY_SLUG[choice["format"]]
        focus = photos.Focus(choice["x"], choice["y"])
        preview = photo.previews.filter(dance=dance.slug, **panel.look).first()
        if preview and not preview.is_shown_for(shape, focus):
            preview = None
        return cls(panel, dance, shape, focus, preview, panel.loops().ready.get(dance.slug))

    @property
    def photo(self) -> Photo:
        return self.panel.photo

    @property
    def is_cutting(self) -> bool:
        """Whether nobody knows yet how the pet will dance, because the photo is yet to be examined."""
        return self.panel.is_studio and not self.photo.dances_as and self.photo.due_at is not None

    @property
    def shows_frame(self) -> bool:
        """Whether the video shows a frame of the photo itself: as a print, or as the start of a provider's clip."""
        if not self.panel.is_studio:
            return True
        photo = self.photo
        return photo.dances_as == "print" and not photo.is_dancer and not photo.is_shown_as_sticker

    @property
    def axes(self) -> str:
        """The axes along which moving the focus changes the video: some of ``x`` and ``y``."""
        if self.shows_frame:
            room = can_move_focus(self.photo.width, self.photo.height, self.shape)
        else:
            # A known head chooses among several pets. Without one, the focus does.
            chooses = self.photo.cutout_info.get("parts", 1) > 1 and self.photo.known_head is None
            room = (chooses, chooses)
        return "".join(axis for axis, moves in zip("xy", room, strict=True) if moves)

    @property
    def view_box(self) -> str:
        """The part of the photo that the frame shows, for the thumbnail, which is there before the frame."""
        left, top, right, bottom = frame_box(self.photo.width, self.photo.height, self.shape, self.focus)
        return " ".join(f"{value:.1f}" for value in (left, top, right - left, bottom - top))

    @property
    def clip(self) -> Preview | None:
        """The preview, if it is ready. The video of a provider does not look like it."""
        return self.preview if self.panel.is_studio and self.preview and self.preview.file else None

    @property
    def pet(self) -> dict[str, Any]:
        """What dances on the stage before there is a preview: the same as on the cards."""
        return self.panel.pet()

    @property
    def words(self) -> str:
        """What is under way, in a few words."""
        name = {"name": self.photo.pet_name}
        if self.is_cutting:
            if self.photo.sticker:
                return _("Almost there…")
            return _("Cutting out %(name)s…") % name if self.photo.pet_name else _("Cutting out your pet…")
        if self.photo.due_at:
            return _("Updating %(name)s…") % name if self.photo.pet_name else _("Updating your pet…")
        if self.preview and self.preview.is_pending:
            return _("Making the preview…")
        return ""
