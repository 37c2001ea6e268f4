"""No page tells by its time who has an account: hashing a password is what takes long."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.test import Client

from accounts.models import User
from tests.conftest import PASSWORD, person
from tests.logins import BY_PASSWORD, ENTRANCE

pytestmark = pytest.mark.django_db
NEW, KNOWN, NO_PASSWORD, UNPROVED, SUSPENDED = (
    f"{name}@example.org" for name in ("new", "known", "no-password", "unproved", "suspended")
)


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that grows with each password that is hashed."""
    passwords: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(hasher: MD5PasswordHasher, password: str, salt: str) -> str:
        passwords.append(password)
        return encode(hasher, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return passwords


@pytest.mark.parametrize(
    ("path", "form", "count", "emails"),
    [
        (ENTRANCE, {"email": "{}"}, 0, 1),
        ("/account/password/reset/", {"email": "{}"}, 0, 1),
        (BY_PASSWORD, {"login": "{}", "password": "wrong"}, 1, 0),
    ],
)
def test_known_and_new_addresses_take_the_same_work(
    path: str, form: dict[str, str], count: int, emails: int, hashed: list[str]
) -> None:
    person(KNOWN)
    person(SUSPENDED, is_active=False)
    person(NO_PASSWORD).set_unusable_password()
    User.objects.filter(email=NO_PASSWORD).update(password="!")
    User.objects.create_user(UNPROVED, PASSWORD)
    work = {}
    for address in (NEW, KNOWN, NO_PASSWORD, UNPROVED, SUSPENDED):
        hashed.clear()
        mail.outbox.clear()
        client = Client()
        client.post(path, {name: value.format(address) for name, value in form.items()})
        work[address] = len(hashed), len(mail.outbox)
    assert work == dict.fromkeys(work, (count, emails))
