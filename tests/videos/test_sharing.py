"""An owner can share a finished video by an unguessable link, and revoke the link."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.videos.conftest import SharedFiles
from videos.models import Photo, ShareLink, Status, Video
from videos.worker.runner import work_once

pytestmark = pytest.mark.engine


@pytest.fixture
def video(shared_ready: tuple[Video, SharedFiles], db: None) -> Video:
    """A ready video of the owner."""
    shared, files = shared_ready
    files.restore()
    return Video.objects.get(pk=shared.pk)


@pytest.fixture
def owner(video: Video) -> User:
    return video.user


@pytest.fixture
def photo(video: Video) -> Photo:
    return video.photo


def switch(client: Client, video: Video, on: bool = True):
    return client.post(reverse("videos:switch_share", args=[video.pk]), {"share": "on" if on else "off"})


@pytest.fixture
def link(as_owner: Client, video: Video) -> str:
    switch(as_owner, video)
    return ShareLink.objects.get(video=video).get_absolute_url()


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_videos_are_not_shared_by_default(as_owner: Client, video: Video) -> None:
    assert not ShareLink.objects.exists()
    page = as_owner.get(video.get_absolute_url()).content.decode()
    assert "Only you can see this video until you share it." in page
    assert "/shared/" not in page


def test_the_link_is_long_random_and_shown_to_the_owner(as_owner: Client, video: Video, request_video, studio) -> None:
    other = request_video()
    work_once()
    assert switch(as_owner, video).headers["Location"] == f"{video.get_absolute_url()}#share"
    switch(as_owner, other)
    tokens = list(ShareLink.objects.values_list("token", flat=True))
    assert len(set(tokens)) == 2
    assert all(re.fullmatch(r"[\w-]{22}", token) for token in tokens)
    page = as_owner.get(video.get_absolute_url()).content.decode()
    assert f'value="http://testserver{video.share_link.get_absolute_url()}"' in page


def test_anyone_with_the_link_sees_the_video_but_not_the_photo(client: Client, video: Video, link: str) -> None:
    response = client.get(link)
    page = response.content.decode()
    assert response.status_code == 200
    assert f'src="{link}dance.mp4"' in page
    assert "Make your pet do this" in page
    assert f'href="{link}report/"' in page
    assert str(video.pk) not in page
    assert str(video.photo_id) not in page
    assert "/photos/" not in page
    assert video.user.email not in page


def test_link_has_preview_tags_and_is_not_indexed(client: Client, link: str) -> None:
    page = client.get(link).content.decode()
    assert f'<meta property="og:image" content="http://testserver{link}poster.jpg">' in page
    assert f'<meta property="og:video" content="http://testserver{link}dance.mp4">' in page
    assert page.index("og:video") < page.index("og:image"), "chats show the first"
    assert '<meta property="og:title" content="Look who\'s got moves!">' in page
    assert "og:video:secure_url" not in page
    secure = client.get(link, secure=True).content.decode()
    assert f'<meta property="og:video:secure_url" content="https://testserver{link}dance.mp4">' in secure
    assert '<meta name="robots" content="noindex, nofollow">' in page
    for url in (link, f"{link}dance.mp4", f"{link}poster.jpg"):
        response = client.get(url)
        assert body(response)
        assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert response.headers["Cache-Control"] in ("private, no-store", "private, no-cache")


def test_anonymous_player_can_seek(client: Client, link: str, clip: bytes) -> None:
    response = client.get(f"{link}dance.mp4", headers={"Range": "bytes=100-199"})
    assert (response.status_code, body(response)) == (206, clip[100:200])
    assert response.headers["Content-Range"] == f"bytes 100-199/{len(clip)}"


SUFFIXES = ["", "dance.mp4", "poster.jpg"]


def is_gone(client: Client, link: str) -> bool:
    return [client.get(link + suffix).status_code for suffix in SUFFIXES] == [404, 404, 404]


def test_disabled_link_stays_invalid_and_the_next_differs(
    as_owner: Client, client: Client, video: Video, link: str
) -> None:
    switch(as_owner, video, on=False)
    assert is_gone(client, link)
    switch(as_owner, video)
    assert ShareLink.objects.get(video=video).get_absolute_url() != link
    assert is_gone(client, link)


def test_script_gets_the_link_and_a_form_gets_the_page(as_owner: Client, video: Video) -> None:
    url = reverse("videos:switch_share", args=[video.pk])
    fragment = as_owner.post(url, {"share": "on"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert f'value="http://testserver{ShareLink.objects.get(video=video).get_absolute_url()}"' in fragment


def test_enabling_twice_keeps_the_link(as_owner: Client, video: Video, link: str) -> None:
    switch(as_owner, video)
    assert ShareLink.objects.get(video=video).get_absolute_url() == link


def test_deleted_video_is_not_shared(client: Client, video: Video, link: str) -> None:
    assert video.delete_by_owner(timezone.now())
    assert is_gone(client, link)


def test_wrong_link_is_not_found(client: Client, link: str) -> None:
    assert is_gone(client, link.upper())
    assert is_gone(client, "/shared/x/")


def test_only_the_owner_shares_and_only_when_ready(
    as_owner: Client, as_stranger: Client, client: Client, video: Video, request_video, settings
) -> None:
    waiting = request_video()
    assert waiting.status == Status.QUEUED
    assert switch(as_owner, waiting).status_code == 404
    assert switch(as_stranger, video).status_code == 404
    assert switch(client, video).headers["Location"].startswith("/account/login/")
    assert as_owner.get(reverse("videos:switch_share", args=[video.pk])).status_code == 405
    assert not ShareLink.objects.exists()


def test_gallery_marks_shared_videos_without_extra_queries(
    as_owner: Client, video: Video, request_video, django_assert_num_queries
) -> None:
    switch(as_owner, video)
    request_video()
    with django_assert_num_queries(3):
        page = as_owner.get("/videos/").content.decode()
    assert page.count("Shared") == 1
