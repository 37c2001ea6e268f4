"""The wall of one's own videos, and deleting one."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from credits import ledger
from videos.models import Photo, Video
from videos.steps import work_once

WALL = "/videos/"


@pytest.fixture
def ready(request_video, prepared: Photo, studio) -> Video:
    video = request_video()
    work_once()
    video.refresh_from_db()
    return video


def shown(client: Client, query: str = "") -> set[str]:
    return {str(video.pk) for video in client.get(WALL + query).context["videos"]}


def test_the_wall_shows_ones_own_dances_only(as_owner: Client, as_stranger: Client, ready: Video) -> None:
    assert shown(as_owner) == {str(ready.pk)}
    assert reverse("videos:detail", args=[ready.pk]) in as_owner.get(WALL).content.decode()
    assert shown(as_stranger) == set()
    assert str(ready.pk) not in as_stranger.get(WALL).content.decode()


def test_the_wall_can_show_one_state(as_owner: Client, ready: Video, request_video) -> None:
    waiting, late = request_video(), request_video()
    Video.objects.filter(pk=late.pk).update(promised_by=timezone.now())
    Video.objects.filter(pk=waiting.pk).update(due_at=timezone.now() + timedelta(hours=1))
    work_once()
    for state, expected in (("ready", ready), ("dancing", waiting), ("returned", late)):
        assert shown(as_owner, f"?show={state}") == {str(expected.pk)}
    assert len(shown(as_owner, "?show=nonsense")) == 3


def test_a_wall_of_many_asks_the_database_no_more_than_a_wall_of_one(
    as_owner: Client, ready: Video, request_video, owner: User, django_assert_num_queries
) -> None:
    ledger.grant(owner, 30, reason="For many", by=None)
    with django_assert_num_queries(4):
        as_owner.get(WALL)
    for _ in range(29):
        request_video()
    with django_assert_num_queries(4):
        assert len(shown(as_owner)) == 30


def test_a_deleted_video_is_gone_from_the_wall_and_the_storage_but_not_from_the_ledger(
    as_owner: Client, ready: Video, owner: User
) -> None:
    files = [ready.file.name, ready.poster.name]
    answer = as_owner.post(reverse("videos:delete", args=[ready.pk]), follow=True)
    assert "Your Disco video is deleted." in answer.content.decode()
    assert shown(as_owner) == set()
    assert [default_storage.exists(name) for name in files] == [False, False]
    assert as_owner.get(reverse("videos:file", args=[ready.pk])).status_code == 404
    assert ledger.balance_of(owner) == 4
    assert Video.objects.get(pk=ready.pk).status == "succeeded"


def test_a_video_in_the_making_is_not_deleted(as_owner: Client, request_video, prepared: Photo) -> None:
    video = request_video()
    answer = as_owner.post(reverse("videos:delete", args=[video.pk]), follow=True)
    assert "still in the making" in answer.content.decode()
    video.refresh_from_db()
    assert (video.deleted_at, video.status) == (None, "queued")
