"""Owners take turns: nobody waits for more than one of each other owner's rows per own row."""

import itertools
import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from tests.conftest import person
from tests.threads import ROUNDS, all_at_once
from tests.videos.conftest import finish, photo_of, prepare, video_of
from videos import clock, dances
from videos.models import CardLoop, Guest, LeaseLost, Photo, Preview, Status, Step, Video, VideoExport, WorkerHeartbeat
from videos.models.turns import in_line
from videos.worker.runner import end_turn, work_once

pytestmark = pytest.mark.engine

LEASE_DURATION = timedelta(seconds=60)
DANCES = list(dances.DANCES)


def owner_named(name: str, credits: int = 200) -> Photo:
    """Return a prepared photo of a new owner."""
    return prepare(photo_of(person(f"{name}@example.org", credits=credits)))


def email_name(row: Video) -> str:
    return row.user.email.removesuffix("@example.org")


def take() -> Video | None:
    """Let a worker take the first video of the line."""
    video = Video.objects.in_line("studio").claim_next(timezone.now(), LEASE_DURATION)
    if video:
        video.start(Step.RENDERING, timezone.now())
    return video


def served() -> list[str]:
    """Return the owners in the order in which the line is taken, until it is empty."""
    return [email_name(video) for video in iter(take, None)]


@pytest.fixture
def flooder(db: None) -> Photo:
    return owner_named("flooder")


@pytest.fixture
def other(db: None) -> Photo:
    return owner_named("other")


def test_one_video_waits_for_one_of_a_flood(flooder: Photo, other: Photo) -> None:
    for _ in range(20):
        video_of(flooder)
    assert email_name(take()) == "flooder"
    mine = video_of(other)
    assert mine.count_ahead() == 1
    assert served()[:3] == ["flooder", "other", "flooder"]


def test_owners_take_turns(flooder: Photo, other: Photo) -> None:
    for _ in range(4):
        video_of(flooder)
    for _ in range(2):
        video_of(other)
    assert served() == ["flooder", "other", "flooder", "other", "flooder", "flooder"]


def test_owner_who_comes_again_and_again_does_not_starve_the_others(flooder: Photo, other: Photo) -> None:
    """What counts is when an owner had the last turn, not only how many of its videos wait now."""
    for _ in range(4):
        video_of(flooder)
    order = []
    for _ in range(3):
        video_of(other)
        order += [email_name(take()), email_name(take())]
    assert order == ["flooder", "other", "flooder", "other", "flooder", "other"]


def test_single_videos_are_first_come_first_served(db: None) -> None:
    for name in "dbca":
        video_of(owner_named(name))
    assert served() == list("dbca")


def test_canceled_video_makes_room_for_the_next_of_its_owner(flooder: Photo, other: Photo) -> None:
    first = [video_of(flooder) for _ in range(3)]
    video_of(other)
    first[0].cancel("cancelled", timezone.now())
    assert served() == ["flooder", "other", "flooder"]


def test_position_is_the_number_of_videos_taken_before(flooder: Photo, other: Photo) -> None:
    third = owner_named("third")
    for photo in (flooder, flooder, flooder, other, third, other):
        video_of(photo)
    positions = {video.pk: video.queue_position for video in Video.objects.with_queue_position()}
    assert {video.pk: video.count_ahead() for video in Video.objects.all()} == positions
    assert [positions[video.pk] for video in iter(take, None)] == list(range(6))


def test_waiting_page_shows_the_fair_position(flooder: Photo, other: Photo, client: Client) -> None:
    for _ in range(5):
        video_of(flooder)
    mine = video_of(other)
    client.force_login(other.user)
    assert "1 video ahead" in client.get(mine.get_absolute_url()).content.decode()
    client.force_login(flooder.user)
    last = flooder.videos.latest("created_at")
    assert "5 videos ahead" in client.get(last.get_absolute_url()).content.decode()


def test_requeued_video_has_its_old_place(flooder: Photo, other: Photo) -> None:
    videos = [video_of(flooder) for _ in range(3)]
    video_of(other)
    now = timezone.now()
    taken = take()
    taken.requeue(now, now)
    assert taken.pk == videos[0].pk
    assert Video.objects.in_line("studio")[0].pk == taken.pk
    assert served() == ["flooder", "other", "flooder", "flooder"]


def test_another_line_has_its_own_turns(flooder: Photo, other: Photo) -> None:
    for _ in range(3):
        video_of(flooder)
    video_of(other)
    Video.objects.filter(user=flooder.user).update(provider="runway")
    now = timezone.now()
    for video in Video.objects.in_line("runway"):
        claimed = Video.objects.filter(pk=video.pk).in_line("runway").claim_next(now, LEASE_DURATION)
        claimed.fall_back_to_studio("unavailable", now)
    assert served() == ["flooder", "other", "flooder", "flooder"]


