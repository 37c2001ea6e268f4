"""The page by which staff take down a video or a photo, shared by both admins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.admin import ReadOnlyAdmin, staff_user
from accounts.security_log import record
from videos import clock
from videos.models import Concern, Takedown
from videos.operations.actions import ActionNotAllowed
from videos.operations.takedowns import Decision


class TakedownForm(forms.Form):
    """The reason, what the owner reads, and what else happens."""

    concern = forms.ChoiceField(
        choices=Concern,
        label=gettext_lazy("Reason"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Visible to the owner."),
    )
    note = forms.CharField(
        max_length=500,
        required=False,
        label=gettext_lazy("Note to the owner"),
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        help_text=gettext_lazy("Optional. Shown in the email and on the video's page."),
    )
    refund = forms.BooleanField(
        required=False,
        label=gettext_lazy("Refund the credits"),
        help_text=gettext_lazy("A video in progress is always refunded."),
    )
    all_of_photo = forms.BooleanField(
        required=False,
        label=gettext_lazy("The photo and all of its videos"),
        help_text=gettext_lazy("Deletes the photo and takes down every video that was made from it."),
    )

    @property
    def decision(self) -> Decision:
        data = self.cleaned_data
        return Decision(Concern(data["concern"]), data["note"], data["refund"], data["all_of_photo"])


class TakedownAdmin(ReadOnlyAdmin):
    """An admin with a page to take down a row. Subclasses say whether that is possible, and do it."""

    takedown_label: Any = gettext_lazy("Take down")

    def has_act_permission(self, request: HttpRequest) -> bool:
        """Return whether this staff user may act on the rows. Nobody may edit the rows themselves."""
        return request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Read a row once for each request."""
        known = request.__dict__.setdefault("admin_rows", {})
        key = (self.opts.label, object_id, from_field)
        if key not in known:
            known[key] = super().get_object(request, object_id, from_field)
        return known[key]

    def check_can_take_down(self, subject: Any) -> None:
        """Raise ActionNotAllowed if the row cannot be taken down."""
        raise NotImplementedError

    def take_down(self, subject: Any) -> Callable[..., Takedown]:
        """Return the function that takes down rows of this kind."""
        raise NotImplementedError

    @property
    def takedown_route(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_take_down"

    def takedown_url(self, request: HttpRequest, subject: Any) -> str:
        """Return the address of the page, or nothing if this staff user or the row does not allow it."""
        if subject is None or not self.has_act_permission(request):
            return ""
        try:
            self.check_can_take_down(subject)
        except ActionNotAllowed:
            return ""
        return reverse(f"admin:{self.takedown_route}", args=[subject.pk])

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.takedown_view)
        return [path("<uuid:pk>/take-down/", view, name=self.takedown_route), *super().get_urls()]

    def takedown_view(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Ask for the decision, and carry it out once."""
        if not self.has_act_permission(request):
            raise PermissionDenied
        subject = get_object_or_404(self.get_queryset(request), pk=pk)
        page = redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", pk)
        form = TakedownForm(request.POST or None)
        try:
            self.check_can_take_down(subject)
            if form.is_valid():
                takedown = self.take_down(subject)(pk, form.decision, clock.now(), staff_user(request))
                messages.success(request, _("Taken down: %(reason)s") % {"reason": takedown.explanation})
                event = f"staff_took_down_{self.opts.model_name}"
                record(event, request, target=subject.pk, owner=subject.user_id, refunded=takedown.refunded)
                # The log is in English, whatever language the member of staff reads.
                with override(None):
                    self.log_change(request, subject, f"Taken down: {takedown.explanation}")
                return page
        except ActionNotAllowed as error:
            messages.warning(request, str(error))
            return page
        context = self.admin_site.each_context(request) | {
            "title": f"{self.takedown_label}: {subject}",
            "label": self.takedown_label,
            "form": form,
            "original": subject,
            "opts": self.opts,
        }
        return render(request, "admin/videos/take_down.html", context)
