"""Previews of dances, which owners see before a credit is spent."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone

from videos import dances, formats, photos
from videos.models.choices import BODIES, STYLES
from videos.models.guest import Guest
from videos.models.leases import LeasedModel, LeasedQuerySet
from videos.models.turns import LINE_COLUMNS, TurnFields, new_place, waiting
from videos.photos.head import Head
from videos.styles import Style


class Rendering(TurnFields, LeasedModel):
    """A small moving picture of a photo in one dance, for the photo's page, rendered by the worker."""

    dance = models.CharField(max_length=20, choices=dances.choices)
    file = models.FileField(max_length=120, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True

    photo: Any

    @property
    def line_owner(self) -> models.Model:
        return self.photo.line_owner

    @property
    def line_mates(self) -> models.QuerySet[Any]:
        holder = {"photo__user": self.photo.user_id, "photo__guest": self.photo.guest_id}
        return waiting(type(self)._default_manager.filter(**holder))

    @property
    def catalogue_dance(self) -> dances.Dance:
        """The dance in the catalogue, with its name, tempo and colour."""
        return dances.BY_SLUG[self.dance]

    @property
    def is_pending(self) -> bool:
        """Whether it is still to be rendered. One that is neither pending nor has a file has failed."""
        return self.due_at is not None


class PreviewPending(Exception):
    """A guest gets one preview at a time, and another one is not ready yet."""


class PreviewQuerySet(LeasedQuerySet["Preview"]):
    def of_holder(self, photo: Any) -> Self:
        """Return the previews of all photos of this photo's owner or guest."""
        return self.filter(photo__user=photo.user_id, photo__guest=photo.guest_id)

    def make_way(self, photo: Any, **key: Any) -> bool:
        """Withdraw what the visitor waits for, since the choice has moved on, unless a worker has begun it.

        ``key`` says which preview of the photo is wanted. Return whether none of the others is under way.
        """
        others = self.of_holder(photo).filter(due_at__isnull=False).exclude(photo=photo, **key)
        # One statement, so that a worker that claims a row at this moment keeps it.
        others = self.filter(pk__in=others.values("pk"))
        others.filter(attempts=0).delete()
        return not others.exists()

    def check_turn(self, photo: Any, **key: Any) -> None:
        """Let a guest wait for one preview at a time. Call inside a transaction. Raises PreviewPending.

        ``key`` says which preview of the photo is asked for. Owners may have any number of them.
        """
        if photo.guest_id is None:
            return
        # Requests of the same guest wait here for each other.
        Guest.objects.select_for_update(of=("self",)).filter(pk=photo.guest_id).first()
        others = self.filter(photo__guest=photo.guest_id, due_at__isnull=False).exclude(photo=photo, **key)
        if others.exists():
            raise PreviewPending


class Preview(Rendering):
    """Two silent seconds of a photo in one dance, rendered by the worker at the owner's request.

    There is one for each style and body, so that an owner who switches back finds the earlier ones.
    """

    photo = models.ForeignKey("videos.Photo", on_delete=models.CASCADE, related_name="previews")
    cutout = models.BooleanField()
    style = models.CharField(max_length=10, choices=STYLES, default=Style.WHOLE_PET, db_default=Style.WHOLE_PET)
    body = models.CharField(max_length=10, choices=BODIES, blank=True, default="", db_default="")
    format = models.CharField(max_length=10, blank=True, db_default="", default="", editable=False)
    focus_x = models.FloatField(null=True, editable=False)
    focus_y = models.FloatField(null=True, editable=False)
    head = models.JSONField(null=True, editable=False)

    objects: ClassVar = PreviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["photo", "dance", "cutout", "style", "body"], name="preview_unique_photo_dance_look"
            )
        ]
        indexes = [models.Index(fields=LINE_COLUMNS, condition=models.Q(due_at__isnull=False), name="preview_line_idx")]

    def __str__(self) -> str:
        return f"Preview of {self.dance}"

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

    def is_shown_for(self, shape: formats.Format, focus: photos.Focus) -> bool:
        """Whether the page shows it, or that it is coming or has failed, with this format and focus."""
        return not self.file or self.matches(shape, focus)

    def invalidate(self, framing: dict[str, Any], now: datetime) -> None:
        """Have it rendered again with another framing. A worker that renders the old one loses its claim."""
        changed = {"file": "", "claim": F("claim") + 1} | new_place(now)
        unchanged = {name: value for name, value in framing.items() if value is not None}
        unchanged |= {f"{name}__isnull": True for name, value in framing.items() if value is None}
        Preview.objects.filter(pk=self.pk).exclude(**unchanged).update(**changed, **framing)
        self.refresh_from_db()

    def follow_photo(self) -> None:
        """Show the head and the style that the photo has now. The head may have been found since the request.

        If there is a preview in that style already, keep the style of this one. Raises LeaseLost.
        """
        known, look = self.photo.known_head, self.photo.look
        if Head.from_json(self.head) != known:
            self.update_claimed(head=known and known.as_json)
        if (self.style, self.body) == (look["style"], look["body"]):
            return
        try:
            with transaction.atomic():
                self.update_claimed(style=look["style"], body=look["body"])
        except IntegrityError:
            return

    def retry(self, now: datetime) -> None:
        """Make a failed preview due again. Leave any other preview unchanged. Raises PreviewPending."""
        with self.line_lock():
            Preview.objects.check_turn(self.photo, pk=self.pk)
            Preview.objects.filter(pk=self.pk, due_at=None, file="").update(**new_place(now))
            self.line_up()
        self.refresh_from_db(fields=["due_at", "file"])

    @property
    def storage_name(self) -> str:
        """Return the storage name of the file."""
        parts = [self.dance, "cutout" if self.cutout else "print"]
        if self.style == Style.DANCER:
            parts += ["dancer", self.body or "auto"]
        return self.photo.storage_name(f"{'-'.join(parts)}.mp4")
