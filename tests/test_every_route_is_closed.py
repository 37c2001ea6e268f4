"""The URL conf walked: a login is needed everywhere but where we said so, and a stranger sees nothing."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

# No row has it. The same in every process, since parallel runs must collect the same tests.
NOBODY = "00000000-0000-4000-8000-000000000000"
PUBLIC = {
    "home",
    "healthz",
    # Signing up and in, resetting a password: allauth's own public pages.
    "account_signup",
    "account_signup_by_passkey",
    "account_login",
    "account_confirm_login_code",
    "account_request_login_code",
    "account_logout",
    "account_inactive",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_confirm_password_reset_code",
    "account_complete_password_reset",
    "account_password_reset_completed",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "mfa_trust",
    "mfa_signup_webauthn",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "socialaccount_signup",
    # The admin's own login page sends to ours.
    "login",
    "logout",
    "jsi18n",
}


def routes(patterns: list | None = None, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Name and path of every route, with a random id or word where it takes one."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, prefix + filled(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield entry.name or "", prefix + filled(entry.pattern)


def filled(pattern) -> str:
    """The pattern as a path, with something that fits in each of its places."""
    if hasattr(pattern, "_regex") and not hasattr(pattern, "_route"):
        return ""
    path = str(pattern)
    for name, converter in pattern.converters.items():
        value = NOBODY if type(converter).__name__ == "UUIDConverter" else "1"
        for spelt in (
            f"<uuid:{name}>",
            f"<slug:{name}>",
            f"<str:{name}>",
            f"<int:{name}>",
            f"<path:{name}>",
            f"<{name}>",
        ):
            path = path.replace(spelt, value)
    return path


ALL = sorted(set(routes()))


def test_the_walk_finds_our_own_routes() -> None:
    names = {name for name, _ in ALL}
    assert {"photo", "dance", "photo_image", "photo_frame", "list", "detail", "file", "poster", "delete"} <= names
    assert {"history", "home", "account_login", "accounts_user_changelist"} <= names


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "path"), ALL, ids=lambda value: value or "-")
def test_a_visitor_without_a_login_sees_only_what_is_public(name: str, path: str) -> None:
    answer = Client().get(f"/{path}")
    to_login = answer.status_code == 302 and answer.headers["Location"].startswith(("/account/login/", "/admin/login/"))
    if name not in PUBLIC:
        assert to_login, f"{path} answers {answer.status_code} to anybody"


WITH_ID = [(name, path) for name, path in ALL if path.startswith(("photos/", "videos/")) and path.count("/") > 1]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "path"), WITH_ID, ids=lambda value: value.split("/")[-1])
def test_a_random_id_is_not_found(name: str, path: str, as_owner: Client) -> None:
    method = as_owner.post if name in {"delete", "ask_preview", "switch_cutout"} else as_owner.get
    assert method(f"/{path}").status_code == 404
