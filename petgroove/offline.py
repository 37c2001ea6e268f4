"""Browsers and phones ask for icons at addresses of their own, whatever a page's head says."""

import hashlib
from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

NAMES = ("favicon.ico", "apple-touch-icon.png", "apple-touch-icon-precomposed.png")


@require_safe
@login_not_required
def icon(request: HttpRequest, name: str) -> HttpResponse:
    """To the file as it is called today; browsers may remember the way for a day."""
    url = static(f"icons/app/{name.replace('-precomposed', '')}")
    return HttpResponseRedirect(url, headers={"Cache-Control": "public, max-age=86400"})


# What the page is drawn with. Nothing private may ever stand here: it stays in the browser after a logout.
FILES = (
    "css/petgroove.css",
    "css/dancers.css",
    "css/mascots.css",
    "js/page.js",
    "icons/app/favicon.svg",
    "vendor/bricolage-grotesque/bricolage-grotesque.woff2",
    "vendor/lucide/icons.svg",
)
NO_CACHE = {"Cache-Control": "no-cache"}


@require_safe
@login_not_required
def offline(request: HttpRequest) -> HttpResponse:
    """The same for everybody: drawn without the request, so that it can hold nobody's name."""
    return HttpResponse(render_to_string("offline.html"), headers=NO_CACHE)


@require_safe
@login_not_required
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root, since a service worker sees only what lies below its own address."""
    files = [reverse("offline"), *map(static, FILES)]
    script = render_to_string("offline.js", {"version": version(), "files": files})
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers=NO_CACHE)


@cache
def version() -> str:
    """Another one after each release that changes the page or what it is drawn with."""
    return hashlib.sha256(render_to_string("offline.html").encode()).hexdigest()[:12]
