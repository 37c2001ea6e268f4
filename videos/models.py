"""Photos of pets and the videos made of them. A row of Video is the job itself."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from credits import ledger
from videos import dances, formats, photos
from videos.failures import sentence_for
from videos.leases import Leased, LeasedQuerySet, LeaseLost

if TYPE_CHECKING:
    from accounts.models import User

# What a video is thought to take where none has been made yet.
FIRST_GUESS = timedelta(seconds=20)


class PhotoQuerySet(LeasedQuerySet["Photo"]):
    def of(self, user: User) -> Self:
        """The photos this owner can pick from, the newest first."""
        return self.filter(user=user, deleted_at=None).order_by("-created_at")


class Photo(Leased):
    """A photo as we keep it: upright, sRGB, without metadata. The uploaded bytes themselves are not kept.

    ``focus_x`` and ``focus_y`` (0 to 1) say what to keep in the frame. Being due means that the worker has yet to
    prepare it: ``mask`` (8-bit grey PNG of the whole photo), ``sticker`` (the pet on a transparent ground, WebP) and
    the figures of ``cut``. ``cutout`` is the owner's switch between the cut-out pet and the photo print.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="photos")
    image = models.FileField(max_length=120)
    thumbnail = models.FileField(max_length=120)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    focus_x = models.FloatField(default=photos.Focus().x)
    focus_y = models.FloatField(default=photos.Focus().y)
    findings = models.JSONField(default=list, blank=True, help_text="Friendly notes shown before anything is spent.")
    removed = models.JSONField(default=list, blank=True, help_text="What was taken out of the file for privacy.")
    cutout = models.BooleanField(default=True)
    mask = models.FileField(max_length=120, blank=True)
    sticker = models.FileField(max_length=120, blank=True)
    cut = models.JSONField(default=dict, blank=True, help_text="What the cut-out found, as figures.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar = PhotoQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "-created_at"], name="photos_of_an_owner")]

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

    @property
    def has_cutout(self) -> bool:
        """Whether there is a pet to cut out: the switch makes sense then."""
        return bool(self.mask)

    def preview_of(self, dance: dances.Dance, now: datetime) -> Preview:
        """The preview in ``dance``, asked for at its first mention."""
        asked = {"photo": self, "dance": dance.slug, "cutout": self.cutout}
        return Preview.objects.get_or_create(**asked, defaults={"due_at": now})[0]

    @property
    def proposed_format(self) -> formats.Format:
        return formats.proposed(self.width, self.height)

    def name_of(self, part: str) -> str:
        """Where a part of the photo (``photo.jpg``, ``mask.png``, ...) is stored."""
        return f"photos/{self.pk}/{part}"


class Preview(Leased):
    """Two silent seconds of a photo in one dance, made by the worker when its owner asks for them."""

    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="previews")
    dance = models.CharField(max_length=20, choices=dances.CHOICES)
    cutout = models.BooleanField()
    file = models.FileField(max_length=120, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar = LeasedQuerySet["Preview"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["photo", "dance", "cutout"], name="one_preview_a_dance")]

    def __str__(self) -> str:
        return f"Preview of {self.dance}"

    @property
    def style(self) -> dances.Dance:
        return dances.BY_SLUG[self.dance]

    @property
    def is_coming(self) -> bool:
        """Whether the worker still has it to make; without a file it could not be made."""
        return self.due_at is not None

    @property
    def name(self) -> str:
        """Where it is stored."""
        return self.photo.name_of(f"{self.dance}-{'cutout' if self.cutout else 'print'}.mp4")


class Status(models.TextChoices):
    QUEUED = "queued", "In line"
    PROCESSING = "processing", "Dancing"
    SUCCEEDED = "succeeded", "Ready"
    FAILED = "failed", "Credit returned"


class Step(models.TextChoices):
    NONE = "", "-"
    SUBMITTING = "submitting", "Submitting"
    RENDERING = "rendering", "Rendering"
    STORING = "storing", "Storing"


LIVING = (Status.QUEUED, Status.PROCESSING)


