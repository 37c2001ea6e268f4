"""The choice of the language."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts import languages
from accounts.models import User


@require_POST
@login_not_required
def language(request: HttpRequest) -> HttpResponse:
    """Store the language in the account, or for visitors in a cookie, and return to the page.

    Django's own view stores it in the cookie only. The form does not contain the URL of its page: a compressed page
    must not repeat what a request contains beside its CSRF token.
    """
    chosen = request.POST.get("language", "")
    if languages.is_offered(chosen):
        if isinstance(request.user, User):
            languages.set_language(request.user, chosen)
        languages.switch(request, chosen)
    page = request.headers.get("Referer", "")
    is_here = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return redirect(page if is_here else "home")
