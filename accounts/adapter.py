"""Where PetGroove differs from allauth's own ways."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from accounts.models import User


def address_verified(user: User) -> None:
    """Call what the settings wire to a proven address; each callable takes the user and may be called again."""
    for path in settings.ON_VERIFIED_EMAIL:
        import_string(path)(user)


class AccountAdapter(DefaultAccountAdapter):
    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        with transaction.atomic():
            confirmed = super().confirm_email(request, email_address)
            if confirmed:
                address_verified(email_address.user)
        return confirmed

    def post_login(self, request: HttpRequest, user: Any, **fields: Any) -> HttpResponse:
        # A login ends only with a proven address (ACCOUNT_EMAIL_VERIFICATION), also one that Google has proven.
        address_verified(user)
        return super().post_login(request, user, **fields)
