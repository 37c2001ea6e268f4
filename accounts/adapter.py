"""Adapters that customise allauth's logins, messages and e-mails. ``credits.adapter`` adds the welcome credits."""

import logging
import time
from functools import partial
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.sites.shortcuts import get_current_site
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import emails, languages
from accounts.addresses import normalize_email
from accounts.codes import limits, unsent
from accounts.codes.processes import was_recently_confirmed
from accounts.security_log import record
from accounts.throttling import too_many_requests

log = logging.getLogger(__name__)

INCORRECT_CODE = _("That code isn't right. Check it and try again.")
ERROR_MESSAGES = {
    "account_inactive": _("This account is suspended. If you think that's a mistake, contact us."),
    "duplicate_email": _("You've already added this email."),
    "email_password_mismatch": _("Wrong email or password. Try again."),
    "email_taken": _("This email already has an account."),
    "enter_current_password": _("That isn't your current password. Try again."),
    "incorrect_code": INCORRECT_CODE,
    "incorrect_password": _("Wrong password. Try again."),
    "rate_limited": _("Too many attempts. Wait a minute, then try again."),
    "too_many_login_attempts": _("Too many attempts. Wait a few minutes, then try again."),
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | ERROR_MESSAGES
    is_first_login = False

    def login(self, request: HttpRequest, user: Any) -> None:
        self.is_first_login = user.last_login is None
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: Any, *, signup: bool, **fields: Any) -> HttpResponse:
        """Do what every login ends with, whether by code, password, passkey or Google. Subclasses add to it.

        ``signup`` is true at the first login. Without a page to return to, a new owner starts with a photo.
        """
        languages.set_at_login(request, user)
        record("login", request, user, method="+".join(dict.fromkeys(methods_used(request, user))))
        return super().post_login(request, user, signup=signup or self.is_first_login, **fields)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        email = normalize_email(credentials.get("email") or "")
        known = EmailAddress.objects.filter(email=email).order_by("-verified").values_list("user_id", flat=True)
        record("login_failed", request, known.first() or "-", method="password")

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Note a lock-out, for the status of the response."""
        if code in ("too_many_login_attempts", "rate_limited"):
            self.request.is_locked_out = True
        return super().validation_error(code, *args)

    def clean_email(self, email: str) -> str:
        """Return the address in the one spelling. Google's addresses pass here, too."""
        return normalize_email(email)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Verify the address, once even if two requests race, and tell the other addresses of the account."""
        user, email = email_address.user, email_address.email
        try:
            with transaction.atomic():
                confirmed = super().confirm_email(request, email_address)
        except IntegrityError:
            if EmailAddress.objects.filter(user=user, email=email, verified=True).exists():
                return True
            self.add_message(request, messages.ERROR, message=str(self.error_messages["email_taken"]))
            return False
        if confirmed:
            record("email_confirmed", request, user)
            others = EmailAddress.objects.filter(user=user, verified=True).exclude(email=email)
            for other in others.values_list("email", flat=True):
                # No transaction stays open while the mail server answers.
                notice = partial(self.send_notification_mail, "account/email/email_added", user)
                transaction.on_commit(partial(notice, {"added_email": email}, other))
        return confirmed

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Log the event, and send a security notification, also to an address that was removed from the account."""
        event = template_prefix.rpartition("/")[2]
        if event != "email_added":
            record(event, self.request, user)
        super().send_notification_mail(template_prefix, user, context, email)
        if template_prefix == "account/email/email_deleted" and context and not email:
            super().send_notification_mail(template_prefix, user, context, context["deleted_email"])

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send an email within the seconds that this request has left for emails. A failure raises nothing.

        The page of the code tells of a code that was not sent. A notification is only logged: what it tells of is done.
        """
        has_code = template_prefix in limits.LIMITED_EMAILS
        if has_code and (exceeded := limits.count(limits.SENT, self.request, email)):
            raise ImmediateHttpResponse(too_many_requests(self.request, exceeded, limits.TOO_MANY_SENT))
        extra = {
            "request": self.request,
            "email": email,
            "current_site": get_current_site(self.request),
            "new_password_url": settings.SITE_URL + reverse("account_reset_password"),
        }
        # The account's language may differ from the browser's, for example before the login on a new device.
        with languages.language_of_address(email):
            message = self.render_mail(template_prefix, email, extra | context)
        seconds_left = getattr(self.request, "email_seconds_left", settings.EMAIL_SECONDS)
        started = time.monotonic()
        try:
            emails.send(message, seconds_left)
        except emails.EmailNotSent as error:
            log.error("email not sent", extra={"template": template_prefix, "reason": str(error)})
            if has_code:
                limits.undo(limits.SENT, self.request, email)
                unsent.remember(self.request, email, error)
        else:
            if has_code:
                unsent.forget(self.request, email)
        finally:
            self.request.email_seconds_left = max(0.0, seconds_left - (time.monotonic() - started))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Add a code by e-mail, unless a second factor protects the account: a mailbox must not replace that."""
        methods = super().get_reauthentication_methods(user)
        for method in methods:
            method["description"] = REAUTHENTICATION_WORDS[method["id"]]
        if user.is_authenticated and not is_mfa_enabled(user):
            url = reverse("account_reauthenticate_by_code")
            methods.append({"id": "code", "description": gettext("Email me a code"), "url": url})
        return methods

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask owners without a password and a second factor for a code. allauth would ask them for nothing."""
        required = super().is_reauthentication_required(app=app, **kwargs)
        user = self.request.user
        if required and not get_reauthentication_flows(user) and not was_recently_confirmed(self.request, user):
            raise ReauthenticationRequired
        return required


def methods_used(request: HttpRequest, user: Any) -> list[str]:
    """Return how the user has logged in: by code, password, mfa or socialaccount."""
    return [record["method"] for record in get_authentication_records(request, user)]


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Any:
        """Create the account, unless another request has just done so: then the address is known by now."""
        email = sociallogin.user.email
        try:
            with transaction.atomic():
                return super().save_user(request, sociallogin, form)
        except IntegrityError:
            raise ImmediateHttpResponse(prevent_enumeration(request, email=email)) from None


REAUTHENTICATION_WORDS = {
    "reauthenticate": _("Use your password"),
    "mfa_reauthenticate": _("Use your authenticator app or a recovery code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}


class MFAAdapter(DefaultMFAAdapter):
    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {
        "unverified_email": _("One of your addresses isn't confirmed yet. Confirm or remove it first."),
        "add_email_blocked": _(
            "A passkey or an authenticator app protects this account. Remove the passkey or turn off the app before "
            "you add an email."
        ),
        "incorrect_code": INCORRECT_CODE,
    }

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        if code == "incorrect_code":
            record("second_factor_failed", self.request)
        return super().validation_error(code, *args)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """Return the default name of a new passkey."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey %(number)d") % {"number": count + 1} if count else gettext("My passkey")
