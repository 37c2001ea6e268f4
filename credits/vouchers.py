"""Vouchers: codes that staff make and owners turn into credits, each owner once."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils import timezone

from credits import ledger
from credits.models import Entry, Kind

if TYPE_CHECKING:
    from accounts.models import User

# Without the letters and digits that are mistaken for each other when they are read out or copied by hand.
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 12
GROUP = 4


class NotRedeemed(Exception):
    """The code gives this owner nothing; the message is a sentence for the owner. Nothing was moved."""


class UnknownCode(NotRedeemed):
    """There is no such code: a slip of the pen, or a guess."""

    def __init__(self) -> None:
        super().__init__("We do not know this code. Please look at it again, letter by letter.")


class CodeIsOver(NotRedeemed):
    """The code was good once: it has expired, was withdrawn, or is used up."""

    def __init__(self) -> None:
        super().__init__("This code is not valid any more. Nothing was changed.")


class AlreadyRedeemed(NotRedeemed):
    """This owner has had the credits of this code."""

    def __init__(self) -> None:
        super().__init__("You have redeemed this code already: its credits are in your balance, once.")


def new_code() -> str:
    """Twelve signs, about 59 bits: not to be guessed within any limit of ours."""
    return "".join(secrets.choice(SIGNS) for _ in range(LENGTH))


def spelt(code: str) -> str:
    """A code as we keep it: however it was typed, in small letters, with hyphens or spaces."""
    return "".join(sign for sign in code.upper() if sign.isalnum())


class VoucherQuerySet(models.QuerySet["Voucher"]):
    def valid(self, now: datetime) -> Self:
        """Those that would still give something."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), withdrawn_at=None, used__lt=F("uses"))

    def make(self, count: int, *, batch: uuid.UUID, **alike: Any) -> list[Voucher]:
        """So many new codes, all alike: ``credits``, ``uses``, ``note``, ``expires_at``, ``by``.

        The same ``batch`` gives the same codes, for ever: a form sent twice makes them once.
        """
        rows = [Voucher(code=new_code(), batch=batch, number=number, **alike) for number in range(count)]
        try:
            with transaction.atomic():
                return Voucher.objects.bulk_create(rows)
        except IntegrityError:
            made: list[Voucher] = list(self.filter(batch=batch).order_by("number"))
            if not made:
                raise
            return made


class Voucher(models.Model):
    """A code worth ``credits`` to each of up to ``uses`` owners."""

    code = models.CharField(max_length=LENGTH, unique=True, default=new_code, editable=False)
    credits = models.PositiveIntegerField(default=3, validators=[MinValueValidator(1), MaxValueValidator(10_000)])
    uses = models.PositiveIntegerField(
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(1_000_000)],
        help_text="Owners who may redeem it.",
    )
    used = models.PositiveIntegerField(default=0, editable=False)
    note = models.CharField(max_length=150, help_text="What it is for. The owner reads this, too.")
    expires_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    batch = models.UUIDField(null=True, editable=False)
    number = models.PositiveIntegerField(null=True, editable=False, help_text="Within its batch.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar = VoucherQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="a_batch_is_made_once"),
            models.CheckConstraint(condition=Q(credits__gte=1), name="a_voucher_gives_something"),
            models.CheckConstraint(condition=Q(used__lte=F("uses")), name="no_more_uses_than_a_voucher_has"),
        ]

    def __str__(self) -> str:
        return self.shown

    def clean(self) -> None:
        if self.expires_at and self.expires_at <= timezone.now():
            raise ValidationError({"expires_at": "This moment has passed: nobody could redeem it."})

    @property
    def shown(self) -> str:
        """The code as it is printed: ``ABCD-EFGH-JKMN``."""
        return "-".join(self.code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def redeem(code: str, user: User, now: datetime) -> Entry:
    """Turn a code into credits of ``user``. Raises UnknownCode, AlreadyRedeemed or CodeIsOver; nothing moves then.

    Two guards, in one transaction: a conditional UPDATE counts the use, and the ledger's unique reference lets
    each owner redeem a code once, however many requests race.
    """
    voucher = Voucher.objects.filter(code=spelt(code)[:LENGTH]).first() if len(spelt(code)) == LENGTH else None
    if voucher is None:
        raise UnknownCode
    reference = f"voucher:{voucher.code}:{user.pk}"
    account = ledger.account_of(user)
    try:
        with transaction.atomic():
            if Entry.objects.filter(reference=reference).exists():
                raise AlreadyRedeemed
            if not Voucher.objects.valid(now).filter(pk=voucher.pk).update(used=F("used") + 1):
                raise CodeIsOver
            return ledger.append(account, voucher.credits, Kind.VOUCHER, reference, reason=voucher.note)
    except (IntegrityError, CodeIsOver):
        # Lost a race against the owner's own second click; the use that was counted here is rolled back.
        if Entry.objects.filter(reference=reference).exists():
            raise AlreadyRedeemed from None
        raise
