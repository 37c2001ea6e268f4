"""The head of the pet in a photo: found by the worker, confirmed or corrected by the owner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from videos import clock
from videos.models.choices import HEAD_SOURCES
from videos.models.leases import LeasedModel
from videos.models.turns import new_place
from videos.photos.head import LIKELY, SURE, FoundHead, Head, HeadSource, is_on_face


class HeadFields(LeasedModel):
    """The fields of ``Photo`` for the pet's head.

    ``head`` is the oval around the pet's head (``Head.as_json``), or None. ``head_source`` is empty until the worker
    has looked for a head or the owner has said where it is. From then on, only the owner changes the head. If it is
    ``owner`` and there is no oval, the owner has said that there is no head. An oval on the face of a person is never
    used, even if the owner has sent it. ``head_sticker`` is the head alone (WebP with a transparent background).
    ``head_place`` says where the skull is in that picture (``HeadPlace.as_json``), and ``fur`` has the two colours of
    the fur (``main`` and ``second``, as ``#rrggbb``), for the dancer on the cards. Both are None without a sticker.

    ``cutout_info`` has the measurements of the preparation, with the human faces and all heads that were found.
    """

    cutout_info = models.JSONField(
        _("cutout info"), default=dict, blank=True, help_text=_("Measurements of the cutout.")
    )
    head = models.JSONField(_("head"), null=True, blank=True, help_text=_("The oval around the pet's head."))
    head_source = models.CharField(
        _("head source"), max_length=10, choices=HEAD_SOURCES, blank=True, default="", db_default=""
    )
    head_confidence = models.FloatField(
        _("head confidence"), null=True, blank=True, help_text=_("Certainty about the head, 0 to 1.")
    )
    head_sticker = models.FileField(_("head sticker"), max_length=120, blank=True, default="", db_default="")
    head_place = models.JSONField(
        _("head place"), null=True, blank=True, help_text=_("Where the skull is in the head's sticker.")
    )
    fur = models.JSONField(_("fur"), null=True, blank=True, help_text=_("The colors of the fur."))
    HEAD_FIELDS = ("head", "head_source", "head_confidence", "head_sticker", "head_place", "fur")

    class Meta:
        abstract = True

    @property
    def oval(self) -> Head | None:
        """The head as proposed or confirmed, sure or not."""
        return Head.from_json(self.head)

    @property
    def is_head_sure(self) -> bool:
        """Whether the owner has answered, or the proposed head needs no confirmation. A person's face is never sure."""
        if self.oval and self.is_person(self.oval):
            return False
        return self.head_source == HeadSource.OWNER or (self.head_confidence or 0.0) >= SURE

    def is_person(self, head: Head) -> bool:
        """Whether the head is on a human face in this photo. Until the photo is prepared, no face is known."""
        return is_on_face(head, self.cutout_info.get("faces", ()))

    @property
    def known_head(self) -> Head | None:
        """The head that videos use: only one that is sure."""
        return self.oval if self.is_head_sure else None

    @property
    def may_have_head(self) -> bool:
        """Whether videos use the head, or nobody has looked for one yet."""
        return self.known_head is not None or not self.head_source

    @property
    def likely_head(self) -> Head | None:
        """The head that a card shows instead of a person: the known one, or one that is likely."""
        if self.oval and not self.is_person(self.oval) and (self.head_confidence or 0.0) >= LIKELY:
            return self.oval
        return self.known_head

    @property
    def head_status(self) -> str:
        """``pending`` until somebody has looked for a head, then ``sure``, ``unsure`` or ``none``."""
        if not self.head_source:
            return "pending"
        return "none" if self.oval is None else "sure" if self.is_head_sure else "unsure"

    @property
    def proposed_heads(self) -> list[FoundHead]:
        """All heads that were found in the photo, the most certain first."""
        return [FoundHead.from_json(found) for found in self.cutout_info.get("heads", ())]

    def propose_head(self, found: Sequence[FoundHead]) -> None:
        """Store the most certain of the heads that were found, or that there is none, unless there is an answer."""
        head = found[0] if found else None
        # Guarded by the row, not by this copy: the owner may have answered since it was read.
        self._kept.filter(head_source="").update(
            head=head and head.head.as_json,
            head_source=head.source if head else HeadSource.DETECTOR,
            head_confidence=round(head.confidence, 4) if head else 0.0,
        )

    def set_head(self, head: Head | None) -> None:
        """Store the owner's answer: the oval, or None if the photo shows no head. Have the stickers remade to match."""
        if self.head_source == HeadSource.OWNER and self.oval == head:
            return
        self.answer_head(head)
        self._update_head()

    def answer_head(self, head: Head | None) -> None:
        """Set the owner's answer on this instance only."""
        self.head, self.head_source, self.head_confidence = head and head.as_json, HeadSource.OWNER, 1.0

    def reject_head(self) -> None:
        """Propose the next head that was found instead of the current one, for the owner to confirm, or none."""
        found = self.proposed_heads
        # A person's face was sent by the owner instead of a proposal, so that all of them may follow it.
        last = -1 if self.oval and self.is_person(self.oval) else len(found)
        current = next((place for place, one in enumerate(found) if one.head == self.oval), last)
        following = next((one for one in found[current + 1 :] if not self.is_person(one.head)), None)
        if following is None:
            self.set_head(None)
            return
        # The finder's first choice was wrong, so it cannot be sure of the second.
        confidence = min(following.confidence, SURE / 2)
        self.head, self.head_source, self.head_confidence = following.head.as_json, following.source, confidence
        self._update_head()

    def repropose_head(self, found: FoundHead, *, sure: bool) -> None:
        """Withdraw the owner's answer: propose this head again, as a question unless ``sure``."""
        confidence = found.confidence if sure else min(found.confidence, SURE / 2)
        self.head, self.head_source, self.head_confidence = found.head.as_json, found.source, confidence
        self._update_head()

    def _update_head(self) -> None:
        # A worker that is preparing the photo loses its claim, so that its result for the old head is discarded.
        self._kept.update(
            head=self.head,
            head_source=self.head_source,
            head_confidence=self.head_confidence,
            claim=F("claim") + 1,
            **new_place(clock.now()),
        )

    @property
    def _kept(self) -> models.QuerySet[Any]:
        """Return a queryset of this row that is empty once the owner has deleted the photo."""
        rows: models.QuerySet[Any] = type(self)._default_manager.all()
        return rows.filter(pk=self.pk, deleted_at=None)
