"""The lists of the admin ask indexes, however many rows there are. ``bench.admin`` measures them with a million."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import admin_base
from accounts.models import User
from tests.conftest import person
from tests.videos.conftest import photo_of, video_of
from tests.videos.test_admin import LIST, change, many
from videos.models import ExportKind, Photo, Status, Video, VideoExport
from videos.operations.daily_stats import daily_stats

pytestmark = pytest.mark.engine
USERS = "/admin/accounts/user/"


def found(client: Client, path: str, term: str) -> list[Any]:
    return list(client.get(path, {"q": term}).context["cl"].queryset)


def test_video_is_found_by_its_id_alone(as_staff: Client, request_video: Any) -> None:
    video = request_video()
    Video.objects.filter(pk=video.pk).update(provider="runway", provider_task_id=str(uuid.uuid4()))
    video.refresh_from_db()
    as_staff.get(LIST)
    with CaptureQueriesContext(connection) as queries:
        assert found(as_staff, LIST, str(video.pk)) == [video]
    assert not [query for query in queries.captured_queries if "LIKE" in query["sql"]]
    assert found(as_staff, LIST, video.provider_task_id) == [video]
    assert found(as_staff, LIST, str(uuid.uuid4())) == []
    assert found(as_staff, USERS, str(video.user_id)) == [video.user]
    assert found(as_staff, "/admin/videos/photo/", str(video.photo_id)) == [video.photo]
    entries = found(as_staff, "/admin/credits/entry/", str(video.pk))
    assert [entry.reference for entry in entries] == [f"video:{video.pk}:charge"]
    assert found(as_staff, "/admin/credits/entry/", f"video:{video.pk}:charge") == entries


@pytest.mark.parametrize("term", ["owner@example.org", "OWNER@Example.org", "owner@", "owner"])
def test_rows_of_an_owner_are_found_by_the_address(as_staff: Client, request_video: Any, term: str) -> None:
    video = request_video()
    video_of(photo_of(person("somebody@example.org", credits=1)))
    assert found(as_staff, LIST, term) == [video]
    assert found(as_staff, "/admin/videos/photo/", term) == [video.photo]
    assert found(as_staff, "/admin/credits/account/", term) == [video.user.credit_account]
    assert found(as_staff, USERS, term) == [video.user]
    assert {entry.account.user for entry in found(as_staff, "/admin/credits/entry/", term)} == {video.user}


def test_pet_is_found_by_its_whole_name(as_staff: Client, request_video: Any) -> None:
    video = request_video(pet_name="Sir Barks")
    Photo.objects.update(pet_name="Sir Barks")
    assert found(as_staff, LIST, "sir  barks") == [video]
    assert found(as_staff, "/admin/videos/photo/", "SIR BARKS") == [video.photo]
    assert found(as_staff, LIST, "Sir") == []


def test_part_of_many_addresses_says_so(as_staff: Client, request_video: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    request_video()
    monkeypatch.setattr(admin_base, "MAX_USERS", 1)
    assert "More than 1 addresses match." in as_staff.get(LIST, {"q": "@example"}).content.decode()


def test_list_is_not_counted_to_its_end(as_staff: Client, photo: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admin_base, "MAX_LISTED", 60)
    many(photo, 60)
    assert "More than" not in as_staff.get(LIST).content.decode()
    many(photo, 1)
    page = as_staff.get(LIST).content.decode()
    assert "More than 60 videos: filter or search to see the rest" in page
    assert as_staff.get(LIST, {"p": "2"}).status_code == 200
    assert as_staff.get(LIST, {"p": "3"}).status_code == 302


def test_users_are_listed_with_their_videos(as_staff: Client, request_video: Any, owner: User, stranger: User) -> None:
    many(request_video().photo, 6)
    with CaptureQueriesContext(connection) as queries:
        page = as_staff.get(USERS)
    counts = {user.pk: user.video_count for user in page.context["cl"].result_list}
    assert (counts[owner.pk], counts[stranger.pk]) == (7, 0)
    counting = [query["sql"] for query in queries.captured_queries if "videos_video" in query["sql"]]
    assert len(counting) == 1
    assert "JOIN" not in counting[0]


def plan(rows: Any) -> str:
    """Return how the database executes a query, if it does not read such a small table at once."""
    if connection.vendor == "sqlite":
        return rows.explain()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    return rows.explain()


@pytest.mark.parametrize("name", ["unfinished", "late"])
def test_unfinished_videos_have_an_index_of_their_own(photo: Photo, name: str) -> None:
    many(photo, 50)
    rows = Video.objects.unfinished() if name == "unfinished" else Video.objects.overdue(timezone.now())
    # Without statistics, the database may prefer the index of the status, which reads as few rows.
    how = plan(rows.order_by("promised_by"))
    assert "video_unfinished_idx" in how or "video_status_created_idx" in how
    assert "Seq Scan" not in how
    assert "SCAN" not in how


def test_past_days_are_counted_once(photo: Photo) -> None:
    now = timezone.now()
    many(photo, 3)
    old, open_day = now - timedelta(days=10), now - timedelta(days=12)
    pks = list(Video.objects.values_list("pk", flat=True))
    Video.objects.filter(pk=pks[0]).update(created_at=old)
    Video.objects.filter(pk=pks[1]).update(
        created_at=open_day, status=Status.QUEUED, error_code="", due_at=now, finished_at=None
    )
    first = daily_stats(now)
    assert [day.by_status for day in first] == [day.by_status for day in daily_stats(now)]
    assert (first[-11].day, sum(first[-11].by_status.values())) == (old.date(), 1)
    Video.objects.filter(pk__in=pks[:2]).delete()
    again = daily_stats(now)
    assert again[-13].by_status == {}, "a day with an unfinished video must be counted again"
    cache.clear()
    assert sum(sum(day.by_status.values()) for day in daily_stats(now)) == 1


def test_past_day_that_is_over_comes_from_the_cache(photo: Photo) -> None:
    now = timezone.now()
    many(photo, 1)
    Video.objects.update(created_at=now - timedelta(days=10))
    daily_stats(now)
    with CaptureQueriesContext(connection) as queries:
        assert sum(daily_stats(now)[-11].by_status.values()) == 1
    first_day = (now - timedelta(days=1)).date().isoformat()
    assert first_day in queries.captured_queries[0]["sql"]


def test_video_page_lists_its_exports(as_staff: Client, request_video: Any, prepared: Photo, studio: Any) -> None:
    from videos.worker.runner import work_once

    video = request_video()
    assert work_once()
    VideoExport.objects.request(video, ExportKind.GIF, timezone.now())
    VideoExport.objects.update(file="videos/x.gif", size=2048, due_at=None)
    page = as_staff.get(change(video)).content.decode()
    assert "<td>GIF<td>ready<td>2.0\xa0KB" in page


def test_every_list_has_an_order_that_an_index_gives(as_staff: Client) -> None:
    """Sorting by another column would sort the whole table."""
    for path, columns in ((LIST, {"requested_at"}), (USERS, {"address", "date_joined"})):
        shown = as_staff.get(path).context["cl"]
        assert set(shown.sortable_by) == columns
    assert reverse("admin:videos_video_changelist") == LIST
