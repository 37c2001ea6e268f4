"""Staff create vouchers and owners redeem them, once per owner and up to the number of uses."""

import csv
import io
import re
import uuid
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from credits import ledger
from credits.audit import violations
from credits.models import Entry, Voucher
from credits.vouchers import AlreadyRedeemed, UnknownCode, VoucherNotValid, redeem
from tests.threads import ROUNDS, THREADS, all_at_once

REDEEM = "/credits/redeem/"


def voucher(**changes) -> Voucher:
    return Voucher.objects.create(**{"credits": 3, "uses": 1, "note": "Spring fair"} | changes)


@pytest.mark.engine
def test_voucher_adds_credits_and_an_entry(as_owner: Client, owner: User) -> None:
    response = as_owner.post(REDEEM, {"code": voucher().shown}, follow=True)
    assert "You got 3 credits." in response.content.decode()
    assert "Voucher · Spring fair" in response.content.decode()
    assert ledger.balance_of(owner) == 8


@pytest.mark.parametrize("typed", ["abcd-efgh-jkmn", " ABCD EFGH JKMN ", "ABCDEFGHJKMN", "abcd.efgh/jkmn"])
def test_code_is_normalised(as_owner: Client, owner: User, typed: str) -> None:
    voucher(code="ABCDEFGHJKMN")
    as_owner.post(REDEEM, {"code": typed})
    assert ledger.balance_of(owner) == 8


@pytest.mark.engine
def test_owner_redeems_a_voucher_once(owner: User) -> None:
    code = voucher(uses=100).code
    redeem(code, owner, timezone.now())
    with pytest.raises(AlreadyRedeemed):
        redeem(code, owner, timezone.now())
    assert (ledger.balance_of(owner), Voucher.objects.get().used) == (8, 1)


@pytest.mark.engine
def test_voucher_ends_with_its_last_use(owner: User, stranger: User) -> None:
    code = voucher(uses=1).code
    redeem(code, owner, timezone.now())
    with pytest.raises(VoucherNotValid):
        redeem(code, stranger, timezone.now())
    with pytest.raises(AlreadyRedeemed):
        redeem(code, owner, timezone.now())
    assert ledger.balance_of(stranger) == 5


@pytest.mark.parametrize("changes", [{"expires_at": timezone.now()}, {"withdrawn_at": timezone.now()}])
@pytest.mark.engine
def test_invalid_voucher_gives_nothing(owner: User, changes: dict) -> None:
    with pytest.raises(VoucherNotValid):
        redeem(voucher(**changes).code, owner, timezone.now() + timedelta(seconds=1))
    assert (ledger.balance_of(owner), Voucher.objects.get().used) == (5, 0)


@pytest.mark.engine
def test_unknown_code_is_explained(as_owner: Client, owner: User, subtests: pytest.Subtests) -> None:
    voucher()
    for guess in ("ABCD", "A" * 12, "A" * 13, "%", "é" * 12):
        with subtests.test(guess=guess):
            response = as_owner.post(REDEEM, {"code": guess})
            assert response.status_code == 400
            assert "We don&#x27;t recognize that code." in response.content.decode()
            with pytest.raises(UnknownCode):
                redeem(guess, owner, timezone.now())
            assert ledger.balance_of(owner) == 5


def test_guessing_is_limited_to_ten_tries(as_owner: Client, owner: User) -> None:
    code = voucher().code
    for _ in range(10):
        assert as_owner.post(REDEEM, {"code": "wrong"}).status_code == 400
    response = as_owner.post(REDEEM, {"code": code})
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= 3600
    assert "Try again in" in response.content.decode()
    assert ledger.balance_of(owner) == 5


def test_link_of_a_voucher_fills_in_the_code(as_owner: Client) -> None:
    assert 'value="ABCD-EFGH-JKMN"' in as_owner.get("/credits/?code=ABCD-EFGH-JKMN").content.decode()


def test_get_redeems_nothing(as_owner: Client) -> None:
    assert as_owner.get(f"{REDEEM}?code={voucher().code}").status_code == 405


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_twenty_concurrent_redemptions_of_one_owner_count_once(owner: User) -> None:
    for number in range(ROUNDS):
        code = voucher(uses=50).code
        results = all_at_once(lambda _, code=code: redeem(code, owner, timezone.now()))
        assert sum(isinstance(result, Entry) for result in results) == 1
        assert sum(isinstance(result, AlreadyRedeemed) for result in results) == THREADS - 1
        assert Voucher.objects.get(code=code).used == 1
        assert ledger.balance_of(owner) == 5 + 3 * (number + 1)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_twenty_owners_race_for_three_uses(owner: User) -> None:
    owners = [User.objects.create_user(f"{number}@example.org") for number in range(THREADS)]
    for _ in range(ROUNDS):
        code = voucher(uses=3).code
        results = all_at_once(lambda n, code=code: redeem(code, owners[n], timezone.now()))
        assert sum(isinstance(result, Entry) for result in results) == 3
        assert sum(isinstance(result, VoucherNotValid) for result in results) == THREADS - 3
    assert list(violations()) == []


