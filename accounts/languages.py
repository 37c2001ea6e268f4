"""The language of pages and e-mails: the browser's for visitors, the account's for owners.

A request asks for a language by the cookie of an earlier choice, or by its Accept-Language header.
``accounts.middleware.LanguageMiddleware`` reads both. Where a request loads its user anyway, ``follow_account``
switches to the language of the account.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from accounts.models import User


def is_offered(language: str) -> bool:
    """Return whether the site is available in this language, given by its code in ``LANGUAGES``."""
    return language in dict(settings.LANGUAGES)


def switch(request: HttpRequest, language: str) -> None:
    """Use this language until the end of the request. The middleware has the browser remember it."""
    translation.activate(language)
    request.LANGUAGE_CODE = language


def follow_account(request: HttpRequest) -> None:
    """Switch to the account's language if the request is an owner's. Loads the user."""
    user = request.user
    if isinstance(user, User) and is_offered(user.language):
        switch(request, user.language)


def language_of(user: User) -> AbstractContextManager[None]:
    """Return a context manager that activates an owner's language, for e-mails."""
    return translation.override(user.language if is_offered(user.language) else settings.LANGUAGE_CODE)


def language_of_address(email: str) -> AbstractContextManager[None]:
    """Return the same for the account with this address. Without one, the active language stays."""
    user = User.objects.filter(email=email.lower()).exclude(language="").first()
    return language_of(user) if user else nullcontext()


def set_language(user: User, language: str) -> None:
    """Store the language that the owner has chosen."""
    user.language = language
    User.objects.filter(pk=user.pk).update(language=language)


def set_at_login(request: HttpRequest, user: User) -> None:
    """Switch to the account's language. An account without one keeps the language in which its owner logs in."""
    if is_offered(user.language):
        switch(request, user.language)
    elif is_offered(language := translation.get_language() or ""):
        set_language(user, language)
