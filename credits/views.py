"""The balance, and every credit's life in plain words."""

from email.utils import parseaddr

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest
from credits.models import Entry


@require_safe
def history(request: UserRequest) -> HttpResponse:
    entries = Entry.objects.filter(account__user=request.user).select_related("by")
    page = Paginator(entries, 50).get_page(request.GET.get("page"))
    support = parseaddr(settings.SUPPORT_EMAIL)[1]
    return render(request, "credits/history.html", {"page": page, "support": support})
