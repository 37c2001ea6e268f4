"""A video keeps the pet's name of its request. Others see the name only if the owner shows it."""

import html
import json
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from credits.models import Entry
from tests.videos.conftest import finish, video_of
from videos.models import Photo, ShareLink, Video
from videos.operations.actions import retry
from videos.privacy import export_videos
from videos.worker.runner import work_once

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
HOSTILE = "<b>Bis & Co</b>"


@pytest.fixture
def named(prepared: Photo) -> Photo:
    prepared.set_pet_name("Biscuit")
    return prepared


@pytest.fixture
def video(named: Photo, clip: bytes) -> Video:
    """A ready video of Biscuit."""
    return finish(video_of(named), clip)


def page_of(client: Client, url: str) -> str:
    return html.unescape(client.get(url).content.decode())


def test_video_keeps_its_name_when_the_photo_is_renamed_or_deleted(video: Video, named: Photo) -> None:
    named.set_pet_name("Gus")
    assert (Video.objects.get().title, video_of(named).pet_name) == ("Biscuit's disco", "Gus")
    Video.objects.unfinished().get().cancel("cancelled", timezone.now())
    named.delete_by_owner(timezone.now())
    assert Video.objects.get(pk=video.pk).pet_name == "Biscuit"


def test_name_is_erased_with_the_video(video: Video) -> None:
    video.delete_by_owner(timezone.now())
    assert Video.objects.get().pet_name == ""


def test_ledger_does_not_name_the_pet(named: Photo) -> None:
    video_of(named).cancel("cancelled", timezone.now())
    assert [entry.reason for entry in Entry.objects.all() if "Biscuit" in entry.reason] == []


def test_pages_of_the_owner_have_the_name(as_owner: Client, video: Video, named: Photo) -> None:
    page = page_of(as_owner, video.get_absolute_url())
    assert "<title>Ready: Biscuit's disco" in page
    for text in (
        "<h1>Biscuit's disco</h1>",
        "Biscuit is ready.",
        "Delete Biscuit's disco",
        'download="biscuit-disco.mp4"',
    ):
        assert text in page
    waiting = video_of(named)
    assert "<h1>Biscuit's disco</h1>" in page_of(as_owner, waiting.get_absolute_url())
    assert page_of(as_owner, reverse("videos:gallery")).count("<b>Biscuit's disco</b> ") == 2
    assert 'alt="Biscuit, ' in page_of(as_owner, reverse("videos:photo"))


def test_download_is_named_after_the_pet(as_owner: Client, video: Video) -> None:
    response = as_owner.get(f"{reverse('videos:file', args=[video.pk])}?download")
    assert b"".join(response.streaming_content)
    assert response.headers["Content-Disposition"] == 'attachment; filename="biscuit-disco.mp4"'


@pytest.mark.parametrize(
    ("name", "subject"),
    [("Biscuit", "Biscuit is ready"), (HOSTILE, f"{HOSTILE} is ready"), ("もち 🐶", "もち 🐶 is ready")],
)
def test_email_has_the_name(named: Photo, studio: Any, name: str, subject: str) -> None:
    named.set_pet_name(name)
    video_of(named)
    while work_once():
        pass
    [message] = mail.outbox
    assert message.subject == subject
    assert subject in message.body
    [(markup, _)] = message.alternatives
    assert "<b>Bis" not in markup
    for text in (subject, f"Watch {name} dance"):
        assert text in html.unescape(markup)
    # The whole message can be sent, and holds no further header.
    assert "\nSubject: " in message.message().as_string()


def share(client: Client, video: Video) -> str:
    client.post(reverse("videos:switch_share", args=[video.pk]), {"share": "on"})
    return ShareLink.objects.get(video=video).get_absolute_url()


def switch_name(client: Client, video: Video, value: str) -> Any:
    return client.post(reverse("videos:switch_name", args=[video.pk]), {"name": value})


def test_shared_page_shows_the_name_only_if_the_owner_wants(as_owner: Client, client: Client, video: Video) -> None:
    link = share(as_owner, video)
    assert "Biscuit" not in page_of(client, link)
    owners_page = page_of(as_owner, video.get_absolute_url())
    assert "Show Biscuit's name" in owners_page
    assert 'data-share-name="petgroove-disco.mp4" data-share-title="Look who\'s got moves!"' in owners_page
    assert switch_name(as_owner, video, "on").headers["Location"] == f"{video.get_absolute_url()}#share"
    page = page_of(client, link)
    for text in ("<title>Watch Biscuit dance", 'content="Watch Biscuit dance"', "<h1>Watch Biscuit dance</h1>"):
        assert text in page
    assert 'data-share-name="biscuit-disco.mp4" data-share-title="Watch Biscuit dance"' in page_of(
        as_owner, video.get_absolute_url()
    )
    switch_name(as_owner, video, "off")
    assert "Biscuit" not in page_of(client, link)


def test_new_link_hides_the_name(as_owner: Client, client: Client, video: Video) -> None:
    share(as_owner, video)
    switch_name(as_owner, video, "on")
    as_owner.post(reverse("videos:switch_share", args=[video.pk]), {"share": "off"})
    assert "Biscuit" not in page_of(client, share(as_owner, video))


def test_stranger_cannot_show_the_name(as_owner: Client, as_stranger: Client, video: Video) -> None:
    share(as_owner, video)
    assert switch_name(as_stranger, video, "on").status_code == 404
    assert not ShareLink.objects.get().shows_name


def test_shared_page_escapes_the_name(as_owner: Client, client: Client, video: Video) -> None:
    Video.objects.update(pet_name=HOSTILE)
    link = share(as_owner, video)
    switch_name(as_owner, video, "on")
    assert "<b>Bis" not in client.get(link).content.decode()
    assert HOSTILE in page_of(client, link)
    assert "<b>Bis" not in as_owner.get(video.get_absolute_url()).content.decode()


def test_staff_find_a_pet_by_its_name(as_staff: Client, video: Video) -> None:
    for model in ("photo", "video"):
        url = reverse(f"admin:videos_{model}_changelist")
        for query, found in (("biscuit", True), ("nobody", False)):
            page = as_staff.get(url, {"q": query}).content.decode()
            assert (f"1 {model}" in page) is found
    assert (
        "Biscuit&#x27;s disco"
        in as_staff.get(reverse("admin:videos_photo_change", args=[video.photo_id])).content.decode()
    )


def test_export_has_the_name(as_owner: Client, video: Video) -> None:
    share(as_owner, video)
    rows, _ = export_videos(video.user)
    assert [row["pet_name"] for row in (*rows["photos"], *rows["videos"])] == ["Biscuit", "Biscuit"]
    assert json.loads(json.dumps(rows["videos"][0]["share_link__shows_name"])) is False


def test_retry_by_staff_keeps_the_name(named: Photo, staff: User) -> None:
    video = video_of(named)
    video.cancel("cancelled", timezone.now())
    named.set_pet_name("Gus")
    retry(video, timezone.now(), staff)
    assert [row.pet_name for row in Video.objects.all()] == ["Biscuit", "Biscuit"]
