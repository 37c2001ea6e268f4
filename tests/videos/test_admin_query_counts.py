"""Query counts of the admin pages do not grow with the number of rows."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from credits import ledger
from tests.conftest import person
from tests.videos.conftest import photo_of
from tests.videos.test_admin import LIST, change, do, many
from videos.models import Photo, Video

QUERIES = [
    "", "?state=unfinished", "?state=late", "?state=failed", "?age=hour", "?age=older", "?error_code=studio", "?q=owner"
]  # fmt: skip


@pytest.fixture(scope="module")
def rows(shared_rows: None) -> None:
    """Create 300 videos of one owner for all tests of this module."""
    many(photo_of(person("owner-of-many@example.org")), 300)


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.engine
def test_lists_need_few_queries_with_hundreds_of_rows(
    rows: None, as_staff: Client, query: str, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12):
        assert as_staff.get(LIST + query).status_code == 200


@pytest.mark.slow
def test_lists_need_few_queries_with_ten_thousand_rows(
    as_staff: Client, photo: Photo, django_assert_max_num_queries: Any
) -> None:
    many(photo, 10_000)
    for query in QUERIES:
        with django_assert_max_num_queries(12):
            assert as_staff.get(LIST + query).status_code == 200


@pytest.mark.parametrize("path", ["/admin/videos/photo/", "/admin/accounts/user/", "/admin/credits/entry/"])
def test_other_lists_need_few_queries(
    as_staff: Client, request_video: Any, path: str, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        request_video()
    with django_assert_max_num_queries(12):
        assert as_staff.get(path).status_code == 200


def query_count(browser: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


def test_detail_pages_need_few_queries(as_staff: Client, request_video: Any, owner: User) -> None:
    ledger.grant(owner, 10, reason="Many", by=None)
    first = request_video()
    pages = [
        change(first),
        reverse("admin:accounts_user_change", args=[owner.pk]),
        reverse("admin:videos_photo_change", args=[first.photo_id]),
    ]
    do(as_staff, first, "cancel")
    do(as_staff, first, "retry")
    # The first requests also fill Django's caches, such as the content types.
    first_counts = [query_count(as_staff, page) for page in pages]
    counts = [query_count(as_staff, page) for page in pages]
    for number in range(8):
        video = request_video(now=timezone.now() - timedelta(minutes=number))
        as_staff.post(reverse("admin:videos_video_act", args=[video.pk, "cancel"]))
    assert Video.objects.filter(error_code="stopped").count() == 9
    as_staff.get(LIST)  # It shows the pending messages.
    assert [query_count(as_staff, page) for page in pages] == counts
    assert max(first_counts) <= 20
