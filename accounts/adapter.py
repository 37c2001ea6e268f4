"""Adapters that customise allauth's messages and e-mails. ``credits.adapter`` adds the welcome credits."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.urls import reverse

INCORRECT_CODE = "That is not the code. Please check it and try again."
ERROR_MESSAGES = {
    "email_password_mismatch": "This email address and this password do not match. Please try again.",
    "email_taken": "This address already has an account.",
    "enter_current_password": "That is not your current password.",
    "incorrect_code": INCORRECT_CODE,
    "incorrect_password": "That is not the password. Please try again.",
    "too_many_login_attempts": "Too many attempts. Please wait a few minutes, then try again.",
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | ERROR_MESSAGES

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Add the password-reset URL that every security notification contains."""
        extra = {"new_password_url": settings.SITE_URL + reverse("account_reset_password")}
        super().send_mail(template_prefix, email, extra | context)


class MFAAdapter(DefaultMFAAdapter):
    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {
        "unverified_email": "One of your addresses is not confirmed yet. Please confirm or remove it first.",
        "add_email_blocked": "A passkey or an authenticator app protects this account. Turn it off to add an address.",
        "incorrect_code": INCORRECT_CODE,
    }

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """Return the default name of a new passkey."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"Passkey {count + 1}" if count else "My passkey"
