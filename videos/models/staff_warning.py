"""Warnings to staff about a service that works, but not as it should."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import F
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# A warning is shown until this long after it was recorded last. Then it is news again.
SHOWN_FOR = timedelta(days=7)


class StaffWarningQuerySet(models.QuerySet["StaffWarning"]):
    def record(self, key: str, message: str, details: dict[str, str], now: datetime) -> StaffWarning:
        """Count a warning, and return its row. An old one starts over, so that staff are notified again."""
        self.filter(key=key, last_at__lte=now - SHOWN_FOR).delete()
        fields = {"message": message, "details": details, "last_at": now}
        warning, is_new = self.get_or_create(key=key, defaults=fields | {"first_at": now})
        if not is_new:
            self.filter(key=key).update(**fields, count=F("count") + 1)
            warning.refresh_from_db()
        return warning

    def current(self, now: datetime) -> Self:
        """Return the warnings to show, the latest first."""
        return self.filter(last_at__gt=now - SHOWN_FOR).order_by("-last_at")


class StaffWarning(models.Model):
    """A warning, counted from ``first_at`` to ``last_at``. ``notified_at`` is when staff were sent an e-mail.

    ``message`` is the English sentence, with placeholders for ``details``.
    """

    key = models.CharField(_("key"), max_length=60, primary_key=True)
    message = models.CharField(_("message"), max_length=300)
    details = models.JSONField(_("details"), default=dict, db_default={})
    count = models.PositiveIntegerField(_("count"), default=1)
    first_at = models.DateTimeField(_("first at"))
    last_at = models.DateTimeField(_("last at"))
    notified_at = models.DateTimeField(_("notified at"), null=True, blank=True)

    objects: ClassVar = StaffWarningQuerySet.as_manager()

    class Meta:
        verbose_name = _("staff warning")
        verbose_name_plural = _("staff warnings")

    def __str__(self) -> str:
        return self.key

    @property
    def sentence(self) -> str:
        """The sentence in the language of the reader."""
        return gettext(self.message) % self.details
