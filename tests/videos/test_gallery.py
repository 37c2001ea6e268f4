"""The gallery of an owner's videos, and deleting a video."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from credits import ledger
from videos.models import Photo, Video
from videos.worker.runner import work_once

GALLERY = "/videos/"
FRAGMENT = {"HX-Request": "true"}


def shown(client: Client, query: str = "") -> set[str]:
    """Return the ids of the videos on the page."""
    return {str(video.pk) for video in client.get(GALLERY + query).context["videos"]}


def test_gallery_shows_own_videos_only(as_owner: Client, as_stranger: Client, ready: Video) -> None:
    assert shown(as_owner) == {str(ready.pk)}
    assert reverse("videos:detail", args=[ready.pk]) in as_owner.get(GALLERY).content.decode()
    assert shown(as_stranger) == set()
    assert str(ready.pk) not in as_stranger.get(GALLERY).content.decode()


def poll_urls(page: str) -> list[str]:
    """Return the URLs that the tiles of a page poll."""
    return re.findall(r'data-hx-get="([^"]+)" data-hx-trigger="every', page)


def test_unfinished_tile_polls_until_finished(as_owner: Client, request_video, prepared: Photo, studio) -> None:
    video = request_video()
    page = as_owner.get(GALLERY).content.decode()
    [poll_url] = poll_urls(page)
    assert "vendor/htmx" in page
    assert (as_owner.get(poll_url, headers=FRAGMENT).status_code, Client().get(poll_url).status_code) == (204, 404)
    work_once()
    tile = as_owner.get(poll_url, headers=FRAGMENT).content.decode()
    assert "<html" not in tile
    assert f'id="tile-{video.pk}"' in tile
    assert reverse("videos:poster", args=[video.pk]) in tile
    assert poll_urls(tile) == []
    page = as_owner.get(GALLERY).content.decode()
    assert (poll_urls(page), "vendor/htmx" in page) == ([], False)


def test_stranger_cannot_see_a_tile(as_owner: Client, as_stranger: Client, request_video) -> None:
    request_video()
    [poll_url] = poll_urls(as_owner.get(GALLERY).content.decode())
    assert as_stranger.get(poll_url, headers=FRAGMENT).status_code == 404


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "Queued"),
        ({"status": "processing", "step": "rendering", "progress": 0.46}, "Dancing 46%"),
        ({"status": "processing", "step": "storing", "progress": 1.0}, "Adding music…"),
    ],
)
def test_gallery_and_waiting_page_agree(as_owner: Client, request_video, fields: dict[str, object], text: str) -> None:
    video = request_video()
    Video.objects.update(**fields)
    assert f'<span class="badge">{text}</span>' in as_owner.get(GALLERY).content.decode()
    assert f"<title>{text}: Your pet&#x27;s disco" in as_owner.get(video.get_absolute_url()).content.decode()


@pytest.mark.engine
def test_gallery_can_be_filtered(as_owner: Client, ready: Video, request_video) -> None:
    waiting, late = request_video(), request_video()
    Video.objects.filter(pk=late.pk).update(promised_by=timezone.now())
    Video.objects.filter(pk=waiting.pk).update(due_at=timezone.now() + timedelta(hours=1))
    work_once()
    for state, expected in (("ready", ready), ("dancing", waiting), ("returned", late)):
        assert shown(as_owner, f"?show={state}") == {str(expected.pk)}
    assert len(shown(as_owner, "?show=nonsense")) == 3


def test_few_videos_show_an_invitation_and_no_filters(as_owner: Client, as_stranger: Client, request_video) -> None:
    invitation, filters = '<li class="video-grid-more"><a href="/photos/">', 'href="?show=ready"'

    def shows(client: Client, query: str = "") -> tuple[bool, bool]:
        page = client.get(GALLERY + query).content.decode()
        return invitation in page, filters in page

    assert shows(as_stranger) == (False, False)
    for _ in range(3):
        request_video()
    assert (shows(as_owner), shows(as_owner, "?show=dancing")) == ((True, True), (False, True))
    request_video()
    assert shows(as_owner) == (False, True)


@pytest.mark.parametrize(
    ("state", "heading"),
    [
        ("ready", "Nothing ready yet"),
        ("dancing", "Nothing in progress"),
        ("returned", "No refunds"),
        ("nonsense", "The floor is all yours"),
    ],
)
def test_empty_filter_result_is_explained(as_owner: Client, state: str, heading: str) -> None:
    assert f"<h2>{heading}</h2>" in as_owner.get(GALLERY, {"show": state}).content.decode()


@pytest.mark.engine
def test_invalid_cursor_shows_the_first_page(as_owner: Client, ready: Video, subtests: pytest.Subtests) -> None:
    for before in (
        "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "nonsense", "2026-02-30T00:00:00Z", "\0"
    ):  # fmt: skip
        with subtests.test(before=before):
            response = as_owner.get(GALLERY, {"before": before})
            assert (response.status_code, shown(as_owner)) == (200, {str(ready.pk)})
            assert str(ready.pk) in response.content.decode()


@pytest.mark.engine
def test_gallery_query_count_is_constant(
    as_owner: Client, ready: Video, request_video, owner: User, django_assert_num_queries
) -> None:
    ledger.grant(owner, 30, reason="For many", by=None)
    with django_assert_num_queries(3):
        as_owner.get(GALLERY)
    for _ in range(29):
        request_video()
    with django_assert_num_queries(3):
        assert len(shown(as_owner)) == 24


@pytest.mark.engine
def test_unfinished_video_is_not_deleted(as_owner: Client, request_video, prepared: Photo) -> None:
    video = request_video()
    response = as_owner.post(reverse("videos:delete", args=[video.pk]), follow=True)
    assert "still in progress" in response.content.decode()
    video.refresh_from_db()
    assert (video.deleted_at, video.status) == (None, "queued")
