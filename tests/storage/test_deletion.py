"""Deletion by the owner takes effect at once, on the pages, in the storage and at the provider. The ledger stays."""

from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from api.models import Token
from credits import audit as credits_audit
from credits import ledger
from credits.ledger import InsufficientCredits, balance_of
from credits.models import Entry
from tests.conftest import PASSWORD
from tests.storage.conftest import bucket_is_slow
from tests.storage.hooked_storage import hook
from tests.threads import all_at_once
from tests.videos.conftest import NO_MAIL_SERVER, finish, jpeg
from videos.models import Photo, ProviderTaskDeletion, ShareLink, Status, StoredFileDeletion, Video
from videos.operations import audit
from videos.photos import normalise
from videos.privacy import close_account, closing_lines
from videos.uploads import AccountClosed, store_photo
from videos.worker.cleanup import delete_stored_files
from videos.worker.runner import work_once

pytestmark = pytest.mark.django_db


def names() -> list[str]:
    return sorted(stored.name for stored in default_storage.list_files())


@pytest.fixture
def ready(storage: str, request_video, prepared: Photo, clip: bytes) -> Video:
    """A finished video with two tasks at a remote provider."""
    video = finish(request_video(), clip)
    Video.objects.filter(pk=video.pk).update(provider="runway", provider_task_id="task-2", previous_task_ids=["task-1"])
    video.refresh_from_db()
    return video


@pytest.mark.engine
def test_deleting_a_video_removes_files_and_schedules_tasks(as_owner: Client, ready: Video) -> None:
    ready.enable_sharing()
    assert ready.delete_by_owner(timezone.now())
    assert [name for name in names() if name.startswith("videos/")] == []
    assert sorted(ProviderTaskDeletion.objects.values_list("task_id", flat=True)) == ["task-1", "task-2"]
    assert not ShareLink.objects.exists()
    assert as_owner.get(reverse("videos:detail", args=[ready.pk])).status_code == 404


@pytest.mark.engine
def test_deleting_a_photo_removes_its_files_and_keeps_videos(as_owner: Client, ready: Video, photo: Photo) -> None:
    for part in ("mask.png", "head.webp"):
        default_storage.save(photo.storage_name(part), ContentFile(b"a part"))
    photo.preview_of(ready.catalogue_dance, timezone.now())
    response = as_owner.post(reverse("videos:delete_photo", args=[photo.pk]), follow=True)
    assert "Photo deleted." in response.content.decode()
    assert [name for name in names() if name.startswith("photos/")] == []
    assert not photo.previews.exists()
    assert as_owner.get(photo.get_absolute_url()).headers["Location"] == reverse("videos:photo")
    for name in ("photo_image", "photo_thumbnail", "photo_sticker", "photo_head_sticker"):
        assert as_owner.get(reverse(f"videos:{name}", args=[photo.pk])).status_code == 404
    assert default_storage.exists(ready.file.name)
    for page in (ready.get_absolute_url(), reverse("videos:gallery"), reverse("videos:photo")):
        assert as_owner.get(page).status_code == 200


@bucket_is_slow
@pytest.mark.engine
def test_photo_of_unfinished_video_is_kept_until_it_ends(
    storage: str, as_owner: Client, request_video, prepared: Photo
) -> None:
    request_video()
    response = as_owner.post(reverse("videos:delete_photo", args=[prepared.pk]), follow=True)
    assert "is in progress" in response.content.decode()
    assert default_storage.exists(prepared.image.name)


def test_stranger_cannot_delete_a_photo(as_stranger: Client, photo: Photo) -> None:
    assert as_stranger.post(reverse("videos:delete_photo", args=[photo.pk])).status_code == 404
    assert Photo.objects.filter(pk=photo.pk, deleted_at=None).exists()


@bucket_is_slow
@pytest.mark.engine
def test_files_stored_after_deletion_are_removed_later(storage: str, as_owner: Client, photo: Photo) -> None:
    as_owner.post(reverse("videos:delete_photo", args=[photo.pk]))
    default_storage.save(photo.storage_name("mask.png"), ContentFile(b"too late"))
    assert not work_once()
    StoredFileDeletion.objects.update(due_at=timezone.now())
    assert work_once()
    assert (names(), StoredFileDeletion.objects.count()) == ([], 0)


