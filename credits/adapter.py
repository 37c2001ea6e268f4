"""An account adapter that grants the welcome credits."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from accounts.adapter import AccountAdapter
from credits import ledger


class OwnerAdapter(AccountAdapter):
    """The site's account adapter, which also grants welcome credits once the user has a verified address."""

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        with transaction.atomic():
            confirmed = super().confirm_email(request, email_address)
            if confirmed:
                ledger.welcome(email_address.user)
        return confirmed

    def post_login(self, request: HttpRequest, user: Any, **fields: Any) -> HttpResponse:
        # A login completes only with a verified address (ACCOUNT_EMAIL_VERIFICATION); Google may have verified it.
        ledger.welcome(user)
        return super().post_login(request, user, **fields)
