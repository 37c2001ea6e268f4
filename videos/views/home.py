"""The public pages: the home page, and what is made how."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from videos import dances, limits, photos
from videos.forms import ACCEPT, DanceForm, StyleForm


@require_safe
@login_not_required
@gzip_page
def home(request: HttpRequest) -> HttpResponse:
    """Show the page whose button opens the photo picker. ``?dance=`` and the rest of a choice go with the photo."""
    chosen = DanceForm.valid_choice(request.GET) | StyleForm.valid_choice(request.GET)
    # The page is compressed and has a token against CSRF: it repeats only words of our own (BREACH).
    choice = {name: value for name, value in chosen.items() if isinstance(value, str)}
    context = {"dances": dances.DANCES, "welcome": settings.WELCOME_CREDITS, "choice": choice}
    context |= {"accept": ACCEPT, "limit": photos.MAX_BYTES, "kept_for": limits.kept_for()}
    return render(request, "home.html", context)


@require_safe
@login_not_required
def how_its_made(request: HttpRequest) -> HttpResponse:
    return render(request, "how.html", {"is_signed": bool(settings.C2PA_CERTIFICATE)})
