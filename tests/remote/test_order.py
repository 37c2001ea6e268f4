"""Orders are sent in the order of the line, before and after an outage."""

from datetime import timedelta

import pytest
from django.utils import timezone

from credits import ledger
from tests.conftest import person
from tests.remote.conftest import Site, refreshed
from tests.videos.conftest import photo_of, prepare, video_of
from videos.models import ProviderStatus, Status, Video

pytestmark = pytest.mark.engine

UNREACHABLE_URL = "http://127.0.0.1:1"


@pytest.fixture
def eight(site: Site) -> list[Video]:
    """Eight dances of one owner."""
    first = site.video()
    ledger.grant(first.user, 20, reason="For the tests", by=None)
    return [first, *(site.video() for _ in range(7))]


def sent(site: Site, videos: list[Video]) -> list[int]:
    """Return the numbers of the videos in the order in which the provider accepted them."""
    number = {video.seed: place for place, video in enumerate(videos, 1)}
    return [number[entry["seed"]] for entry in site.fake_server.journal("accepted")]


def count_lost_places() -> int:
    return Video.objects.filter(consecutive_errors__gt=0).count()


@pytest.mark.parametrize("slots", [1, 3])
def test_refused_connections_change_no_order(site: Site, eight: list[Video], settings, slots: int) -> None:
    site.fake_server.settings(concurrency=slots)
    url, settings.RUNWAY_BASE_URL = settings.RUNWAY_BASE_URL, UNREACHABLE_URL
    site.pass_time(rounds=6)
    assert (sent(site, eight), count_lost_places()) == ([], 0)
    settings.RUNWAY_BASE_URL = url
    site.settle()
    assert sent(site, eight) == list(range(1, 9))
    site.verify()


def test_only_the_first_in_line_tries_while_nothing_answers(site: Site, eight: list[Video], settings) -> None:
    ProviderStatus.objects.for_provider("runway", timezone.now())
    ProviderStatus.objects.update(max_concurrent_tasks=5, due_at=timezone.now() + timedelta(hours=1))
    settings.RUNWAY_BASE_URL = UNREACHABLE_URL
    for tries in (1, 2, 3):
        Video.objects.update(due_at=timezone.now())
        site.work()
        assert ProviderStatus.objects.get().connection_failures == tries
    waits = [video.due_at - timezone.now() for video in Video.objects.order_by("created_at")]
    # The back-off is the provider's: 2, 4, 8 seconds.
    assert timedelta(seconds=4) < waits[0] < timedelta(seconds=11)
    assert [refreshed(video).submissions for video in eight] == [0] * 8


def test_places_are_shown_unchanged_during_the_outage(site: Site, eight: list[Video], settings) -> None:
    settings.RUNWAY_BASE_URL = UNREACHABLE_URL
    site.pass_time(rounds=4)
    assert [refreshed(video).count_ahead() for video in eight] == list(range(8))


def test_free_slot_goes_to_the_first_in_line_though_a_later_one_asks(site: Site, eight: list[Video]) -> None:
    """Queued videos ask for a slot from time to time. Who asks first is chance."""
    ProviderStatus.objects.for_provider("runway", timezone.now())
    ProviderStatus.objects.update(max_concurrent_tasks=4, due_at=timezone.now() + timedelta(hours=1))
    later = timezone.now() + timedelta(seconds=20)
    Video.objects.exclude(pk=eight[3].pk).update(due_at=later)
    site.work()
    assert sent(site, eight)[:4] == [1, 2, 3, 4]


def test_rejected_video_that_alone_is_rejected_lets_others_pass(site: Site, eight: list[Video]) -> None:
    ProviderStatus.objects.for_provider("runway", timezone.now())
    for _ in range(3):
        ProviderStatus.objects.record_accepted("runway")
        site.fake_server.fault("create", "answer", status=503, times=1)
        Video.objects.filter(pk=eight[0].pk).update(due_at=timezone.now())
        Video.objects.exclude(pk=eight[0].pk).update(due_at=timezone.now() + timedelta(hours=1))
        site.work()
    assert (refreshed(eight[0]).consecutive_errors, refreshed(eight[1]).count_ahead()) == (3, 0)


def test_errors_at_the_provider_cost_a_resent_video_no_place(site: Site, eight: list[Video]) -> None:
    now = timezone.now()
    first = Video.objects.filter(pk=eight[0].pk).claim_next(now, timedelta(minutes=1))
    first.submit(now, timedelta(minutes=1))
    first.update_claimed(consecutive_errors=5)
    first.requeue(now, now)
    assert refreshed(eight[1]).count_ahead() == 1


def test_owners_take_turns_at_the_provider(site: Site, eight: list[Video]) -> None:
    site.fake_server.settings(concurrency=1)
    site.work()
    mine = video_of(prepare(photo_of(person("other@example.org", credits=3))))
    assert mine.count_ahead() == 1
    site.settle()
    order = [entry["seed"] for entry in site.fake_server.journal("accepted")]
    assert order.index(mine.seed) == 2
    assert Video.objects.filter(status=Status.SUCCEEDED).count() == 9


def test_promise_is_divided_by_the_concurrent_tasks(site: Site, eight: list[Video], settings) -> None:
    settings.PROMISE_WINDOW = timedelta(seconds=1)
    ProviderStatus.objects.for_provider("runway", timezone.now())
    ProviderStatus.objects.update(max_concurrent_tasks=4)
    now = timezone.now()
    # Eight are ahead, four at a time, of a minute each. The promise is twice the estimate.
    assert round((site.video().promised_by - now).total_seconds()) == 2 * 3 * 60
