"""Photos of pets, and what they get before any credit is spent: a cut-out, a sticker and previews."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from videos import clock, dances, formats, photos
from videos.models.deletions import StoredFileDeletion
from videos.models.leases import LeasedModel, LeasedQuerySet
from videos.photos.advice import MAX_COVER, MIN_COVER, cutout_notes
from videos.photos.head import SURE, FoundHead, Head, HeadSource
from videos.providers.registry import REMOTE, offered_formats
from videos.storage.base import purge

if TYPE_CHECKING:
    from accounts.models import User


class PhotoQuerySet(LeasedQuerySet["Photo"]):
    def of(self, user: User) -> Self:
        """Return the photos that this owner can choose from, newest first."""
        return self.filter(user=user, deleted_at=None).order_by("-created_at")


class Photo(LeasedModel):
    """A photo as we store it: upright, sRGB, without metadata. The uploaded bytes themselves are not kept.

    ``focus_x`` and ``focus_y`` (0 to 1) are the point to keep in the frame. While the photo is due, the worker has yet
    to prepare ``mask`` (8-bit grey PNG of the whole photo), ``sticker`` (WebP with a transparent background) and the
    measurements in ``cutout_info``. ``cutout`` chooses between the cut-out pet and the photo print. The first
    preparation sets its default; after that, only the owner changes it.

    ``head`` is the oval around the pet's head (``Head.as_json``), or None. ``head_source`` is empty until the worker
    has looked for a head or the owner has said where it is. From then on, only the owner changes the head. If it is
    ``owner`` and there is no oval, the owner has said that there is no head. ``head_sticker`` is the head alone (WebP
    with a transparent background).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="photos")
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
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar = PhotoQuerySet.as_manager()
    HEAD_FIELDS = ("head", "head_source", "head_confidence", "head_sticker")

    class Meta:
        indexes = [models.Index(fields=["user", "-created_at"], name="photo_user_created_idx")]

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
        """Whether the owner has answered, or the proposed head needs no confirmation."""
        return self.head_source == HeadSource.OWNER or (self.head_confidence or 0.0) >= SURE

    @property
    def known_head(self) -> Head | None:
        """The head that videos use: only one that is sure."""
        return self.oval if self.is_head_sure else None

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
        current = next((place for place, one in enumerate(found) if one.head == self.oval), len(found))
        if current + 1 >= len(found):
            self.set_head(None)
            return
        following = found[current + 1]
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
        """Return friendly notes for the owner: those of the upload, then those of the preparation."""
        as_print = settings.VIDEO_PROVIDER not in REMOTE
        return [*self.quality_notes, *cutout_notes(self.cutout_info, found=bool(self.mask), as_print=as_print)]

    def preview_of(
        self, dance: dances.Dance, now: datetime, shape: formats.Format | None = None, focus: photos.Focus | None = None
    ) -> Preview:
        """Return the preview in ``dance``. Request it if it is new, or if it shows another format or focus.

        ``shape`` and ``focus`` default to those of the photo. A preview of another head is requested again as well.
        """
        shape, focus = shape or self.proposed_format, focus or self.focus
        key = {"photo": self, "dance": dance.slug, "cutout": self.cutout}
        head = self.known_head
        framing = {"format": shape.slug, "focus_x": focus.x, "focus_y": focus.y, "head": head and head.as_json}
        preview, created = Preview.objects.get_or_create(**key, defaults={"due_at": now, **framing})
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
        blank = {"image": "", "thumbnail": "", "mask": "", "sticker": "", "head_sticker": "", "sha256": ""}
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
            **blank,
        )
        if erased:
            self.previews.all().delete()
            StoredFileDeletion.objects.enqueue(self.storage_name(""), now)
        return bool(erased)

    def storage_name(self, part: str) -> str:
        """Return the storage name of a part of the photo (``photo.jpg``, ``mask.png``, ...)."""
        return f"photos/{self.pk}/{part}"


class Preview(LeasedModel):
    """Two silent seconds of a photo in one dance, rendered by the worker at the owner's request."""

    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="previews")
    dance = models.CharField(max_length=20, choices=dances.CHOICES)
    cutout = models.BooleanField()
    format = models.CharField(max_length=10, blank=True, db_default="", default="", editable=False)
    focus_x = models.FloatField(null=True, editable=False)
    focus_y = models.FloatField(null=True, editable=False)
    head = models.JSONField(null=True, editable=False)
    file = models.FileField(max_length=120, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar = LeasedQuerySet["Preview"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["photo", "dance", "cutout"], name="preview_unique_photo_dance_cutout")
        ]

    def __str__(self) -> str:
        return f"Preview of {self.dance}"

    @property
    def style(self) -> dances.Dance:
        return dances.BY_SLUG[self.dance]

    @property
    def is_pending(self) -> bool:
        """Whether it is still to be rendered. A preview that is neither pending nor has a file has failed."""
        return self.due_at is not None

    @property
    def shape(self) -> formats.Format:
        """Return the format that it shows. Rows without one show the photo's proposed format."""
        return formats.BY_SLUG.get(self.format) or self.photo.proposed_format

    @property
    def focus(self) -> photos.Focus:
        if self.focus_x is None or self.focus_y is None:
            return self.photo.focus
        return photos.Focus(self.focus_x, self.focus_y)

    def matches(self, shape: formats.Format, focus: photos.Focus) -> bool:
        """Whether it was requested in this format, around this point, and with the head that the photo has now."""
        framing = (self.format, self.focus_x, self.focus_y, Head.from_json(self.head))
        return framing == (shape.slug, focus.x, focus.y, self.photo.known_head)

    def invalidate(self, framing: dict[str, Any], now: datetime) -> None:
        """Have it rendered again with another framing. A worker that renders the old one loses its claim."""
        changed = {"file": "", "due_at": now, "attempts": 0, "claim": F("claim") + 1}
        unchanged = {name: value for name, value in framing.items() if value is not None}
        unchanged |= {f"{name}__isnull": True for name, value in framing.items() if value is None}
        Preview.objects.filter(pk=self.pk).exclude(**unchanged).update(**changed, **framing)
        self.refresh_from_db()

    def follow_head(self) -> None:
        """Show the head that the photo has now, which may have been found since the request. Raises LeaseLost."""
        if Head.from_json(self.head) != self.photo.known_head:
            known = self.photo.known_head
            self.update_claimed(head=known and known.as_json)

    def retry(self, now: datetime) -> None:
        """Make a failed preview due again. Leave any other preview unchanged."""
        Preview.objects.filter(pk=self.pk, due_at=None, file="").update(due_at=now, attempts=0)
        self.refresh_from_db(fields=["due_at", "file"])

    @property
    def storage_name(self) -> str:
        """Return the storage name of the file."""
        return self.photo.storage_name(f"{self.dance}-{'cutout' if self.cutout else 'print'}.mp4")
