"""Vouchers: codes that staff create and each owner can redeem once for credits."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Excludes letters and digits that are easily confused when read aloud or copied by hand.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 12
GROUP = 4


def new_code() -> str:
    """Return a random code of 12 characters. About 59 bits cannot be guessed within our rate limits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


class VoucherQuerySet(models.QuerySet["Voucher"]):
    def valid(self, now: datetime) -> Self:
        """Return the vouchers that can still be redeemed."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), withdrawn_at=None, used__lt=F("uses"))

    def make(self, count: int, *, batch: uuid.UUID, **fields: Any) -> list[Voucher]:
        """Create ``count`` vouchers with the same ``credits``, ``uses``, ``note``, ``expires_at`` and ``by``.

        A repeated ``batch`` always returns its first vouchers, so that a form submitted twice creates them once.
        """
        rows = [Voucher(code=new_code(), batch=batch, number=number, **fields) for number in range(count)]
        try:
            with transaction.atomic():
                return Voucher.objects.bulk_create(rows)
        except IntegrityError:
            existing: list[Voucher] = list(self.filter(batch=batch).order_by("number"))
            if not existing:
                raise
            return existing


class Voucher(models.Model):
    """A code that gives ``credits`` to each of up to ``uses`` owners."""

    code = models.CharField(_("code"), max_length=LENGTH, unique=True, default=new_code, editable=False)
    credits = models.PositiveIntegerField(
        _("credits"), default=3, validators=[MinValueValidator(1), MaxValueValidator(10_000)]
    )
    uses = models.PositiveIntegerField(
        _("uses"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(1_000_000)],
        help_text=_("Number of owners who can redeem it."),
    )
    used = models.PositiveIntegerField(_("used"), default=0, editable=False)
    note = models.CharField(_("note"), max_length=150, help_text=_("What it's for. Visible to the owner."))
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by (staff)")
    )
    batch = models.UUIDField(null=True, editable=False)
    number = models.PositiveIntegerField(null=True, editable=False, help_text=_("Position within the batch."))
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects: ClassVar = VoucherQuerySet.as_manager()

    class Meta:
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="voucher_unique_batch_number"),
            models.CheckConstraint(condition=Q(credits__gte=1), name="voucher_credits_gte_1"),
            models.CheckConstraint(condition=Q(used__lte=F("uses")), name="voucher_used_lte_uses"),
        ]

    def __str__(self) -> str:
        return self.shown

    def clean(self) -> None:
        if self.expires_at and self.expires_at <= timezone.now():
            raise ValidationError({"expires_at": _("This time is in the past. Choose a later one.")})

    @property
    def shown(self) -> str:
        """Return the code as printed: ``ABCD-EFGH-JKMN``."""
        return "-".join(self.code[start : start + GROUP] for start in range(0, LENGTH, GROUP))
