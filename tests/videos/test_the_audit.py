"""`audit_credits` names every row that breaks a rule, and is silent about sound books."""

import json
import threading
import uuid
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone

from accounts.models import User
from credits import ledger, triggers
from credits.audit import snapshot
from credits.models import Account, Entry
from videos.models import Photo, Video
from videos.steps import work_once


@pytest.fixture
def books(request_video, prepared: Photo, studio, owner: User) -> dict[str, Video]:
    """One video of each kind: ready, failed and returned, in line, deleted."""
    made = {name: request_video() for name in ("failed", "ready", "deleted")}
    Video.objects.filter(pk=made["failed"].pk).update(promised_by=timezone.now())
    while work_once():
        pass
    made["waiting"] = request_video()
    made["deleted"].refresh_from_db()
    made["deleted"].delete_by_owner(timezone.now())
    for video in made.values():
        video.refresh_from_db()
    return made


def audit(capsys) -> list[tuple[str, str]]:
    """Rule and row of every violation; the exit code agrees with whether there are any."""
    try:
        call_command("audit_credits", "--json")
        failed = False
    except CommandError:
        failed = True
    found = json.loads(capsys.readouterr().out)["violations"]
    assert failed == bool(found)
    return [(violation["rule"], violation["row"]) for violation in found]


def tamper(change) -> None:
    """What no code of ours does: entries changed behind the back of the triggers."""
    triggers.drop(connection)
    try:
        change()
    finally:
        triggers.create(connection)


def test_sound_books_are_told_in_a_sentence(books, capsys) -> None:
    call_command("audit_credits")
    assert capsys.readouterr().out == "Every credit is where it belongs (1 accounts, 6 entries, 4 videos).\n"


def test_a_balance_that_was_edited_is_named(books, owner: User, capsys) -> None:
    Account.objects.filter(user=owner).update(balance=99)
    account = f"account {owner.credit_account.pk}"
    assert audit(capsys) == [("I1", account), ("I6", "all accounts")]


def test_an_entry_that_was_edited_is_named(books, capsys) -> None:
    first = Entry.objects.earliest("id")
    tamper(lambda: Entry.objects.filter(pk=first.pk).update(balance_after=7))
    assert audit(capsys) == [("I1", f"entry {first.pk}")]


def test_a_video_that_was_never_charged_is_named(books, capsys) -> None:
    ready = books["ready"]
    twin = Video.objects.get(pk=ready.pk)
    twin.pk, twin.form_key, twin.provider_task_id = uuid.uuid4(), uuid.uuid4(), None
    twin.save(force_insert=True)
    assert audit(capsys) == [("I4", f"video {twin.pk}")]


def test_a_charge_without_its_video_is_named(books, owner: User, capsys) -> None:
    ledger.charge(owner, 1, "video:nobody", reason="Disco")
    assert audit(capsys) == [("I4", "video:nobody:charge")]


def test_a_ready_video_whose_credit_came_back_too_is_named(books, capsys) -> None:
    ledger.refund(books["ready"].subject, reason="By mistake")
    assert audit(capsys) == [("I7", f"video {books['ready'].pk}")]


def test_a_failed_video_whose_credit_did_not_come_back_is_named(books, owner: User, capsys) -> None:
    waiting = books["waiting"]
    Video.objects.filter(pk=waiting.pk).update(
        status="failed", due_at=None, finished_at=timezone.now(), error_code="studio"
    )
    assert audit(capsys) == [("I7", f"video {waiting.pk}")]


def test_a_refund_of_another_amount_is_named(books, capsys) -> None:
    failed = books["failed"]
    Video.objects.filter(pk=failed.pk).update(price=2)
    assert audit(capsys) == [("I4", f"video {failed.pk}"), ("I5", f"video {failed.pk}")]


def test_a_video_that_never_ends_is_named(books, capsys) -> None:
    Video.objects.filter(pk=books["waiting"].pk).update(promised_by=timezone.now() - timedelta(hours=1))
    assert audit(capsys) == [("I14", f"video {books['waiting'].pk}")]


@pytest.mark.parametrize("how", ["gone", "short"])
def test_a_ready_video_without_its_file_is_named(books, how: str, capsys) -> None:
    ready = books["ready"]
    if how == "gone":
        default_storage.delete(ready.file.name)
    else:
        Video.objects.filter(pk=ready.pk).update(size=ready.size + 1)
    assert audit(capsys) == [("I15", f"video {ready.pk}")]


@pytest.mark.django_db(transaction=True)
def test_the_audit_sees_one_moment_and_keeps_nobody_from_writing(books, owner: User) -> None:
    def write() -> None:
        ledger.grant(owner, 1, reason="In the middle of the audit", by=None)
        connections.close_all()

    with snapshot():
        assert Entry.objects.count() == 6
        writer = threading.Thread(target=write)
        writer.start()
        writer.join()
        assert Entry.objects.count() == 6
    assert Entry.objects.count() == 7
