"""Guest's photo is deleted after a day, with its files, unless an account has taken it over."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from credits import ledger
from tests.videos.conftest import photo_of, prepare, video_of
from tests.videos.fake_cutout import add_cutout
from tests.videos.guests import guest_photo, log_in
from tests.videos.test_audit import without_checks
from videos import dances
from videos.models import CardLoop, Guest, LeaseLost, Photo, Preview, StoredFileDeletion
from videos.operations.audit import row_violations
from videos.worker import cutouts
from videos.worker.runner import work_once

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
DAY = timedelta(days=1)


def make_older(photo: Photo, age: timedelta) -> None:
    """Move a guest's photo into the past, and with it the time at which the worker looks at the guest."""
    uploaded = timezone.now() - age
    Photo.objects.filter(pk=photo.pk).update(created_at=uploaded)
    Guest.objects.filter(pk=photo.guest_id).update(due_at=uploaded + DAY)


def stored() -> list[str]:
    return sorted(file.name for file in default_storage.list_files())


def findings() -> list[tuple[str, str]]:
    return [(violation.row, violation.sentence) for violation in row_violations(timezone.now())]


def test_worker_deletes_rows_and_files_after_a_day(client: Client) -> None:
    photo = prepare(guest_photo(client))
    preview = photo.preview_of(dances.BY_SLUG["disco"], timezone.now())
    Preview.objects.update(file=default_storage.save(preview.storage_name, ContentFile(b"a clip")), due_at=None)
    loop = photo.loops.get(dance="disco")
    photo.loops.update(file=default_storage.save(loop.storage_name, ContentFile(b"a strip")), due_at=None)
    make_older(photo, DAY - timedelta(minutes=1))
    assert work_once() is False
    assert len(stored()) == 4
    make_older(photo, DAY + timedelta(seconds=1))
    assert work_once() is True
    models = (Photo, Preview, CardLoop, Guest)
    assert ([model.objects.count() for model in models], stored()) == ([0, 0, 0, 0], [])
    # A worker that was busy with the photo may still write a file.
    assert StoredFileDeletion.objects.get().folder == photo.storage_name("")
    assert client.get(photo.get_absolute_url()).headers["Location"].startswith(reverse("account_login"))


def test_each_photo_has_its_own_day(client: Client) -> None:
    old, young = guest_photo(client), prepare(guest_photo(client))
    make_older(prepare(old), DAY)
    assert work_once() is True
    assert list(Photo.objects.all()) == [young]
    assert Guest.objects.get().due_at == young.created_at + DAY


def test_files_are_deleted_later_if_the_storage_is_away(client: Client, monkeypatch) -> None:
    photo = prepare(guest_photo(client))
    make_older(photo, DAY)
    with monkeypatch.context() as patch:
        patch.setattr(default_storage, "delete", lambda name: (_ for _ in ()).throw(OSError("away")))
        assert work_once() is True
    assert not Photo.objects.exists()
    assert len(stored()) == 2
    StoredFileDeletion.objects.update(due_at=timezone.now())
    assert work_once() is True
    assert stored() == []


def test_photo_deleted_by_its_guest_leaves_no_row_after_a_day(client: Client) -> None:
    photo = guest_photo(client)
    client.post(reverse("videos:delete_photo", args=[photo.pk]))
    assert stored() == []
    make_older(photo, DAY)
    assert work_once() is True
    assert not Photo.objects.exists()
    assert not Guest.objects.exists()


def test_account_keeps_what_it_took_over(client: Client, owner: User) -> None:
    photo = prepare(guest_photo(client))
    log_in(client, owner)
    Photo.objects.update(created_at=timezone.now() - 2 * DAY)
    Guest.objects.update(due_at=timezone.now())
    assert work_once() is True
    assert list(Photo.objects.of(owner)) == [photo]
    assert len(stored()) == 2
    assert not Guest.objects.exists()


def test_take_over_before_the_deletion_stops_it(client: Client, owner: User) -> None:
    photo = guest_photo(client)
    make_older(photo, DAY)
    guest = Guest.objects.claim_next(timezone.now(), timedelta(minutes=1))
    log_in(client, owner)
    with pytest.raises(LeaseLost):
        guest.expire(timezone.now())
    assert list(Photo.objects.of(owner)) == [photo]


def test_worker_finishes_a_photo_while_it_is_taken_over(client: Client, owner: User) -> None:
    photo = add_cutout(guest_photo(client))
    claimed = Photo.objects.claim_next(timezone.now(), timedelta(minutes=1))
    log_in(client, owner)
    cutouts.advance_photo(claimed, lambda: False)
    photo.refresh_from_db()
    assert (photo.user, photo.guest_id, photo.due_at, bool(photo.sticker)) == (owner, None, None, True)
    assert findings() == []


def test_worker_drops_a_photo_that_expires_during_the_step(client: Client, monkeypatch) -> None:
    photo = add_cutout(guest_photo(client))
    real = cutouts.head_on_card

    def expire(photo: Photo, cut: object) -> object:
        make_older(photo, DAY)
        guest = Guest.objects.claim_next(timezone.now(), timedelta(minutes=1))
        guest.expire(timezone.now())
        return real(photo, cut)

    monkeypatch.setattr(cutouts, "head_on_card", expire)
    assert work_once() is True
    assert not Photo.objects.exists()
    StoredFileDeletion.objects.update(due_at=timezone.now())
    assert work_once() is True
    assert stored() == [], f"the sticker of {photo.pk} was written after the deletion"


def test_photo_with_a_video_is_kept_and_reported(client: Client) -> None:
    photo = prepare(guest_photo(client))
    make_older(photo, DAY)
    video = video_of_guest(photo)
    assert work_once() is True
    assert Photo.objects.exists(), "a photo with a video is never deleted"
    assert Guest.objects.get().due_at > timezone.now()
    assert [row for row, _ in findings()] == [f"photo {photo.pk}"]
    assert video.photo == photo


def video_of_guest(photo: Photo):
    """Give a guest's photo a video, which no code of ours does."""
    user = User.objects.create_user("video@example.org")
    ledger.grant(user, 1, reason="For the tests", by=None)
    video = video_of(prepare(photo_of(user)))
    type(video).objects.filter(pk=video.pk).update(photo=photo, due_at=timezone.now() + DAY)
    video.refresh_from_db()
    return video


def test_audit_names_what_should_have_gone(client: Client, owner: User) -> None:
    late, left_behind = guest_photo(client), guest_photo(Client())
    assert findings() == []
    Photo.objects.filter(pk=late.pk).update(created_at=timezone.now() - DAY - timedelta(minutes=11))
    Guest.objects.filter(pk=left_behind.guest_id).update(user=owner)
    rows = dict(findings())
    assert set(rows) == {f"photo {late.pk}", f"photo {left_behind.pk}"}
    assert rows[f"photo {left_behind.pk}"] == "an account has taken its guest over, but not the photo"


def test_audit_names_a_photo_of_nobody(client: Client) -> None:
    photo = guest_photo(client)
    with pytest.raises(IntegrityError), transaction.atomic():
        Photo.objects.update(guest=None)
    with without_checks(Photo):
        Photo.objects.update(guest=None)
        assert findings() == [(f"photo {photo.pk}", "it belongs to nobody")]
        Photo.objects.all().delete()


def test_photo_belongs_to_an_owner_or_a_guest(client: Client, owner: User) -> None:
    guest_photo(client)
    with pytest.raises(IntegrityError), transaction.atomic():
        Photo.objects.update(user=owner)
