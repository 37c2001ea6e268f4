"""Every allauth page that an owner can reach has our own texts."""

import re
from pathlib import Path

import allauth
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.test import Client

from accounts.models import User
from accounts.templatetags.devices import device
from tests.conftest import PASSWORD

OUR_TEMPLATES = Path(settings.BASE_DIR) / "templates"
ALLAUTH_TEMPLATES = Path(allauth.__file__).parent / "templates"
# Our settings and URLs disable these: phones, changing instead of adding an address, links in e-mails, trusted
# browsers, and pages of their own for signing up and for logging in by a code.
UNREACHABLE = {
    "account/confirm_phone_verification_code.html",
    "account/email_change.html",
    "account/email_confirm.html",
    "account/phone_change.html",
    "account/request_login_code.html",
    "account/signup.html",
    "account/signup_by_passkey.html",
    "account/verified_email_required.html",
    "mfa/trust.html",
    "mfa/webauthn/signup_form.html",
    "socialaccount/connections.html",
    "socialaccount/login.html",
    "socialaccount/login_redirect.html",
}
# Pages whose only texts come from their base template.
WITHOUT_TEXT = {"mfa/webauthn/reauthenticate.html"}


def test_no_page_shows_allauth_default_texts() -> None:
    pages = {
        str(path.relative_to(ALLAUTH_TEMPLATES))
        for app in ("account", "mfa", "socialaccount", "usersessions")
        for path in (ALLAUTH_TEMPLATES / app).rglob("*.html")
        if not {"snippets", "messages", "email"} & set(path.parts) and not path.name.startswith("base")
    }
    assert {page for page in pages - UNREACHABLE - WITHOUT_TEXT if not (OUR_TEMPLATES / page).is_file()} == set()


@pytest.fixture
def reauthenticated_client(owner: User, client: Client) -> Client:
    """Return a logged-in client that has just reauthenticated."""
    client.force_login(owner)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("2fa/totp/deactivate/", "Turn off your authenticator app?"),
        ("2fa/recovery-codes/generate/", "New recovery codes"),
        ("2fa/webauthn/", "Passkeys"),
        ("2fa/webauthn/add/", "Add a passkey"),
        ("2fa/reauthenticate/", "Confirm it's you"),
    ],
)
def test_security_page_lists_second_factors_and_sessions(
    owner: User, reauthenticated_client: Client, path: str, title: str
) -> None:
    totp.TOTP.activate(owner, totp.generate_totp_secret())
    assert f"<h1>{title}</h1>" in reauthenticated_client.get(f"/account/{path}").content.decode()


def test_second_factor_needs_a_verified_address(owner: User, reauthenticated_client: Client) -> None:
    EmailAddress.objects.create(user=owner, email="new@example.org")
    page = reauthenticated_client.get("/account/2fa/totp/activate/", follow=True).content.decode()
    assert "One of your addresses isn&#x27;t confirmed yet. Confirm or remove it first." in page


def test_authenticator_app_is_activated_and_shows_recovery_codes(reauthenticated_client: Client) -> None:
    page = reauthenticated_client.get("/account/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    code = totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))
    assert reauthenticated_client.post("/account/2fa/totp/activate/", {"code": code}).status_code == 302
    assert set(Authenticator.objects.values_list("type", flat=True)) == {"totp", "recovery_codes"}
    codes = reauthenticated_client.get("/account/2fa/recovery-codes/").content.decode()
    assert "10 of 10 codes left" in codes


def test_form_labels_replace_those_of_allauth(reauthenticated_client: Client, owner: User) -> None:
    password = reauthenticated_client.get("/account/password/change/").content.decode()
    assert re.findall(r"<label[^>]*>([^<]+)</label>", password) == [
        "Current password",
        "New password",
        "Confirm new password",
    ]
    passkey = reauthenticated_client.get("/account/2fa/webauthn/add/").content.decode()
    assert re.findall(r"<label[^>]*>([^<]+)</label>", passkey) == [
        "Name",
        "Log in with just this passkey, without a code or password",
    ]
    assert 'value="My passkey"' in passkey
    assert "biometrics" not in passkey


@pytest.mark.parametrize(
    ("path", "labels"),
    [
        ("login/", ["Email"]),
        ("login/password/", ["Email", "Password"]),
        ("password/reset/", ["Email"]),
    ],
)
@pytest.mark.django_db
def test_entrance_pages_explain_each_field_once(client: Client, path: str, labels: list[str]) -> None:
    page = client.get(f"/account/{path}").content.decode()
    assert re.findall(r"<label[^>]*>([^<]+)</label>", page) == labels
    assert "placeholder" not in page


@pytest.mark.django_db
def test_password_field_follows_the_address(client: Client) -> None:
    """With the Tab key, the link for a forgotten password comes after the password field."""
    page = client.get("/account/login/password/").content.decode()
    assert page.index('name="login"') < page.index('name="password"') < page.index("Forgot your password?")


CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile Safari/604.1"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (CHROME, "Chrome on Linux"),
        (f"{CHROME} Edg/156.0", "Edge on Linux"),
        (IPHONE, "Safari on iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15.1; rv:150.0) Gecko/20100101 Firefox/150.0", "Firefox on Mac"),
        ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Windows NT 10.0)", "Unknown browser on Windows"),
        ("curl/8.11.1", "curl"),
        ("<script>", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_device_names_are_readable(user_agent: str, name: str) -> None:
    assert device(user_agent) == name


def test_devices_page_shows_readable_names(owner: User) -> None:
    browser = Client(headers={"user-agent": CHROME})
    browser.post("/account/login/password/", {"login": owner.email, "password": PASSWORD})
    page = browser.get("/account/sessions/").content.decode()
    assert "<b>Chrome on Linux</b>" in page
    assert "Mozilla" not in page
