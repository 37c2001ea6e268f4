"""The operations of the API: upload, generate and status turn a photo into a video."""

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
from videos.dances import DANCES
from videos.models import Photo, Video
from videos.worker.runner import work_once


def test_three_requests_turn_a_photo_into_a_video(program: Client, owner: User, studio: Any) -> None:
    uploaded = upload(program)
    assert uploaded.status_code == 201
    assert (uploaded.json()["width"], uploaded.json()["height"]) == (600, 800)
    generated = generate(program, imageUrl=uploaded.json()["imageUrl"], danceStyle="disco")
    assert (generated.status_code, generated.json()["status"]) == (202, "queued")
    pk = generated.json()["videoId"]
    assert status(program, pk).json()["videoUrl"] is None
    # The state in which the worker leaves a photo without a cutout.
    Photo.objects.update(due_at=None, cutout_info={"mode": "print", "heads": []})
    assert work_once()
    video_data = status(program, pk).json()
    assert (video_data["status"], video_data["progress"], video_data["error"]) == ("succeeded", 100, None)
    assert video_data["danceStyle"] == "disco"
    assert ledger.balance_of(owner) == 4
    file = program.get(video_data["videoUrl"], headers={"Range": "bytes=0-99"})
    assert (file.status_code, len(b"".join(file.streaming_content))) == (206, 100)


def test_photo_can_be_identified_by_its_id(program: Client, photo: Photo) -> None:
    generated = generate(program, photoId=str(photo.pk), danceStyle="waltz", format="wide")
    video = Video.objects.get(pk=generated.json()["videoId"])
    assert (video.photo, video.dance, video.format) == (photo, "waltz", "wide")


@pytest.mark.engine
def test_same_idempotency_key_is_one_video_and_one_charge(program: Client, photo: Photo, owner: User) -> None:
    video_ids = {
        generate(program, key="again", photoId=str(photo.pk), danceStyle="disco").json()["videoId"] for _ in range(3)
    }
    assert (len(video_ids), ledger.balance_of(owner)) == (1, 4)
    generate(program, key="another", photoId=str(photo.pk), danceStyle="disco")
    assert (Video.objects.count(), ledger.balance_of(owner)) == (2, 3)


@pytest.mark.engine
def test_idempotency_key_with_another_payload_is_refused(program: Client, photo: Photo, owner: User) -> None:
    generate(program, key="again", photoId=str(photo.pk), danceStyle="disco")
    response = generate(program, key="again", photoId=str(photo.pk), danceStyle="waltz")
    assert problem_of(response) == (422, "invalid")
    assert response.json()["errors"][0]["field"] == "Idempotency-Key"
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
    repeated = generate(program, key="again", **payload)
    assert (repeated.status_code, repeated.json()) == (202, first.json() | {"status": "failed"})
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
    # Only the socket layer shows that no address is looked up.
    monkeypatch.setattr("socket.getaddrinfo", lambda *a, **k: pytest.fail("an address was looked up"))
    response = generate(program, imageUrl=address.format(pk=photo.pk), danceStyle="disco")
    assert problem_of(response) == (422, "invalid")
    assert (Video.objects.count(), ledger.balance_of(owner)) == (0, 5)


def test_other_users_ids_look_like_unknown_ids(foreign_program: Client, photo: Photo, request_video: Any) -> None:
    video = request_video()
    unknown = generate(foreign_program, photoId=str(uuid.uuid4()), danceStyle="disco")
    other = generate(foreign_program, photoId=str(photo.pk), danceStyle="disco")
    assert (other.status_code, other.content) == (422, unknown.content)
    for path in ("/api/videos/{}/dance.mp4", "/api/videos/{}/poster.jpg", "/api/videos/status?videoId={}"):
        foreign, unknown = (foreign_program.get(path.format(pk)) for pk in (video.pk, uuid.uuid4()))
        assert problem_of(foreign) == (404, "not_found")
        assert foreign.content == unknown.content
    assert foreign_program.get("/api/videos").json()["videos"] == []
    assert foreign_program.get("/api/photos").json()["photos"] == []


def test_failed_video_gives_reason_and_refund(program: Client, request_video: Any) -> None:
    video = request_video()
    Video.objects.filter(pk=video.pk).update(due_at=timezone.now(), claim=video.claim)
    video.refresh_from_db()
    video.fail("studio", timezone.now())
    video_data = status(program, video.pk).json()
    assert (video_data["status"], video_data["errorCode"], video_data["videoUrl"]) == ("failed", "studio", None)
    assert video_data["error"] == video.error_message
    assert Entry.objects.filter(kind="refund").count() == 1


def test_lists_are_read_page_by_page(program: Client, request_video: Any) -> None:
    video_ids = [str(request_video(now=timezone.now() - timedelta(minutes=n)).pk) for n in range(5)]
    first = program.get("/api/videos?limit=3").json()
    assert [row["videoId"] for row in first["videos"]] == video_ids[:3]
    rest = program.get("/api/videos", {"limit": 3, "before": first["next"]}).json()
    assert ([row["videoId"] for row in rest["videos"]], rest["next"]) == (video_ids[3:], None)


@pytest.mark.engine
def test_pagination_keeps_rows_with_equal_timestamps(program: Client, request_video: Any) -> None:
    now = timezone.now()
    video_ids = {str(request_video(now=now).pk) for _ in range(5)}
    seen, before = [], {}
    for _ in range(3):
        page = program.get("/api/videos", {"limit": 2} | before).json()
        seen += [row["videoId"] for row in page["videos"]]
        before = {"before": page["next"]}
    assert (set(seen), len(seen), page["next"]) == (video_ids, 5, None)


def test_list_query_count_is_constant(program: Client, request_video: Any, django_assert_num_queries: Any) -> None:
    program.get("/api/videos")
    for number in range(5):
        with django_assert_num_queries(2):
            assert len(program.get("/api/videos").json()["videos"]) == number
        request_video()


def test_dances_are_listed(program: Client) -> None:
    listed = program.get("/api/dances").json()["dances"]
    assert [dance["danceStyle"] for dance in listed] == [dance.slug for dance in DANCES]


def test_head_matches_get_without_a_body(program: Client, prepared: Photo, request_video: Any, studio: Any) -> None:
    video = request_video()
    assert work_once()
    for path in ("/api/videos", f"/api/videos/{video.pk}/dance.mp4"):
        full, head = len(program.get(path).getvalue()), program.head(path)
        assert (head.status_code, head.getvalue(), head.headers["Content-Length"]) == (200, b"", str(full))
    assert program.head("/api/upload").status_code == 405