def test_staff_create_a_voucher_and_are_recorded(as_staff: Client, staff: User) -> None:
    form = {"credits": "2", "uses": "5", "note": "For the vet", "expires_at_0": "", "expires_at_1": ""}
    as_staff.post(reverse("admin:credits_voucher_add"), form)
    created = Voucher.objects.get()
    assert (created.credits, created.uses, created.note, created.by) == (2, 5, "For the vet", staff)
    assert len(created.code) == 12
    page = as_staff.get(reverse("admin:credits_voucher_changelist") + f"?q={created.shown}").content.decode()
    assert created.shown in page


@pytest.mark.engine
def test_staff_create_a_batch_and_download_it(as_staff: Client) -> None:
    form = {"count": "150", "credits": "1", "uses": "1", "note": "=Fair", "expires_at_0": "", "expires_at_1": ""}
    page = as_staff.get(reverse("admin:credits_voucher_bulk")).content.decode()
    form["batch"] = re.search(r'name="batch" value="([^"]+)"', page).group(1)
    response = as_staff.post(reverse("admin:credits_voucher_bulk"), form)
    assert response.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert {row["code"].replace("-", "") for row in rows} == set(Voucher.objects.values_list("code", flat=True))
    assert len(rows) == 150
    assert {row["note"] for row in rows} == {"'=Fair"}
    assert rows[0]["link"] == f"http://testserver/credits/?code={rows[0]['code']}"
    repeated = as_staff.post(reverse("admin:credits_voucher_bulk"), form)
    assert (repeated.content, Voucher.objects.count()) == (response.content, 150), (
        "a form submitted twice creates vouchers once"
    )


@pytest.mark.engine
def test_changed_batch_form_creates_other_codes(as_staff: Client) -> None:
    form = {"count": "2", "credits": "1", "uses": "1", "note": "Fair", "expires_at_0": "", "expires_at_1": ""}
    form["batch"] = str(uuid.uuid4())
    bulk = reverse("admin:credits_voucher_bulk")
    first = as_staff.post(bulk, form)
    rows = list(csv.DictReader(io.StringIO(as_staff.post(bulk, form | {"credits": "5"}).content.decode())))
    assert ([row["credits"] for row in rows], Voucher.objects.count()) == (["5", "5"], 4)
    assert (as_staff.post(bulk, form).content, Voucher.objects.count()) == (first.content, 4)


def test_voucher_cannot_be_created_expired(as_staff: Client) -> None:
    form = {"credits": "2", "uses": "5", "note": "Too late", "expires_at_0": "2020-01-01", "expires_at_1": "12:00:00"}
    page = as_staff.post(reverse("admin:credits_voucher_add"), form).content.decode()
    assert "This time is in the past. Choose a later one." in page
    assert not Voucher.objects.exists()


@pytest.mark.engine
def test_staff_withdraw_and_export_selected_vouchers(as_staff: Client, owner: User) -> None:
    selected, unselected = voucher(), voucher()
    form = {"_selected_action": [selected.pk]}
    as_staff.post(reverse("admin:credits_voucher_changelist"), form | {"action": "withdraw"})
    selected.refresh_from_db()
    assert (selected.withdrawn_at is not None, Voucher.objects.get(pk=unselected.pk).withdrawn_at) == (True, None)
    response = as_staff.post(reverse("admin:credits_voucher_changelist"), form | {"action": "download"})
    assert selected.shown in response.content.decode()
    assert unselected.shown not in response.content.decode()


def test_withdrawal_is_logged_once(as_staff: Client, staff: User) -> None:
    form = {"_selected_action": [voucher().pk, voucher().pk], "action": "withdraw"}
    valid = reverse("admin:credits_voucher_changelist") + "?state=valid"
    for address, count in ((valid, 2), (reverse("admin:credits_voucher_changelist"), 0)):
        assert f"{count} withdrawn." in as_staff.post(address, form, follow=True).content.decode()
        logged = LogEntry.objects.order_by("object_repr").values_list("user", "change_message", "object_repr")
        names = sorted(created.shown for created in Voucher.objects.all())
        assert list(logged) == [(staff.pk, "Withdrawn", name) for name in names]


def test_voucher_cannot_be_edited_or_deleted(as_staff: Client) -> None:
    created = voucher()
    for verb in ("change", "delete"):
        assert (
            as_staff.post(reverse(f"admin:credits_voucher_{verb}", args=[created.pk]), {"credits": "99"}).status_code
            == 403
        )
    assert Voucher.objects.get().credits == 3


def test_owner_cannot_create_vouchers(as_owner: Client) -> None:
    response = as_owner.post(
        reverse("admin:credits_voucher_bulk"), {"count": "5", "credits": "99", "uses": "1", "note": "Mine"}
    )
    assert response.status_code in (302, 403)
    assert not Voucher.objects.exists()
