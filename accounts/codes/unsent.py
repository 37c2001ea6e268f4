"""Codes that could not be sent. The page of the code says so, and lets the visitor try again at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.emails import EmailNotSent, RecipientRefused

SESSION_KEY = "unsent_code"
UNSENT = _("We couldn't send the email just now. Try again in a minute.")
REFUSED = _("This address doesn't accept our email. Check it for typos, or use another one.")


def remember(request: HttpRequest, email: str, error: EmailNotSent) -> None:
    request.session[SESSION_KEY] = {"email": email, "refused": isinstance(error, RecipientRefused)}


def forget(request: HttpRequest) -> None:
    request.session.pop(SESSION_KEY, None)


def problem(request: HttpRequest, email: str) -> Promise | None:
    """Return what to tell a visitor who waits for a code at this address, or None if it was sent."""
    unsent = request.session.get(SESSION_KEY)
    if not unsent or unsent["email"] != email:
        return None
    return cast(Promise, REFUSED if unsent["refused"] else UNSENT)


def refusal_at_field(
    request: HttpRequest, form: Form, field: str, send: Callable[[Form], HttpResponse], state_key: str
) -> HttpResponse | None:
    """Return the answer of ``send``, which sends a code, or None if the address was refused.

    Then the field has an error, and the state of the code, under ``state_key`` in the session, is gone.
    """
    forget(request)
    response = send(form)
    if not request.session.get(SESSION_KEY, {}).get("refused"):
        return response
    forget(request)
    request.session.pop(state_key, None)
    form.add_error(field, REFUSED)
    return None
