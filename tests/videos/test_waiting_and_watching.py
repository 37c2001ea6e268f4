"""The video's page: waiting with an honest estimate, ready to play, or failed with the credit back."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from credits import ledger
from videos.models import Photo, Video
from videos.steps import MAX_ATTEMPTS, work_once
from videos.timeline import timeline_of

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def video(request_video, prepared: Photo) -> Video:
    return request_video()


@pytest.fixture
def page(video: Video) -> str:
    return reverse("videos:detail", args=[video.pk])


def fail(video: Video, studio) -> None:
    studio.raises = RuntimeError("broken")
    for _ in range(MAX_ATTEMPTS):
        Video.objects.filter(pk=video.pk).update(due_at=timezone.now())
        work_once()


def test_the_waiting_page_asks_again_and_tells_the_promise(as_owner: Client, video: Video, page: str) -> None:
    told = as_owner.get(page).content.decode()
    assert 'data-hx-trigger="every 5s' in told
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in told
    assert "You are next" in told
    assert video.promised_by.strftime("%H:%M") in told
    assert "your credit comes back by itself" in told


def test_the_place_in_line_is_told(as_owner: Client, request_video, prepared: Photo) -> None:
    now = timezone.now()
    for seconds in (30, 20):
        request_video(now=now - timedelta(seconds=seconds))
    last = request_video(now=now)
    told = as_owner.get(reverse("videos:detail", args=[last.pk])).content.decode()
    assert "2 ahead of you" in told
    assert timeline_of(last, now).ready_in == timedelta(seconds=60)


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
    ("fields", "percent", "now_on"),
    [
        ({}, 2, "In line"),
        ({"status": "processing", "step": "rendering", "progress": 0.46}, 46, "Dancing"),
        ({"status": "processing", "step": "storing", "progress": 1.0}, 97, "Polishing"),
    ],
)
def test_the_steps_follow_the_work(video: Video, fields: dict, percent: int, now_on: str) -> None:
    Video.objects.update(**fields)
    video.refresh_from_db()
    timeline = timeline_of(video, timezone.now())
    assert [stage.name for stage in timeline.stages if stage.state == "now"] == [now_on]
    assert timeline.percent == percent


def test_the_poll_gets_the_card_alone(as_owner: Client, page: str) -> None:
    answer = as_owner.get(page, headers=FRAGMENT)
    assert "<html" not in answer.content.decode()
    assert 'id="video"' in answer.content.decode()
    assert "HX-Request" in answer.headers["Vary"]


def test_the_poll_stops_when_the_video_is_ready(as_owner: Client, page: str, studio) -> None:
    work_once()
    card = as_owner.get(page, headers=FRAGMENT).content.decode()
    assert "data-hx-trigger" not in card
    assert "<video" in card
    assert "dance.mp4?download" in card


def test_a_session_that_ended_during_a_poll_leads_to_the_login_and_back(video: Video, page: str) -> None:
    headers = FRAGMENT | {"HX-Current-URL": f"http://testserver{page}?x=1"}
    answer = Client().get(page, headers=headers)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["HX-Redirect"] == f"/account/login/?next={page}%3Fx%3D1"


def test_a_foreign_page_is_never_where_the_login_leads_to(page: str) -> None:
    headers = FRAGMENT | {"HX-Current-URL": "https://evil.example/steal"}
    assert Client().get(page, headers=headers).headers["HX-Redirect"] == "/account/login/?next=/videos/"


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(video: Video) -> None:
    origin = f"http://testserver{reverse('videos:detail', args=[video.pk])}"
    answer = Client().post(reverse("videos:delete", args=[video.pk]), headers={"Referer": origin})
    assert answer.headers["Location"] == f"/account/login/?next={reverse('videos:detail', args=[video.pk])}"


def test_a_failure_says_what_happened_and_that_the_credit_is_back(
    as_owner: Client, video: Video, page: str, studio, owner: User
) -> None:
    fail(video, studio)
    told = as_owner.get(page).content.decode()
    assert "Your credit came back." in told
    assert "Our studio could not finish this dance." in told
    assert "data-hx-trigger" not in told
    assert ledger.balance_of(owner) == 5
    credits = as_owner.get(reverse("credits:history")).content.decode()
    assert "Came back: Disco did not work out" in credits


def test_the_page_of_a_waiting_video_asks_the_database_little(
    as_owner: Client, page: str, django_assert_max_num_queries
) -> None:
    as_owner.get(page)
    with django_assert_max_num_queries(6):
        as_owner.get(page)


def test_only_reading_is_allowed(as_owner: Client, page: str) -> None:
    assert as_owner.post(page).status_code == 405
    assert as_owner.get(f"{page}delete/").status_code == 405
