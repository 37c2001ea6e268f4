"""Whatever an address or a form of the admin contains, the answer is a page."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from accounts.admin_base import BaseAdmin
from accounts.models import User
from credits.models import Voucher
from videos.models import VideoReport

pytestmark = pytest.mark.engine
NULL, HUGE = "\x00", "9" * 23
MODELS = (
    *("accounts.user", "auth.group", "credits.account", "credits.entry", "credits.voucher"),
    *("videos.photo", "videos.providerstatus", "videos.video", "videos.videoreport"),
)
KEYS = ("x", "%00", HUGE, "-1", "1.5", "_5F", "a" * 300)
VALUES = ("x", NULL, "", "-1", HUGE, "1.1.1", "%", '"', "2026")
PARAMETERS = ("q", "o", "p", "e", "all", "_popup", "_to_field", "pk", "id", "nonsense", f"x{NULL}")


@pytest.fixture
def desk(as_staff: Client, request_video: Any) -> Client:
    """Staff who get the page of an error instead of its exception."""
    VideoReport.objects.submit(request_video(), concern="other", text="x")
    Voucher.objects.create(credits=1, note="Fair")
    as_staff.get("/admin/")
    as_staff.raise_request_exception = False
    return as_staff


def list_of(label: str) -> str:
    return reverse(f"admin:{label.replace('.', '_')}_changelist")


def admin_of(label: str) -> Any:
    return next(each for model, each in admin.site._registry.items() if model._meta.label_lower == label)


def test_every_admin_has_the_same_base(desk: Client) -> None:
    assert sorted(model._meta.label_lower for model in admin.site._registry) == sorted(MODELS)
    assert [each for each in admin.site._registry.values() if not isinstance(each, BaseAdmin)] == []


def queries(model_admin: Any) -> Iterator[dict[str, str]]:
    """Yield query strings for the list of a model."""
    names = list(PARAMETERS)
    for each in model_admin.list_filter:
        name = each if isinstance(each, str) else each.parameter_name
        names += [name, f"{name}__exact", f"{name}__in", f"{name}__gt"]
    yield {"created_at__year": HUGE[:8]}
    for name in names:
        yield from ({name: value} for value in VALUES)
    yield {"q": " ".join("a" * 1500)}
    yield {"q": "ä" * 1500}


@pytest.mark.parametrize("label", MODELS)
def test_lists_and_pages_take_anything(desk: Client, label: str) -> None:
    wrong, base, model_admin = [], list_of(label), admin_of(label)

    def check(method: str, path: str, data: Any = None) -> None:
        if (status := getattr(desk, method)(path, data or {}).status_code) >= 500:
            wrong.append((status, method, path, data))

    for data in queries(model_admin):
        check("get", base, data)
    for key in KEYS:
        for page in ("change/", "history/", "delete/", "password/", "take-down/", "credits/", ""):
            check("get", f"{base}{key}/{page}")
            check("post", f"{base}{key}/{page}", {"action": NULL})
    actions = [*model_admin.get_actions(desk.get(base).wsgi_request), "nonsense", NULL]
    for action in actions:
        for chosen in ("abc", NULL, HUGE, "", f"{HUGE}x"):
            check("post", base, {"action": action, "_selected_action": [chosen], "index": "0"})
            check("post", base, {"action": action, "_selected_action": [chosen], "index": "x", "select_across": "1"})
    check("post", f"{base}add/", dict.fromkeys(("name", "email", "note", "credits", "password1"), NULL))
    for value in (NULL, HUGE, "x"):
        check("get", f"{base}add/", {field.name: value for field in model_admin.opts.fields})
    assert wrong == []


@pytest.mark.parametrize("label", MODELS)
def test_malformed_id_is_told_as_one_that_does_not_exist(desk: Client, label: str) -> None:
    for key in ("x", "%00"):
        page = desk.get(f"{list_of(label)}{key}/change/", follow=True)
        assert page.redirect_chain == [("/admin/", 302)]
        assert "doesn’t exist" in page.content.decode()


@pytest.mark.parametrize("label", MODELS)
def test_other_spelling_of_an_id_leads_to_its_page(desk: Client, label: str) -> None:
    pk = str(admin_of(label).model.objects.values_list("pk", flat=True).first())
    spellings = (pk.upper(), f"{{{pk}}}", f"urn:uuid:{pk}", pk.replace("-", "")) if len(pk) == 36 else ()
    statuses = {desk.get(f"{list_of(label)}{spelling}/change/").status_code for spelling in spellings}
    assert statuses <= {200}


def test_null_character_in_a_filter_shows_the_list(desk: Client) -> None:
    page = desk.get("/admin/videos/video/", {"state": NULL}, follow=True)
    assert (page.status_code, page.redirect_chain) == (200, [("/admin/videos/video/?e=1", 302)])


def test_rows_that_cannot_exist_are_not_chosen(desk: Client, owner: User) -> None:
    users = "/admin/accounts/user/"
    page = desk.post(users, {"action": "suspend", "_selected_action": ["abc"], "index": "0"}, follow=True)
    assert "Items must be selected" in page.content.decode()
    desk.post(users, {"action": "suspend", "_selected_action": ["abc", str(owner.pk)]})
    owner.refresh_from_db()
    assert not owner.is_active


def test_other_pages_take_anything(desk: Client, owner: User) -> None:
    paths = [
        "/admin/?x=%00",
        "/admin/%00/",
        "/admin/nope/",
        "/admin/jsi18n/?language=%00",
        "/admin/login/?next=%00",
        "/admin/autocomplete/?app_label=accounts&model_name=user&field_name=groups&term=%00",
        "/admin/autocomplete/?app_label=x&model_name=y&field_name=z",
        "/admin/credits/voucher/bulk/?x=%00",
        f"/admin/accounts/user/{owner.pk}/credits/?x=%00",
        f"/admin/videos/photo/{owner.pk}/thumbnail.webp",
        *(f"/admin/r/{kind}/{key}/" for kind in ("x", HUGE) for key in KEYS),
        *(f"/admin/r/{kind.pk}/{key}/" for kind in ContentType.objects.all() for key in ("x", "%00", HUGE)),
    ]
    data = dict.fromkeys(("action", "amount", "reason", "batch", "idempotency_key", "count"), NULL)
    wrong = [path for path in paths if desk.get(path).status_code >= 500]
    wrong += [path for path in paths if desk.post(path, data).status_code >= 500]
    assert wrong == []


@pytest.mark.parametrize("path", ["/admin/", "/admin/videos/video/?state=late"])
def test_staff_are_asked_for_their_password_at_once(client: Client, staff: User, path: str) -> None:
    page = client.get(path, follow=True)
    assert page.redirect_chain[-1][0].startswith("/account/login/password/?next=%2Fadmin%2F")
    assert 'type="password"' in page.content.decode()
    answer = client.post(
        page.redirect_chain[-1][0], {"login": staff.email, "password": "a good long password", "next": path}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, path)


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example/", "\x00"])
def test_login_of_the_admin_leads_to_no_other_site(client: Client, staff: User, path: str) -> None:
    page = client.get("/admin/login/", {"next": path}, follow=True)
    answer = client.post(
        page.redirect_chain[-1][0], {"login": staff.email, "password": "a good long password", "next": path}
    )
    assert "evil" not in answer.headers["Location"]
