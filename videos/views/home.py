"""The public pages: the home page, and what is made how."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from videos import dances


@require_safe
@login_not_required
@gzip_page
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html", {"dances": dances.DANCES, "welcome": settings.WELCOME_CREDITS})


@require_safe
@login_not_required
def how_its_made(request: HttpRequest) -> HttpResponse:
    return render(request, "how.html")
