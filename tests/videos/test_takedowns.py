"""Staff take down a video or a photo: it is gone for good, and its owner is told."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from credits import ledger
from tests.conftest import browser_of, person
from tests.videos.test_admin import change, do
from videos.models import (
    ExportKind,
    Outcome,
    Photo,
    Preview,
    StoredFileDeletion,
    Takedown,
    Video,
    VideoExport,
    VideoReport,
)
from videos.operations import audit
from videos.worker.runner import work_once

pytestmark = pytest.mark.engine
REASON = "Cruelty to an animal."


@pytest.fixture
def ready(request_video: Any, prepared: Photo, studio: Any) -> Video:
    """A shared video with an export, and a preview in the same dance."""
    video = request_video()
    assert work_once()
    video.refresh_from_db()
    video.enable_sharing()
    export = VideoExport.objects.request(video, ExportKind.GIF, timezone.now())
    name = default_storage.save(export.storage_name, ContentFile(b"a GIF"))
    VideoExport.objects.update(file=name, size=5, due_at=None)
    preview = prepared.preview_of(video.catalogue_dance, timezone.now())
    Preview.objects.update(file=default_storage.save(preview.storage_name, ContentFile(b"a clip")), due_at=None)
    return video


def page_of(kind: str, pk: Any) -> str:
    return reverse(f"admin:videos_{kind}_take_down", args=[pk])


def take_down(browser: Client, video: Video, **data: Any) -> str:
    form = {"concern": "cruelty", "note": "We saw the rope."} | data
    return browser.post(page_of("video", video.pk), form, follow=True).content.decode()


def stored() -> set[str]:
    storage: Any = default_storage
    return {file.name.split("/", 2)[2] for file in storage.list_files()}


def send_mails() -> list[Any]:
    while work_once():
        pass
    return mail.outbox


def test_everything_of_the_video_goes(as_staff: Client, client: Client, ready: Video, owner: User, staff: User) -> None:
    link, report = ready.share_link.get_absolute_url(), VideoReport.objects.submit(ready, concern="cruelty")
    assert {"dance.mp4", "poster.jpg", "gif.gif", "disco-cutout.mp4"} <= stored()
    assert f'href="{page_of("video", ready.pk)}">Take down' in as_staff.get(change(ready)).content.decode()
    assert "This can't be undone." in as_staff.get(page_of("video", ready.pk)).content.decode()
    assert f"Taken down: {REASON} We saw the rope." in take_down(as_staff, ready)
    assert stored() == {"photo.jpg", "thumbnail.webp"}
    assert [client.get(f"{link}{part}").status_code for part in ("", "dance.mp4", "poster.jpg")] == [404] * 3
    ready.refresh_from_db()
    report.refresh_from_db()
    assert (bool(ready.deleted_at), ready.file.name) == (True, "")
    assert not VideoExport.objects.exists()
    assert not Preview.objects.exists()
    assert StoredFileDeletion.objects.filter(folder=f"videos/{ready.pk}/").exists()
    assert (report.outcome, report.closed_by) == (Outcome.TAKEN_DOWN, staff)
    assert LogEntry.objects.get(object_id=str(ready.pk)).user == staff
    assert ledger.balance_of(owner) == 4
    assert not list(audit.violations(timezone.now()))


def test_owner_is_told_once_by_email_and_on_the_page(as_staff: Client, as_owner: Client, ready: Video) -> None:
    User.objects.update(email_when_finished=False)
    take_down(as_staff, ready)
    take_down(as_staff, ready)
    (message,) = send_mails()
    assert (message.subject, message.to) == ("We took down your video", ["owner@example.org"])
    page = as_owner.get(ready.get_absolute_url())
    for text in (message.body, message.alternatives[0].content, page.content.decode()):
        assert f"{REASON} We saw the rope." in text
        assert "refunded" not in text
    assert page.status_code == 200
    assert "/videos/" + str(ready.pk) in message.body
    assert str(ready.pk) not in as_owner.get("/videos/").content.decode()
    assert as_owner.post(reverse("videos:restore", args=[ready.pk])).status_code == 302
    assert Video.objects.get().deleted_at


def test_strangers_do_not_see_the_page(as_staff: Client, as_stranger: Client, ready: Video) -> None:
    take_down(as_staff, ready)
    assert as_stranger.get(ready.get_absolute_url()).status_code == 404


def test_credits_come_back_once(as_staff: Client, as_owner: Client, ready: Video, owner: User) -> None:
    take_down(as_staff, ready, refund="on")
    take_down(as_staff, ready, refund="on")
    do(as_staff, ready, "refund")
    assert ledger.balance_of(owner) == 5
    assert Takedown.objects.get().refunded
    assert "We refunded what you paid for it." in as_owner.get(ready.get_absolute_url()).content.decode()
    assert "We refunded what you paid for it." in send_mails()[0].body
    assert not list(audit.violations(timezone.now()))


def test_earlier_refund_counts(as_staff: Client, ready: Video, owner: User) -> None:
    do(as_staff, ready, "refund")
    take_down(as_staff, ready, refund="on")
    assert (ledger.balance_of(owner), Takedown.objects.get().refunded) == (5, True)


def test_video_in_progress_is_canceled_and_refunded(as_staff: Client, request_video: Any, owner: User) -> None:
    video = request_video()
    take_down(as_staff, video)
    video.refresh_from_db()
    assert (video.status, bool(video.deleted_at), ledger.balance_of(owner)) == ("failed", True, 5)
    assert [message.subject for message in send_mails()] == ["We took down your video"]
    assert not list(audit.violations(timezone.now()))


def test_deletion_that_could_be_undone_cannot(as_staff: Client, as_owner: Client, ready: Video) -> None:
    as_owner.post(reverse("videos:delete", args=[ready.pk]))
    take_down(as_staff, ready)
    as_owner.post(reverse("videos:restore", args=[ready.pk]))
    assert not Video.objects.kept().exists()


@pytest.mark.parametrize("everything", [False, True])
def test_photo(as_staff: Client, as_owner: Client, ready: Video, owner: User, everything: bool) -> None:
    photo = page_of("photo", ready.photo_id)
    assert "Delete photo" in as_staff.get(reverse("admin:videos_photo_change", args=[ready.photo_id])).content.decode()
    form = {"concern": "person", "note": ""} | ({"all_of_photo": "on", "refund": "on"} if everything else {})
    for _ in range(2):
        as_staff.post(photo, form)
    assert {name for name in stored() if not name.startswith(("dance", "poster", "gif"))} == set()
    ready.refresh_from_db()
    assert bool(ready.deleted_at) is everything
    assert ledger.balance_of(owner) == (5 if everything else 4)
    page = as_owner.get(ready.photo.get_absolute_url(), follow=True).content.decode()
    assert "We deleted that photo because it breaks our terms. It shows a person" in page
    subjects = [message.subject for message in send_mails() if "ready" not in message.subject]
    assert subjects == ["We deleted your photo"]
    assert not list(audit.violations(timezone.now()))


def test_photo_cancels_videos_in_progress(as_staff: Client, request_video: Any, owner: User) -> None:
    video = request_video()
    as_staff.post(page_of("photo", video.photo_id), {"concern": "person"})
    video.refresh_from_db()
    assert (video.status, ledger.balance_of(owner), Photo.objects.get().image.name) == ("failed", 5, "")


def test_only_staff_who_may_change_videos(as_owner: Client, ready: Video) -> None:
    viewer = person("viewer@example.org", is_staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename__in=["view_video", "view_photo"]))
    browser = browser_of(viewer)
    assert "take-down" not in browser.get(change(ready)).content.decode()
    for kind, pk in (("video", ready.pk), ("photo", ready.photo_id)):
        assert browser.post(page_of(kind, pk), {"concern": "cruelty"}).status_code == 403
        assert as_owner.post(page_of(kind, pk), {"concern": "cruelty"}).status_code in (302, 403)
    assert not Takedown.objects.exists()


def test_reason_is_needed(as_staff: Client, ready: Video) -> None:
    take_down(as_staff, ready, concern="")
    assert not Takedown.objects.exists()


def test_without_a_mail_server_it_is_tried_again(as_staff: Client, ready: Video, settings: Any) -> None:
    take_down(as_staff, ready)
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 1, "timeout": 2},
        }
    }
    assert work_once()
    takedown = Takedown.objects.get()
    assert (bool(takedown.due_at), takedown.sent_at) == (True, None)


def test_export_and_closing_know_it(as_staff: Client, ready: Video, owner: User) -> None:
    from videos import privacy

    take_down(as_staff, ready)
    rows, _ = privacy.export_videos(owner)
    assert [(row["concern"], row["note"]) for row in rows["takedowns"]] == [("cruelty", "We saw the rope.")]
    privacy.close_account(owner, timezone.now())
    takedown = Takedown.objects.get()
    assert (takedown.note, takedown.due_at) == ("", None)


def test_audit_sees_what_is_not_gone(as_staff: Client, ready: Video) -> None:
    take_down(as_staff, ready, refund="on")
    assert not list(audit.row_violations(timezone.now()))
    Video.objects.update(deleted_at=None, file="x", poster="x")
    VideoReport.objects.submit(ready, concern="other")
    found = {violation.rule: violation for violation in audit.row_violations(timezone.now())}
    assert set(found) == {"I18"}