class Ledger:
    """Counts, for every waiting video, how many videos of each other owner were taken since its request."""

    def __init__(self) -> None:
        self.allowed: dict[object, int] = {}
        self.seen: dict[object, Counter[str]] = {}

    def requested(self, video: Video, waiting: int) -> None:
        self.allowed[video.pk], self.seen[video.pk] = waiting + 1, Counter()

    def taken(self, video: Video) -> None:
        mine = email_name(video)
        counted = self.seen.pop(video.pk)
        counted.pop(mine, None)
        assert max(counted.values(), default=0) <= self.allowed[video.pk]
        for others in self.seen.values():
            others[mine] += 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["a", "b", "c", "take", "take"]), min_size=5, max_size=40))
def test_nobody_waits_for_more_than_one_of_each_other_owner_per_own_video(db: None, events: list[str]) -> None:
    with transaction.atomic():
        photos, ledger, waiting = {name: owner_named(name) for name in "abc"}, Ledger(), Counter()
        for event in itertools.chain(events, itertools.repeat("take", len(events))):
            if event != "take":
                ledger.requested(video_of(photos[event]), waiting[event])
                waiting[event] += 1
            elif video := take():
                ledger.taken(video)
                waiting[email_name(video)] -= 1
        assert not ledger.seen
        transaction.set_rollback(True)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_owners_take_turns_under_races() -> None:
    """Twenty workers take and owners ask at the same time. Each video is taken once, and the turns stay whole."""
    photos = [owner_named(name, credits=500) for name in "abc"]
    for _ in range(ROUNDS):
        for photo in photos:
            for _ in range(5):
                video_of(photo)

        def act(number: int, photos: list[Photo] = photos) -> object:
            if number % 4 == 0:
                video_of(photos[number % 3])
                return None
            # A worker skips rows that are locked. If all are, while turns are numbered again, it asks again.
            return next(filter(None, (take() or time.sleep(0.05) for _ in range(100))), None)

        results = all_at_once(act)
        assert not [result for result in results if isinstance(result, Exception)]
        taken = [video.pk for video in results if isinstance(video, Video)]
        assert len(taken) == len(set(taken)) == 15
        for photo in photos:
            turns = Video.objects.waiting_of(photo.user_id, "studio").values_list("turn", "joined_at")
            assert [turn for turn, _ in turns] == list(range(len(turns)))
            assert len({joined for _, joined in turns}) <= 1
        for video in iter(take, None):
            video.fail("studio", timezone.now())
        for video in Video.objects.begun():
            video.cancel("cancelled", timezone.now())


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_ending_and_starting_at_the_same_time_block_nobody() -> None:
    photo = owner_named("a", credits=500)
    for _ in range(ROUNDS):
        for _ in range(10):
            video_of(photo)
        videos = list(Video.objects.in_line("studio"))
        random.shuffle(videos)

        def act(number: int, videos: list[Video] = videos) -> object:
            return videos[number].cancel("cancelled", timezone.now()) if number < 10 else take()

        errors = [result for result in all_at_once(act) if isinstance(result, Exception)]
        # A video may be canceled between the claim and the start.
        assert not [error for error in errors if not isinstance(error, LeaseLost)]
        for video in Video.objects.unfinished():
            video.cancel("cancelled", timezone.now())


# Promises


def test_promise_is_divided_by_the_workers(flooder: Photo, other: Photo, settings) -> None:
    settings.PROMISE_WINDOW = timedelta(seconds=1)
    for _ in range(12):
        video_of(flooder)
    many = [owner_named(name) for name in "abcdefghijk"]
    for photo in many:
        video_of(photo)
    now = timezone.now()
    alone = video_of(other).promised_by - now
    for number in range(4):
        WorkerHeartbeat.objects.record(f"host:{number}", "render", clock.now())
    WorkerHeartbeat.objects.record("host:api", "api", clock.now())
    together = video_of(owner_named("last")).promised_by - timezone.now()
    # 12 are ahead of the first and 13 of the second, which take 20 seconds each, and a promise is twice that.
    assert (round(alone.total_seconds()), round(together.total_seconds())) == (2 * 13 * 20, 2 * 4 * 20)


