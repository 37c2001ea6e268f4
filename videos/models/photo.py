"""Photos of pets, and what they get before any credit is spent: a cut-out, the head and stickers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from videos import clock, dances, formats, photos
from videos.models.deletions import StoredFileDeletion
from videos.models.guest import Guest
from videos.models.leases import LeasedModel, LeasedQuerySet
from videos.models.preview import Preview
from videos.photos.advice import MAX_COVER, MIN_COVER, cutout_notes
from videos.photos.head import LIKELY, SURE, FoundHead, Head, HeadSource, is_on_face
from videos.providers.registry import REMOTE, offered_formats
from videos.storage.base import purge
from videos.styles import BODIES, STYLES, Style

if TYPE_CHECKING:
    from accounts.models import User


class PhotoQuerySet(LeasedQuerySet["Photo"]):
    def of(self, visitor: User | Guest) -> Self:
        """Return the photos that this owner or guest can choose from, newest first."""
        holder = {"guest": visitor} if isinstance(visitor, Guest) else {"user": visitor}
        return self.filter(**holder, deleted_at=None).order_by("-created_at")

    def of_guests(self) -> Self:
        """Return the photos of all guests."""
        return self.filter(guest__isnull=False, deleted_at=None)


class Photo(LeasedModel):
    """A photo as we store it: upright, sRGB, without metadata. The uploaded bytes themselves are not kept.

    It belongs to a ``user`` or, until the guest has signed up, to a ``guest``.

    ``focus_x`` and ``focus_y`` (0 to 1) are the point to keep in the frame. While the photo is due, the worker has yet
    to prepare ``mask`` (8-bit grey PNG of the whole photo), ``sticker`` (WebP with a transparent background) and the
    measurements in ``cutout_info``. ``cutout`` chooses between the cut-out pet and the photo print. The first
    preparation sets its default; after that, only the owner changes it.

    ``head`` is the oval around the pet's head (``Head.as_json``), or None. ``head_source`` is empty until the worker
    has looked for a head or the owner has said where it is. From then on, only the owner changes the head. If it is
    ``owner`` and there is no oval, the owner has said that there is no head. An oval on the face of a person is never
    used, even if the owner has sent it. ``head_sticker`` is the head alone (WebP with a transparent background).
    ``head_place`` says where the skull is in that picture (``HeadPlace.as_json``), and ``fur`` has the two colours of
    the fur (``main`` and ``second``, as ``#rrggbb``), for the dancer on the cards. Both are None without a sticker.

    ``style`` and ``body`` are the owner's choice of how the pet dances, or empty: see ``dance_style``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="photos"
    )
    guest = models.ForeignKey(
        "videos.Guest", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="photos"
    )
    image = models.FileField(max_length=120)
    thumbnail = models.FileField(max_length=120)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField(
        default=0, db_default=0, editable=False, help_text="Size of the photo in bytes."
    )
    sha256 = models.CharField(max_length=64)
    focus_x = models.FloatField(default=photos.Focus().x)
    focus_y = models.FloatField(default=photos.Focus().y)
    quality_notes = models.JSONField(
        default=list, blank=True, help_text="Notes shown to the owner before a credit is spent."
    )
    removed_metadata = models.JSONField(
        default=list, blank=True, help_text="Metadata removed from the file for privacy."
    )
    cutout = models.BooleanField(default=True)
    mask = models.FileField(max_length=120, blank=True)
    sticker = models.FileField(max_length=120, blank=True)
    cutout_info = models.JSONField(default=dict, blank=True, help_text="Measurements of the cut-out.")
    head = models.JSONField(null=True, blank=True, help_text="The oval around the pet's head.")
    head_source = models.CharField(
        max_length=10,
        choices=[(source.value, source.value) for source in HeadSource],
        blank=True,
        default="",
        db_default="",
    )
    head_confidence = models.FloatField(null=True, blank=True, help_text="Certainty about the head, 0 to 1.")
    head_sticker = models.FileField(max_length=120, blank=True, default="", db_default="")
    head_place = models.JSONField(null=True, blank=True, help_text="Where the skull is in the head's sticker.")
    fur = models.JSONField(null=True, blank=True, help_text="The colours of the fur.")
    style = models.CharField(
        max_length=10, choices=STYLES, blank=True, default="", db_default="", help_text="Empty: automatic."
    )
    body = models.CharField(
        max_length=10, choices=BODIES, blank=True, default="", db_default="", help_text="Empty: automatic."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar = PhotoQuerySet.as_manager()
    HEAD_FIELDS = ("head", "head_source", "head_confidence", "head_sticker", "head_place", "fur")

    class Meta:
        indexes = [models.Index(fields=["user", "-created_at"], name="photo_user_created_idx")]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, guest__isnull=True) | Q(user__isnull=True, guest__isnull=False),
                name="photo_user_xor_guest",
            )
        ]

    def __str__(self) -> str:
        return f"Photo of {self.created_at:%d %B %Y}"

    def get_absolute_url(self) -> str:
        return reverse("videos:dance", args=[self.pk])

    @property
    def focus(self) -> photos.Focus:
        return photos.Focus(self.focus_x, self.focus_y)

    def switch_cutout(self, on: bool) -> None:
        """Choose between the cut-out pet and the photo print, and have the sticker remade to match."""
        # A worker that is preparing the photo loses its claim, so that its result for the old choice is discarded.
        Photo.objects.filter(pk=self.pk).update(cutout=on, due_at=clock.now(), attempts=0, claim=F("claim") + 1)

    def set_focus(self, focus: photos.Focus) -> None:
        """Set the point to keep in the frame. If it chooses among several pets, have the sticker remade to match."""
        changed: dict[str, Any] = {"focus_x": focus.x, "focus_y": focus.y}
        if focus != self.focus and self.cutout_info.get("parts", 1) > 1:
            changed |= {"due_at": clock.now(), "attempts": 0, "claim": F("claim") + 1}
        Photo.objects.filter(pk=self.pk).update(**changed)

    @property
    def is_prepared(self) -> bool:
        """Whether the pet has been cut out and its head looked for. The oldest photos have only a cut-out."""
        return "heads" in self.cutout_info

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
    def dance_style(self) -> Style:
        """The style of the next video: the owner's choice, or the dancer. Without a known head, it is the whole pet."""
        return Style.WHOLE_PET if self.known_head is None else Style(self.style or Style.DANCER)

    @property
    def look(self) -> dict[str, Any]:
        """What the next video and all previews have in common, whichever the dance."""
        style = self.dance_style
        return {"cutout": self.cutout, "style": style.value, "body": self.body if style is Style.DANCER else ""}

    def set_style(self, style: str, body: str) -> None:
        """Store the owner's choice of a style and of a body. Each may be empty: automatic."""
        self.style, self.body = style, body
        Photo.objects.filter(pk=self.pk, deleted_at=None).update(style=style, body=body)

    @property
    def likely_head(self) -> Head | None:
        """The head that a card shows instead of a person: the known one, or one that is likely."""
        if self.oval and not self.is_person(self.oval) and (self.head_confidence or 0.0) >= LIKELY:
            return self.oval
        return self.known_head

    @property
    def shows_only_people(self) -> bool:
        """Whether people were found in the photo, and nothing that may be a pet."""
        return self.cutout_info.get("people") == "alone" and self.likely_head is None

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
        Photo.objects.filter(pk=self.pk, deleted_at=None, head_source="").update(
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
        Photo.objects.filter(pk=self.pk, deleted_at=None).update(
            head=self.head,
            head_source=self.head_source,
            head_confidence=self.head_confidence,
            due_at=clock.now(),
            attempts=0,
            claim=F("claim") + 1,
        )

    @property
    def has_cutout(self) -> bool:
        """Whether a pet can be cut out, if only at the owner's request. The toggle is offered only then."""
        return bool(self.mask) and MIN_COVER <= self.cutout_info.get("cover", MIN_COVER) <= MAX_COVER

    @property
    def dances_as(self) -> str:
        """What the next video shows: ``cutout`` or ``print``, or empty until the worker has prepared the photo."""
        if not self.cutout_info:
            return ""
        return "cutout" if self.cutout and self.has_cutout else "print"

    @property
    def is_shown_as_sticker(self) -> bool:
        """Whether cards show the sticker. Otherwise they show the frame, which has the people of the photo in it."""
        return self.dances_as == "cutout" or bool(self.cutout_info.get("faces"))

    @property
    def notes(self) -> list[str]:
        """Return friendly notes for the owner: those of the upload, then those of the preparation.

        Those of the preparation are about all of the pet, and a dancer needs only the head.
        """
        as_print = settings.VIDEO_PROVIDER not in REMOTE
        if as_print and self.dance_style is Style.DANCER:
            return list(self.quality_notes)
        return [*self.quality_notes, *cutout_notes(self.cutout_info, found=bool(self.mask), as_print=as_print)]

    def preview_of(
        self, dance: dances.Dance, now: datetime, shape: formats.Format | None = None, focus: photos.Focus | None = None
    ) -> Preview:
        """Return the preview in ``dance``. Request it if it is new, or if it shows another format or focus.

        ``shape`` and ``focus`` default to those of the photo. A preview of another head is requested again as well.
        Raises PreviewPending if this is a guest's photo and another preview is not ready yet.
        """
        shape, focus = shape or self.proposed_format, focus or self.focus
        key = {"dance": dance.slug, **self.look}
        head = self.known_head
        framing = {"format": shape.slug, "focus_x": focus.x, "focus_y": focus.y, "head": head and head.as_json}
        preview = self.previews.filter(**key).first()
        if preview and preview.matches(shape, focus):
            return preview
        with transaction.atomic():
            Preview.objects.check_turn(self, **key)
            preview, created = Preview.objects.get_or_create(photo=self, **key, defaults={"due_at": now, **framing})
            if not created and not preview.matches(shape, focus):
                preview.invalidate(framing, now)
        return preview

    @property
    def proposed_format(self) -> formats.Format:
        return formats.best_format(self.width, self.height, offered_formats())

    def delete_by_owner(self, now: datetime) -> bool:
        """Erase the photo and delete its files. Finished videos of it stay.

        Return False if a video of it is unfinished.
        """
        with transaction.atomic():
            if self.videos.unfinished().exists() or not self.erase(now):
                return False
        purge(self.storage_name(""))
        return True

    def erase(self, now: datetime) -> bool:
        """Erase personal data and enqueue the files for deletion. A worker preparing the photo loses its claim."""
        files = dict.fromkeys(("image", "thumbnail", "mask", "sticker", "head_sticker"), "")
        erased = Photo.objects.filter(pk=self.pk, deleted_at=None).update(
            deleted_at=now,
            due_at=None,
            claim=F("claim") + 1,
            quality_notes=[],
            removed_metadata=[],
            cutout_info={},
            head=None,
            head_source="",
            head_confidence=None,
            head_place=None,
            fur=None,
            sha256="",
            **files,
        )
        if erased:
            self.previews.all().delete()
            StoredFileDeletion.objects.enqueue(self.storage_name(""), now)
        return bool(erased)

    def storage_name(self, part: str) -> str:
        """Return the storage name of a part of the photo (``photo.jpg``, ``mask.png``, ...)."""
        return f"photos/{self.pk}/{part}"
