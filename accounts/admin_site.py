"""The admin site: its login page, and pages that no model's admin answers."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from accounts.admin_base import BaseAdmin, has_null_characters


class AdminSite(admin.AdminSite):
    """Django's admin site behind our login pages, which have rate limits and a second factor."""

    @method_decorator(login_not_required)
    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Ask staff for their password directly. The page checks where ``next`` leads."""
        if request.user.is_anonymous:
            query = urlencode({REDIRECT_FIELD_NAME: request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index")})
            return redirect(f"{reverse('account_login_by_password')}?{query}")
        return secure_admin_login(super().login)(request, extra_context=extra_context)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Answer 404 to null characters, which PostgreSQL refuses. ``BaseAdmin`` answers them on its own pages."""
        handles_null_characters = isinstance(getattr(view, "__self__", None), BaseAdmin)

        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not handles_null_characters and has_null_characters(request.path_info, request.GET):
                raise Http404("Null characters match nothing.")
            return view(request, *args, **kwargs)

        # The site copies the attributes of the view.
        checked.__dict__.update(getattr(view, "__dict__", {}))
        checked.__name__, checked.__doc__ = view.__name__, view.__doc__
        return super().admin_view(checked, cacheable)
