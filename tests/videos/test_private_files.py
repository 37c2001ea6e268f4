"""Photos and videos are sent to their owner only, with byte ranges for seeking."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.videos.conftest import SharedFiles
from videos.models import Photo, Video


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


@pytest.fixture
def url(video: Video) -> str:
    return reverse("videos:file", args=[video.pk])


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_request_without_range_returns_the_whole_file(as_owner: Client, url: str, clip: bytes) -> None:
    response = as_owner.get(url)
    assert (response.status_code, body(response)) == (200, clip)
    assert response.headers["Content-Type"] == "video/mp4"
    assert response.headers["Content-Length"] == str(len(clip))
    assert response.headers["Accept-Ranges"] == "bytes"
    assert "Content-Disposition" not in response.headers


def test_a_range_is_answered_with_exactly_its_bytes(
    as_owner: Client, url: str, clip: bytes, subtests: pytest.Subtests
) -> None:
    size = len(clip)
    for range_header, start, end in (
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, size - 1),
        ("bytes=-50", size - 50, size - 1),
        ("bytes=7-7", 7, 7),
    ):
        with subtests.test(range_header=range_header):
            response = as_owner.get(url, headers={"Range": range_header})
            assert (response.status_code, body(response)) == (206, clip[start : end + 1])
            assert response.headers["Content-Range"] == f"bytes {start}-{end}/{size}"
            assert response.headers["Content-Length"] == str(end - start + 1)


def test_range_is_clipped_or_refused(as_owner: Client, url: str, clip: bytes) -> None:
    response = as_owner.get(url, headers={"Range": f"bytes=10-{len(clip) + 500}"})
    assert (response.status_code, body(response)) == (206, clip[10:])
    response = as_owner.get(url, headers={"Range": f"bytes=-{len(clip) + 500}"})
    assert (response.status_code, body(response)) == (206, clip)
    assert response.headers["Content-Range"] == f"bytes 0-{len(clip) - 1}/{len(clip)}"
    for range_header in (f"bytes={len(clip)}-", "bytes=9-3", "bytes=-0"):
        response = as_owner.get(url, headers={"Range": range_header})
        assert (response.status_code, response.headers["Content-Range"]) == (416, f"bytes */{len(clip)}")


def test_invalid_range_gives_the_whole_file(as_owner: Client, url: str, clip: bytes, subtests: pytest.Subtests) -> None:
    for range_header in (
        "bytes=-", "bytes=a-b", "lines=0-9", "bytes=0-1,5-6", f"bytes={'9' * 4301}-", f"bytes=-{'9' * 4301}",
        "bytes=٣-",
    ):  # fmt: skip
        with subtests.test(range_header=range_header[:12]):
            response = as_owner.get(url, headers={"Range": range_header})
            assert (response.status_code, body(response)) == (200, clip)


def test_unchanged_file_is_304(as_owner: Client, url: str) -> None:
    first = as_owner.get(url)
    assert body(first)
    etag = first.headers["ETag"]
    for header in (etag, f"W/{etag}", f'"another", {etag}', "*"):
        response = as_owner.get(url, headers={"If-None-Match": header})
        assert (response.status_code, response.content) == (304, b"")
    assert body(as_owner.get(url, headers={"If-None-Match": '"another"'})) == body(as_owner.get(url))


def test_a_range_of_another_version_gives_the_whole_file(as_owner: Client, url: str, clip: bytes) -> None:
    response = as_owner.get(url, headers={"Range": "bytes=0-9", "If-Range": '"another"'})
    assert (response.status_code, body(response)) == (200, clip)


def test_head_gives_the_length_only(as_owner: Client, url: str, clip: bytes) -> None:
    response = as_owner.head(url)
    assert (response.status_code, response.headers["Content-Length"], body(response)) == (200, str(len(clip)), b"")


def test_download_has_a_readable_name(as_owner: Client, video: Video, url: str) -> None:
    response = as_owner.get(f"{url}?download")
    assert body(response)
    assert response.headers["Content-Disposition"] == 'attachment; filename="petgroove-disco.mp4"'


OF_A_VIDEO = ["videos:detail", "videos:file", "videos:poster"]
OF_A_PHOTO = ["videos:dance", "videos:photo_image", "videos:photo_thumbnail", "videos:photo_head_sticker"]


def headers_without_request_id(response) -> dict[str, str]:
    """Return the headers of a response without its random request id."""
    return {name: value for name, value in response.headers.items() if name != "X-Request-ID"}


@pytest.mark.parametrize("name", OF_A_VIDEO + OF_A_PHOTO)
def test_stranger_gets_the_same_404_as_for_a_random_id(
    as_owner: Client, as_stranger: Client, video: Video, name: str
) -> None:
    Photo.objects.update(head_sticker=video.photo.thumbnail.name)
    own_url = reverse(name, args=[video.photo_id if name in OF_A_PHOTO else video.pk])
    random_url = reverse(name, args=["00000000-0000-4000-8000-000000000000"])
    response = as_owner.get(own_url)
    assert (response.status_code, bool(body(response))) == (200, True)
    refused, missing = as_stranger.get(own_url), as_stranger.get(random_url)
    assert (refused.status_code, refused.content) == (404, missing.content)
    assert headers_without_request_id(refused) == headers_without_request_id(missing)


def test_stranger_cannot_delete_a_video(as_stranger: Client, video: Video) -> None:
    assert as_stranger.post(reverse("videos:delete", args=[video.pk])).status_code == 404
    video.refresh_from_db()
    assert video.deleted_at is None


def test_private_pages_are_cached_by_the_browser_only(as_owner: Client, video: Video) -> None:
    page = as_owner.get(reverse("videos:detail", args=[video.pk]))
    assert page.headers["Cache-Control"] == "private, no-store"
    assert {"Cookie", "HX-Request"} <= {name.strip() for name in page.headers["Vary"].split(",")}
    file = as_owner.get(reverse("videos:file", args=[video.pk]))
    assert body(file)
    assert file.headers["Cache-Control"].startswith("private,")
