"""Anyone with a private link can report the video behind it, and staff have a queue of reports."""

import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.conftest import browser_of, person
from tests.videos.conftest import SharedFiles
from videos import limits, privacy
from videos.models import Outcome, Video, VideoReport
from videos.models.report import MAX_OPEN_REPORTS

pytestmark = pytest.mark.engine
QUEUE = "/admin/videos/videoreport/"


@pytest.fixture
def video(shared_ready: tuple[Video, SharedFiles], db: None) -> Video:
    shared, files = shared_ready
    files.restore()
    video = Video.objects.get(pk=shared.pk)
    video.enable_sharing()
    return video


@pytest.fixture
def owner(video: Video) -> User:
    return video.user


@pytest.fixture
def link(video: Video) -> str:
    return video.share_link.get_absolute_url()


@pytest.fixture
def reported(video: Video) -> VideoReport:
    return VideoReport.objects.submit(video, concern="cruelty", text="A rope.", email="visitor@example.org")


def send(client: Client, link: str, **data: str) -> Any:
    return client.post(f"{link}report/", {"concern": "cruelty", "text": "", "email": ""} | data)


def test_shared_page_leads_to_the_form(client: Client, link: str) -> None:
    assert f'href="{link}report/"' in client.get(link).content.decode()
    page = client.get(f"{link}report/")
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.content.decode().count('type="radio"') == 6
    assert "<script" not in page.content.decode().split("<main")[1].split("</main>")[0]


def test_report_comes_into_the_queue(video: Video, link: str) -> None:
    client = Client(enforce_csrf_checks=True)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(f"{link}report/").content.decode())
    assert token
    data = {"concern": "person", "text": "It's me.", "email": "visitor@example.org"}
    answer = client.post(f"{link}report/", data | {"csrfmiddlewaretoken": token[1]})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{link}report/?sent")
    assert "Thanks for telling us" in client.get(answer.headers["Location"]).content.decode()
    report = VideoReport.objects.get()
    assert (report.video, report.concern, report.text, report.email) == (video, *data.values())
    assert report.closed_at is None


@pytest.mark.parametrize("data", [{"concern": "nonsense"}, {"concern": ""}, {"email": "x"}, {"text": "x" * 1001}])
def test_nonsense_is_refused(client: Client, link: str, data: dict[str, str]) -> None:
    assert send(client, link, **data).status_code == 200
    assert send(client, link, text="\x00").status_code == 200
    assert not VideoReport.objects.exists()


def test_without_a_link_nothing_can_be_reported(client: Client, video: Video, link: str) -> None:
    video.disable_sharing()
    assert [client.get(f"{link}report/").status_code, send(client, link).status_code] == [404, 404]


def test_network_reports_so_often(client: Client, link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REPORTS_PER_HOUR_PER_IP", 2)
    assert [send(client, link).status_code for _ in range(3)] == [302, 302, 429]
    assert VideoReport.objects.count() == 2


def test_one_video_has_so_many_open_reports(client: Client, video: Video, link: str) -> None:
    for _ in range(MAX_OPEN_REPORTS):
        VideoReport.objects.submit(video, concern="other")
    assert send(client, link).status_code == 302
    assert VideoReport.objects.count() == MAX_OPEN_REPORTS


def test_front_page_counts_open_reports(as_staff: Client, reported: VideoReport) -> None:
    assert f'<a href="{QUEUE}?state=open">1 open</a>' in as_staff.get("/admin/").content.decode()
    VideoReport.objects.resolve(Outcome.DISMISSED, timezone.now())
    assert f'<a href="{QUEUE}?state=open">0 open</a>' in as_staff.get("/admin/").content.decode()


def test_dismissing(as_staff: Client, client: Client, staff: User, link: str, reported: VideoReport) -> None:
    page = as_staff.get(reverse("admin:videos_videoreport_change", args=[reported.pk])).content.decode()
    for text in ("A rope.", "visitor@example.org", 'value="dismiss"', "take-down"):
        assert text in page
    for _ in range(2):
        as_staff.post(QUEUE, {"action": "dismiss", "_selected_action": [reported.pk]})
    reported.refresh_from_db()
    assert (reported.outcome, reported.closed_by) == (Outcome.DISMISSED, staff)
    assert client.get(link).status_code == 200
    assert LogEntry.objects.count() == 1
    page = as_staff.get(reverse("admin:videos_videoreport_change", args=[reported.pk])).content.decode()
    assert 'value="dismiss"' not in page


def test_only_staff_who_may_change_reports_dismiss(reported: VideoReport) -> None:
    viewer = person("viewer@example.org", is_staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename="view_videoreport"))
    browser = browser_of(viewer)
    page = browser.get(reverse("admin:videos_videoreport_change", args=[reported.pk])).content.decode()
    assert ('value="dismiss"' in page, "take-down" in page) == (False, False)
    browser.post(QUEUE, {"action": "dismiss", "_selected_action": [reported.pk]})
    assert VideoReport.objects.unresolved().count() == 1


@pytest.mark.parametrize("query", ["owner@", "visitor@example.org", "{video}", "?state=open", "?concern=cruelty"])
def test_queue_can_be_searched(as_staff: Client, owner: User, reported: VideoReport, query: str) -> None:
    term = query.format(video=reported.video_id)
    term = owner.email if term == "owner@" else term
    path = f"{QUEUE}{term}" if term.startswith("?") else f"{QUEUE}?q={term}"
    assert list(as_staff.get(path).context["cl"].queryset) == [reported]
    assert not as_staff.get(f"{QUEUE}?state=dismissed").context["cl"].queryset
    assert not as_staff.get(f"{QUEUE}?q=other@example.org").context["cl"].queryset


def test_owners_deletion_closes_the_report(video: Video, reported: VideoReport) -> None:
    assert video.delete_by_owner(timezone.now())
    reported.refresh_from_db()
    assert (reported.outcome, bool(reported.closed_at)) == (Outcome.DELETED, True)


def test_links_of_a_suspended_owner_stop_and_come_back(client: Client, owner: User, link: str) -> None:
    paths = [f"{link}{part}" for part in ("", "dance.mp4", "poster.jpg", "report/")]
    for active, status in ((True, 200), (False, 404), (True, 200)):
        User.objects.filter(pk=owner.pk).update(is_active=active)
        for path in paths:
            answer = client.get(path)
            assert answer.status_code == status
            # Reading a file to its end closes it.
            b"".join(answer.streaming_content if answer.streaming else [])


def test_export_and_closing_know_the_reports_of_the_visitor(reported: VideoReport, owner: User) -> None:
    visitor = person("visitor@example.org")
    assert [row["text"] for row in privacy.export_reports(visitor)["reports"]] == ["A rope."]
    assert privacy.export_reports(owner)["reports"] == [], "the owner must not learn who reported"
    privacy.close_account(visitor, timezone.now())
    reported.refresh_from_db()
    assert (reported.email, reported.text) == ("", "A rope.")
