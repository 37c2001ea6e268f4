"""Photos and videos go to their owner only; a player can seek in them."""

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
def address(video: Video) -> str:
    return reverse("videos:file", args=[video.pk])


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_the_whole_file_comes_without_a_range(as_owner: Client, address: str, clip: bytes) -> None:
    answer = as_owner.get(address)
    assert (answer.status_code, body(answer)) == (200, clip)
    assert answer.headers["Content-Type"] == "video/mp4"
    assert answer.headers["Content-Length"] == str(len(clip))
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert "Content-Disposition" not in answer.headers


def test_a_range_is_answered_with_exactly_its_bytes(
    as_owner: Client, address: str, clip: bytes, subtests: pytest.Subtests
) -> None:
    size = len(clip)
    for asked, start, end in (
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, size - 1),
        ("bytes=-50", size - 50, size - 1),
        ("bytes=7-7", 7, 7),
    ):
        with subtests.test(asked=asked):
            answer = as_owner.get(address, headers={"Range": asked})
            assert (answer.status_code, body(answer)) == (206, clip[start : end + 1])
            assert answer.headers["Content-Range"] == f"bytes {start}-{end}/{size}"
            assert answer.headers["Content-Length"] == str(end - start + 1)


def test_range_is_clipped_or_refused(as_owner: Client, address: str, clip: bytes) -> None:
    answer = as_owner.get(address, headers={"Range": f"bytes=10-{len(clip) + 500}"})
    assert (answer.status_code, body(answer)) == (206, clip[10:])
    answer = as_owner.get(address, headers={"Range": f"bytes=-{len(clip) + 500}"})
    assert (answer.status_code, body(answer)) == (206, clip)
    assert answer.headers["Content-Range"] == f"bytes 0-{len(clip) - 1}/{len(clip)}"
    for outside in (f"bytes={len(clip)}-", "bytes=9-3", "bytes=-0"):
        answer = as_owner.get(address, headers={"Range": outside})
        assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{len(clip)}")


def test_invalid_range_gives_the_whole_file(
    as_owner: Client, address: str, clip: bytes, subtests: pytest.Subtests
) -> None:
    for asked in (
        "bytes=-", "bytes=a-b", "lines=0-9", "bytes=0-1,5-6", f"bytes={'9' * 4301}-", f"bytes=-{'9' * 4301}",
        "bytes=٣-",
    ):  # fmt: skip
        with subtests.test(asked=asked[:12]):
            answer = as_owner.get(address, headers={"Range": asked})
            assert (answer.status_code, body(answer)) == (200, clip)


def test_unchanged_file_is_304(as_owner: Client, address: str) -> None:
    first = as_owner.get(address)
    assert body(first)
    etag = first.headers["ETag"]
    for known in (etag, f"W/{etag}", f'"another", {etag}', "*"):
        answer = as_owner.get(address, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content) == (304, b"")
    assert body(as_owner.get(address, headers={"If-None-Match": '"another"'})) == body(as_owner.get(address))


def test_a_range_of_another_version_gives_the_whole_file(as_owner: Client, address: str, clip: bytes) -> None:
    answer = as_owner.get(address, headers={"Range": "bytes=0-9", "If-Range": '"another"'})
    assert (answer.status_code, body(answer)) == (200, clip)


def test_head_gives_the_length_only(as_owner: Client, address: str, clip: bytes) -> None:
    answer = as_owner.head(address)
    assert (answer.status_code, answer.headers["Content-Length"], body(answer)) == (200, str(len(clip)), b"")


def test_download_has_a_readable_name(as_owner: Client, video: Video, address: str) -> None:
    answer = as_owner.get(f"{address}?download")
    assert body(answer)
    assert (
        answer.headers["Content-Disposition"]
        == f'attachment; filename="petgroove-disco-{video.created_at:%Y-%m-%d}.mp4"'
    )


PRIVATE = ["videos:detail", "videos:file", "videos:poster"]
OF_A_PHOTO = ["videos:dance", "videos:photo_image", "videos:photo_thumbnail"]


def without_its_id(answer) -> dict[str, str]:
    """The headers of an answer, but for the random id that every answer has."""
    return {name: value for name, value in answer.headers.items() if name != "X-Request-ID"}


@pytest.mark.parametrize("name", PRIVATE + OF_A_PHOTO)
def test_stranger_gets_the_same_404_as_for_a_random_id(
    as_owner: Client, as_stranger: Client, video: Video, name: str
) -> None:
    mine = reverse(name, args=[video.photo_id if name in OF_A_PHOTO else video.pk])
    nobodys = reverse(name, args=["00000000-0000-4000-8000-000000000000"])
    answer = as_owner.get(mine)
    assert (answer.status_code, bool(body(answer))) == (200, True)
    refused, missing = as_stranger.get(mine), as_stranger.get(nobodys)
    assert (refused.status_code, refused.content) == (404, missing.content)
    assert without_its_id(refused) == without_its_id(missing)


def test_a_stranger_cannot_delete_it(as_stranger: Client, video: Video) -> None:
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
