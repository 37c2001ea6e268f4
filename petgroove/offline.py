"""Root-level files that browsers request: icons at well-known paths, the offline page and its service worker."""

import hashlib
from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

NAMES = ("favicon.ico", "apple-touch-icon.png", "apple-touch-icon-precomposed.png")


@require_safe
@login_not_required
def icon(request: HttpRequest, name: str) -> HttpResponse:
    """Redirect to the current, possibly hashed, file. Browsers request these paths whatever the page's head says."""
    url = static(f"icons/app/{name.replace('-precomposed', '')}")
    return HttpResponseRedirect(url, headers={"Cache-Control": "public, max-age=86400"})


# The assets of the offline page. Never add private data: the browser keeps these files after a logout.
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
    """Return the offline page, rendered without the request so that it cannot contain user data."""
    return HttpResponse(render_to_string("offline.html"), headers=NO_CACHE)


@require_safe
@login_not_required
def service_worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker. It is served from the root because its path limits its scope.

    It keeps the offline page in the language of the browser or the account. In another language, its version differs,
    so the browser replaces it.
    """
    files = [reverse("offline"), *map(static, FILES)]
    script = render_to_string("offline.js", {"version": version(get_language()), "files": files})
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers=NO_CACHE)


@cache
def version(language: str | None) -> str:
    """Return a cache version that changes with the offline page in this, the active language and its hashed assets."""
    return hashlib.sha256(render_to_string("offline.html").encode()).hexdigest()[:12]
