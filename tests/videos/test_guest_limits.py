"""Limits for guests, by cookie, by address and for all of them: the response says how to keep going."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.videos.conftest import photo_of, prepare, propose, video_of
from tests.videos.fake_finder import LEFT
from tests.videos.guests import CHOICE, guest_photo, log_in, upload
from videos import dances
from videos.models import CardLoop, Guest, Photo, Preview
from videos.models.guest import hash_of
from videos.worker import runner
from videos.worker.runner import work_once

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
KEEP_GOING = "Create a free account to keep going, or come back in"


def ask(client: Client, photo: Photo, dance: str, **extra: str):
    return client.post(reverse("videos:ask_preview", args=[photo.pk, dance]), CHOICE | {"dance": dance}, **extra)


def finish_previews() -> None:
    Preview.objects.update(due_at=None, file="photos/none/disco.mp4")


def test_photos_per_hour_of_a_guest_are_limited(client: Client, settings) -> None:
    settings.GUEST_UPLOADS_PER_HOUR = 2
    assert [upload(client).status_code for _ in range(2)] == [302, 302]
    response = client.post(reverse("videos:photo"), {"image": ContentFile(b"no photo", "pet.jpg")})
    assert response.status_code == 429, "the photo must not be decoded"
    page = response.content.decode()
    assert f"Too many photos this hour. {KEEP_GOING}" in page
    assert f'href="{reverse("account_login")}">Create a free account</a>' in page
    assert 0 < int(response.headers["Retry-After"]) <= 3600


def test_photos_per_hour_of_an_address_are_limited(settings) -> None:
    settings.GUEST_UPLOADS_PER_HOUR_PER_IP = 2
    statuses = [upload(Client(REMOTE_ADDR="192.0.2.1")).status_code for _ in range(3)]
    assert statuses == [302, 302, 429]
    assert upload(Client(REMOTE_ADDR="192.0.2.2")).status_code == 302


def test_owner_is_not_limited_as_a_guest(as_owner: Client, settings) -> None:
    settings.GUEST_UPLOADS_PER_HOUR = settings.GUEST_PHOTOS = 1
    settings.MAX_WAITING_GUEST_PHOTOS = 0
    assert [upload(as_owner).status_code for _ in range(3)] == [302] * 3


def test_guest_keeps_a_few_photos(client: Client, settings) -> None:
    settings.GUEST_PHOTOS = 1
    photo = guest_photo(client)
    response = upload(client, dance="conga")
    assert response.status_code == 409
    sentence = "You can try 1 photo without an account. Delete one, or create a free account to keep going."
    assert sentence in response.content.decode()
    assert 'name="dance" value="conga"' in response.content.decode()
    client.post(reverse("videos:delete_photo", args=[photo.pk]))
    assert upload(client).status_code == 302


def test_photos_of_an_address_are_counted_without_cookie_and_cache(settings) -> None:
    settings.GUEST_PHOTOS_PER_IP = 2
    statuses = []
    for _ in range(3):
        statuses.append(upload(Client(REMOTE_ADDR="192.0.2.1")).status_code)
        cache.clear()
    assert statuses == [302, 302, 429]
    assert upload(Client(REMOTE_ADDR="192.0.2.2")).status_code == 302
    hashes = set(Guest.objects.values_list("address", flat=True))
    assert hashes == {hash_of("192.0.2.1"), hash_of("192.0.2.2")}
    assert not any("192" in one for one in hashes), "the address itself is not stored"


def test_waiting_photos_of_all_guests_are_limited(owner: User, settings) -> None:
    settings.MAX_WAITING_GUEST_PHOTOS = 1
    photo_of(owner)
    waiting = guest_photo(Client())
    response = upload(Client())
    assert response.status_code == 429
    assert f"We&#x27;re busy right now. {KEEP_GOING} 5 minutes." in response.content.decode()
    prepare(waiting)
    assert upload(Client()).status_code == 302


def test_no_guests_at_all_if_none_may_wait(client: Client, settings) -> None:
    settings.MAX_WAITING_GUEST_PHOTOS = 0
    assert upload(client).status_code == 429
    assert not Guest.objects.exists()


def test_disk_space_of_all_guests_is_limited(owner: User, settings) -> None:
    settings.GUEST_STORAGE_MB = 1
    photo = guest_photo(Client())
    Photo.objects.filter(pk=photo_of(owner).pk).update(size=5 * 1024**2)
    assert upload(Client()).status_code == 302
    Photo.objects.filter(pk=photo.pk).update(size=1024**2)
    assert upload(Client()).status_code == 429


def test_photos_of_an_account_no_longer_count(client: Client, owner: User, settings) -> None:
    settings.MAX_WAITING_GUEST_PHOTOS = 1
    guest_photo(client)
    log_in(client, owner)
    assert upload(Client()).status_code == 302


def test_guest_waits_for_one_preview_at_a_time(client: Client) -> None:
    photo = prepare(guest_photo(client))
    assert ask(client, photo, "disco").status_code == 302
    assert ask(client, photo, "disco", HTTP_HX_REQUEST="true").status_code == 200, "the card polls it"
    other = prepare(guest_photo(client))
    for waiting in (photo, other):
        response = ask(client, waiting, "conga")
        assert response.status_code == 429
        assert f"One preview at a time: the last one is almost ready. {KEEP_GOING}" in response.content.decode()
    finish_previews()
    assert ask(client, photo, "conga").status_code == 302
    assert Preview.objects.filter(due_at__isnull=False).count() == 1


def test_failed_preview_waits_for_its_turn(client: Client) -> None:
    photo = prepare(guest_photo(client))
    failed = photo.preview_of(dances.BY_SLUG["disco"], timezone.now())
    Preview.objects.update(due_at=None)
    ask(client, photo, "conga")
    path = reverse("videos:ask_preview", args=[photo.pk, "disco"]) + "?again"
    assert client.post(path, CHOICE).status_code == 429
    finish_previews()
    Preview.objects.filter(pk=failed.pk).update(file="")
    assert client.post(path, CHOICE).status_code == 302
    failed.refresh_from_db()
    assert failed.is_pending


def test_new_style_starts_no_second_preview(client: Client) -> None:
    photo = propose(prepare(guest_photo(client)), LEFT, confidence=1.0)
    ask(client, photo, "disco")
    path = reverse("videos:set_style", args=[photo.pk])
    form = CHOICE | {"style": "whole_pet", "style_was": "dancer", "body_was": ""}
    assert client.post(path, form, HTTP_HX_REQUEST="true").status_code == 200
    assert Preview.objects.count() == 1


def test_owner_may_wait_for_several_previews(as_owner: Client, owner: User) -> None:
    photo = prepare(photo_of(owner))
    assert [ask(as_owner, photo, dance).status_code for dance in ("disco", "conga")] == [302, 302]


def test_previews_per_hour_are_limited(client: Client, settings) -> None:
    settings.GUEST_PREVIEWS_PER_HOUR = 1
    photo = prepare(guest_photo(client))
    assert ask(client, photo, "disco").status_code == 302
    finish_previews()
    response = ask(client, photo, "conga")
    assert (response.status_code, "Too many tries" in response.content.decode()) == (429, True)


@pytest.mark.parametrize("route", ["switch_cutout", "set_head", "set_style", "set_name"])
def test_changes_per_hour_of_an_address_are_limited(settings, route: str) -> None:
    settings.GUEST_PREVIEWS_PER_HOUR_PER_IP = 2
    statuses = []
    for _ in range(3):
        visitor = Client(REMOTE_ADDR="192.0.2.1")
        photo = guest_photo(visitor)
        statuses.append(visitor.post(reverse(f"videos:{route}", args=[photo.pk]), {"head-answer": "none"}).status_code)
    assert statuses == [302, 302, 429]


def test_owners_come_first_whatever_the_rotation(owner: User, monkeypatch) -> None:
    claimed: list[object] = []
    monkeypatch.setattr(runner, "run_step", lambda row, advance, should_stop: claimed.append(row))
    guests = prepare(guest_photo(Client()))
    guests.preview_of(dances.BY_SLUG["disco"], timezone.now() - timedelta(hours=1))
    waiting = guest_photo(Client())
    Photo.objects.filter(pk=waiting.pk).update(due_at=timezone.now() - timedelta(hours=1))
    owners = [photo_of(owner), video_of(prepare(photo_of(owner)))]
    owners.append(prepare(photo_of(owner)).preview_of(dances.BY_SLUG["disco"], timezone.now()))
    for rotation in range(6):
        work_once(rotation=rotation)
    assert {(type(row), row.pk) for row in claimed[:3]} == {(type(row), row.pk) for row in owners}
    assert claimed[3:5] == [waiting, guests.previews.get()]
    # Loops of the cards, which nobody has asked for, come last.
    assert [type(row) for row in claimed[5:]] == [CardLoop]


def test_queue_of_the_api_leaves_guests_to_the_renderer(client: Client) -> None:
    guest_photo(client)
    assert work_once(queue="api") is False
    assert runner.guest_job_types("render") != ()
