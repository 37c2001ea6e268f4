"""Three requests make a dance: upload, generate, status. The same verbs and rules as the pages."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from credits import ledger
from credits.models import Entry
from tests.api.client import generate, problem_of, status, upload
from videos.models import Photo, Video
from videos.worker.runner import work_once


def test_from_a_photo_to_a_video_in_three_requests(program: Client, owner: User, studio: Any) -> None:
    sent = upload(program)
    assert sent.status_code == 201
    assert (sent.json()["width"], sent.json()["height"]) == (600, 800)
    asked = generate(program, imageUrl=sent.json()["imageUrl"], danceStyle="disco")
    assert (asked.status_code, asked.json()["status"]) == (202, "queued")
    pk = asked.json()["videoId"]
    assert status(program, pk).json()["videoUrl"] is None
    # As the worker leaves a photo in which it found nothing to cut out.
    Photo.objects.update(due_at=None, cutout_info={"mode": "print"})
    assert work_once()
    told = status(program, pk).json()
    assert (told["status"], told["progress"], told["error"], told["danceStyle"]) == ("succeeded", 100, None, "disco")
    assert ledger.balance_of(owner) == 4
    file = program.get(told["videoUrl"], headers={"Range": "bytes=0-99"})
    assert (file.status_code, len(b"".join(file.streaming_content))) == (206, 100)


def test_a_photo_may_be_named_by_its_id(program: Client, photo: Photo) -> None:
    asked = generate(program, photoId=str(photo.pk), danceStyle="waltz", format="wide")
    video = Video.objects.get(pk=asked.json()["videoId"])
    assert (video.photo, video.dance, video.format) == (photo, "waltz", "wide")


@pytest.mark.engine
def test_same_idempotency_key_is_one_video_and_one_charge(program: Client, photo: Photo, owner: User) -> None:
    answers = {
        generate(program, key="again", photoId=str(photo.pk), danceStyle="disco").json()["videoId"] for _ in range(3)
    }
    assert (len(answers), ledger.balance_of(owner)) == (1, 4)
    generate(program, key="another", photoId=str(photo.pk), danceStyle="disco")
    assert (Video.objects.count(), ledger.balance_of(owner)) == (2, 3)


@pytest.mark.engine
def test_idempotency_key_with_another_payload_is_refused(program: Client, photo: Photo, owner: User) -> None:
    generate(program, key="again", photoId=str(photo.pk), danceStyle="disco")
    answer = generate(program, key="again", photoId=str(photo.pk), danceStyle="waltz")
    assert problem_of(answer) == (422, "invalid")
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"
    assert ledger.balance_of(owner) == 4


@pytest.mark.engine
def test_idempotency_key_returns_its_video_after_photo_is_gone(
    program: Client, photo: Photo, owner: User, settings: Any
) -> None:
    payload = {"photoId": str(photo.pk), "danceStyle": "disco", "format": "square"}
    first = generate(program, key="again", **payload)
    video = Video.objects.get()
    video.cancel("stopped", timezone.now())
    assert photo.delete_by_owner(timezone.now())
    settings.VIDEO_PROVIDER, settings.RUNWAY_MODEL_ID = "runway", "veo3.1"
    again = generate(program, key="again", **payload)
    assert (again.status_code, again.json()) == (202, first.json() | {"status": "failed"})
    assert generate(program, key="another", **payload).status_code == 422
    assert generate(program, key="again", **payload | {"photoId": str(uuid.uuid4())}).status_code == 422
    assert (Video.objects.count(), ledger.balance_of(owner)) == (1, 5)


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/photo.jpg",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "/photos/",
        "http://testserver@evil.example/api/photos/{pk}/photo.jpg",
        "http://testserver.evil.example/api/photos/{pk}/photo.jpg",
        "https://evil.example/api/photos/{pk}/photo.jpg",
        "",
    ],
)
def test_foreign_photo_url_is_refused_and_never_fetched(
    program: Client, photo: Photo, owner: User, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The socket is the edge: nothing else shows that no address is looked up.
    monkeypatch.setattr("socket.getaddrinfo", lambda *a, **k: pytest.fail("somebody looked up an address"))
    answer = generate(program, imageUrl=address.format(pk=photo.pk), danceStyle="disco")
    assert problem_of(answer) == (422, "invalid")
    assert (Video.objects.count(), ledger.balance_of(owner)) == (0, 5)


def test_other_users_ids_look_like_unknown_ids(foreign_program: Client, photo: Photo, request_video: Any) -> None:
    video = request_video()
    unknown = generate(foreign_program, photoId=str(uuid.uuid4()), danceStyle="disco")
    foreign = generate(foreign_program, photoId=str(photo.pk), danceStyle="disco")
    assert (foreign.status_code, foreign.content) == (422, unknown.content)
    for path in ("/api/videos/{}/dance.mp4", "/api/videos/{}/poster.jpg", "/api/videos/status?videoId={}"):
        mine, random = (foreign_program.get(path.format(pk)) for pk in (video.pk, uuid.uuid4()))
        assert problem_of(mine) == (404, "not_found")
        assert mine.content == random.content
    assert foreign_program.get("/api/videos").json()["videos"] == []
    assert foreign_program.get("/api/photos").json()["photos"] == []


def test_failed_video_gives_reason_and_refund(program: Client, request_video: Any) -> None:
    video = request_video()
    Video.objects.filter(pk=video.pk).update(due_at=timezone.now(), claim=video.claim)
    video.refresh_from_db()
    video.fail("studio", timezone.now())
    told = status(program, video.pk).json()
    assert (told["status"], told["errorCode"], told["videoUrl"]) == ("failed", "studio", None)
    assert told["error"] == video.error_message
    assert Entry.objects.filter(kind="refund").count() == 1


def test_lists_are_read_page_by_page(program: Client, request_video: Any) -> None:
    made = [str(request_video(now=timezone.now() - timedelta(minutes=n)).pk) for n in range(5)]
    first = program.get("/api/videos?limit=3").json()
    assert [row["videoId"] for row in first["videos"]] == made[:3]
    rest = program.get("/api/videos", {"limit": 3, "before": first["next"]}).json()
    assert ([row["videoId"] for row in rest["videos"]], rest["next"]) == (made[3:], None)


@pytest.mark.engine
def test_pagination_keeps_rows_with_equal_timestamps(program: Client, request_video: Any) -> None:
    now = timezone.now()
    made = {str(request_video(now=now).pk) for _ in range(5)}
    seen, before = [], {}
    for _ in range(3):
        page = program.get("/api/videos", {"limit": 2} | before).json()
        seen += [row["videoId"] for row in page["videos"]]
        before = {"before": page["next"]}
    assert (set(seen), len(seen), page["next"]) == (made, 5, None)


def test_list_query_count_is_constant(program: Client, request_video: Any, django_assert_num_queries: Any) -> None:
    program.get("/api/videos")
    for number in range(5):
        with django_assert_num_queries(2):
            assert len(program.get("/api/videos").json()["videos"]) == number
        request_video()


def test_dances_are_listed(program: Client) -> None:
    assert len(program.get("/api/dances").json()["dances"]) == 16


def test_head_matches_get_without_a_body(program: Client, prepared: Photo, request_video: Any, studio: Any) -> None:
    video = request_video()
    assert work_once()
    for path in ("/api/videos", f"/api/videos/{video.pk}/dance.mp4"):
        full, bare = len(program.get(path).getvalue()), program.head(path)
        assert (bare.status_code, bare.getvalue(), bare.headers["Content-Length"]) == (200, b"", str(full))
    assert program.head("/api/upload").status_code == 405
