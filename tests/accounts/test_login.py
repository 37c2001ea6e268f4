"""Login by a code or by a password, logout by POST only, and password reset by code."""

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client

from accounts.models import User
from tests.conftest import PASSWORD
from tests.logins import BY_PASSWORD, CONFIRM, ENTRANCE, ask_for_code, code_in, enter_code

pytestmark = pytest.mark.django_db
ELSEWHERE = ["https://evil.example/", "//evil.example", "javascript:alert(1)"]


def by_password(client: Client, user: User, password: str = PASSWORD, **fields: str):
    return client.post(BY_PASSWORD, {"login": user.email, "password": password, **fields})


@pytest.mark.parametrize("email", ["owner@example.org", "new@example.org"])
def test_code_leads_to_the_requested_page(client: Client, owner: User, mailoutbox, email: str) -> None:
    entrance = client.get("/credits/").headers["Location"]
    assert entrance == f"{ENTRANCE}?next=/credits/"
    assert 'name="next" value="/credits/"' in client.get(entrance).content.decode()
    confirm = ask_for_code(client, email, next="/credits/").headers["Location"]
    assert confirm == f"{CONFIRM}?next=%2Fcredits%2F"
    assert 'name="next" value="/credits/"' in client.get(confirm).content.decode()
    wrong = client.post(CONFIRM, {"code": "no", "next": "/credits/"})
    assert 'name="next" value="/credits/"' in wrong.content.decode()
    assert enter_code(client, mailoutbox[0], next="/credits/").headers["Location"] == "/credits/"


def test_page_requested_later_is_where_the_code_leads(client: Client, owner: User, mailoutbox) -> None:
    ask_for_code(client, owner.email, next="/credits/")
    assert client.get(f"{ENTRANCE}?next=/photos/").headers["Location"] == f"{CONFIRM}?next=%2Fphotos%2F"


@pytest.mark.parametrize("target", ELSEWHERE)
def test_login_never_redirects_to_another_site(client: Client, owner: User, mailoutbox, target: str) -> None:
    assert by_password(client, owner, next=target).headers["Location"] == "/photos/"
    visitor = Client()
    assert ask_for_code(visitor, owner.email, next=target).headers["Location"] == CONFIRM
    assert enter_code(visitor, mailoutbox[0], next=target).headers["Location"] == "/videos/"


def test_one_message_greets_at_login(client: Client, mailoutbox) -> None:
    ask_for_code(client, "new@example.org")
    assert 'class="note' not in client.get(CONFIRM).content.decode()
    enter_code(client, mailoutbox[0])
    page = client.get("/photos/").content.decode()
    assert page.count('class="note success"') == 1
    assert "You&#x27;re in! Let&#x27;s get dancing." in page


def test_second_factor_is_asked_for_after_a_code(client: Client, owner: User, mailoutbox) -> None:
    totp.TOTP.activate(owner, totp.generate_totp_secret())
    ask_for_code(client, owner.email)
    assert enter_code(client, mailoutbox[0]).headers["Location"].startswith("/account/2fa/authenticate/")
    assert client.get("/videos/").status_code == 302


def test_suspended_account_is_told_so_only_with_the_code(client: Client, owner: User, mailoutbox) -> None:
    owner.suspend()
    assert ask_for_code(client, owner.email).headers["Location"] == CONFIRM
    assert enter_code(client, mailoutbox[0]).headers["Location"] == "/account/inactive/"
    assert client.get("/videos/").status_code == 302


def test_password_page_keeps_the_requested_page(client: Client, owner: User) -> None:
    link = f"{BY_PASSWORD}?next=/credits/"
    assert f'href="{link}"' in client.get(f"{ENTRANCE}?next=/credits/").content.decode()
    assert 'name="next" value="/credits/"' in client.get(link).content.decode()
    assert by_password(client, owner, next="/credits/").headers["Location"] == "/credits/"


def test_wrong_password_is_refused(client: Client, owner: User) -> None:
    response = by_password(client, owner, "not this one")
    assert "Wrong email or password. Try again." in response.content.decode()
    assert client.get("/videos/").status_code == 302


@pytest.mark.parametrize("password", ["", "!", "a guess"])
def test_account_without_a_password_has_none_that_works(client: Client, password: str) -> None:
    user = User.objects.create_user("new@example.org")
    assert by_password(client, user, password).status_code == 200
    assert client.get("/videos/").status_code == 302


def test_too_many_wrong_passwords_are_limited(client: Client, owner: User) -> None:
    for _ in range(6):
        by_password(client, owner, "not this one")
    response = by_password(client, owner)
    assert client.get("/videos/").status_code == 302
    assert "Too many attempts" in response.content.decode()


def test_old_password_hash_is_accepted_and_replaced(client: Client, owner: User, settings) -> None:
    settings.PASSWORD_HASHERS = [
        "accounts.hashers.SmallArgon2PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
    owner.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=1000)
    owner.save()
    by_password(client, owner)
    assert client.get("/videos/").status_code == 200
    owner.refresh_from_db()
    assert owner.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert by_password(Client(), owner).status_code == 302


def test_logout_needs_post(as_owner: Client) -> None:
    as_owner.get("/account/logout/")
    assert as_owner.get("/videos/").status_code == 200
    assert as_owner.post("/account/logout/").headers["Location"] == "/"
    assert as_owner.get("/videos/").status_code == 302


def test_copied_session_ends_at_logout(as_owner: Client) -> None:
    copy = Client()
    copy.cookies = as_owner.cookies.copy()
    assert copy.get("/videos/").status_code == 200
    as_owner.post("/account/logout/")
    assert copy.get("/videos/").status_code == 302


def test_forgotten_password_is_reset_with_a_code(client: Client, owner: User, mailoutbox) -> None:
    redirect = client.post("/account/password/reset/", {"email": owner.email}, follow=True)
    entered = client.post(redirect.redirect_chain[-1][0], {"code": code_in(mailoutbox[0])}, follow=True)
    assert entered.redirect_chain[-1][0] == "/account/password/reset/complete/"
    new = "another good long password"
    client.post("/account/password/reset/complete/", {"password1": new, "password2": new})
    owner.refresh_from_db()
    assert owner.check_password(new)


def test_staff_log_in_to_the_admin_with_the_same_form(client: Client, staff: User) -> None:
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0].startswith(ENTRANCE)
    by_password(client, staff, next="/admin/")
    assert client.get("/admin/").status_code == 200


def test_an_owner_sees_no_admin(as_owner: Client) -> None:
    assert as_owner.get("/admin/").status_code in (302, 403)
    assert as_owner.get("/admin/accounts/user/", follow=True).status_code == 403
