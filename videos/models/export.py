"""Other files of a finished video, which the owner may save without paying again."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, NamedTuple

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from videos import formats
from videos.models.leases import LeasedModel, LeasedQuerySet
from videos.models.turns import LINE_COLUMNS, TurnFields, new_place, waiting
from videos.models.video import Video


class ExportKind(models.TextChoices):
    STICKER = "sticker", _("Sticker")
    GIF = "gif", _("GIF")
    STILL = "still", _("Picture")
    TALL = "tall", _("Vertical video")
    SQUARE = "square", _("Square video")
    WIDE = "wide", _("Landscape video")

    @property
    def shape(self) -> formats.Format | None:
        """Return the format of a whole video, or None for the other kinds."""
        return formats.BY_SLUG.get(self.value)

    @property
    def file_type(self) -> FileType:
        return FILE_TYPES.get(self, FileType("mp4", "video/mp4"))

    @property
    def file_name(self) -> str:
        return f"{self.value}.{self.file_type.suffix}"


class FileType(NamedTuple):
    suffix: str
    content_type: str


FILE_TYPES = {
    ExportKind.STICKER: FileType("webp", "image/webp"),
    ExportKind.GIF: FileType("gif", "image/gif"),
    ExportKind.STILL: FileType("png", "image/png"),
}
# Made from the finished file. The others are rendered again, which needs the photo and the studio.
FROM_FILE = (ExportKind.GIF, ExportKind.STILL)


class VideoExportQuerySet(LeasedQuerySet["VideoExport"]):
    def request(self, video: Video, kind: ExportKind, now: datetime) -> VideoExport:
        """Return the export. It becomes due if it is new or has failed."""
        with video.line_lock():
            export, _ = self.get_or_create(video=video, kind=kind, defaults=new_place(now))
            self.filter(pk=export.pk, due_at=None, file="").update(**new_place(now))
            export.line_up()
        export.refresh_from_db()
        return export


def possible_kinds(video: Video) -> list[ExportKind]:
    """Return the kinds of files that can be made of a video now. A provider's clip is nothing but its file."""
    if not video.is_shareable:
        return []
    if video.is_remote or video.photo.deleted_at:
        return list(FROM_FILE)
    return [kind for kind in ExportKind if kind.value != video.format]


class VideoExport(TurnFields, LeasedModel):
    """A file of a ready video in another kind, made by the worker at the owner's request, for no credit.

    It is deleted with the video.
    """

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="exports")
    kind = models.CharField(max_length=10, choices=ExportKind.choices)
    file = models.FileField(max_length=120, blank=True, editable=False)
    size = models.PositiveBigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar = VideoExportQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["video", "kind"], name="export_unique_video_kind")]
        indexes = [models.Index(fields=LINE_COLUMNS, condition=models.Q(due_at__isnull=False), name="export_line_idx")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.video}"

    @property
    def line_owner(self) -> models.Model:
        return self.video.line_owner

    @property
    def line_mates(self) -> models.QuerySet[VideoExport]:
        return waiting(VideoExport.objects.filter(video__user=self.video.user_id))

    @property
    def choice(self) -> ExportKind:
        return ExportKind(self.kind)

    @property
    def is_pending(self) -> bool:
        """Whether it is still to be made. An export that is neither pending nor has a file has failed."""
        return self.due_at is not None

    @property
    def state(self) -> str:
        return "pending" if self.is_pending else "ready" if self.file else "failed"

    @property
    def download_name(self) -> str:
        return f"{self.video.file_stem}-{self.choice.file_name}"

    @property
    def storage_name(self) -> str:
        """Return the storage name of the file."""
        return self.video.storage_name(self.choice.file_name)
