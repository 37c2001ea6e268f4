"""The balance of each owner and the append-only entries that explain it.

Only ``credits.ledger`` writes these rows. An entry names its subject by a reference, a plain string such as
``video:<id>:charge``, so that this app does not depend on videos.
"""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    WELCOME = "welcome", _("Welcome")
    GRANT = "grant", _("Grant")
    VOUCHER = "voucher", _("Voucher")
    PURCHASE = "purchase", _("Purchase")
    CHARGE = "charge", _("Charge")
    REFUND = "refund", _("Refund")
    ADJUSTMENT = "adjustment", _("Adjustment")


class Account(models.Model):
    """The balance of an owner, in credits. It equals the sum of the entries and is never negative."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="credit_account", verbose_name=_("user")
    )
    balance = models.PositiveIntegerField(_("balance"), default=0, editable=False)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [models.CheckConstraint(condition=models.Q(balance__gte=0), name="account_balance_gte_0")]

    def __str__(self) -> str:
        return ngettext("%(count)d credit", "%(count)d credits", self.balance) % {"count": self.balance}


class Entry(models.Model):
    """A movement of credits. A trigger prevents changes and deletion; a contrary entry corrects an error."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries", verbose_name=_("account"))
    amount = models.IntegerField(_("amount"), help_text=_("In credits; negative if spent."))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    reference = models.CharField(_("reference"), max_length=120, unique=True)
    balance_after = models.PositiveIntegerField(_("balance after"))
    # In English if it comes from the site: ``reason_text`` translates it.
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by (staff)")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["account", "-id"], name="entry_account_idx"),
            # For the list and the statistics of the admin.
            models.Index(fields=["-created_at"], name="entry_created_idx"),
            models.Index(fields=["kind", "-created_at"], name="entry_kind_created_idx"),
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount=0), name="entry_amount_nonzero"),
            models.CheckConstraint(condition=models.Q(balance_after__gte=0), name="entry_balance_after_gte_0"),
            models.CheckConstraint(
                condition=models.Q(kind=Kind.CHARGE, amount__lt=0)
                | models.Q(kind=Kind.ADJUSTMENT)
                | (~models.Q(kind__in=[Kind.CHARGE, Kind.ADJUSTMENT]) & models.Q(amount__gt=0)),
                name="entry_amount_sign_matches_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount:+d} {self.get_kind_display()}"

    @property
    def title(self) -> str:
        """Return what the owner reads about the entry: "Disco" for a charge, "Refund · Disco" for its refund."""
        if self.kind == Kind.WELCOME:
            return gettext("Welcome credits")
        if self.kind == Kind.CHARGE:
            return self.reason_text
        kind = gettext("Bonus") if self.kind == Kind.GRANT else self.get_kind_display()
        return f"{kind} · {self.reason_text}"

    @property
    def reason_text(self) -> str:
        """Return the reason in the reader's language if the site wrote it, else as staff or a voucher stated it."""
        return gettext(self.reason)

    @property
    def signed(self) -> str:
        """Return the amount for display: "+3", or "−1" with a true minus sign."""
        return f"{self.amount:+d}".replace("-", "−")
