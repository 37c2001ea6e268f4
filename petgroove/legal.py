"""The pages about terms, privacy and contact. Operators fill in who they are by OPERATOR_NAME and OPERATOR_ADDRESS."""

from email.utils import parseaddr

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from videos import limits


@require_safe
@login_not_required
def page(request: HttpRequest, name: str) -> HttpResponse:
    """Render ``legal/<name>.html``."""
    context = {
        "operator": settings.OPERATOR_NAME,
        "address": settings.OPERATOR_ADDRESS,
        "support": parseaddr(settings.SUPPORT_EMAIL)[1],
        "welcome": settings.WELCOME_CREDITS,
        "kept_for": limits.kept_for(),
        "has_remote_provider": bool(settings.RUNWAY_API_KEY),
    }
    return render(request, f"legal/{name}.html", context)
