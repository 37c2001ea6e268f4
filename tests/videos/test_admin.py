"""The admin: video pages, staff actions, owner pages and the dashboard."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from credits import ledger
from credits.models import Entry
from videos import clock
from videos.models import Photo, ProviderStatus, Step, Video
from videos.operations.replies import reply_for
from videos.worker.runner import work_once

LIST = "/admin/videos/video/"
APPS = ("accounts", "credits", "videos")


def change(video: Video) -> str:
    return reverse("admin:videos_video_change", args=[video.pk])


def do(browser: Client, video: Video, verb: str) -> Any:
    return browser.post(reverse("admin:videos_video_act", args=[video.pk, verb]), follow=True)


def many(photo: Photo, count: int) -> None:
    """Create ``count`` finished videos, without ledger entries."""
    now = timezone.now()
    rows = (
        Video(
            user=photo.user,
            photo=photo,
            idempotency_key=uuid.uuid4(),
            dance="disco" if number % 3 else "waltz",
            format="tall",
            focus_x=0.5,
            focus_y=0.5,
            prompt="",
            provider="studio",
            status="failed" if number % 5 == 0 else "succeeded",
            error_code="studio" if number % 5 == 0 else "",
            file="f",
            sha256="0",
            created_at=now - timedelta(minutes=7 * number),
            finished_at=now - timedelta(minutes=7 * number - 1),
            promised_by=now,
        )
        for number in range(count)
    )
    Video.objects.bulk_create(rows, batch_size=500)


def test_ready_video_plays_and_shows_its_history(
    as_staff: Client, request_video: Any, prepared: Photo, studio: Any, owner: User
) -> None:
    video = request_video()
    assert work_once()
    page = as_staff.get(change(video)).content.decode()
    for text in ("requested and charged", owner.email, "studio", video.prompt[:30]):
        assert text in page
    history = re.findall(r"<tr><td>[^<]+<td>\+\d+ s<td>([^<]+)", page)
    assert history == [
        "requested and charged",
        "rendering",
        "rendered; adding music, checking and storing",
        "ready",
    ]
    file = reverse("admin:videos_video_file", args=[video.pk])
    assert file in page
    played = as_staff.get(file, headers={"Range": "bytes=0-9"})
    assert (played.status_code, len(b"".join(played.streaming_content))) == (206, 10)
    poster = as_staff.get(reverse("admin:videos_video_poster", args=[video.pk]))
    assert (poster.headers["Content-Type"], b"".join(poster.streaming_content)[:2]) == ("image/jpeg", b"\xff\xd8")


def test_timeline_names_the_provider_failure_at_the_last_step(as_staff: Client, request_video: Any) -> None:
    video, now = request_video(), timezone.now()
    video.start(Step.SUBMITTING, now)
    video.enter(Step.RENDERING, now + timedelta(seconds=1))
    video.fail("studio", now + timedelta(seconds=2), provider_failure="INTERNAL.BAD_OUTPUT")
    rows = re.findall(r"<tr><td>[^<]+<td>\+\d+ s<td>([^<]+)<td>([^<]*)", as_staff.get(change(video)).content.decode())
    assert rows == [
        ("requested and charged", ""),
        ("submitting to the provider", ""),
        ("rendering", ""),
        ("failed and refunded", "INTERNAL.BAD_OUTPUT"),
    ]


def test_owners_cannot_use_the_admin(as_stranger: Client, request_video: Any) -> None:
    video = request_video()
    for name in ("file", "poster"):
        assert as_stranger.get(reverse(f"admin:videos_video_{name}", args=[video.pk])).status_code in (302, 403)
    assert do(as_stranger, video, "cancel").status_code == 403
    video.refresh_from_db()
    assert video.status == "queued"


def test_cancel_button_logs_the_staff_user(as_staff: Client, request_video: Any, staff: User, owner: User) -> None:
    video = request_video()
    assert "Cancel and refund" in as_staff.get(change(video)).content.decode()
    assert "Canceled and refunded." in do(as_staff, video, "cancel").content.decode()
    assert "This video has already been canceled and refunded." in do(as_staff, video, "cancel").content.decode()
    entry = LogEntry.objects.get(object_id=str(video.pk))
    assert (entry.user, entry.get_change_message()) == (staff, "Canceled and refunded")
    assert ledger.balance_of(owner) == 5
    assert "Canceled and refunded" in as_staff.get(change(video)).content.decode()


@pytest.mark.engine
def test_retry_button_retries_once(as_staff: Client, request_video: Any, owner: User) -> None:
    video = request_video()
    do(as_staff, video, "cancel")
    first = do(as_staff, video, "retry").content.decode()
    assert "Free retry queued" in first
    assert "We&#x27;ve queued a free retry for you" in first, "the owner must see it"
    assert "Retry for free" not in first, "an action that was taken has no button"
    assert "This video has already been retried" in do(as_staff, video, "retry").content.decode()
    assert (Video.objects.count(), ledger.balance_of(owner)) == (2, 5)
    assert LogEntry.objects.filter(object_id=str(video.pk)).count() == 2


def test_compensate_button_compensates_once(
    as_staff: Client, request_video: Any, prepared: Photo, studio: Any, owner: User
) -> None:
    video = request_video()
    assert work_once()
    page = do(as_staff, video, "refund").content.decode()
    assert "ve refunded your credit because the video" in page
    assert "Refund the credits" not in page
    assert "This video has already been refunded." in do(as_staff, video, "refund").content.decode()
    assert ledger.balance_of(owner) == 5
    assert Video.objects.get().delete_by_owner(timezone.now())
    assert "yours all the same" not in reply_for(Video.objects.get(), timezone.now())


def test_page_lists_the_entries_of_the_video_only(
    as_staff: Client, request_video: Any, prepared: Photo, studio: Any, staff: User
) -> None:
    video, _other = request_video(), request_video()
    assert work_once()
    do(as_staff, video, "refund")
    page = as_staff.get(change(video)).content.decode()
    entries = re.findall(r"<td>([+-]\d+)<td>(\w+)<td>[^<]*<td>([^<]+)", page)
    assert entries == [("-1", "charge", "system"), ("+1", "grant", str(staff))]


def test_retry_during_an_outage_is_explained(as_staff: Client, request_video: Any, settings: Any) -> None:
    video = request_video()
    do(as_staff, video, "cancel")
    settings.VIDEO_PROVIDER, settings.RUNWAY_API_KEY = "runway", "key_test"
    ProviderStatus.objects.mark_unavailable("runway", "no credits", timezone.now() - timedelta(hours=1))
    before = Entry.objects.count()
    assert "The provider is unavailable" in do(as_staff, video, "retry").content.decode()
    assert Entry.objects.count() == before


def test_each_state_has_its_button(as_staff: Client, request_video: Any, prepared: Photo, studio: Any) -> None:
    def buttons(video: Video) -> list[str]:
        return re.findall(
            r'<button class="button" type="submit" form="(\w+)"', as_staff.get(change(video)).content.decode()
        )

    ready = request_video()
    assert work_once()
    unfinished = request_video()
    assert (buttons(ready), buttons(unfinished)) == (["refund"], ["cancel"])
    do(as_staff, unfinished, "cancel")
    assert buttons(unfinished) == ["retry"]


@pytest.mark.parametrize(
    ("name", "title"),
    [("retry", "Retry for free?"), ("refund", "Refund the credits?"), ("cancel", "Cancel and refund?")],
)
def test_each_list_action_asks_first(as_staff: Client, request_video: Any, owner: User, name: str, title: str) -> None:
    video = request_video()
    page = as_staff.post(LIST, {"action": f"{name}_chosen", "_selected_action": [video.pk]}).content.decode()
    assert (title in page, f'name="action" value="{name}_chosen"' in page) == (True, True)
    assert (Video.objects.get().status, ledger.balance_of(owner)) == ("queued", 4)


@pytest.mark.engine
def test_bulk_actions(as_staff: Client, request_video: Any, owner: User) -> None:
    selected = [request_video().pk for _ in range(3)]
    page = as_staff.post(LIST, {"action": "cancel_chosen", "_selected_action": selected}).content.decode()
    assert ("Apply to these 3 videos?" in page, ledger.balance_of(owner)) == (True, 2), "it must ask for confirmation"
    as_staff.post(LIST, {"action": "cancel_chosen", "_selected_action": selected, "confirmed": "Yes"})
    assert (ledger.balance_of(owner), Video.objects.filter(status="failed").count()) == (5, 3)


@pytest.mark.engine
def test_bulk_actions_refuse_more_than_one_hundred_videos(as_staff: Client, request_video: Any, owner: User) -> None:
    unfinished = request_video()
    many(unfinished.photo, 99)
    everything = {"action": "cancel_chosen", "_selected_action": [unfinished.pk], "select_across": "1", "index": "0"}
    assert "Apply to these 100 videos?" in as_staff.post(LIST, everything).content.decode()
    many(unfinished.photo, 1)
    confirmed = everything | {"_selected_action": Video.objects.values_list("pk", flat=True), "confirmed": "Yes"}
    for data in (everything, confirmed):
        page = as_staff.post(LIST, data, follow=True).content.decode()
        assert "Select at most 100 videos at once. None of the 101 was changed." in page
    assert (Video.objects.get(pk=unfinished.pk).status, ledger.balance_of(owner)) == ("queued", 4)


def test_get_changes_nothing(as_staff: Client, request_video: Any) -> None:
    video = request_video()
    assert as_staff.get(reverse("admin:videos_video_act", args=[video.pk, "cancel"])).status_code == 405
    assert as_staff.post(reverse("admin:videos_video_act", args=[video.pk, "explode"])).status_code == 403


@pytest.mark.parametrize("view", ["change", "history"])
@pytest.mark.engine
def test_unknown_id_leads_back_to_the_dashboard(as_staff: Client, view: str, subtests: pytest.Subtests) -> None:
    names = [
        model._meta.label_lower.replace(".", "_") for model in admin.site._registry if model._meta.app_label in APPS
    ]
    assert {"videos_video", "videos_photo", "credits_voucher", "accounts_user"} <= set(names)
    for name in names:
        for pk in ("abc", uuid.uuid4()):
            with subtests.test(name=name, pk=pk):
                response = as_staff.get(reverse(f"admin:{name}_{view}", args=[pk]), follow=True)
                assert response.redirect_chain == [("/admin/", 302)]
                assert "doesn’t exist" in response.content.decode()


@pytest.mark.parametrize("state", ["unfinished", "failed", "succeeded"])
def test_reply_text_can_be_copied(
    as_staff: Client, request_video: Any, prepared: Photo, studio: Any, state: str
) -> None:
    video = request_video()
    if state == "failed":
        do(as_staff, video, "cancel")
    if state == "succeeded":
        work_once()
    page = as_staff.get(change(video)).content.decode()
    expected = {
        "unfinished": "we&#x27;ll refund your credit automatically",
        "failed": "We refunded your credit on",
        "succeeded": f"http://localhost:8000/videos/{video.pk}/",
    }
    assert "Hi! You requested a disco video on" in page
    assert expected[state] in page


def test_suspension_takes_effect_at_once_and_can_be_undone(
    as_staff: Client, as_owner: Client, owner: User, staff: User
) -> None:
    users = "/admin/accounts/user/"
    as_staff.post(users, {"action": "suspend", "_selected_action": [owner.pk, staff.pk]})
    assert as_owner.get("/videos/").status_code == 302
    staff.refresh_from_db()
    assert staff.is_active
    as_staff.post(users, {"action": "unsuspend", "_selected_action": [owner.pk]})
    assert as_owner.get("/videos/").status_code == 200
    logged = LogEntry.objects.filter(object_id=str(owner.pk)).order_by("pk")
    assert [entry.get_change_message() for entry in logged] == ["Suspended", "Unsuspended"]


def test_owner_page_shows_videos_and_strikes(as_staff: Client, request_video: Any, owner: User) -> None:
    video = request_video()
    page = as_staff.get(reverse("admin:accounts_user_change", args=[owner.pk])).content.decode()
    assert change(video) in page
    assert "0 rejected photos in the last day" in page


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (1, "1 rejected photo in the last day"),
        (3, "3 rejected photos in the last day; the embedded studio renders new videos"),
    ],
)
def test_rejected_photos_are_counted_in_words(
    as_staff: Client, request_video: Any, owner: User, count: int, text: str
) -> None:
    for _ in range(count):
        request_video().fail("moderated", timezone.now())
    page = as_staff.get(reverse("admin:accounts_user_change", args=[owner.pk])).content.decode()
    assert text in page


def test_filters_and_strikes_use_the_time_of_the_database(
    as_staff: Client, request_video: Any, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now() + timedelta(hours=25)
    monkeypatch.setattr(clock, "now", lambda: now)
    rejected, late = request_video(), request_video()
    rejected.fail("moderated", timezone.now())
    # The promised time has passed at that very moment, as for the worker.
    Video.objects.filter(pk=late.pk).update(promised_by=now)
    listed = {
        query: {video.pk for video in as_staff.get(LIST, {query[0]: query[1]}).context["cl"].queryset}
        for query in [("state", "late"), ("state", "unfinished"), ("age", "day"), ("age", "week")]
    }
    assert list(listed.values()) == [{late.pk}, {late.pk}, set(), {late.pk, rejected.pk}]
    page = as_staff.get(reverse("admin:accounts_user_change", args=[owner.pk])).content.decode()
    assert "0 rejected photos in the last day" in page


def test_pictures_in_the_lists_name_what_they_link_to(as_staff: Client, request_video: Any) -> None:
    """A screen reader reads the picture's text as the link."""
    request_video()
    for kind in ("photo", "video"):
        page = as_staff.get(reverse(f"admin:videos_{kind}_changelist")).content.decode()
        assert re.findall(r'class="list-thumbnail" src="[^"]+" alt="([^"]*)"', page) == [str(Photo.objects.get())]
        assert f"{kind.capitalize()}</span>" in page or f"{kind.capitalize()}</a>" in page


def test_photo_page_shows_the_pixel_size(as_staff: Client, photo: Photo) -> None:
    Photo.objects.update(size=200_881)
    page = as_staff.get(reverse("admin:videos_photo_change", args=[photo.pk])).content.decode()
    assert f"{photo.width} × {photo.height} px, 196.2\xa0KB" in page


def test_address_and_active_flag_are_read_only(as_staff: Client, owner: User) -> None:
    address = reverse("admin:accounts_user_change", args=[owner.pk])
    as_staff.post(address, {"email": "Other@Example.org", "is_staff": "on"})
    owner.refresh_from_db()
    assert (owner.email, owner.is_active, owner.is_staff) == ("owner@example.org", True, True)
    page = as_staff.get(address).content.decode()
    assert ("Suspend: block" in page, "Changed by the actions Suspend and Unsuspend." in page) == (True, True)
