"""Photos of pets, and what is made of them before anything is spent: cut-out, sticker, two seconds of a dance."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from videos import dances, formats, photos
from videos.models.deletions import StoredFileDeletion
from videos.models.leases import LeasedModel, LeasedQuerySet
from videos.photos.advice import MAX_COVER, MIN_COVER, cutout_notes
from videos.providers.registry import REMOTE, offered_formats
from videos.storage.base import purge

if TYPE_CHECKING:
    from accounts.models import User


class PhotoQuerySet(LeasedQuerySet["Photo"]):
    def of(self, user: User) -> Self:
        """The photos this owner can pick from, the newest first."""
        return self.filter(user=user, deleted_at=None).order_by("-created_at")


class Photo(LeasedModel):
    """A photo as we keep it: upright, sRGB, without metadata. The uploaded bytes themselves are not kept.

    ``focus_x`` and ``focus_y`` (0 to 1) say what to keep in the frame. Being due means that the worker has yet to
    prepare it: ``mask`` (8-bit grey PNG of the whole photo), ``sticker`` (the pet on a transparent ground, WebP) and
    the figures of ``cutout_info``. ``cutout`` is the switch between the cut-out pet and the photo print: the first look
    at the photo sets it to what suits, from then on it is its owner's.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="photos")
    image = models.FileField(max_length=120)
    thumbnail = models.FileField(max_length=120)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField(
        default=0, db_default=0, editable=False, help_text="Bytes of the photo itself."
    )
    sha256 = models.CharField(max_length=64)
    focus_x = models.FloatField(default=photos.Focus().x)
    focus_y = models.FloatField(default=photos.Focus().y)
    quality_notes = models.JSONField(
        default=list, blank=True, help_text="Friendly notes shown before anything is spent."
    )
    removed_metadata = models.JSONField(
        default=list, blank=True, help_text="What was taken out of the file for privacy."
    )
    cutout = models.BooleanField(default=True)
    mask = models.FileField(max_length=120, blank=True)
    sticker = models.FileField(max_length=120, blank=True)
    cutout_info = models.JSONField(default=dict, blank=True, help_text="What the cut-out found, as figures.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar = PhotoQuerySet.as_manager()

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
        """The owner's choice between the cut-out pet and the photo print; the sticker is made anew to match."""
        # A worker that prepares the photo now loses its claim, so that what it made for the old choice is made anew.
        Photo.objects.filter(pk=self.pk).update(cutout=on, due_at=timezone.now(), attempts=0, claim=F("claim") + 1)

    def set_focus(self, focus: photos.Focus) -> None:
        """Keep what the owner cares for; where that chooses among several pets, the sticker is made anew to match."""
        changed: dict[str, Any] = {"focus_x": focus.x, "focus_y": focus.y}
        if focus != self.focus and self.cutout_info.get("parts", 1) > 1:
            changed |= {"due_at": timezone.now(), "attempts": 0, "claim": F("claim") + 1}
        Photo.objects.filter(pk=self.pk).update(**changed)

    @property
    def has_cutout(self) -> bool:
        """Whether there is a pet that can be cut out, if only by hand: the switch makes sense then."""
        return bool(self.mask) and MIN_COVER <= self.cutout_info.get("cover", MIN_COVER) <= MAX_COVER

    @property
    def dances_as(self) -> str:
        """What the next video shows: ``cutout`` or ``print``; empty until the worker has looked for the pet."""
        if not self.cutout_info:
            return ""
        return "cutout" if self.cutout and self.has_cutout else "print"

    @property
    def notes(self) -> list[str]:
        """Friendly notes for the owner: those of the upload, and what the worker's look at it adds."""
        as_print = settings.VIDEO_PROVIDER not in REMOTE
        return [*self.quality_notes, *cutout_notes(self.cutout_info, found=bool(self.mask), as_print=as_print)]

    def preview_of(
        self, dance: dances.Dance, now: datetime, shape: formats.Format | None = None, focus: photos.Focus | None = None
    ) -> Preview:
        """The preview in ``dance``, asked for at its first mention and again when it was made for another frame.

        ``shape`` and ``focus`` say what it shows; the photo's own ones unless told.
        """
        shape, focus = shape or self.proposed_format, focus or self.focus
        key = {"photo": self, "dance": dance.slug, "cutout": self.cutout}
        framing = {"format": shape.slug, "focus_x": focus.x, "focus_y": focus.y}
        preview, created = Preview.objects.get_or_create(**key, defaults={"due_at": now, **framing})
        if not created and not preview.matches(shape, focus):
            preview.invalidate(framing, now)
        return preview

    @property
    def proposed_format(self) -> formats.Format:
        return formats.best_format(self.width, self.height, offered_formats())

    def delete_by_owner(self, now: datetime) -> bool:
        """Take the photo out of the owner's sight, and its files out of the storage; its finished videos stay.

        False while a dance of it is in the making.
        """
        with transaction.atomic():
            if self.videos.unfinished().exists() or not self.erase(now):
                return False
        purge(self.storage_name(""))
        return True

    def erase(self, now: datetime) -> bool:
        """Empty the row of what is personal, and note its files to be deleted. Whoever prepares it loses the claim."""
        blank = {"image": "", "thumbnail": "", "mask": "", "sticker": "", "sha256": ""}
        there = Photo.objects.filter(pk=self.pk, deleted_at=None)
        gone = there.update(
            deleted_at=now,
            due_at=None,
            claim=F("claim") + 1,
            quality_notes=[],
            removed_metadata=[],
            cutout_info={},
            **blank,
        )
        if gone:
            self.previews.all().delete()
            StoredFileDeletion.objects.enqueue(self.storage_name(""), now)
        return bool(gone)

    def storage_name(self, part: str) -> str:
        """Where a part of the photo (``photo.jpg``, ``mask.png``, ...) is stored."""
        return f"photos/{self.pk}/{part}"


class Preview(LeasedModel):
    """Two silent seconds of a photo in one dance, made by the worker when its owner asks for them."""

    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="previews")
    dance = models.CharField(max_length=20, choices=dances.CHOICES)
    cutout = models.BooleanField()
    format = models.CharField(max_length=10, blank=True, db_default="", default="", editable=False)
    focus_x = models.FloatField(null=True, editable=False)
    focus_y = models.FloatField(null=True, editable=False)
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
        """Whether the worker still has it to make; without a file it could not be made."""
        return self.due_at is not None

    @property
    def shape(self) -> formats.Format:
        """The format that it shows; the photo's own in a row from before this was kept."""
        return formats.BY_SLUG.get(self.format) or self.photo.proposed_format

    @property
    def focus(self) -> photos.Focus:
        if self.focus_x is None or self.focus_y is None:
            return self.photo.focus
        return photos.Focus(self.focus_x, self.focus_y)

    def matches(self, shape: formats.Format, focus: photos.Focus) -> bool:
        """Whether it was asked for in this format and around this point."""
        return (self.format, self.focus_x, self.focus_y) == (shape.slug, focus.x, focus.y)

    def invalidate(self, framing: dict[str, Any], now: datetime) -> None:
        """Have it made anew for another frame. A worker that makes it for the old one now loses its claim."""
        changed = {"file": "", "due_at": now, "attempts": 0, "claim": F("claim") + 1}
        Preview.objects.filter(pk=self.pk).exclude(**framing).update(**changed, **framing)
        self.refresh_from_db()

    def retry(self, now: datetime) -> None:
        """Let the worker try once more to make a preview that it had given up; any other is left as it is."""
        Preview.objects.filter(pk=self.pk, due_at=None, file="").update(due_at=now, attempts=0)
        self.refresh_from_db(fields=["due_at", "file"])

    @property
    def storage_name(self) -> str:
        """Where it is stored."""
        return self.photo.storage_name(f"{self.dance}-{'cutout' if self.cutout else 'print'}.mp4")
