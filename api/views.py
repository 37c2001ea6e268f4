"""The page for an owner's tokens, the OpenAPI document, and the 404 response for unknown API URLs."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedRequest
from accounts.security_log import record
from api.endpoints import api
from api.forms import TokenForm
from api.models import MAX_TOKENS, Token
from api.problems import problem


@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: AuthenticatedRequest) -> HttpResponse:
    """Show and create the owner's tokens. A new token's secret is shown once, in this response."""
    form = TokenForm(request.POST) if request.method == "POST" else TokenForm()
    secret = ""
    if form.is_valid():
        if Token.objects.of(request.user).count() >= MAX_TOKENS:
            form.add_error(
                None, _("You've reached the limit of %(limit)d tokens. Revoke one first.") % {"limit": MAX_TOKENS}
            )
        else:
            token, secret = Token.objects.issue(request.user, form.cleaned_data["name"])
            record("token_created", request, token=token.pk)
            form = TokenForm()
    context = {"tokens": Token.objects.of(request.user), "form": form, "secret": secret, "origin": origin_of(request)}
    return render(request, "api/tokens.html", context, status=400 if form.errors else 200)


def origin_of(request: HttpRequest) -> str:
    return request.build_absolute_uri("/")[:-1]


@require_POST
def revoke_token(request: AuthenticatedRequest, pk: Any) -> HttpResponse:
    token = get_object_or_404(Token, user=request.user, pk=pk)
    Token.objects.filter(pk=token.pk).revoke(timezone.now())
    record("token_revoked", request, token=token.pk)
    messages.success(request, _("Token revoked."))
    return redirect("api_tokens")


@require_safe
@login_not_required
def openapi(request: HttpRequest) -> JsonResponse:
    """Return the OpenAPI document. It contains no personal data."""
    headers = {"Cache-Control": "public, max-age=3600"}
    return JsonResponse(api.get_openapi_schema(), headers=headers, json_dumps_params={"indent": 1})


@csrf_exempt
@login_not_required
def not_found(request: HttpRequest, rest: str) -> JsonResponse:
    return problem(404, "The API has no such URL. See /api/openapi.json.")
