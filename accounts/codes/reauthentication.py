"""The page on which an owner confirms who they are by a code, before a sensitive action."""

from __future__ import annotations

from typing import Any

from allauth.account.views import BaseReauthenticateView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from accounts.codes import limits
from accounts.codes.limits import TOO_MANY_TRIED
from accounts.codes.processes import ReauthenticationProcess
from accounts.codes.unsent import problem
from accounts.codes.views import EXPIRED
from accounts.forms import ConfirmCodeForm
from accounts.http import AuthenticatedRequest
from accounts.security_log import record
from accounts.throttling import too_many_requests


class ReauthenticateByCodeView(BaseReauthenticateView):
    """Send a code when asked to, then check it. The action that was interrupted continues afterwards."""

    request: AuthenticatedRequest
    template_name = "account/reauthenticate_by_code.html"
    form_class = ConfirmCodeForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.process = ReauthenticationProcess.resume(request, self.request.user)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        here = HttpResponseRedirect(self.passthrough_next_url(request.path))
        if "code" not in request.POST:
            if wait := self.cooldown():
                messages.warning(request, limits.wait_message(wait))
            else:
                ReauthenticationProcess.initiate(request, self.request.user)
            return here
        if self.process is None:
            messages.error(request, EXPIRED)
            return here
        exceeded = limits.count(limits.TRIED, request, self.process.state["email"])
        if exceeded:
            return too_many_requests(request, exceeded, TOO_MANY_TRIED)
        return super().post(request, *args, **kwargs)

    def cooldown(self) -> int:
        if self.process is None or problem(self.request, self.process.state["email"]):
            return 0
        return limits.cooldown(self.process.state)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"code": self.process.code if self.process else None}

    def form_valid(self, form: Any) -> HttpResponse:
        assert self.process
        self.process.finish()
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        assert self.process
        record("code_failed", self.request)
        if self.process.record_invalid_attempt():
            return super().form_invalid(form)
        messages.error(self.request, _("Too many attempts. Ask for a new code."))
        return HttpResponseRedirect(self.passthrough_next_url(self.request.path))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        email = self.process.state["email"] if self.process else None
        context = {"sent_to": email, "email": email or self.request.user.email, "cooldown": self.cooldown()}
        context["unsent"] = problem(self.request, email) if email else None
        return super().get_context_data(**kwargs) | context