def test_files_are_removed_after_a_storage_outage(s3: Any, as_owner: Client, photo: Photo) -> None:
    s3.fault = "down"
    assert as_owner.post(reverse("videos:delete_photo", args=[photo.pk])).status_code == 302
    StoredFileDeletion.objects.update(due_at=timezone.now())
    row = StoredFileDeletion.objects.claim_next(timezone.now(), timedelta(seconds=90))
    delete_stored_files(row, lambda: False)
    assert StoredFileDeletion.objects.get().due_at > timezone.now() + timedelta(seconds=20)
    s3.fault = ""
    assert names() != []
    StoredFileDeletion.objects.update(due_at=timezone.now())
    work_once()
    assert (names(), StoredFileDeletion.objects.count()) == ([], 0)


def log_in(client: Client, email: str) -> None:
    client.post(reverse("account_login_by_password"), {"login": email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


@pytest.mark.engine
def test_closing_an_account_keeps_only_the_ledger(
    client: Client, owner: User, ready: Video, photo: Photo, request_video
) -> None:
    other_browser = Client()
    log_in(other_browser, owner.email)
    log_in(client, owner.email)
    Token.objects.issue(owner, "a program")
    unfinished = request_video()
    entries = list(Entry.objects.filter(account__user=owner).values_list("pk", flat=True))
    sessions = Session.objects.filter(
        pk__in=[browser.cookies["sessionid"].value for browser in (client, other_browser)]
    )
    assert sessions.count() == 2
    mail.outbox.clear()

    response = client.post(reverse("account_close"), {"sure": "yes"}, follow=True)

    page = response.content.decode()
    expected = [
        "1 photo: deleted, with previews.",
        "1 video: deleted, here and at the video provider.",
        "1 video in progress: canceled.",
        "7 credits: deleted.",
        "Your account is closed. Your email, password,",
        "kept without your name",
    ]
    assert [line for line in expected if line not in page] == []
    [receipt] = mail.outbox
    assert receipt.to == ["owner@example.org"]
    assert [line for line in expected if line not in receipt.body] == []

    assert names() == []
    unfinished.refresh_from_db()
    assert (unfinished.status, unfinished.error_code) == (Status.FAILED, "closed")
    assert set(entries) < set(Entry.objects.values_list("pk", flat=True))
    assert balance_of(owner) == 0
    closed_user = User.objects.get(pk=owner.pk)
    assert (closed_user.email, closed_user.is_active, closed_user.has_usable_password()) == (
        f"closed-{closed_user.pk}@petgroove.invalid",
        False,
        False,
    )
    assert closed_user.closed_at is not None
    assert not Token.objects.exists()
    assert not sessions.exists()
    for browser in (client, other_browser):
        assert browser.get(reverse("videos:gallery")).status_code == 302
    new_browser = Client()
    log_in(new_browser, "owner@example.org")
    assert new_browser.get(reverse("videos:gallery")).status_code == 302


@bucket_is_slow
@pytest.mark.engine
def test_closed_account_is_anonymous(owner: User, ready: Video) -> None:
    from django.apps import apps

    close_account(owner, timezone.now())
    expected = [
        str(row)
        for model in apps.get_models()
        for row in model._base_manager.values()
        if "owner@example.org" in str(row)
    ]
    assert expected == []


@pytest.mark.engine
def test_address_can_sign_up_after_closing(client: Client, owner: User) -> None:
    close_account(owner, timezone.now())
    client.post(reverse("account_login"), {"email": "owner@example.org"})
    assert User.objects.get(email="owner@example.org").pk != owner.pk


@bucket_is_slow
@pytest.mark.engine
def test_busy_worker_writes_nothing_after_closing(
    storage: str, owner: User, request_video, prepared: Photo, studio, caplog
) -> None:
    video = request_video()
    studio.before = lambda report: close_account(owner, timezone.now())
    work_once()
    video.refresh_from_db()
    assert (video.status, bool(video.file), balance_of(owner)) == (Status.FAILED, False, 0)
    StoredFileDeletion.objects.update(due_at=timezone.now())
    while work_once():
        pass
    assert names() == []
    assert "lease lost" in caplog.text


@bucket_is_slow
@pytest.mark.engine
def test_upload_racing_account_closure_leaves_nothing(
    storage: str, as_owner: Client, owner: User, settings: Any
) -> None:
    """Close the account after the first of the photo's files has been stored."""

    def close_first(name: str, content: File) -> File:
        if name.endswith("thumbnail.webp"):
            close_account(owner, timezone.now())
        return content

    hook(settings, storing=close_first)
    file = SimpleUploadedFile("pet.jpg", jpeg(), "image/jpeg")
    response = as_owner.post(reverse("videos:photo"), {"image": file})
    assert (response.status_code, response.headers["Location"]) == (302, reverse("account_closed"))
    assert not Photo.objects.exists()
    assert names() == []


@bucket_is_slow
@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_twenty_uploads_racing_account_closure_leave_nothing(storage: str, owner: User) -> None:
    photo = normalise(jpeg())

    def act(number: int) -> object:
        if number == 7:
            return close_account(User.objects.get(pk=owner.pk), timezone.now())
        return store_photo(owner, photo, timezone.now())

    results = all_at_once(act)
    unexpected = [result for result in results if not isinstance(result, Photo | AccountClosed | list)]
    assert unexpected == []
    assert not Photo.objects.filter(deleted_at=None).exists()
    assert names() == []


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_twenty_requests_racing_account_closure_leave_nothing(owner: User, prepared: Photo, request_video: Any) -> None:
    ledger.grant(owner, 40, reason="For a race", by=None)

    def act(number: int) -> object:
        if number == 7:
            return close_account(User.objects.get(pk=owner.pk), timezone.now())
        return request_video()

    results = all_at_once(act)
    unexpected = [result for result in results if not isinstance(result, Video | InsufficientCredits | list)]
    assert unexpected == []
    assert not Video.objects.unfinished().exists()
    assert ledger.balance_of(owner) == 0
    assert [*credits_audit.violations(), *audit.row_violations(timezone.now())] == []


def test_closing_needs_confirmation(client: Client, owner: User) -> None:
    log_in(client, owner.email)
    response = client.post(reverse("account_close"))
    assert (response.status_code, "Check the box first" in response.content.decode()) == (400, True)
    assert User.objects.get(pk=owner.pk).is_active


def test_closing_needs_recent_authentication(as_owner: Client, owner: User) -> None:
    response = as_owner.post(reverse("account_close"), {"sure": "yes"})
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert User.objects.get(pk=owner.pk).is_active


def test_staff_cannot_close_their_account(client: Client, staff: User) -> None:
    log_in(client, staff.email)
    response = client.post(reverse("account_close"), {"sure": "yes"})
    assert (response.status_code, "Ask another staff member" in response.content.decode()) == (400, True)
    assert User.objects.get(pk=staff.pk).email == "staff@example.org"


@pytest.mark.engine
def test_an_account_is_closed_once(owner: User) -> None:
    stale_copy = User.objects.get(pk=owner.pk)
    close_account(owner, timezone.now())
    entries = Entry.objects.count()
    mail.outbox.clear()
    assert close_account(stale_copy, timezone.now()) == closing_lines()
    assert (Entry.objects.count(), mail.outbox) == (entries, [])


def test_failed_receipt_does_not_keep_the_account(owner: User, settings: Any) -> None:
    settings.MAILERS = NO_MAIL_SERVER
    assert close_account(owner, timezone.now())[-1].startswith("Your credit history is kept")
    assert not User.objects.get(pk=owner.pk).is_active


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_every_click_leads_to_the_receipt(client: Client, owner: User) -> None:
    """Whichever response the browser shows, it is the receipt, and the account is closed once."""
    log_in(client, owner.email)
    mail.outbox.clear()

    def act(number: int) -> HttpResponse:
        clicked = Client()
        clicked.cookies = SimpleCookie({"sessionid": client.cookies["sessionid"].value})
        response = clicked.post(reverse("account_close"), {"sure": "yes"})
        return clicked.get(response.headers["Location"]) if response.status_code == 302 else response

    pages = [page if isinstance(page, Exception) else page.content.decode() for page in all_at_once(act)]
    assert [page for page in pages if "Your account is closed." not in str(page)] == []
    assert len(mail.outbox) == 1
    late = client.post(reverse("account_close"), {"sure": "yes"}, follow=True).content.decode()
    assert "We emailed you a copy of this receipt." in late


def test_who_is_not_logged_in_closes_nothing(client: Client) -> None:
    response = client.post(reverse("account_close"), {"sure": "yes"})
    assert response.headers["Location"].startswith(reverse("account_login"))


def test_closed_page_is_shown_to_the_closing_browser_only() -> None:
    assert Client().get(reverse("account_closed")).headers["Location"] == "/"
