"""Reports about shared videos, and what staff took down."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from videos.models.leases import LeasedModel, LeasedQuerySet

if TYPE_CHECKING:
    from accounts.models import User

# More open reports about one video tell staff nothing new.
MAX_OPEN_REPORTS = 20


class Concern(models.TextChoices):
    """What is wrong with a video or a photo, for those who report it and for its owner."""

    CRUELTY = "cruelty", _("Cruelty to an animal")
    VIOLENCE = "violence", _("Violence or hate")
    SEXUAL = "sexual", _("Nudity or sexual content")
    PERSON = "person", _("It shows a person who didn't agree to it")
    COPYRIGHT = "copyright", _("It uses someone else's photo without permission")
    OTHER = "other", _("Something else")


class Outcome(models.TextChoices):
    OPEN = "", _("Open")
    DISMISSED = "dismissed", _("Dismissed")
    TAKEN_DOWN = "taken_down", _("Taken down")
    DELETED = "deleted", _("Deleted by the owner")


class VideoReportQuerySet(models.QuerySet["VideoReport"]):
    def unresolved(self) -> Self:
        return self.filter(closed_at__isnull=True)

    def submit(self, video: Any, **fields: Any) -> VideoReport | None:
        """Store a report. Return None if the video has been reported often enough."""
        if self.unresolved().filter(video=video).count() >= MAX_OPEN_REPORTS:
            return None
        return self.create(video=video, **fields)

    def resolve(self, outcome: Outcome, now: datetime, by: User | None = None) -> int:
        """Close the open reports among these. Return how many there were."""
        return self.unresolved().update(closed_at=now, outcome=outcome, closed_by=by)


class VideoReport(models.Model):
    """What a visitor says about a shared video. Staff dismiss it or take the video down."""

    video = models.ForeignKey("videos.Video", on_delete=models.CASCADE, related_name="reports")
    concern = models.CharField(_("reason"), max_length=12, choices=Concern.choices)
    text = models.TextField(_("details"), max_length=1000, blank=True)
    email = models.EmailField(_("email of the visitor"), blank=True)
    created_at = models.DateTimeField(_("reported"), default=timezone.now, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)
    outcome = models.CharField(
        _("outcome"), max_length=12, choices=Outcome.choices, blank=True, default=Outcome.OPEN, editable=False
    )
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("closed by"),
    )

    objects: ClassVar[Any] = VideoReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        indexes = [
            models.Index(fields=["created_at"], condition=Q(closed_at__isnull=True), name="report_open_idx"),
            models.Index(fields=["outcome", "-created_at"], name="report_outcome_created_idx"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="report_outcome_iff_closed",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_concern_display()}, {self.created_at:%Y-%m-%d %H:%M}"


class Takedown(LeasedModel):
    """A video or a photo that staff deleted. It is due until its owner has been told by email.

    ``refunded`` says whether the owner has the price of the video back.
    """

    video = models.OneToOneField(
        "videos.Video", on_delete=models.CASCADE, null=True, blank=True, related_name="takedown"
    )
    photo = models.OneToOneField(
        "videos.Photo", on_delete=models.CASCADE, null=True, blank=True, related_name="takedown"
    )
    concern = models.CharField(_("reason"), max_length=12, choices=Concern.choices)
    note = models.CharField(_("note to the owner"), max_length=500, blank=True)
    refunded = models.BooleanField(_("refunded"), default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by (staff)")
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[Any] = LeasedQuerySet["Takedown"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(video__isnull=False, photo__isnull=True) | Q(video__isnull=True, photo__isnull=False),
                name="takedown_video_xor_photo",
            )
        ]

    def __str__(self) -> str:
        return f"Takedown of {self.video or self.photo}"

    @property
    def explanation(self) -> str:
        """Why, as the owner reads it: the reason, and the note if staff wrote one."""
        reason = f"{self.get_concern_display()}."
        return f"{reason} {self.note}" if self.note else reason

    @property
    def photo_message(self) -> str:
        return gettext("We deleted that photo because it breaks our terms. %(reason)s") % {"reason": self.explanation}
