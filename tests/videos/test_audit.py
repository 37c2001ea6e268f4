"""``audit_credits`` reports every row that violates an invariant, and no other row."""

import json
import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from credits import ledger, triggers
from credits.models import Account, Entry, Kind
from tests.conftest import person
from tests.videos.conftest import SharedFiles, photo_of, prepare, quick_studio, video_of
from tests.videos.processes import ROOT
from videos.models import CardLoop, Photo, Preview, StoredFileDeletion, Video, VideoExport
from videos.operations import audit as videos_audit
from videos.worker.runner import work_once

pytestmark = pytest.mark.engine


def create_books(photo: Photo) -> dict[str, Video]:
    """Create one video of each kind: ready, failed and refunded, queued, deleted."""
    made = {name: video_of(photo) for name in ("failed", "ready", "deleted")}
    Video.objects.filter(pk=made["failed"].pk).update(promised_by=timezone.now())
    while work_once():
        pass
    made["waiting"] = video_of(photo)
    made["deleted"].refresh_from_db()
    made["deleted"].delete_by_owner(timezone.now())
    for video in made.values():
        video.refresh_from_db()
    return made


@pytest.fixture(scope="module")
def shared(shared_rows: None, clip: bytes) -> tuple[Photo, dict[str, Video], SharedFiles]:
    """Return the photo, the videos and their files, created once for all tests of this module."""
    photo = prepare(photo_of(person("owner@example.org", credits=5)))
    with quick_studio(clip):
        made = create_books(photo)
    return photo, made, SharedFiles()


@pytest.fixture
def owner(shared: tuple, db: None) -> User:
    return User.objects.get(pk=shared[0].user_id)


@pytest.fixture
def books(shared: tuple, db: None) -> dict[str, Video]:
    """Return one video of each kind: ready, failed and refunded, queued, deleted."""
    _, made, files = shared
    files.restore()
    return {name: Video.objects.get(pk=video.pk) for name, video in made.items()}


def exit_code(*arguments: str) -> int:
    try:
        call_command("audit_credits", *arguments)
    except CommandError as error:
        return error.returncode
    return 0


def audit(capsys, *arguments: str) -> list[tuple[str, str]]:
    """Return the rule and the row of every violation. Check that the exit code agrees."""
    code = exit_code("--json", *arguments)
    violations = json.loads(capsys.readouterr().out)["violations"]
    assert code == bool(violations)
    return [(violation["rule"], violation["row"]) for violation in violations]


def tamper(change) -> None:
    """Change ledger entries with the triggers disabled, which no code of ours does."""
    triggers.drop(connection)
    try:
        change()
    finally:
        triggers.create(connection)


def repair_balances(*people: User) -> None:
    """Recompute the balances of each account from its entries."""
    for owner in people:
        balance = 0
        for entry in Entry.objects.filter(account__user=owner).order_by("id"):
            balance += entry.amount
            Entry.objects.filter(pk=entry.pk).update(balance_after=balance)
        Account.objects.filter(user=owner).update(balance=balance)


@contextmanager
def without_checks(model: type[Model]) -> Iterator[None]:
    """Disable the constraints of a table. A restore or a manual change may leave rows that violate them."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for name, rule in connection.introspection.get_constraints(cursor, table).items():
                if rule["check"] or rule["foreign_key"]:
                    cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        try:
            yield
        finally:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA ignore_check_constraints = OFF")


def changed(video: Video, **fields: object) -> str:
    """Change a video directly in the database, and return the row's name in the audit."""
    Video.objects.filter(pk=video.pk).update(**fields)
    return f"video {video.pk}"


def set_age(name: str, hours: float) -> None:
    os.utime(default_storage.path(name), (time.time() - hours * 3600,) * 2)


def test_sound_books_are_reported_in_a_sentence(books, capsys) -> None:
    call_command("audit_credits")
    assert capsys.readouterr().out == "No violations found (1 accounts, 6 entries, 4 videos).\n"


def test_edited_balance_is_reported(books, owner: User, capsys) -> None:
    Account.objects.filter(user=owner).update(balance=99)
    account = f"account {owner.credit_account.pk}"
    assert audit(capsys) == [("I1", account), ("I6", "all accounts")]