def test_promise_follows_the_fair_order(flooder: Photo, other: Photo, settings) -> None:
    settings.PROMISE_WINDOW = timedelta(seconds=1)
    for _ in range(20):
        video_of(flooder)
    now = timezone.now()
    assert round((video_of(other).promised_by - now).total_seconds()) == 2 * 2 * 20


# Pictures


def finished_videos(photo: Photo, clip: bytes, count: int) -> list[Video]:
    return [finish(claimed(video_of(photo)), clip) for _ in range(count)]


def claimed(video: Video) -> Video:
    return Video.objects.filter(pk=video.pk).claim_next(timezone.now(), LEASE_DURATION)


def begin(rows: object) -> object:
    row = in_line(rows).claim_next(timezone.now(), LEASE_DURATION)
    if row:
        end_turn(row)
    return row


def owners_of(rows: object, owner: Callable[[object], User]) -> list[str]:
    return [owner(row).email.removesuffix("@example.org") for row in iter(lambda: begin(rows), None)]


def test_previews_take_turns(flooder: Photo, other: Photo) -> None:
    for dance in DANCES[:6]:
        flooder.preview_of(dance, timezone.now())
    begin(Preview.objects.all())
    other.preview_of(DANCES[0], timezone.now())
    other.preview_of(DANCES[1], timezone.now())
    order = owners_of(Preview.objects.all(), lambda preview: preview.photo.user)
    assert order == ["flooder", "other", "flooder", "other", "flooder", "flooder", "flooder"]


def test_repeated_preview_does_not_jump_the_line(flooder: Photo, other: Photo) -> None:
    early = flooder.preview_of(DANCES[0], timezone.now())
    done = begin(Preview.objects.all())
    done.update_claimed(due_at=None, attempts=0, file="a.mp4")
    other.preview_of(DANCES[0], timezone.now())
    early.invalidate({"format": "wide", "focus_x": 0.1, "focus_y": 0.1, "head": None}, timezone.now())
    assert owners_of(Preview.objects.all(), lambda preview: preview.photo.user) == ["other", "flooder"]


def test_exports_take_turns(flooder: Photo, other: Photo, clip: bytes) -> None:
    now = timezone.now()
    for video in finished_videos(flooder, clip, 2):
        for kind in ("gif", "still", "wide"):
            VideoExport.objects.request(video, kind, now)
    for kind in ("gif", "still"):
        VideoExport.objects.request(finished_videos(other, clip, 1)[0], kind, timezone.now())
    order = owners_of(VideoExport.objects.all(), lambda export: export.video.user)
    assert order == ["flooder", "other", "flooder", "other", *["flooder"] * 4]


def test_loops_and_photos_take_turns(flooder: Photo, other: Photo) -> None:
    now = timezone.now()
    for photo in (flooder, other):
        CardLoop.objects.bulk_create([CardLoop(photo=photo, dance=dance.slug, due_at=now) for dance in DANCES[:3]])
        with photo.line_lock():
            CardLoop(photo=photo).line_up()
    assert owners_of(CardLoop.objects.all(), lambda loop: loop.photo.user) == ["flooder", "other"] * 3


def test_uploads_take_turns(owner: User, client: Client) -> None:
    from tests.videos.conftest import normalised_photo
    from videos.uploads import store_photo

    normalised = normalised_photo()[0]
    flooder, other = person("flooder@example.org"), person("other@example.org")
    guest = Guest.new("192.0.2.1", timezone.now())
    for visitor in (flooder, flooder, flooder, guest, other):
        store_photo(visitor, normalised, timezone.now())
    owners = Photo.objects.filter(guest=None)
    assert owners_of(owners, lambda photo: photo.user) == ["flooder", "other", "flooder", "flooder"]
    assert Photo.objects.get(guest=guest.pk).turn == 0


def test_worker_renders_in_turns(flooder: Photo, other: Photo, studio) -> None:
    for _ in range(3):
        video_of(flooder)
    video_of(other)
    while Video.objects.unfinished().exists():
        work_once(queue="render")
    users = {str(video.pk): email_name(video) for video in Video.objects.all()}
    assert [users[order.video_id] for order in studio.orders] == ["flooder", "other", "flooder", "flooder"]


def test_poisonous_video_does_not_hold_its_owners_next(flooder: Photo, other: Photo) -> None:
    broken, healthy = video_of(flooder), video_of(flooder)
    Video.objects.filter(pk=broken.pk).update(consecutive_errors=3)
    video_of(other)
    with healthy.line_lock():
        healthy.line_up()
    healthy.refresh_from_db()
    broken.refresh_from_db()
    assert (healthy.turn, broken.turn, healthy.status) == (0, 1, Status.QUEUED)
