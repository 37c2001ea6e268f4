"""Photos of pets, and what they get before any credit is spent: a cut-out, the head and stickers."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from videos import clock, dances, formats, names, photos
from videos.models.choices import BODIES, STYLES
from videos.models.deletions import StoredFileDeletion
from videos.models.guest import Guest
from videos.models.head import HeadFields
from videos.models.leases import LeasedQuerySet
from videos.models.preview import Preview
from videos.models.turns import LINE_COLUMNS, TurnFields, new_place, waiting
from videos.photos.advice import MAX_COVER, MIN_COVER, cutout_notes
from videos.providers.registry import REMOTE, offered_formats
from videos.storage.base import purge
from videos.styles import Style

# The names that are proposed for a photo, and how many photos are searched for them.
MAX_PROPOSED_NAMES = 3
MAX_PHOTOS_ASKED = 24


class PhotoQuerySet(LeasedQuerySet["Photo"]):
    def of(self, visitor: User | Guest) -> Self:
        """Return the photos that this owner or guest can choose from, newest first."""
        holder = {"guest": visitor} if isinstance(visitor, Guest) else {"user": visitor}
        return self.filter(**holder, deleted_at=None).order_by("-created_at")

    def of_guests(self) -> Self:
        """Return the photos of all guests."""
        return self.filter(guest__isnull=False, deleted_at=None)


class Photo(TurnFields, HeadFields):
    """A photo as we store it: upright, sRGB, without metadata. The uploaded bytes themselves are not kept.

    It belongs to a ``user`` or, until the guest has signed up, to a ``guest``.

    ``focus_x`` and ``focus_y`` (0 to 1) are the point to keep in the frame. While the photo is due, the worker has yet
    to prepare ``mask`` (8-bit grey PNG of the whole photo), ``sticker`` (WebP with a transparent background) and the
    measurements in ``cutout_info``. ``cutout`` chooses between the cut-out pet and the photo print. The first
    preparation sets its default; after that, only the owner changes it.

    ``style`` and ``body`` are the owner's choice of how the pet dances, or empty: see ``dance_style``.

    ``pet_name`` is as ``names.clean`` returns it, or empty.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="photos",
        verbose_name=_("user"),
    )
    guest = models.ForeignKey(
        "videos.Guest",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="photos",
        verbose_name=_("guest"),
    )
    image = models.FileField(_("image"), max_length=120)
    thumbnail = models.FileField(_("thumbnail"), max_length=120)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    size = models.PositiveBigIntegerField(
        _("size"), default=0, db_default=0, editable=False, help_text=_("Size of the photo in bytes.")
    )
    sha256 = models.CharField(_("sha256"), max_length=64)
    focus_x = models.FloatField(_("focus x"), default=photos.Focus().x)
    focus_y = models.FloatField(_("focus y"), default=photos.Focus().y)
    quality_notes = models.JSONField(
        _("quality notes"), default=list, blank=True, help_text=_("Notes shown to the owner before a credit is spent.")
    )
    removed_metadata = models.JSONField(
        _("removed metadata"), default=list, blank=True, help_text=_("Metadata removed from the file for privacy.")
    )
    cutout = models.BooleanField(_("cutout"), default=True)
    mask = models.FileField(_("mask"), max_length=120, blank=True)
    sticker = models.FileField(_("sticker"), max_length=120, blank=True)
    style = models.CharField(
        _("style"),
        max_length=10,
        choices=STYLES,
        blank=True,
        default="",
        db_default="",
        help_text=_("Empty: automatic."),
    )
    body = models.CharField(
        _("body"),
        max_length=10,
        choices=BODIES,
        blank=True,
        default="",
        db_default="",
        help_text=_("Empty: automatic."),
    )
    pet_name = models.CharField(_("pet name"), max_length=names.MAX_NAME, blank=True, default="", db_default="")
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True, editable=False)

    objects: ClassVar = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        indexes = [
            models.Index(fields=["user", "-created_at"], name="photo_user_created_idx"),
            # For the lists of the admin.
            models.Index(fields=["-created_at"], name="photo_created_idx"),
            models.Index(fields=["style", "-created_at"], name="photo_style_created_idx"),
            models.Index(fields=["head_source", "-created_at"], name="photo_head_created_idx"),
            models.Index(Upper("pet_name"), name="photo_pet_name_idx"),
            models.Index(fields=LINE_COLUMNS, condition=Q(due_at__isnull=False), name="photo_line_idx"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, guest__isnull=True) | Q(user__isnull=True, guest__isnull=False),
                name="photo_user_xor_guest",
            )
        ]

    def __str__(self) -> str:
        return gettext("Photo from %(date)s") % {"date": date_format(self.created_at, "DATE_FORMAT")}

    def get_absolute_url(self) -> str:
        return reverse("videos:dance", args=[self.pk])

    @property
    def line_owner(self) -> models.Model:
        return Guest(pk=self.guest_id) if self.guest_id else User(pk=self.user_id)

    @property
    def line_mates(self) -> models.QuerySet[Photo]:
        return waiting(Photo.objects.filter(user=self.user_id, guest=self.guest_id))

    @property
    def focus(self) -> photos.Focus:
        return photos.Focus(self.focus_x, self.focus_y)

    def switch_cutout(self, on: bool) -> None:
        """Choose between the cut-out pet and the photo print, and have the sticker remade to match."""
        # A worker that is preparing the photo loses its claim, so that its result for the old choice is discarded.
        Photo.objects.filter(pk=self.pk).update(cutout=on, claim=F("claim") + 1, **new_place(clock.now()))

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
    def dance_style(self) -> Style:
        """The style of the next video: the owner's choice, or the dancer. Without a known head, it is the whole pet."""
        return Style.WHOLE_PET if self.known_head is None else Style(self.style or Style.DANCER)

    @property
    def seed(self) -> int:
        """The seed of previews and loops, from 0 to 4294967295. Each video has its own."""
        return int(self.pk.int % 2**32)

    @property
    def is_dancer(self) -> bool:
        return self.dance_style is Style.DANCER

    @property
    def look(self) -> dict[str, Any]:
        """What the next video and all previews have in common, whichever the dance."""
        style = self.dance_style
        return {"cutout": self.cutout, "style": style.value, "body": self.body if style is Style.DANCER else ""}

    def set_style(self, style: str, body: str) -> None:
        """Store the owner's choice of a style and of a body. Each may be empty: automatic."""
        self.style, self.body = style, body
        Photo.objects.filter(pk=self.pk, deleted_at=None).update(style=style, body=body)

    def set_pet_name(self, pet_name: str) -> None:
        """Store a clean name, or none. Videos keep the name that they were requested with."""
        self.pet_name = pet_name
        Photo.objects.filter(pk=self.pk, deleted_at=None).update(pet_name=pet_name)

    @property
    def proposed_names(self) -> list[str]:
        """The names that the visitor has used for other photos, latest first."""
        photos_of_visitor = Photo.objects.filter(user=self.user_id, guest=self.guest_id, deleted_at=None)
        used = photos_of_visitor.exclude(pet_name="").order_by("-created_at").values_list("pet_name", flat=True)
        return list(dict.fromkeys(used[:MAX_PHOTOS_ASKED]))[:MAX_PROPOSED_NAMES]

    @property
    def shows_only_people(self) -> bool:
        """Whether people were found in the photo, and nothing that may be a pet."""
        return self.cutout_info.get("people") == "alone" and self.likely_head is None

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
        if as_print and self.is_dancer:
            return self.notes_of_upload
        return [*self.notes_of_upload, *cutout_notes(self.cutout_info, found=bool(self.mask), as_print=as_print)]

    @property
    def notes_of_upload(self) -> list[str]:
        """Return the sentences of ``quality_notes``. Older rows have the sentences themselves."""
        return [
            gettext(note) if isinstance(note, str) else photos.QualityNote.from_json(note).sentence
            for note in self.quality_notes
        ]

    @property
    def removed(self) -> list[str]:
        """Return what was removed from the file, in the reader's words."""
        return [gettext(part) for part in self.removed_metadata]

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
        with self.line_lock():
            Preview.objects.check_turn(self, **key)
            preview, created = Preview.objects.get_or_create(photo=self, **key, defaults=new_place(now) | framing)
            if not created and not preview.matches(shape, focus):
                preview.invalidate(framing, now)
            preview.line_up()
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
            pet_name="",
            **files,
        )
        if erased:
            self.previews.all().delete()
            self.loops.all().delete()
            StoredFileDeletion.objects.enqueue(self.storage_name(""), now)
        return bool(erased)

    def storage_name(self, part: str) -> str:
        """Return the storage name of a part of the photo (``photo.jpg``, ``mask.png``, ...)."""
        return f"photos/{self.pk}/{part}"
