"""Staff grant and adjust credits in the admin, with a reason; operators grant them on the command line."""

import re
import uuid

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from credits import ledger
from credits.models import Account, Entry
from tests.conftest import browser_of
from tests.threads import THREADS, all_at_once


@pytest.fixture
def form_url(owner: User) -> str:
    return reverse("admin:accounts_user_credits", args=[owner.pk])


def form_data(**fields: str) -> dict[str, str]:
    """Return form data with a new idempotency key, as on the page."""
    return {"idempotency_key": str(uuid.uuid4())} | fields


def last_entry() -> Entry:
    return Entry.objects.order_by("id").last()


@pytest.mark.engine
def test_grant_names_the_member_of_staff(as_staff: Client, form_url: str, owner: User, staff: User) -> None:
    response = as_staff.post(form_url, form_data(kind="grant", amount="4", reason="Sorry for the wait"), follow=True)
    assert "Changed by +4. The balance is now 9." in response.content.decode()
    entry = last_entry()
    assert (entry.amount, entry.kind, entry.reason, entry.by) == (4, "grant", "Sorry for the wait", staff)
    assert ledger.balance_of(owner) == 9


@pytest.mark.engine
def test_adjustment_takes_credits_away(as_staff: Client, form_url: str, owner: User) -> None:
    as_staff.post(form_url, form_data(kind="adjust", amount="-2", reason="Counted wrong"))
    assert (last_entry().amount, last_entry().kind, ledger.balance_of(owner)) == (-2, "adjustment", 3)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"kind": "grant", "amount": "4", "reason": ""}, "This field is required."),
        ({"kind": "grant", "amount": "-4", "reason": "Why"}, "A grant must be at least one credit."),
        ({"kind": "adjust", "amount": "0", "reason": "Why"}, "Enter an amount other than zero."),
        ({"kind": "adjust", "amount": "-6", "reason": "Why"}, "The balance is 5 and can&#x27;t go below zero."),
    ],
)
def test_invalid_form_is_explained_and_moves_nothing(as_staff: Client, form_url: str, data: dict, message: str) -> None:
    response = as_staff.post(form_url, form_data(**data))
    assert response.status_code == 200
    assert message in response.content.decode()
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(("kind", "amount", "balance"), [("grant", "4", 9), ("adjust", "-2", 3)])
@pytest.mark.engine
def test_form_sent_twice_moves_credits_once(
    as_staff: Client, form_url: str, owner: User, kind: str, amount: str, balance: int
) -> None:
    key = re.search(r'name="idempotency_key" value="([^"]+)"', as_staff.get(form_url).content.decode()).group(1)
    data = {"idempotency_key": key, "kind": kind, "amount": amount, "reason": "Sorry"}
    as_staff.post(form_url, data)
    assert "already submitted, so nothing changed" in as_staff.post(form_url, data, follow=True).content.decode()
    assert (ledger.balance_of(owner), Entry.objects.filter(reason="Sorry").count()) == (balance, 1)


@pytest.mark.parametrize("change", [{"kind": "adjust"}, {"amount": "7"}, {"reason": "Once more"}])
@pytest.mark.engine
def test_resubmitting_an_old_page_moves_nothing(
    as_staff: Client, form_url: str, owner: User, change: dict[str, str]
) -> None:
    data = form_data(kind="grant", amount="4", reason="Sorry")
    as_staff.post(form_url, data)
    assert (
        "already submitted, so nothing changed" in as_staff.post(form_url, data | change, follow=True).content.decode()
    )
    assert (ledger.balance_of(owner), LogEntry.objects.filter(object_id=str(owner.pk)).count()) == (9, 1)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_twenty_concurrent_submits_are_one_move(form_url: str, owner: User, staff: User) -> None:
    data = form_data(kind="grant", amount="4", reason="Sorry")
    browsers = [browser_of(staff) for _ in range(THREADS)]
    responses = all_at_once(lambda number: browsers[number].post(form_url, data).status_code)
    assert responses == [302] * THREADS
    assert (ledger.balance_of(owner), LogEntry.objects.filter(object_id=str(owner.pk)).count()) == (9, 1)


@pytest.mark.engine
def test_grant_above_the_maximum_balance_is_explained(as_staff: Client, form_url: str, owner: User) -> None:
    ledger.adjust(owner, 2_000_000_000 - 5, reason="A great many", by=None)
    response = as_staff.post(form_url, form_data(kind="grant", amount="1", reason="One more"))
    assert "An account can&#x27;t hold that many credits." in response.content.decode()
    assert ledger.balance_of(owner) == 2_000_000_000


def test_owner_cannot_move_credits(as_owner: Client, form_url: str, owner: User) -> None:
    response = as_owner.post(form_url, {"kind": "grant", "amount": "400", "reason": "For me"})
    assert response.status_code in (302, 403)
    assert ledger.balance_of(owner) == 5


def test_staff_see_an_owners_balance_and_entries(as_staff: Client, owner: User) -> None:
    page = as_staff.get(reverse("admin:accounts_user_change", args=[owner.pk])).content.decode()
    assert "<td>+5<td>5<td>Grant<td>For the tests<td>system</table>" in page
    assert reverse("admin:accounts_user_credits", args=[owner.pk]) in page
    row = as_staff.get(reverse("admin:accounts_user_changelist") + f"?q={owner.email}").content.decode()
    assert '<td class="field-balance">5</td>' in row


@pytest.mark.parametrize("model", [Account, Entry])
@pytest.mark.engine
def test_staff_can_read_but_not_edit_the_ledger(as_staff: Client, owner: User, model) -> None:
    name = model._meta.model_name
    row = model.objects.latest("pk")
    assert as_staff.get(reverse(f"admin:credits_{name}_changelist")).status_code == 200
    assert as_staff.get(reverse(f"admin:credits_{name}_change", args=[row.pk])).status_code == 200
    for verb, address in (("add", []), ("change", [row.pk]), ("delete", [row.pk])):
        assert (
            as_staff.post(reverse(f"admin:credits_{name}_{verb}", args=address), {"balance": "99"}).status_code == 403
        )
    assert ledger.balance_of(owner) == 5


@pytest.mark.engine
def test_owner_list_query_count_is_constant(as_staff: Client, owner: User, django_assert_max_num_queries) -> None:
    for number in range(30):
        ledger.grant(User.objects.create_user(f"{number}@example.org"), 1, reason="Many", by=None)
    with django_assert_max_num_queries(12):
        as_staff.get(reverse("admin:accounts_user_changelist"))


def test_command_grants_credits(owner: User, capsys) -> None:
    call_command("grant_credits", owner.email.upper(), "3", "--reason", "A present")
    assert capsys.readouterr().out == "+3 credits for owner@example.org; the balance is 8.\n"
    assert (last_entry().kind, last_entry().reason, last_entry().by) == ("grant", "A present", None)


def test_command_with_the_same_reference_grants_once(owner: User) -> None:
    for _ in range(2):
        call_command("grant_credits", owner.email, "3", "--reason", "A present", "--reference", "spring")
    assert ledger.balance_of(owner) == 8


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nobody@example.org", "3", "--reason", "Why"], "No account has the address nobody@example.org."),
        (["owner@example.org", "0", "--reason", "Why"], "A grant must be at least one credit."),
        (["owner@example.org", "3", "--reason", " "], "A grant needs a reason"),
    ],
)
def test_invalid_command_is_explained_and_moves_nothing(owner: User, arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("grant_credits", *arguments)
    assert ledger.balance_of(owner) == 5