def test_edited_entry_is_reported(books, capsys) -> None:
    first = Entry.objects.earliest("id")
    tamper(lambda: Entry.objects.filter(pk=first.pk).update(balance_after=7))
    assert audit(capsys) == [("I1", f"entry {first.pk}")]


def test_negative_balance_is_reported_despite_matching_sums(books, owner: User, capsys) -> None:
    account = owner.credit_account
    owed = -1 - ledger.balance_of(owner)
    move = {"kind": Kind.ADJUSTMENT, "reference": "by hand", "reason": "By hand"}
    with without_checks(Account), without_checks(Entry):
        Account.objects.filter(pk=account.pk).update(balance=-1)
        entry = Entry.objects.create(account=account, amount=owed, balance_after=-1, **move)
    assert audit(capsys) == [("I2", f"account {account.pk}"), ("I2", f"entry {entry.pk}")]


def test_entries_without_account_are_reported(books, owner: User, capsys) -> None:
    move = {"kind": Kind.GRANT, "reference": "of nobody", "reason": "By hand"}
    with without_checks(Entry):
        entry = Entry.objects.create(account_id=owner.credit_account.pk + 1, amount=3, balance_after=3, **move)
    violations = audit(capsys)
    tamper(entry.delete)
    assert violations == [("I6", "all accounts")]


def test_uncharged_video_is_reported(books, capsys) -> None:
    ready = books["ready"]
    twin = Video.objects.get(pk=ready.pk)
    twin.pk, twin.idempotency_key, twin.provider_task_id = uuid.uuid4(), uuid.uuid4(), None
    twin.save(force_insert=True)
    assert audit(capsys) == [("I4", f"video {twin.pk}")]


def test_charge_without_video_is_reported(books, owner: User, capsys) -> None:
    ledger.charge(owner, 1, "video:nobody", reason="Disco")
    assert audit(capsys) == [("I4", "video:nobody:charge")]


@pytest.mark.parametrize("subject", ["photo:1", "video:nobody", ""])
def test_charge_for_unknown_subject_is_reported(books, owner: User, subject: str, capsys) -> None:
    ledger.charge(owner, 1, subject, reason="Disco")
    assert audit(capsys) == [("I4", f"{subject}:charge")]


def test_refund_for_unknown_subject_is_reported(books, owner: User, capsys) -> None:
    ledger.append(owner.credit_account, 1, Kind.REFUND, "nothing", reason="By mistake")
    assert audit(capsys) == [("I4", "nothing")]


@pytest.mark.parametrize(("which", "rule", "amount"), [("charge", "I4", -1), ("refund", "I5", 1)])
def test_entry_on_another_account_is_reported(
    books, owner: User, stranger: User, which: str, rule: str, amount: int, capsys
) -> None:
    """The sums are right, in total and for each account; only the owner is wrong."""
    reference = f"{books['failed'].ledger_subject}:{which}"
    tamper(lambda: Entry.objects.filter(reference=reference).delete())
    ledger.append(stranger.credit_account, amount, Kind(which), reference, reason="Astray")
    tamper(lambda: repair_balances(owner, stranger))
    assert audit(capsys) == [(rule, f"video {books['failed'].pk}")]


@pytest.mark.parametrize(("which", "rule", "kind"), [("charge", "I4", "adjustment"), ("refund", "I5", "grant")])
def test_entry_of_the_wrong_kind_is_reported(books, which: str, rule: str, kind: str, capsys) -> None:
    moved = Entry.objects.filter(reference=f"{books['failed'].ledger_subject}:{which}")
    tamper(lambda: moved.update(kind=kind))
    assert audit(capsys) == [(rule, f"video {books['failed'].pk}")]


def test_refunded_ready_video_is_reported(books, capsys) -> None:
    ledger.refund(books["ready"].ledger_subject, reason="By mistake")
    assert audit(capsys) == [("I7", f"video {books['ready'].pk}")]


def test_unrefunded_failed_video_is_reported(books, owner: User, capsys) -> None:
    waiting = books["waiting"]
    Video.objects.filter(pk=waiting.pk).update(
        status="failed", due_at=None, finished_at=timezone.now(), error_code="studio"
    )
    assert audit(capsys) == [("I7", f"video {waiting.pk}")]


