"""Staff with a few permissions can do what these allow, and nothing else."""

from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from credits import ledger
from credits.models import Voucher
from tests.conftest import browser_of, person
from tests.videos.test_admin import LIST, change, do


def test_view_permission_allows_no_action(request_video: Any, db: None) -> None:
    viewer = person("viewer@example.org", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_video"))
    video = request_video()
    page = browser_of(viewer).get(change(video)).content.decode()
    assert "Cancel and refund" not in page
    assert do(browser_of(viewer), video, "cancel").status_code == 403
    selected = {"action": "cancel_chosen", "_selected_action": [video.pk], "confirmed": "Yes"}
    browser_of(viewer).post(LIST, selected)
    video.refresh_from_db()
    assert video.status == "queued"


def test_helpers_can_use_exactly_their_permissions(db: None, owner: User, staff: User) -> None:
    helpers = Group.objects.create(name="Helpers")
    helpers.permissions.set(
        Permission.objects.filter(codename__in=["view_video", "change_video", "view_user", "change_user"])
    )
    helper = person("helper@example.org", is_staff=True)
    helper.groups.add(helpers)
    browser = browser_of(helper)
    assert browser.get(LIST).status_code == 200
    assert browser.get("/admin/credits/entry/").status_code == 403
    browser.post(reverse("admin:accounts_user_change", args=[helper.pk]), {"is_superuser": "on", "is_staff": "on"})
    browser.post(reverse("admin:accounts_user_change", args=[owner.pk]), {"is_superuser": "on"})
    assert browser.get(reverse("admin:auth_user_password_change", args=[staff.pk])).status_code == 403
    assert set(User.objects.filter(is_superuser=True)) == {staff}
    assert "Dances today" not in browser.get("/admin/").content.decode(), (
        "the dashboard shows revenue, which they may not see"
    )


def test_helper_cannot_suspend_a_superuser(db: None, staff: User) -> None:
    helper = person("helper@example.org", is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(codename__in=["view_user", "change_user"]))
    users, browser = "/admin/accounts/user/", browser_of(helper)
    for action, active in (("suspend", True), ("unsuspend", False)):
        User.objects.filter(pk=staff.pk).update(is_active=active)
        browser.post(users, {"action": action, "_selected_action": [staff.pk]})
        assert User.objects.get(pk=staff.pk).is_active is active
    assert not LogEntry.objects.exists()


def helper_with_permissions(*codenames: str) -> Client:
    helper = person("helper@example.org", is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return browser_of(helper)


def test_helper_with_view_permission_moves_no_credits(db: None, owner: User) -> None:
    browser = helper_with_permissions("view_user")
    form = reverse("admin:accounts_user_credits", args=[owner.pk])
    data = {"idempotency_key": "0" * 31 + "1", "kind": "grant", "amount": "9", "reason": "For a friend"}
    assert [browser.get(form).status_code, browser.post(form, data).status_code] == [403, 403]
    browser.post("/admin/accounts/user/", {"action": "suspend", "_selected_action": [owner.pk]})
    owner.refresh_from_db()
    assert (ledger.balance_of(owner), owner.is_active) == (5, True)


def test_helper_with_view_permission_makes_no_vouchers(db: None) -> None:
    code = Voucher.objects.create(credits=3, note="Fair")
    browser, vouchers = helper_with_permissions("view_voucher"), reverse("admin:credits_voucher_changelist")
    bulk = {"count": "5", "credits": "9", "uses": "1", "note": "Mine", "expires_at_0": "", "expires_at_1": ""}
    response = browser.post(reverse("admin:credits_voucher_bulk"), bulk | {"batch": "0" * 31 + "1"})
    browser.post(vouchers, {"action": "withdraw", "_selected_action": [code.pk]})
    code.refresh_from_db()
    assert (response.status_code, Voucher.objects.count(), code.withdrawn_at) == (403, 1, None)
