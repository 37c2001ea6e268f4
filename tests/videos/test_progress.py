"""The page of a video: unfinished with an estimate, ready to play, or failed and refunded."""

from datetime import datetime, timedelta

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from accounts.models import User
from credits import ledger
from videos.models import Photo, Video
from videos.models.choices import error_message_for
from videos.progress import CHEERS, duration_text, timeline_of
from videos.worker.runner import MAX_ATTEMPTS, work_once

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def video(request_video, prepared: Photo) -> Video:
    return request_video()


@pytest.fixture
def page(video: Video) -> str:
    return reverse("videos:detail", args=[video.pk])


def shown_time(at: datetime) -> str:
    return render_to_string("time.html", {"at": at}).strip()


def fail(video: Video, studio) -> None:
    studio.raises = RuntimeError("broken")
    for _ in range(MAX_ATTEMPTS):
        Video.objects.filter(pk=video.pk).update(due_at=timezone.now())
        work_once()


def test_waiting_page_polls_and_shows_the_promise(as_owner: Client, video: Video, page: str) -> None:
    html = as_owner.get(page).content.decode()
    assert 'data-hx-trigger="every 2s' in html
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in html
    assert "You&#x27;re next" in html
    assert f"Not ready by {shown_time(video.promised_by)}? We'll refund your credit automatically." in html
    assert "about 20 seconds left" in html
    assert sum(cheer in html for cheer in CHEERS) == 1


@pytest.mark.parametrize("mail", [True, False])
def test_page_says_how_the_result_is_announced(as_owner: Client, page: str, mail: bool) -> None:
    User.objects.update(email_when_finished=mail)
    html = as_owner.get(page).content.decode()
    assert ("We'll email you when it's ready." in html) is mail
    assert ("You'll find the video in" in html) is not mail


def test_long_waits_poll_less_often(request_video, prepared: Photo) -> None:
    now = timezone.now()
    first, second = (request_video(now=now - timedelta(seconds=seconds)) for seconds in (30, 20))
    assert [timeline_of(video, now).poll_seconds for video in (first, second)] == [2, 5]
    first.provider = "runway"
    assert timeline_of(first, now).poll_seconds == 5


def test_elapsed_time_reduces_the_estimate(request_video, prepared: Photo) -> None:
    now = timezone.now()
    video = request_video(now=now - timedelta(seconds=60))
    Video.objects.update(status="processing", step="rendering", started_at=now - timedelta(seconds=5))
    video.refresh_from_db()
    assert [timeline_of(video, now + timedelta(seconds=s)).ready_in.seconds for s in (0, 10, 60)] == [15, 5, 0]


@pytest.mark.parametrize(
    "fields", [{}, {"status": "processing", "step": "rendering", "progress": 0.4}], ids=["queued", "rendering"]
)
def test_slow_video_is_named_slow_and_still_promised(as_owner: Client, video: Video, page: str, fields: dict) -> None:
    started = timezone.now() - timedelta(seconds=41)
    Video.objects.update(created_at=started, started_at=started if fields else None, **fields)
    video.refresh_from_db()
    assert timeline_of(video, started + timedelta(seconds=39)).slow is False
    html = as_owner.get(page).content.decode()
    assert f"Taking longer than usual: ready by {shown_time(video.promised_by)}" in html
    assert "seconds left" not in html
    assert not any(cheer in html for cheer in CHEERS)


def test_no_promise_after_the_deadline(as_owner: Client, video: Video, page: str) -> None:
    past = timezone.now() - timedelta(seconds=30)
    Video.objects.update(created_at=past, started_at=past, promised_by=past, status="processing", step="rendering")
    html = as_owner.get(page).content.decode()
    assert "Almost done" in html
    assert "after one last check, we'll refund your credit automatically." in html
    assert "longer than usual" not in html
    assert "Not ready by" not in html


@pytest.mark.engine
def test_moving_queue_is_not_slow(request_video, prepared: Photo) -> None:
    now = timezone.now()
    done, video = request_video(), request_video(now=now - timedelta(minutes=5))
    assert timeline_of(video, now).slow is True
    started, finished = now - timedelta(seconds=22), now - timedelta(seconds=2)
    fields = {"due_at": None, "file": "a", "sha256": "a", "started_at": started, "finished_at": finished}
    Video.objects.filter(pk=done.pk).update(status="succeeded", **fields)
    timeline = timeline_of(video, now)
    assert (timeline.slow, timeline.ready_in) == (False, timedelta(seconds=18))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(1, "a few seconds"), (8, "about 10 seconds"), (22, "about 20 seconds"), (100, "about 2 minutes")],
)
def test_estimates_are_rounded(seconds: int, text: str) -> None:
    assert duration_text(timedelta(seconds=seconds)) == f"{text} left"


@pytest.mark.engine
def test_queue_position_is_shown(as_owner: Client, request_video, prepared: Photo) -> None:
    now = timezone.now()
    for seconds in (30, 20):
        request_video(now=now - timedelta(seconds=seconds))
    last = request_video(now=now)
    html = as_owner.get(reverse("videos:detail", args=[last.pk])).content.decode()
    assert "2 videos ahead" in html
    assert timeline_of(last, now).ready_in == timedelta(seconds=60)


