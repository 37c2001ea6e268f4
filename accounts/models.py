"""The user accounts of pet owners and staff."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.addresses import normalize_email


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an account with an unverified address. Without a password, it can log in only by code."""
        if not email:
            raise ValueError("An account needs an email address.")
        user = self.model(email=normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def unverified(self, before: datetime) -> models.QuerySet["User"]:
        """Return accounts created before ``before`` that have no verified address and never logged in."""
        unused = self.filter(date_joined__lt=before, last_login=None, is_staff=False, closed_at=None)
        return unused.exclude(emailaddress__verified=True)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=normalize_email(email or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """An account. The e-mail address is the login; it is kept in one spelling."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(
        _("email address"), unique=True, error_messages={"unique": _("This address already has an account.")}
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Clear this instead of deleting an account.")
    )
    is_staff = models.BooleanField(_("staff"), default=False, help_text=_("Can log in to the admin."))
    email_when_finished = models.BooleanField(_("email when a video is finished"), default=True, db_default=True)
    # Blank until the first login. Not limited to LANGUAGES, so that a new language needs no migration.
    language = models.CharField(_("language"), max_length=16, blank=True, default="", db_default="", editable=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_unique_email_ci")]
        indexes = [
            # For the lists of the admin.
            models.Index(fields=["-date_joined"], name="user_joined_idx"),
            models.Index(fields=["is_active", "-date_joined"], name="user_active_joined_idx"),
            models.Index(fields=["is_staff", "-date_joined"], name="user_staff_joined_idx"),
        ]

    def __str__(self) -> str:
        return self.email

    def suspend(self) -> bool:
        """Block logins, sessions and tokens. Return False if the account was already suspended."""
        return bool(User.objects.filter(pk=self.pk, is_active=True).update(is_active=False))

    def unsuspend(self) -> bool:
        """Unsuspend the account. Return False if it was active, or closed by its owner."""
        return bool(User.objects.filter(pk=self.pk, is_active=False, closed_at=None).update(is_active=True))