def test_refund_of_another_amount_is_reported(books, capsys) -> None:
    failed = books["failed"]
    Video.objects.filter(pk=failed.pk).update(price=2)
    assert audit(capsys) == [("I4", f"video {failed.pk}"), ("I5", f"video {failed.pk}")]


def test_overdue_video_is_reported(books, capsys) -> None:
    Video.objects.filter(pk=books["waiting"].pk).update(promised_by=timezone.now() - timedelta(hours=1))
    assert audit(capsys) == [("I14", f"video {books['waiting'].pk}")]


@pytest.mark.parametrize("how", ["gone", "short"])
def test_ready_video_without_file_is_reported(books, how: str, capsys) -> None:
    ready = books["ready"]
    if how == "gone":
        default_storage.delete(ready.file.name)
    else:
        Video.objects.filter(pk=ready.pk).update(size=ready.size + 1)
    assert audit(capsys) == [("I15", f"video {ready.pk}")]


@pytest.mark.parametrize("how", ["gone", "unnamed"])
def test_ready_video_without_poster_is_reported(books, how: str, capsys) -> None:
    ready = books["ready"]
    if how == "gone":
        default_storage.delete(ready.poster.name)
    else:
        changed(ready, poster="")
    assert audit(capsys) == [("I15", f"video {ready.pk}")]


def test_more_tasks_than_submissions_are_reported(books, capsys) -> None:
    row = changed(books["failed"], submissions=1, provider_task_id="task-2", previous_task_ids=["task-1"])
    assert audit(capsys) == [("I11", row)]


def test_too_many_submissions_are_reported(books, capsys) -> None:
    with without_checks(Video):
        row = changed(books["failed"], submissions=3)
    assert audit(capsys) == [("I11", row)]


REMOTELY = {"provider": "runway", "submissions": 1}
BEGUN = REMOTELY | {"status": "processing", "started_at": timezone.now()}


@pytest.mark.parametrize(
    ("which", "fields"),
    [
        ("waiting", REMOTELY | {"provider_task_id": "task-1"}),
        ("waiting", {"file": "videos/x/dance.mp4"}),
        ("waiting", {"deleted_at": timezone.now()}),
        ("waiting", {"status": "processing", "step": "rendering"}),
        ("waiting", BEGUN | {"step": "submitting", "provider": "studio"}),
        ("waiting", BEGUN | {"step": "submitting", "provider_task_id": "task-1"}),
        ("waiting", BEGUN | {"step": "rendering"}),
        ("failed", {"file": "videos/x/dance.mp4"}),
        ("ready", {"error_code": "late"}),
        ("ready", {"started_at": None}),
        ("ready", REMOTELY),
    ],
)
def test_unreachable_state_is_reported(books, which: str, fields: dict[str, object], capsys) -> None:
    assert audit(capsys) == []
    row = changed(books[which], **fields)
    assert audit(capsys) == [("I12", row)]


def test_task_of_two_videos_is_reported(books, capsys) -> None:
    changed(books["failed"], **REMOTELY, provider_task_id="task-1")
    changed(books["deleted"], **REMOTELY | {"submissions": 2}, provider_task_id="task-2", previous_task_ids=["task-1"])
    assert audit(capsys) == [("I13", "runway task task-1")]


def test_changed_file_of_equal_size_is_found(books, capsys) -> None:
    ready = books["ready"]
    assert audit(capsys, "--files") == []
    default_storage.save(ready.file.name, ContentFile(bytes(ready.size)))
    assert audit(capsys) == []
    assert audit(capsys, "--files") == [("I15", f"video {ready.pk}")]


def test_orphaned_file_is_reported_after_a_day(books, capsys) -> None:
    for stored in list(default_storage.list_files()):
        set_age(stored.name, 25)
    for name, hours in (("videos/old/dance.mp4", 25.0), ("videos/young/dance.mp4", 23.0)):
        set_age(default_storage.save(name, ContentFile(b"12345")), hours)
    assert audit(capsys) == [("I16", "videos/old/dance.mp4")]


