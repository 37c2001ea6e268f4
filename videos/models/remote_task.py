"""The fields of a video for its task at a remote provider: the order, the task id and the cost."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from videos.models.choices import Status, Step
from videos.models.deletions import ProviderTaskDeletion
from videos.models.leases import LeasedModel
from videos.models.turns import TurnFields
from videos.providers.registry import REMOTE


class RemoteTaskFields(TurnFields, LeasedModel):
    """The fields of ``Video`` for remote providers."""

    # Unique for each provider; see the constraints of ``Video``.
    provider_task_id = models.CharField(_("provider task id"), max_length=100, null=True, blank=True, editable=False)
    task_provider = models.CharField(
        _("task provider"),
        max_length=20,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text=_("Remote provider of its orders, even if the embedded studio has taken over since."),
    )
    submissions = models.PositiveSmallIntegerField(_("submissions"), default=0, editable=False)
    provider_model = models.CharField(
        _("provider model"),
        max_length=100,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text=_("Model of the latest order."),
    )
    ordered_seconds = models.PositiveSmallIntegerField(
        _("ordered seconds"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Length of the latest order. A model may have a longer minimum."),
    )
    queued_at_provider = models.BooleanField(
        _("queued at the provider"), default=False, db_default=False, editable=False
    )
    provider_failure = models.CharField(
        _("provider failure"),
        max_length=100,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text=_("The provider's failure code."),
    )
    provider_cost = models.PositiveIntegerField(
        _("provider cost"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Cost of all tasks for this video, in the provider's credits."),
    )
    current_task_cost = models.PositiveIntegerField(
        _("current task cost"),
        default=0,
        db_default=0,
        editable=False,
        help_text=_("Cost of the latest order: an estimate until its task has ended."),
    )
    consecutive_errors = models.PositiveIntegerField(
        _("consecutive errors"),
        default=0,
        db_default=0,
        editable=False,
        help_text=_("Consecutive steps at a remote provider that raised an error."),
    )
    bad_outputs = models.PositiveSmallIntegerField(
        _("bad outputs"),
        default=0,
        db_default=0,
        editable=False,
        help_text=_("Downloaded clips that could not be used."),
    )
    stale_results = models.PositiveIntegerField(
        _("stale results"),
        default=0,
        db_default=0,
        editable=False,
        help_text=_("Results discarded because the lease was lost."),
    )
    previous_task_ids = models.JSONField(
        _("previous task ids"),
        default=list,
        db_default=[],
        editable=False,
        help_text=_("Earlier tasks that produced no video."),
    )

    @property
    def tasks(self) -> list[tuple[str, str]]:
        """The provider and the id of each known task, oldest first."""
        ids = [*self.previous_task_ids, *filter(None, [self.provider_task_id])]
        return [(self.task_provider or self.provider, task_id) for task_id in ids]

    if TYPE_CHECKING:
        provider: models.CharField[str, str]
        started_at: models.DateTimeField[datetime | None, datetime | None]

    class Meta:
        abstract = True

    def submit(
        self, now: datetime, lease: timedelta, *, model: str = "", seconds: int | None = None, estimate: int = 0
    ) -> None:
        """Count a submission to a remote provider, before it is sent. Raises LeaseLost.

        ``model`` and ``seconds`` describe the order. ``estimate``, in the provider's credits, counts as its cost until
        the real cost is known. Raises IntegrityError at the third submission, since the provider may have charged for
        the first two.
        """
        with self.line_lock():
            self.update_claimed(
                status=Status.PROCESSING,
                step=Step.SUBMITTING,
                started_at=self.started_at or now,
                updated_at=now,
                submissions=self.submissions + 1,
                attempts=0,
                due_at=now + lease,
                task_provider=self.provider,
                provider_model=model,
                ordered_seconds=seconds,
                provider_cost=(self.provider_cost or 0) + estimate,
                current_task_cost=estimate,
            )
            self.line_up(now)

    def schedule_task_deletion(self, now: datetime) -> None:
        """Schedule the provider task for cancellation, or for deletion if it has finished."""
        if self.provider in REMOTE and self.provider_task_id:
            ProviderTaskDeletion.objects.enqueue(self.provider, self.provider_task_id, now)
