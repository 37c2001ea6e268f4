"""Videos. A row of ``Video`` is the job itself."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from credits import ledger
from videos import clock, failpoints
from videos.models.choices import (
    FALLBACK_NOTICES,
    PHOTO_ERRORS,
    STOPPED_CODES,
    UNFINISHED_STATUSES,
    FallbackReason,
    PromptSource,
    Status,
    Step,
    error_message_for,
)
from videos.models.deletions import UNDO_FOR, ProviderTaskDeletion, StoredFileDeletion, VideoDeletion
from videos.models.notification import VideoNotification
from videos.models.queries import VideoQuerySet
from videos.models.remote_task import RemoteTaskFields
from videos.models.report import Outcome
from videos.models.request import RequestFields
from videos.models.request import new_seed as new_seed  # The first migration names it here.
from videos.models.share_link import ShareLink
from videos.models.turns import LINE_COLUMNS, renumber
from videos.provenance import SourceType
from videos.providers.registry import REMOTE, STUDIO
from videos.storage.base import purge

# A video that is rejected again and again goes through many steps, so only the latest are kept.
MAX_STEP_HISTORY = 40


class Video(RemoteTaskFields, RequestFields):
    """One video: the request, its progress and its result.

    ``status`` is public. While a video is processing, ``step`` is what the worker does next. Both change only by
    guarded updates under a claim (see ``videos.models.leases``). ``succeeded`` and ``failed`` are final. A failure and
    its refund are one transaction.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.QUEUED, editable=False)
    step = models.CharField(
        _("step"), max_length=10, choices=Step.choices, default=Step.NONE, blank=True, editable=False
    )
    step_history = models.JSONField(
        _("step history"), default=list, db_default=[], editable=False, help_text=_("Every step with its start time.")
    )
    progress = models.FloatField(
        _("progress"), default=0.0, editable=False, help_text=_("Progress of the rendering, 0 to 1.")
    )
    promised_by = models.DateTimeField(_("promised by"), editable=False)
    provider = models.CharField(_("provider"), max_length=20, editable=False)
    fallback_reason = models.CharField(
        _("fallback reason"),
        max_length=20,
        choices=FallbackReason.choices,
        default=FallbackReason.NONE,
        db_default="",
        blank=True,
        editable=False,
    )

    file = models.FileField(_("file"), max_length=120, blank=True, editable=False)
    poster = models.FileField(_("poster"), max_length=120, blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("size"), default=0, editable=False)
    sha256 = models.CharField(_("sha256"), max_length=64, blank=True, editable=False)
    error_code = models.CharField(_("error code"), max_length=40, blank=True, editable=False)
    error_message = models.CharField(_("error message"), max_length=300, blank=True, editable=False)

    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True, editable=False)

    objects: ClassVar = VideoQuerySet.as_manager()
    # Set by ``with_queue_position`` only.
    queue_position: int | None = None
    line_capacity: int | None = None
    next_check_at: datetime | None = None

    class Meta:
        verbose_name = _("video")
        verbose_name_plural = _("videos")
        indexes = [
            models.Index(fields=["user", "-created_at"], name="video_user_created_idx"),
            models.Index(fields=["-created_at"], name="video_created_idx"),
            # For the estimate on every waiting page.
            models.Index(
                fields=["provider", "-finished_at"], condition=Q(status="succeeded"), name="video_provider_finished_idx"
            ),
            models.Index(fields=["provider", "status", "created_at"], name="video_queue_idx"),
            # Of a million rows, a handful. SQLite uses it only for queries with the same condition on ``due_at``.
            models.Index(fields=["promised_by"], condition=Q(due_at__isnull=False), name="video_unfinished_idx"),
            # For the lists and the statistics of the admin.
            models.Index(fields=["status", "-created_at"], name="video_status_created_idx"),
            models.Index(fields=["dance", "-created_at"], name="video_dance_created_idx"),
            models.Index(fields=["style", "-created_at"], name="video_style_created_idx"),
            models.Index(fields=["provider", "-created_at"], name="video_provider_created_idx"),
            models.Index(fields=["error_code", "-created_at"], name="video_error_created_idx"),
            models.Index(Upper("pet_name"), name="video_pet_name_idx"),
            # For the worker, which takes the first of the line, and for the queue position on every waiting page.
            models.Index(
                fields=["provider", *LINE_COLUMNS],
                condition=Q(status="queued"),
                name="video_line_idx",
            ),
            models.Index(fields=["user", "provider"], condition=Q(status="queued"), name="video_owner_line_idx"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "idempotency_key"], name="video_unique_idempotency_key"),
            models.UniqueConstraint(fields=["provider_task_id", "provider"], name="video_unique_task"),
            models.CheckConstraint(
                condition=(Q(status=Status.PROCESSING) & ~Q(step="")) | (~Q(status=Status.PROCESSING) & Q(step="")),
                name="video_step_iff_processing",
            ),
            models.CheckConstraint(
                condition=Q(status__in=UNFINISHED_STATUSES, due_at__isnull=False, finished_at__isnull=True)
                | (~Q(status__in=UNFINISHED_STATUSES) & Q(due_at__isnull=True, finished_at__isnull=False)),
                name="video_due_iff_unfinished",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.SUCCEEDED) | Q(deleted_at__isnull=False) | (~Q(file="") & ~Q(sha256="")),
                name="video_succeeded_has_file",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.FAILED) | ~Q(error_code=""), name="video_failed_has_error_code"
            ),
            models.CheckConstraint(condition=Q(progress__gte=0, progress__lte=1), name="video_progress_range"),
            models.CheckConstraint(condition=Q(submissions__lte=2), name="video_submissions_lte_2"),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.get_status_display()})"

    def get_absolute_url(self) -> str:
        return reverse("videos:detail", args=[self.pk])

    @property
    def choice(self) -> dict[str, str]:
        """The dance and the format as the form of the photo's page knows them, to order the same again."""
        return {"dance": self.dance, "format": self.format, "x": str(self.focus_x), "y": str(self.focus_y)}

    @property
    def again_url(self) -> str:
        """The photo's page with the same choice."""
        return f"{self.photo.get_absolute_url()}?{urlencode(self.choice)}"

    @property
    def ledger_subject(self) -> str:
        """Return the prefix of the references of its ledger entries."""
        return f"video:{self.pk}"

    @property
    def is_unfinished(self) -> bool:
        return self.status in UNFINISHED_STATUSES

    @property
    def was_requeued(self) -> bool:
        """Whether the video went back into the queue after it had started."""
        return any(step == Status.QUEUED for step, _ in self.step_history)

    @property
    def is_shareable(self) -> bool:
        return self.status == Status.SUCCEEDED and self.deleted_at is None

    @property
    def may_try_again(self) -> bool:
        """Whether the same photo can be used again: it is not deleted, and did not cause the failure."""
        return self.photo.deleted_at is None and self.error_code not in PHOTO_ERRORS

    @property
    def is_remote(self) -> bool:
        return self.provider in REMOTE

    @property
    def source_type(self) -> SourceType:
        """How its files were made, as they say themselves."""
        return SourceType.TRAINED if self.is_remote else SourceType.COMPOSITE

    @property
    def fallback_notice(self) -> str:
        """Return the owner's notice if the embedded studio replaces the remote provider, otherwise an empty string."""
        notice = FALLBACK_NOTICES.get(self.fallback_reason)
        return gettext(notice) if notice else ""

    @property
    def failure(self) -> str:
        """Return why the video failed, for its owner; ``error_message`` is the same in English."""
        return gettext(self.error_message) if self.error_message else ""

    @property
    def download_name(self) -> str:
        return f"{self.file_stem}.mp4"

    @property
    def public_name(self) -> str:
        """The pet's name if the owner shows it to everyone with the link, or an empty string."""
        link: ShareLink | None = getattr(self, "share_link", None)
        return self.pet_name if link and link.shows_name else ""

    @property
    def share_name(self) -> str:
        """The name of the file that is sent to others."""
        return f"{self.stem_with(self.public_name)}.mp4"

    def storage_name(self, part: str) -> str:
        """Return the storage name of a part (``dance.mp4``, ``poster.jpg``). A retry overwrites the same name."""
        return f"videos/{self.pk}/{part}"

    def count_ahead(self) -> int:
        """Return how many videos are queued before this one."""
        return Video.objects.ahead_of(self.place, self.provider).count()

    @property
    def place(self) -> tuple[int, datetime, datetime, uuid.UUID]:
        """The place in the line: the values of ``LINE_ORDER``."""
        return self.turn, self.joined_at, self.created_at, self.pk

    def update_claimed(self, **fields: Any) -> None:
        """Update ``fields`` under this claim, and add a new step to the step history. Raises LeaseLost."""
        step = fields.get("step") or fields.get("status")
        if step and step != (self.step or self.status):
            began_at = (fields.get("updated_at") or clock.now()).isoformat()
            fields["step_history"] = [*self.step_history[1 - MAX_STEP_HISTORY :], [str(step), began_at]]
        super().update_claimed(**fields)

    def start(self, step: Step, now: datetime) -> None:
        """Take the video out of the queue and begin with ``step``. Its owner's next turn comes later.

        Raises LeaseLost.
        """
        with self.line_lock():
            self.update_claimed(status=Status.PROCESSING, step=step, started_at=self.started_at or now, updated_at=now)
            self.line_up(now)

    @property
    def line_owner(self) -> User:
        return User(pk=self.user_id)

    @property
    def line_mates(self) -> VideoQuerySet:
        return Video.objects.waiting_of(self.user_id, self.provider)

    def enter(self, step: Step, now: datetime, **fields: object) -> None:
        """Move on to ``step``. Raises LeaseLost."""
        self.update_claimed(step=step, updated_at=now, **fields)

    def requeue(self, now: datetime, due_at: datetime, **fields: object) -> None:
        """Put the video back into the queue at its old position, as if it had not left it. Raises LeaseLost.

        It keeps its progress, because the percentage that the owner sees must not fall. Errors that happened since it
        left the queue do not cost it its place.
        """
        old_provider = self.provider
        with self.line_lock():
            self.update_claimed(
                **{
                    "status": Status.QUEUED,
                    "step": Step.NONE,
                    "started_at": None,
                    "queued_at_provider": False,
                    "due_at": due_at,
                    "updated_at": now,
                    "consecutive_errors": 0,
                }
                | fields
            )
            self.line_up()
            if self.provider != old_provider:
                renumber(Video.objects.waiting_of(self.user_id, old_provider))

    def fall_back_to_studio(self, reason: FallbackReason, now: datetime) -> None:
        """Let the embedded studio render the video instead of the remote provider. Raises LeaseLost."""
        studio_fields = {"provider": STUDIO, "fallback_reason": reason, "prompt_source": PromptSource.TEMPLATE}
        self.requeue(now, now, attempts=0, consecutive_errors=0, **studio_fields)

    def succeed(self, *, file: str, poster: str, size: int, sha256: str, now: datetime) -> None:
        """Mark the video as ready, once its files are stored and verified. Raises LeaseLost and then writes nothing.

        The provider's copy is scheduled for deletion.
        """
        with transaction.atomic():
            self.update_claimed(
                status=Status.SUCCEEDED,
                step=Step.NONE,
                due_at=None,
                progress=1.0,
                file=file,
                poster=poster,
                queued_at_provider=False,
                size=size,
                sha256=sha256,
                error_code="",
                error_message="",
                finished_at=now,
                updated_at=now,
            )
            self.schedule_task_deletion(now)
            self._notify_owner(now + settings.NOTIFICATION_DELAY)

    def cancel(self, code: str, now: datetime, by: User | None = None) -> bool:
        """Cancel an unfinished video, even while a worker has it. Return False if it is already finished.

        That worker loses its lease. If it has just submitted a task whose id is not in the row yet, it cancels the task
        itself.
        """
        with self.line_lock():
            if not Video.objects.unfinished().filter(pk=self.pk).update(claim=F("claim") + 1, due_at=now):
                self.refresh_from_db()
                return False
            self.refresh_from_db()
            self.fail(code, now, by=by)
        return True

    def fail(self, code: str, now: datetime, *, by: User | None = None, **fields: object) -> None:
        """Fail the video and refund its credits in one transaction. Raises LeaseLost and then changes nothing.

        Its task at the provider is scheduled for cancellation or deletion.
        """
        with self.line_lock():
            self.update_claimed(
                status=Status.FAILED,
                step=Step.NONE,
                due_at=None,
                error_code=code,
                error_message=error_message_for(code),
                finished_at=now,
                updated_at=now,
                queued_at_provider=False,
                **fields,
            )
            failpoints.hit("end: failing")
            # Entries are never erased, so they do not name the pet.
            reason = self.catalogue_dance.english.name + (", canceled" if code in STOPPED_CODES else "")
            ledger.refund(self.ledger_subject, reason=reason, by=by)
            self.line_up()
            self.schedule_task_deletion(now)
            self._notify_owner(now)
        failpoints.hit("end: failed")

    def show_name(self, on: bool) -> None:
        """Show the pet's name to everyone with the private link, or hide it. A new link hides it."""
        ShareLink.objects.filter(video=self).update(shows_name=on)

    def enable_sharing(self) -> None:
        """Create the private link of a ready video. An existing link stays the same."""
        if self.is_shareable:
            ShareLink.objects.get_or_create(video=self)

    def disable_sharing(self) -> None:
        """Delete the private link. Enabling sharing again creates a different one."""
        ShareLink.objects.filter(video=self).delete()

    def _notify_owner(self, due_at: datetime) -> None:
        """Enqueue the e-mail about the finished video. Call inside the transaction that ends it."""
        if self.user.email_when_finished and self.user.is_active:
            VideoNotification.objects.get_or_create(video=self, defaults={"due_at": due_at})

    def mark_watched(self, now: datetime) -> bool:
        """Record that the owner saw the video become ready. Return False if its e-mail is sent, or none is due."""
        unsent = VideoNotification.objects.filter(video=self, due_at__isnull=False, sent_at=None, watched_at=None)
        return self.status == Status.SUCCEEDED and bool(unsent.update(watched_at=now))

    def delete_later(self, now: datetime) -> bool:
        """Hide a finished video, and erase it after ``UNDO_FOR``. Return False if it is unfinished or already erased.

        Until then, ``restore`` brings it back with its private link.
        """
        if self.is_unfinished or self.deleted_at:
            return False
        VideoDeletion.objects.get_or_create(video=self, defaults={"due_at": now + UNDO_FOR})
        return True

    def restore(self) -> bool:
        """Undo ``delete_later``. Return False if it is too late."""
        return VideoDeletion.objects.cancel(self.pk)

    def delete_by_owner(self, now: datetime) -> bool:
        """Erase a finished video and delete its files. Return False if it is unfinished or already erased.

        The row stays, because ledger entries refer to it.
        """
        with transaction.atomic():
            if not self.erase(now):
                return False
        purge(self.storage_name(""))
        return True

    def erase(self, now: datetime) -> bool:
        """Erase personal data from a finished row, and enqueue its files for deletion, here and at the provider."""
        erasable = Video.objects.filter(pk=self.pk, deleted_at=None).exclude(status__in=UNFINISHED_STATUSES)
        if not erasable.update(deleted_at=now, file="", poster="", prompt="", head=None, pet_name="", updated_at=now):
            return False
        self.disable_sharing()
        self.exports.all().delete()
        self.reports.resolve(Outcome.DELETED, now)
        StoredFileDeletion.objects.enqueue(self.storage_name(""), now)
        for provider, task_id in self.tasks:
            ProviderTaskDeletion.objects.enqueue(provider, task_id, now)
        return True
