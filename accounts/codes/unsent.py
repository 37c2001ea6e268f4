"""Codes that could not be sent. The page of the code says so, and lets the visitor try again immediately."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.emails import EmailNotSent, RecipientRefused

SESSION_KEY = "unsent_codes"
# Of one session: the older ones count as sent.
MAX_REMEMBERED = 5
UNSENT = _("We couldn't send the email just now. Try again in a minute.")
REFUSED = _("This address doesn't accept our email. Check it for typos, or use another one.")


def remember(request: HttpRequest, email: str, error: EmailNotSent) -> None:
    others = {address: refused for address, refused in of_session(request).items() if address != email}
    latest = dict(list(others.items())[-(MAX_REMEMBERED - 1) :])
    request.session[SESSION_KEY] = latest | {email: isinstance(error, RecipientRefused)}


def forget(request: HttpRequest, email: str) -> None:
    unsent = of_session(request)
    if unsent.pop(email, None) is not None:
        request.session[SESSION_KEY] = unsent


def problem(request: HttpRequest, email: str) -> Promise | None:
    """Return what to tell a visitor who waits for a code at this address, or None if it was sent."""
    refused = of_session(request).get(email)
    if refused is None:
        return None
    return cast(Promise, REFUSED if refused else UNSENT)


def of_session(request: HttpRequest) -> dict[str, bool]:
    """Return the addresses of this session whose code was not sent, each with whether it was refused.

    One session can wait for several codes: to log in, to add an address, and to confirm who is logged in.
    """
    return dict(request.session.get(SESSION_KEY) or {})


def refusal_at_field(
    request: HttpRequest, form: Form, field: str, send: Callable[[Form], HttpResponse], state_key: str
) -> HttpResponse | None:
    """Return the answer of ``send``, which sends a code, or None if the address was refused.

    Then the field has an error, and the state of the code, under ``state_key`` in the session, is gone.
    """
    email = form.cleaned_data[field]
    forget(request, email)
    response = send(form)
    if not of_session(request).get(email):
        return response
    forget(request, email)
    request.session.pop(state_key, None)
    form.add_error(field, REFUSED)
    return None
