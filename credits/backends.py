"""Who is asking, with the balance at hand: every page shows it, and a query of its own costs more than the join."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User

if TYPE_CHECKING:
    import uuid


class OwnerBackend(AuthenticationBackend):
    """allauth's own, but that a session's user comes with the account of credits, in the same query."""

    def get_user(self, user_id: uuid.UUID | str) -> User | None:
        user = User.objects.select_related("credit_account").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