@pytest.mark.engine
def test_failing_video_is_ahead_of_nobody(as_owner: Client, request_video) -> None:
    now = timezone.now()
    stuck, last = request_video(now=now - timedelta(seconds=30)), request_video(now=now)
    Video.objects.filter(pk=stuck.pk).update(attempts=3)
    assert "ahead" not in as_owner.get(reverse("videos:detail", args=[last.pk])).content.decode()
    assert last.count_ahead() == 0


@pytest.mark.engine
def test_the_estimate_comes_from_past_videos(request_video, prepared: Photo) -> None:
    now = timezone.now()
    for seconds in (8, 10, 300):
        done = request_video()
        Video.objects.filter(pk=done.pk).update(
            status="succeeded",
            due_at=None,
            file="a",
            sha256="a",
            started_at=now,
            finished_at=now + timedelta(seconds=seconds),
        )
    assert timeline_of(request_video(now=now), now).ready_in == timedelta(seconds=10)


@pytest.mark.parametrize(
    ("fields", "percent", "current"),
    [
        ({}, 2, "Queued"),
        ({"status": "processing", "step": "rendering", "progress": 0.46}, 46, "Dancing"),
        ({"status": "processing", "step": "storing", "progress": 1.0}, 97, "Adding music…"),
    ],
)
def test_the_steps_follow_the_work(video: Video, fields: dict, percent: int, current: str) -> None:
    Video.objects.update(**fields)
    video.refresh_from_db()
    timeline = timeline_of(video, timezone.now())
    assert [stage.name for stage in timeline.stages if stage.state == "now"] == [current]
    assert timeline.percent == percent


def test_poll_returns_the_card_only(as_owner: Client, page: str) -> None:
    response = as_owner.get(page, headers=FRAGMENT)
    assert "<html" not in response.content.decode()
    assert 'id="video"' in response.content.decode()
    assert "HX-Request" in response.headers["Vary"]


def test_the_poll_stops_when_the_video_is_ready(as_owner: Client, page: str, studio) -> None:
    work_once()
    card = as_owner.get(page, headers=FRAGMENT).content.decode()
    assert "data-hx-trigger" not in card
    assert "<video" in card
    assert "dance.mp4?download" in card
    # Nor does the whole page poll, until the owner requests another file.
    assert "data-hx-trigger" not in as_owner.get(page).content.decode()


def test_video_of_deleted_photo_offers_another_photo(as_owner: Client, video: Video, page: str, studio) -> None:
    work_once()
    dance_url = video.photo.get_absolute_url()
    assert f'href="{dance_url}"' in as_owner.get(page).content.decode()
    video.photo.delete_by_owner(timezone.now())
    html = as_owner.get(page).content.decode()
    assert dance_url not in html
    assert "New photo" in html


def test_expired_session_during_a_poll_returns_after_login(video: Video, page: str) -> None:
    headers = FRAGMENT | {"HX-Current-URL": f"http://testserver{page}?x=1"}
    response = Client().get(page, headers=headers)
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["HX-Redirect"] == f"/account/login/?next={page}%3Fx%3D1"


def test_login_never_returns_to_a_foreign_page(page: str) -> None:
    headers = FRAGMENT | {"HX-Current-URL": "https://evil.example/steal"}
    assert Client().get(page, headers=headers).headers["HX-Redirect"] == "/account/login/?next=/videos/"


def test_form_after_expired_session_returns_to_its_page(video: Video) -> None:
    origin = f"http://testserver{reverse('videos:detail', args=[video.pk])}"
    response = Client().post(reverse("videos:delete", args=[video.pk]), headers={"Referer": origin})
    assert response.headers["Location"] == f"/account/login/?next={reverse('videos:detail', args=[video.pk])}"


def test_failure_is_explained_with_its_refund(as_owner: Client, video: Video, page: str, studio, owner: User) -> None:
    fail(video, studio)
    html = as_owner.get(page).content.decode()
    assert "We refunded your credit." in html
    assert escape(error_message_for("studio")) in html
    assert "data-hx-trigger" not in html
    assert ledger.balance_of(owner) == 5
    credits = as_owner.get(reverse("credits:history")).content.decode()
    assert "Refund · Disco" in credits


@pytest.mark.parametrize(("code", "can_retry"), [("late", True), ("moderated", False), ("bad_output", False)])
def test_hopeless_photo_is_not_offered_again(
    as_owner: Client, video: Video, page: str, code: str, can_retry: bool
) -> None:
    fields = {"status": "failed", "due_at": None, "finished_at": timezone.now()}
    Video.objects.update(**fields, error_code=code, error_message=error_message_for(code))
    html = as_owner.get(page).content.decode()
    assert ("Try again</a>" in html, "New photo</a>" in html) == (can_retry, True)


def test_waiting_page_needs_few_queries(as_owner: Client, page: str, django_assert_max_num_queries) -> None:
    as_owner.get(page)
    with django_assert_max_num_queries(4):
        as_owner.get(page)


def test_only_reading_is_allowed(as_owner: Client, page: str) -> None:
    assert as_owner.post(page).status_code == 405
    assert as_owner.get(f"{page}delete/").status_code == 405
