"""Loops of the dancer for the cards: when they are rendered, what they show, and what becomes of their files."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from credits import ledger
from tests.videos.conftest import propose
from tests.videos.fake_finder import LEFT, RIGHT
from tests.videos.guests import guest_photo
from tests.videos.test_worker_shutdown import StopAfter
from videos.dances import BY_SLUG, DANCES
from videos.models import CardLoop, Photo, Preview, StoredFileDeletion, Video
from videos.operations.orphaned_files import orphaned_files
from videos.privacy import close_account
from videos.worker import card_loops
from videos.worker.keepalive import MAX_ATTEMPTS
from videos.worker.runner import work_once

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
ALL = len(DANCES)


@pytest.fixture
def dancing(photo: Photo) -> Photo:
    """A prepared photo with a head that is sure."""
    return propose(photo, LEFT, confidence=0.95)


@pytest.fixture
def loop(dancing: Photo) -> CardLoop:
    """A loop that is due, of a photo that has no others to render."""
    CardLoop.objects.request(dancing, timezone.now())
    CardLoop.objects.exclude(dance="disco").update(due_at=None, file="other.webp")
    return CardLoop.objects.get(dance="disco")


@pytest.fixture
def rendered(loop: CardLoop) -> CardLoop:
    assert work_once() is True
    loop.refresh_from_db()
    assert (loop.is_pending, bool(loop.file)) == (False, True)
    return loop


def due() -> list[str]:
    return list(CardLoop.objects.filter(due_at__isnull=False).order_by("pk").values_list("dance", flat=True))


def test_each_dance_is_requested_once(dancing: Photo) -> None:
    now = timezone.now()
    for _ in range(2):
        CardLoop.objects.request(dancing, now)
    assert due() == [dance.slug for dance in DANCES]
    assert CardLoop.objects.filter(due_at=now).count() == ALL


def test_a_whole_pet_has_no_loops(dancing: Photo) -> None:
    dancing.set_style("whole_pet", "")
    CardLoop.objects.request(dancing, timezone.now())
    assert not CardLoop.objects.exists()


def test_loops_wait_for_the_preparation_of_the_photo(photo: Photo) -> None:
    CardLoop.objects.request(photo, timezone.now())
    Photo.objects.update(due_at=timezone.now() + timedelta(minutes=1))
    assert work_once() is False
    propose(photo, LEFT, confidence=0.95)
    assert work_once() is True
    assert CardLoop.objects.exclude(file="").count() == 1


def test_loops_of_a_photo_without_a_head_are_dropped(photo: Photo) -> None:
    CardLoop.objects.request(photo, timezone.now())
    propose(photo, LEFT, confidence=0.4)
    assert work_once() is True
    assert (CardLoop.objects.count(), work_once()) == (0, False)


def test_loops_come_after_everything_else(loop: CardLoop, request_video: Callable[..., Video], studio: object) -> None:
    """Whatever kind of work a worker tries first."""
    now = timezone.now()
    ledger.grant(loop.photo.user, 20, reason="Many", by=None)
    for rotation in range(7):
        loop.photo.preview_of(BY_SLUG["tango"], now)
        Preview.objects.update(due_at=now, file="", attempts=0)
        request_video(photo=loop.photo)
        while Video.objects.unfinished().exists() or Preview.objects.filter(file="").exists():
            assert work_once(rotation=rotation) is True
            assert due() == ["disco"]
    while due():
        assert work_once() is True
    assert work_once() is False


def test_the_loops_of_guests_come_last(loop: CardLoop, client: Client) -> None:
    guests = propose(guest_photo(client), LEFT, confidence=0.95)
    guests.loops.update(due_at=loop.created_at - timedelta(hours=1))
    guests.preview_of(BY_SLUG["tango"], timezone.now())
    assert work_once() is True
    assert (Preview.objects.exclude(file="").count(), CardLoop.objects.get(pk=loop.pk).is_pending) == (1, True)
    assert work_once() is True
    assert (CardLoop.objects.get(pk=loop.pk).is_pending, guests.loops.exclude(file="").count()) == (False, 0)
    assert work_once() is True
    assert guests.loops.exclude(file="").count() == 1


def test_a_worker_for_the_api_renders_none(loop: CardLoop) -> None:
    assert (work_once(queue="api"), due()) == (False, ["disco"])
    assert (work_once(queue="render"), due()) == (True, [])


def test_a_loop_stops_at_once(loop: CardLoop) -> None:
    for allowed in (0, 1, 5):
        assert work_once(StopAfter(allowed)) is True
        loop.refresh_from_db()
        assert (loop.file.name, loop.attempts) == ("", 0)
        assert loop.due_at is not None
        assert loop.due_at <= timezone.now()
    assert work_once() is True


@pytest.mark.parametrize("change", ["head", "body"])
def test_a_change_has_every_loop_made_again(rendered: CardLoop, change: str) -> None:
    photo, old = rendered.photo, rendered.file.name
    CardLoop.objects.update(photo_claim=photo.claim)
    CardLoop.objects.request(photo, timezone.now())
    assert due() == []
    if change == "head":
        photo.set_head(RIGHT)
        photo.refresh_from_db()
    else:
        photo.set_style("", "round")
    CardLoop.objects.request(photo, timezone.now())
    assert len(due()) == ALL
    Photo.objects.update(due_at=None)
    CardLoop.objects.exclude(pk=rendered.pk).delete()
    assert work_once() is True
    rendered.refresh_from_db()
    assert rendered.matches(Photo.objects.get())
    assert (default_storage.exists(old), default_storage.exists(rendered.file.name)) == (False, True)


def test_the_style_may_be_switched_back_and_forth(rendered: CardLoop) -> None:
    photo, file = rendered.photo, rendered.file.name
    CardLoop.objects.update(photo_claim=photo.claim)
    for style in ("whole_pet", "dancer"):
        photo.set_style(style, "")
        CardLoop.objects.request(photo, timezone.now())
    assert (due(), CardLoop.objects.get(pk=rendered.pk).file.name) == ([], file)


def test_a_change_during_the_rendering_is_followed(loop: CardLoop, monkeypatch: pytest.MonkeyPatch) -> None:
    real = card_loops.render_loop

    def render_slowly(*arguments: object) -> str:
        Photo.objects.update(body="round")
        return real(*arguments)

    monkeypatch.setattr(card_loops, "render_loop", render_slowly)
    assert work_once() is True
    assert due() == ["disco"]
    assert work_once() is True
    loop.refresh_from_db()
    assert (loop.body, due()) == ("round", [])


def test_a_lost_lease_leaves_no_file(loop: CardLoop, monkeypatch: pytest.MonkeyPatch) -> None:
    real = card_loops.render_loop
    made: list[str] = []

    def render_too_late(*arguments: object) -> str:
        made.append(real(*arguments))
        CardLoop.objects.update(claim=loop.claim + 7)
        return made[0]

    monkeypatch.setattr(card_loops, "render_loop", render_too_late)
    assert work_once() is True
    assert (default_storage.exists(made[0]), CardLoop.objects.get(pk=loop.pk).file.name) == (False, "")


def test_a_failing_loop_is_abandoned(loop: CardLoop) -> None:
    default_storage.delete(loop.photo.image.name)
    for _ in range(MAX_ATTEMPTS):
        CardLoop.objects.filter(pk=loop.pk).update(due_at=loop.created_at)
        assert work_once() is True
    CardLoop.objects.request(loop.photo, timezone.now())
    loop.refresh_from_db()
    assert (loop.is_pending, loop.file.name, work_once()) == (False, "", False)


def test_deleted_photo_leaves_no_loops(rendered: CardLoop) -> None:
    assert rendered.photo.delete_by_owner(timezone.now()) is True
    assert (CardLoop.objects.count(), [*default_storage.list_files("photos/")]) == (0, [])
    # A request that was under way when the photo was deleted.
    CardLoop.objects.create(photo=rendered.photo, dance="disco", due_at=timezone.now())
    StoredFileDeletion.objects.all().delete()
    assert (work_once(), CardLoop.objects.count(), work_once()) == (True, 0, False)


def test_closed_account_leaves_no_loops(rendered: CardLoop) -> None:
    close_account(rendered.photo.user, timezone.now())
    assert (CardLoop.objects.count(), [*default_storage.list_files("photos/")]) == (0, [])


def test_only_files_without_a_loop_are_orphans(rendered: CardLoop) -> None:
    default_storage.save(rendered.photo.storage_name("card-disco-99.webp"), ContentFile(b"left behind"))
    in_two_days = timezone.now() + timedelta(days=2)
    orphans = [stored.name for stored in orphaned_files(in_two_days)]
    assert orphans == [rendered.photo.storage_name("card-disco-99.webp")]


def test_no_head_stays_in_memory(dancing: Photo) -> None:
    CardLoop.objects.request(dancing, timezone.now())
    CardLoop.objects.exclude(dance__in=["disco", "tango"]).delete()
    assert (work_once(), len(card_loops._latest)) == (True, 1)
    assert (work_once(), len(card_loops._latest)) == (True, 0)
