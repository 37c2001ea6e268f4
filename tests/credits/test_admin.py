"""Staff grant and adjust in the admin, with a reason and by name; operators grant on the command line."""

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
def form(owner: User) -> str:
    return reverse("admin:accounts_user_credits", args=[owner.pk])


def filled(**fields: str) -> dict[str, str]:
    """The form as the page makes it: with a key of its own."""
    return {"idempotency_key": str(uuid.uuid4())} | fields


def last() -> Entry:
    return Entry.objects.order_by("id").last()


@pytest.mark.engine
def test_a_grant_names_the_member_of_staff(as_staff: Client, form: str, owner: User, staff: User) -> None:
    answer = as_staff.post(form, filled(kind="grant", amount="4", reason="Sorry for the wait"), follow=True)
    assert "+4 credits; the balance is now 9." in answer.content.decode()
    assert (last().amount, last().kind, last().reason, last().by) == (4, "grant", "Sorry for the wait", staff)
    assert ledger.balance_of(owner) == 9


@pytest.mark.engine
def test_an_adjustment_takes_credits_away(as_staff: Client, form: str, owner: User) -> None:
    as_staff.post(form, filled(kind="adjust", amount="-2", reason="Counted wrong"))
    assert (last().amount, last().kind, ledger.balance_of(owner)) == (-2, "adjustment", 3)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"kind": "grant", "amount": "4", "reason": ""}, "This field is required."),
        ({"kind": "grant", "amount": "-4", "reason": "Why"}, "A grant gives at least one credit."),
        ({"kind": "adjust", "amount": "0", "reason": "Why"}, "Nought credits move nothing."),
        ({"kind": "adjust", "amount": "-6", "reason": "Why"}, "The balance is 5; it cannot fall below nought."),
    ],
)
def test_invalid_form_is_explained_and_moves_nothing(as_staff: Client, form: str, sent: dict, told: str) -> None:
    answer = as_staff.post(form, filled(**sent))
    assert answer.status_code == 200
    assert told in answer.content.decode()
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(("kind", "amount", "balance"), [("grant", "4", 9), ("adjust", "-2", 3)])
@pytest.mark.engine
def test_form_sent_twice_moves_credits_once(
    as_staff: Client, form: str, owner: User, kind: str, amount: str, balance: int
) -> None:
    key = re.search(r'name="idempotency_key" value="([^"]+)"', as_staff.get(form).content.decode()).group(1)
    sent = {"idempotency_key": key, "kind": kind, "amount": amount, "reason": "Sorry"}
    as_staff.post(form, sent)
    assert "nothing was moved now" in as_staff.post(form, sent, follow=True).content.decode()
    assert (ledger.balance_of(owner), Entry.objects.filter(reason="Sorry").count()) == (balance, 1)


@pytest.mark.parametrize("change", [{"kind": "adjust"}, {"amount": "7"}, {"reason": "Once more"}])
@pytest.mark.engine
def test_resubmitting_an_old_page_moves_nothing(
    as_staff: Client, form: str, owner: User, change: dict[str, str]
) -> None:
    sent = filled(kind="grant", amount="4", reason="Sorry")
    as_staff.post(form, sent)
    assert "nothing was moved now" in as_staff.post(form, sent | change, follow=True).content.decode()
    assert (ledger.balance_of(owner), LogEntry.objects.filter(object_id=str(owner.pk)).count()) == (9, 1)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_twenty_concurrent_submits_are_one_move(form: str, owner: User, staff: User) -> None:
    sent = filled(kind="grant", amount="4", reason="Sorry")
    browsers = [browser_of(staff) for _ in range(THREADS)]
    answers = all_at_once(lambda number: browsers[number].post(form, sent).status_code)
    assert answers == [302] * THREADS
    assert (ledger.balance_of(owner), LogEntry.objects.filter(object_id=str(owner.pk)).count()) == (9, 1)


@pytest.mark.engine
def test_adjustment_below_zero_is_explained(as_staff: Client, form: str, owner: User) -> None:
    ledger.adjust(owner, 2_000_000_000 - 5, reason="A great many", by=None)
    answer = as_staff.post(form, filled(kind="grant", amount="1", reason="One more"))
    assert "An account cannot hold that many credits." in answer.content.decode()
    assert ledger.balance_of(owner) == 2_000_000_000


def test_no_owner_moves_credits(as_owner: Client, form: str, owner: User) -> None:
    answer = as_owner.post(form, {"kind": "grant", "amount": "400", "reason": "For me"})
    assert answer.status_code in (302, 403)
    assert ledger.balance_of(owner) == 5


def test_staff_see_the_balance_and_the_entries_of_an_owner(as_staff: Client, owner: User) -> None:
    page = as_staff.get(reverse("admin:accounts_user_change", args=[owner.pk])).content.decode()
    assert "For the tests" in page
    assert reverse("admin:accounts_user_credits", args=[owner.pk]) in page
    row = as_staff.get(reverse("admin:accounts_user_changelist") + f"?q={owner.email}").content.decode()
    assert '<td class="field-balance">5</td>' in row


@pytest.mark.parametrize("model", [Account, Entry])
@pytest.mark.engine
def test_staff_read_money_and_never_edit_it(as_staff: Client, owner: User, model) -> None:
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


def test_an_operator_grants_on_the_command_line(owner: User, capsys) -> None:
    call_command("grant_credits", owner.email.upper(), "3", "--reason", "A present")
    assert capsys.readouterr().out == "+3 credits for owner@example.org; the balance is 8.\n"
    assert (last().kind, last().reason, last().by) == ("grant", "A present", None)


def test_the_same_reference_on_the_command_line_counts_once(owner: User) -> None:
    for _ in range(2):
        call_command("grant_credits", owner.email, "3", "--reason", "A present", "--reference", "spring")
    assert ledger.balance_of(owner) == 8


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nobody@example.org", "3", "--reason", "Why"], "Nobody has the address nobody@example.org."),
        (["owner@example.org", "0", "--reason", "Why"], "A grant gives at least one credit."),
        (["owner@example.org", "3", "--reason", " "], "A grant needs a reason"),
    ],
)
def test_invalid_command_is_explained_and_moves_nothing(owner: User, arguments: list[str], told: str) -> None:
    with pytest.raises(CommandError, match=told):
        call_command("grant_credits", *arguments)
    assert ledger.balance_of(owner) == 5
