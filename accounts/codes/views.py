"""The pages that ask for an address and for the code, in front of allauth's views."""

from __future__ import annotations

import time
from typing import Any

from allauth.account import views as allauth
from allauth.account.internal.flows.email_verification_by_code import EMAIL_VERIFICATION_CODE_SESSION_KEY
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.flows.password_reset_by_code import PASSWORD_RESET_VERIFICATION_SESSION_KEY
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY, clear_login
from allauth.account.stages import LoginStage
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from accounts.codes import limits
from accounts.codes.limits import TOO_MANY_SENT, TOO_MANY_TRIED
from accounts.codes.processes import user_for
from accounts.codes.unsent import problem, refusal_at_field
from accounts.forms import PasswordLoginForm
from accounts.security_log import record
from accounts.throttling import too_many_requests

EXPIRED = _("That code has expired. Ask for a new one.")
# In the session: the address to change, after "Change email".
EMAIL_SESSION_KEY = "entrance_email"


class EntranceView(allauth.RequestLoginCodeView):
    """Send a code to the address, for signing up as well as for logging in."""

    template_name = "account/login.html"

    def get_initial(self) -> dict[str, Any]:
        return {"email": self.request.session.get(EMAIL_SESSION_KEY, "")}

    def form_valid(self, form: Any) -> HttpResponse:
        email = form.cleaned_data["email"]
        # The adapter counts the code. Without one, there must be no account either.
        if exceeded := limits.peek(limits.SENT, self.request, email):
            return too_many_requests(self.request, exceeded, TOO_MANY_SENT)
        self.request.session.pop(EMAIL_SESSION_KEY, None)
        response = refusal_at_field(self.request, form, "email", self.send_code, LOGIN_SESSION_KEY)
        return response or self.form_invalid(form)

    def send_code(self, form: Any) -> HttpResponse:
        email = form.cleaned_data["email"]
        LoginCodeVerificationProcess.initiate(request=self.request, user=user_for(email), email=email)
        return HttpResponseRedirect(self.get_success_url())

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: LoginStage) -> HttpResponseRedirect:
        """Continue a login that has begun, but to the page that is wanted now. allauth forgets that page."""
        return HttpResponseRedirect(self.passthrough_next_url(super()._redirect_to_pending_stage(request, stage).url))


class AddressesView(allauth.EmailView):
    """The addresses of an account. Adding one sends a code to it."""

    def form_valid(self, form: Any) -> HttpResponse:
        state_key = EMAIL_VERIFICATION_CODE_SESSION_KEY
        response = refusal_at_field(self.request, form, "email", super().form_valid, state_key)
        return response or self.form_invalid(form)


class PasswordResetView(allauth.PasswordResetView):
    """The page that sends a code to set a new password."""

    def form_valid(self, form: Any) -> HttpResponse:
        state_key = PASSWORD_RESET_VERIFICATION_SESSION_KEY
        response = refusal_at_field(self.request, form, "email", super().form_valid, state_key)
        return response or self.form_invalid(form)


class PasswordLoginView(allauth.LoginView):
    """The second way to log in."""

    template_name = "account/login_by_password.html"

    def get_form_class(self) -> type[PasswordLoginForm]:
        return PasswordLoginForm


class CodePage:
    """A mixin for the pages of a code: it limits the tries, and sends expired codes back to where they came from."""

    # The URL name of the page that sends a code.
    start = "account_login"

    @method_decorator(login_not_required)
    def dispatch(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        if isinstance(response, HttpResponseRedirect) and self.has_expired():
            messages.error(request, EXPIRED)
            return self.restart()
        return response

    def has_expired(self: Any) -> bool:
        return getattr(self, "_process", None) is None

    def restart(self: Any) -> HttpResponseRedirect:
        return HttpResponseRedirect(self.passthrough_next_url(reverse(self.start)))

    def post(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "code" in request.POST:
            exceeded = limits.count(limits.TRIED, request, self._process.state["email"])
            if exceeded:
                return too_many_requests(request, exceeded, TOO_MANY_TRIED)
        elif request.POST.get("action") == "resend" and self._process.can_resend:
            return self.resend(request, *args, **kwargs)
        return super().post(request, *args, **kwargs)  # type: ignore[misc]

    def resend(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        email = self._process.state["email"]
        if not problem(request, email) and (wait := limits.cooldown(self._process.state)):
            messages.warning(request, limits.wait_message(wait))
            return HttpResponseRedirect(self.passthrough_next_url(request.path))
        # The new code is valid as long as the first one, and may be tried as often.
        self._process.state |= {"at": time.time(), "failed_attempts": 0}
        response = super().post(request, *args, **kwargs)  # type: ignore[misc]
        if problem(request, email):
            # The page says so. What was not sent does not count.
            self._process.state["resend_count"] -= 1
            self._process.persist()
        else:
            messages.success(request, _("We sent you a new code."))
        return response

    def form_invalid(self: Any, form: Any) -> HttpResponse:
        if "code" in self.request.POST:
            record("code_failed", self.request, self._process.user or "-")
        response = super().form_invalid(form)  # type: ignore[misc]
        # After the last attempt, allauth redirects without the page to return to.
        return self.restart() if isinstance(response, HttpResponseRedirect) else response

    def get_context_data(self: Any, **kwargs: Any) -> dict[str, Any]:
        unsent = problem(self.request, self._process.state["email"])
        context = {"unsent": unsent, "cooldown": 0 if unsent else limits.cooldown(self._process.state)}
        return super().get_context_data(**kwargs) | context  # type: ignore[misc]


class ConfirmLoginCodeView(CodePage, allauth.ConfirmLoginCodeView):
    def has_expired(self) -> bool:
        return self.request.user.is_anonymous and super().has_expired()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("action") == "change":
            request.session[EMAIL_SESSION_KEY] = self._process.state["email"]
            clear_login(request)
            return self.restart()
        return super().post(request, *args, **kwargs)

    def _verify_form_valid(self, form: Any) -> HttpResponse:
        # The address is verified, and the account gets what it is due, in one transaction.
        with transaction.atomic():
            return super()._verify_form_valid(form)


class ConfirmEmailView(CodePage, allauth.ConfirmEmailVerificationCodeView):
    @property
    def start(self) -> str:  # type: ignore[override]
        return "account_email" if self.request.user.is_authenticated else "account_login"


class ConfirmPasswordResetCodeView(CodePage, allauth.ConfirmPasswordResetCodeView):
    start = "account_reset_password"