def test_files_due_for_deletion_are_not_orphaned(books, capsys) -> None:
    deleted = books["deleted"]
    set_age(default_storage.save(deleted.storage_name("dance.mp4"), ContentFile(b"12345")), 25)
    assert audit(capsys) == []
    StoredFileDeletion.objects.all().delete()
    assert audit(capsys) == [("I16", deleted.storage_name("dance.mp4"))]


def test_missing_folder_of_photos_is_reported(books, capsys) -> None:
    photo = books["ready"].photo
    shutil.rmtree(default_storage.path("photos"))
    assert audit(capsys) == [("I15", f"photo {photo.pk}")]


@pytest.mark.parametrize("part", ["image", "thumbnail", "mask", "sticker", "head_sticker"])
def test_missing_part_of_a_photo_is_reported(books, part: str, capsys) -> None:
    photo = books["ready"].photo
    name = getattr(photo, part).name or default_storage.save(photo.storage_name(f"{part}.bin"), ContentFile(b"12345"))
    Photo.objects.filter(pk=photo.pk).update(**{part: name})
    assert audit(capsys) == []
    default_storage.delete(name)
    assert audit(capsys) == [("I15", f"photo {photo.pk}")]


def test_changed_photo_is_found(books, capsys) -> None:
    photo = books["ready"].photo
    default_storage.save(photo.image.name, ContentFile(bytes(photo.size)))
    assert audit(capsys) == []
    assert audit(capsys, "--files") == [("I15", f"photo {photo.pk}")]
    default_storage.save(photo.image.name, ContentFile(b"short"))
    assert audit(capsys) == [("I15", f"photo {photo.pk}")]


@pytest.mark.parametrize("kind", ["preview", "export", "card loop"])
def test_missing_picture_is_reported(books, kind: str, capsys) -> None:
    video = books["ready"]
    name = default_storage.save(video.storage_name("other.bin"), ContentFile(b"12345"))
    row: Model
    if kind == "preview":
        row = Preview.objects.create(photo=video.photo, dance="disco", cutout=True, file=name)
    elif kind == "export":
        row = VideoExport.objects.create(video=video, kind="gif", file=name, size=5)
    else:
        row = CardLoop.objects.create(photo=video.photo, dance="disco", file=name)
    assert audit(capsys) == []
    default_storage.delete(name)
    assert audit(capsys) == [("I15", f"{kind} {row.pk}")]


def test_pictures_without_a_file_and_deleted_photos_are_sound(books, capsys) -> None:
    photo = photo_of(books["ready"].user)
    photo.delete_by_owner(timezone.now())
    Preview.objects.create(photo=books["ready"].photo, dance="disco", cutout=True)
    assert audit(capsys) == []


@pytest.mark.parametrize("error", [OperationalError("connection refused"), InterfaceError("closed"), KeyError("x")])
def test_unavailable_database_is_no_violation(books, capsys, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    assert exit_code() == 0

    def fail(now: object) -> None:
        raise error

    monkeypatch.setattr(videos_audit, "row_violations", fail)
    capsys.readouterr()
    assert exit_code("--json") == 2
    assert "not everything was checked" in json.loads(capsys.readouterr().out)["away"]


def test_unavailable_storage_is_no_violation(books, capsys) -> None:
    media = Path(default_storage.path(""))
    aside = media.rename(media.with_name("aside"))
    assert exit_code() == 2
    media.touch()
    assert exit_code() == 2
    Account.objects.update(balance=99)
    assert exit_code() == 1
    media.unlink()
    aside.rename(media)


def test_process_without_a_database_exits_with_2(tmp_path: Path) -> None:
    """The database is unavailable, and not only a query fails: the process itself says so, without a traceback."""
    environment = os.environ | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "VAR_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "audit_credits", "--files"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert (done.returncode, "The database is unavailable" in done.stderr) == (2, True)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["DATABASE_URL", "VIDEO_PROVIDER", "LEASE_SECONDS"])
def test_process_with_an_invalid_setting_exits_with_2(tmp_path: Path, name: str) -> None:
    environment = os.environ | {"VAR_DIR": str(tmp_path), name: "nonsense"}
    command = [sys.executable, "manage.py", "audit_credits"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr.startswith(name)) == (2, True)
