"""The accounts that codes are sent to, and the code that confirms who is logged in."""

from __future__ import annotations

import time

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.manage_email import sync_user_email_address
from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from accounts.addresses import normalize_email
from accounts.models import User

SESSION_KEY = "reauthentication_code"


def user_for(email: str) -> User:
    """Return the account with this address. If there is none, create it, without a password and unverified.

    So signing up and logging in are the same to a visitor, and do not reveal which addresses have an account.
    """
    email = normalize_email(email)
    users: list[User] = filter_users_by_email(email, prefer_verified=True, for_login=True)
    if users:
        user = min(users, key=lambda user: user.email != email)
        # An account made by staff or by `createsuperuser` has no row for its address yet.
        sync_user_email_address(user)
        return user
    try:
        with transaction.atomic():
            user = User.objects.create_user(email)
            EmailAddress.objects.create(user=user, email=email, primary=True)
    except IntegrityError:
        # Another request has just created it.
        return User.objects.get_by_natural_key(email)
    return user


def was_recently_confirmed(request: HttpRequest, user: User) -> bool:
    """Return whether a code sent to the owner was entered in this session, within the time of a reauthentication."""
    records = get_authentication_records(request, user)
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return any(record["method"] == "code" and record["at"] > since for record in records)


class ReauthenticationProcess(AbstractCodeVerificationProcess):
    """A code by which a logged-in owner confirms who they are. allauth has only password and second factor for that."""

    def __init__(self, request: HttpRequest, state: dict, user: User) -> None:
        self.request = request
        super().__init__(
            state=state,
            user=user,
            max_attempts=settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS,
            timeout=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT,
        )

    @classmethod
    def initiate(cls, request: HttpRequest, user: User) -> ReauthenticationProcess:
        """Send a code to the account's primary address."""
        email = EmailAddress.objects.get_primary_email(user) or user.email
        process = cls(request, cls.initial_state(user, email), user)
        process.send()
        process.persist()
        return process

    @classmethod
    def resume(cls, request: HttpRequest, user: User) -> ReauthenticationProcess | None:
        """Return the process of this session, unless there is none for this user or it has expired."""
        state = request.session.get(SESSION_KEY)
        if not state or state["user_id"] != str(user.pk):
            return None
        return cls(request, state, user).abort_if_invalid()

    def send(self) -> None:
        adapter = get_adapter()
        self.state["code"] = adapter.generate_login_code()
        context = {"request": self.request, "code": self.code}
        adapter.send_mail("account/email/reauthentication_code", self.state["email"], context)

    def persist(self) -> None:
        self.request.session[SESSION_KEY] = self.state

    def abort(self) -> None:
        self.request.session.pop(SESSION_KEY, None)

    def finish(self) -> None:
        self.abort()
        record_authentication(self.request, self.user, method="code", email=self.state["email"], reauthenticated=True)
