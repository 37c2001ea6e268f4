"""An authentication backend that loads the balance with the user.

Every page shows the balance, and a separate query costs more than the join.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User

if TYPE_CHECKING:
    import uuid


class OwnerBackend(AuthenticationBackend):
    """allauth's backend, which also selects the user's credit account in the same query."""

    def get_user(self, user_id: uuid.UUID | str) -> User | None:
        user = User.objects.select_related("credit_account").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
