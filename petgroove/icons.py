"""Browsers and phones ask for icons at addresses of their own, whatever a page's head says."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe

NAMES = ("favicon.ico", "apple-touch-icon.png", "apple-touch-icon-precomposed.png")


@require_safe
@login_not_required
def icon(request: HttpRequest, name: str) -> HttpResponse:
    """To the file as it is called today; browsers may remember the way for a day."""
    at = static(f"icons/app/{name.replace('-precomposed', '')}")
    return HttpResponseRedirect(at, headers={"Cache-Control": "public, max-age=86400"})