class VideoQuerySet(LeasedQuerySet["Video"]):
    def of(self, user: User) -> Self:
        """The videos this owner sees, the newest first."""
        return self.filter(user=user, deleted_at=None).order_by("-created_at")

    def living(self) -> Self:
        return self.filter(status__in=LIVING)

    def overdue(self, now: datetime) -> Self:
        """Living videos whose promised time has passed."""
        return self.living().filter(promised_by__lte=now)

    def typical_time(self, provider: str) -> timedelta:
        """How long this provider takes for a video: the median of its last twenty, or a first guess."""
        ready = self.filter(status=Status.SUCCEEDED, provider=provider).order_by("-finished_at")
        times = ready.values_list("started_at", "finished_at")[:20]
        spans = sorted(finished - started for started, finished in times if started and finished)
        return spans[len(spans) // 2] if spans else FIRST_GUESS

    def request(
        self,
        *,
        user: User,
        photo: Photo,
        dance: dances.Dance,
        shape: formats.Format,
        form_key: uuid.UUID,
        now: datetime,
        focus: photos.Focus | None = None,
        seconds: int = 5,
    ) -> Video:
        """Put a video in line and charge its owner, both or neither.

        The same ``form_key`` of the same user gives the same video, for ever, and no second charge. Raises
        InsufficientCredits; there is no video and no charge then.
        """
        if video := self.filter(user=user, form_key=form_key).first():
            return video
        focus = focus or photo.focus
        video = self.model(
            user=user,
            photo=photo,
            dance=dance.slug,
            format=shape.slug,
            focus_x=focus.x,
            focus_y=focus.y,
            cutout=photo.cutout,
            seconds=seconds,
            price=price_of(seconds),
            prompt=dance.prompt,
            provider=settings.VIDEO_PROVIDER,
            form_key=form_key,
            created_at=now,
            due_at=now,
            promised_by=now + self.promise(settings.VIDEO_PROVIDER),
        )
        try:
            with transaction.atomic():
                # The row comes first: of two clicks at once the second one ends here, before it is charged.
                video.save(force_insert=True)
                ledger.charge(user, video.price, video.subject, reason=f"{video.title}")
        except IntegrityError:
            if video := self.filter(user=user, form_key=form_key).first():
                return video
            raise
        return video

    def promise(self, provider: str) -> timedelta:
        """How soon a new video is promised: twice the estimate for its place in line, at least ``PROMISE``."""
        place = 1 + self.living().filter(provider=provider).count()
        return max(settings.PROMISE, 2 * place * self.typical_time(provider))


def price_of(seconds: int) -> int:
    """Credits for a video of 5 or 10 seconds."""
    return seconds // 5


def new_seed() -> int:
    """0 to 4294967295, as Runway's ``seed`` has it."""
    return secrets.randbelow(2**32)


class Video(Leased):
    """One video: what was asked for, how far it is, and how it ended.

    ``status`` is what the world sees; ``step`` tells, while it is processing, what the worker does next. Both change
    only by guarded updates under a claim (see ``videos.leases``); ``succeeded`` and ``failed`` are for ever. A failure
    and its refund are one transaction.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="videos")
    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="videos")
    form_key = models.UUIDField(editable=False)

    dance = models.CharField(max_length=20, choices=dances.CHOICES)
    format = models.CharField(max_length=10, choices=formats.CHOICES)
    seconds = models.PositiveSmallIntegerField(default=5)
    price = models.PositiveSmallIntegerField(default=1, help_text="Credits charged.")
    focus_x = models.FloatField()
    focus_y = models.FloatField()
    cutout = models.BooleanField(default=True)
    seed = models.BigIntegerField(default=new_seed, editable=False)
    prompt = models.TextField(editable=False)
    prompt_source = models.CharField(max_length=20, default="template", editable=False)

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED, editable=False)
    step = models.CharField(max_length=10, choices=Step.choices, default=Step.NONE, blank=True, editable=False)
    progress = models.FloatField(default=0.0, editable=False, help_text="Of the rendering, 0 to 1.")
    promised_by = models.DateTimeField(editable=False)
    provider = models.CharField(max_length=20, editable=False)
    provider_task_id = models.CharField(max_length=100, unique=True, null=True, blank=True, editable=False)
    submissions = models.PositiveSmallIntegerField(default=0, editable=False)
    provider_cost = models.PositiveIntegerField(null=True, blank=True, editable=False)

    file = models.FileField(max_length=120, blank=True, editable=False)
    poster = models.FileField(max_length=120, blank=True, editable=False)
    size = models.PositiveBigIntegerField(default=0, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    error_code = models.CharField(max_length=40, blank=True, editable=False)
    error_message = models.CharField(max_length=300, blank=True, editable=False)

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

    objects: ClassVar = VideoQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["user", "-created_at"], name="videos_of_an_owner"),
            models.Index(fields=["provider", "status", "created_at"], name="the_line"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "form_key"], name="one_video_a_form"),
            models.CheckConstraint(
                condition=(Q(status=Status.PROCESSING) & ~Q(step="")) | (~Q(status=Status.PROCESSING) & Q(step="")),
                name="a_step_while_processing_and_only_then",
            ),
            models.CheckConstraint(
                condition=Q(status__in=LIVING, due_at__isnull=False, finished_at__isnull=True)
                | (~Q(status__in=LIVING) & Q(due_at__isnull=True, finished_at__isnull=False)),
                name="the_living_are_due_and_the_ended_finished",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.SUCCEEDED) | Q(deleted_at__isnull=False) | (~Q(file="") & ~Q(sha256="")),
                name="success_has_a_file",
            ),
            models.CheckConstraint(condition=~Q(status=Status.FAILED) | ~Q(error_code=""), name="failure_has_a_reason"),
            models.CheckConstraint(condition=Q(progress__gte=0, progress__lte=1), name="progress_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.get_status_display()})"

    def get_absolute_url(self) -> str:
        return reverse("videos:detail", args=[self.pk])

    @property
    def subject(self) -> str:
        """What the ledger's references begin with."""
        return f"video:{self.pk}"

    @property
    def style(self) -> dances.Dance:
        return dances.BY_SLUG[self.dance]

    @property
    def shape(self) -> formats.Format:
        return formats.BY_SLUG[self.format]

    @property
    def title(self) -> str:
        return self.style.name

    @property
    def is_living(self) -> bool:
        return self.status in LIVING

    @property
    def download_name(self) -> str:
        return f"petgroove-{slugify(self.title)}-{self.created_at:%Y-%m-%d}.mp4"

    def name_of(self, part: str) -> str:
        """Where a part of the video (``dance.mp4``, ``poster.jpg``) is stored: fixed, so that a repeat overwrites."""
        return f"videos/{self.pk}/{part}"

    def ahead(self) -> int:
        """How many stand before this one in line."""
        earlier = Q(created_at__lt=self.created_at) | Q(created_at=self.created_at, pk__lt=self.pk)
        return Video.objects.filter(earlier, status=Status.QUEUED, provider=self.provider).count()

    def start(self, step: Step, now: datetime) -> None:
        """Out of the line, into the work. Raises LeaseLost."""
        self.record(status=Status.PROCESSING, step=step, started_at=self.started_at or now, updated_at=now)

    def enter(self, step: Step, now: datetime, **fields: object) -> None:
        """On to the next step. Raises LeaseLost."""
        self.record(step=step, updated_at=now, **fields)

    def succeed(self, *, file: str, poster: str, size: int, sha256: str, now: datetime) -> None:
        """The file is stored and verified: the video is ready. Raises LeaseLost; nothing is written then."""
        self.record(
            status=Status.SUCCEEDED,
            step=Step.NONE,
            due_at=None,
            progress=1.0,
            file=file,
            poster=poster,
            size=size,
            sha256=sha256,
            error_code="",
            error_message="",
            finished_at=now,
            updated_at=now,
        )

    def fail(self, code: str, now: datetime) -> None:
        """There will be no video, and the credit is back: one transaction. Raises LeaseLost; nothing moves then."""
        with transaction.atomic():
            self.record(
                status=Status.FAILED,
                step=Step.NONE,
                due_at=None,
                error_code=code,
                error_message=sentence_for(code),
                finished_at=now,
                updated_at=now,
            )
            ledger.refund(self.subject, reason=f"{self.title} did not work out")

    def delete_by_owner(self, now: datetime) -> bool:
        """Take an ended video out of the owner's sight and its files out of the storage; False while it lives.

        The row stays: it is what the ledger's entries are for.
        """
        files = [(field.storage, field.name) for field in (self.file, self.poster) if field.name]
        gone = Video.objects.filter(pk=self.pk, deleted_at=None).exclude(status__in=LIVING)
        if not gone.update(deleted_at=now, file="", poster="", prompt="", updated_at=now):
            return False
        for storage, name in files:
            storage.delete(name)
        return True


__all__ = ["LIVING", "LeaseLost", "Photo", "Preview", "Status", "Step", "Video"]
