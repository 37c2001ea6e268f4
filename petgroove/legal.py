"""The pages about terms, privacy and contact. Operators fill in who they are by OPERATOR_NAME and OPERATOR_ADDRESS."""

import re
from email.utils import parseaddr
from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from videos import limits
from videos.providers import registry


@require_safe
@login_not_required
def page(request: HttpRequest, name: str) -> HttpResponse:
    """Render ``legal/<name>.html``."""
    support = parseaddr(settings.SUPPORT_EMAIL)[1]
    context = {
        "operator": settings.OPERATOR_NAME,
        "address": settings.OPERATOR_ADDRESS,
        "support": support,
        "write_to": f"mailto:{support}{report(request)}",
        "welcome": settings.WELCOME_CREDITS,
        "kept_for": limits.kept_for(),
        "remote_providers": get_text_list([provider.label for provider in registry.configured_remotes()], _("or")),
    }
    return render(request, f"legal/{name}.html", context)


def report(request: HttpRequest) -> str:
    """Return the subject and body of an email about the shared video that ``?video=`` names, as a query string."""
    token = request.GET.get("video", "")
    if not re.fullmatch(r"[\w-]{1,32}", token, re.ASCII):
        return ""
    link = request.build_absolute_uri(reverse("videos:shared", args=[token]))
    question = _("What's wrong with this video?")
    return "?" + urlencode({"subject": _("Report a video"), "body": f"{link}\n\n{question}\n"}, quote_via=quote)
