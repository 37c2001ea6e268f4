"""Staff must authenticate with a passkey or an authenticator app to use the admin; owners need neither."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.utils.http import urlencode

from accounts.models import User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/password/"


def test_staff_without_second_factor_must_set_one_up(as_staff: Client, staff: User, settings) -> None:
    settings.STAFF_REQUIRE_MFA = True
    for path in ("/admin/", "/admin/accounts/user/", f"/admin/accounts/user/{staff.pk}/change/"):
        answer = as_staff.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/account/2fa/")
    assert as_staff.post(f"/admin/accounts/user/{staff.pk}/change/", {"email": "x@y.z"}).status_code == 302
    page = as_staff.get("/account/2fa/").content.decode()
    assert "Staff need a second factor: add a passkey or an authenticator app, then come back." in page
    assert as_staff.get("/videos/").status_code == 200


def with_factor(user: User) -> str:
    """Activate an authenticator app for the user; return its secret."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return secret


def code_of(secret: str) -> str:
    """Return the current code of the app: the middle one of those that are accepted."""
    counters = list(totp.yield_hotp_counters_from_time())
    return totp.format_hotp_value(totp.hotp_value(secret, counters[len(counters) // 2]))


def test_staff_with_second_factor_enter_the_admin(client: Client, staff: User, settings) -> None:
    settings.STAFF_REQUIRE_MFA, settings.MFA_TOTP_TOLERANCE = True, 1
    secret = with_factor(staff)
    client.post(LOGIN, {"login": staff.email, "password": PASSWORD})
    assert client.get("/admin/").status_code == 302
    client.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert client.get("/admin/").status_code == 200


def test_session_without_second_factor_must_show_one(client: Client, staff: User, settings) -> None:
    """A session that started before the second factor was added has not used it."""
    settings.STAFF_REQUIRE_MFA, settings.MFA_TOTP_TOLERANCE = True, 1
    client.post(LOGIN, {"login": staff.email, "password": PASSWORD})
    secret = with_factor(staff)
    for path in ("/admin/", "/admin/accounts/user/"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (
            302,
            f"/account/2fa/reauthenticate/?{urlencode({'next': path})}",
        )
    answer = client.post("/account/2fa/reauthenticate/?next=%2Fadmin%2F", {"code": code_of(secret), "next": "/admin/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")
    assert client.get("/admin/").status_code == 200


def test_recovery_codes_are_not_a_second_factor(as_staff: Client, staff: User, settings) -> None:
    settings.STAFF_REQUIRE_MFA = True
    RecoveryCodes.activate(staff)
    assert as_staff.get("/admin/").headers["Location"] == "/account/2fa/"


def test_recovery_code_allows_login_but_not_the_admin(client: Client, staff: User, settings) -> None:
    settings.STAFF_REQUIRE_MFA, settings.MFA_TOTP_TOLERANCE = True, 1
    secret = with_factor(staff)
    code = RecoveryCodes.activate(staff).get_unused_codes()[0]
    client.post(LOGIN, {"login": staff.email, "password": PASSWORD})
    client.post("/account/2fa/authenticate/", {"code": code})
    assert client.get("/videos/").status_code == 200
    answer = client.get("/admin/")
    assert answer.headers["Location"] == "/account/2fa/reauthenticate/?next=%2Fadmin%2F"
    assert "t work here. Use a passkey" in client.get(answer.headers["Location"]).content.decode()
    client.post("/account/2fa/reauthenticate/?next=%2Fadmin%2F", {"code": code_of(secret), "next": "/admin/"})
    assert client.get("/admin/").status_code == 200


def test_staff_with_a_passkey_are_asked_for_it(as_staff: Client, staff: User, settings) -> None:
    settings.STAFF_REQUIRE_MFA = True
    Authenticator.objects.create(user=staff, type=Authenticator.Type.WEBAUTHN, data={})
    assert as_staff.get("/admin/").headers["Location"] == "/account/2fa/webauthn/reauthenticate/?next=%2Fadmin%2F"


def test_password_alone_does_not_log_in_with_second_factor(client: Client, staff: User) -> None:
    with_factor(staff)
    answer = client.post(LOGIN, {"login": staff.email, "password": PASSWORD})
    assert answer.headers["Location"].startswith("/account/2fa/authenticate/")
    assert client.get("/admin/").status_code == 302
    assert client.get("/videos/").status_code == 302


def test_owners_need_no_second_factor(as_owner: Client, settings) -> None:
    settings.STAFF_REQUIRE_MFA = True
    assert as_owner.get("/videos/").status_code == 200
    assert as_owner.get("/admin/").status_code in (302, 403)
