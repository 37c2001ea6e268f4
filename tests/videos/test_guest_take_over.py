"""An account takes over the photos of the guest who signs up or logs in: once, with the choice, and without a loss."""

import uuid
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from credits import ledger
from credits.models import Entry
from tests.conftest import browser_of
from tests.logins import ask_for_code, enter_code
from tests.videos.conftest import normalised_photo
from tests.videos.guests import CHOICE, guest_photo, log_in, upload
from videos import dances
from videos.models import Guest, Photo, Preview, Video
from videos.operations.audit import row_violations
from videos.privacy import close_account
from videos.uploads import AccountClosed, store_photo

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def make_video(client: Client, photo: Photo, **choice: str):
    form = CHOICE | {"idempotency_key": str(uuid.uuid4())} | choice
    return client.post(photo.get_absolute_url(), form)


def holder(photo: Photo) -> tuple:
    return Photo.objects.values_list("user", "guest").get(pk=photo.pk)


def test_make_video_asks_to_sign_up_and_keeps_the_choice(client: Client) -> None:
    photo = guest_photo(client)
    response = make_video(client, photo)
    entrance, _, query = response.headers["Location"].partition("?")
    assert (response.status_code, entrance) == (302, reverse("account_login"))
    [page] = parse_qs(query)["next"]
    assert urlsplit(page).path == photo.get_absolute_url()
    assert {name: value for name, [value] in parse_qs(urlsplit(page).query).items()} == CHOICE
    assert Video.objects.count() == Entry.objects.count() == 0


def test_sign_up_with_a_code_ends_on_the_photo_with_the_choice(client: Client, mailoutbox) -> None:
    photo = guest_photo(client)
    photo.preview_of(dances.BY_SLUG["disco"], timezone.now())
    make_video(client, photo)
    # Without ?next=: the sign-up may have begun in another tab.
    ask_for_code(client, "new@example.org")
    assert holder(photo) == (None, Guest.objects.get().pk), "an address that is not confirmed gets nothing"
    response = client.get(enter_code(client, mailoutbox[0]).headers["Location"])
    user = User.objects.get(email="new@example.org")
    assert response.request["PATH_INFO"] == photo.get_absolute_url()
    page = response.content.decode()
    assert 'name="dance" value="disco" required checked' in page
    assert 'name="format" value="wide" checked' in page
    assert holder(photo) == (user.pk, None)
    assert Preview.objects.get().photo == photo
    assert make_video(client, photo).headers["Location"] == Video.objects.get(user=user).get_absolute_url()


def test_login_to_an_old_account_takes_over_as_well(client: Client, owner: User) -> None:
    earlier, photo = store_photo(owner, normalised_photo()[0], timezone.now()), guest_photo(client)
    response = log_in(client, owner)
    assert (response.status_code, response.headers["Location"]) == (302, photo.get_absolute_url())
    assert set(Photo.objects.of(owner)) == {earlier, photo}
    assert ledger.balance_of(owner) == 5 + settings.WELCOME_CREDITS


def test_login_on_the_way_to_another_page_goes_there(client: Client, owner: User) -> None:
    photo = guest_photo(client)
    response = log_in(client, owner, next=reverse("credits:history"))
    assert response.headers["Location"] == reverse("credits:history")
    assert holder(photo) == (owner.pk, None)


def test_second_login_changes_nothing(client: Client, owner: User, stranger: User) -> None:
    photo = guest_photo(client)
    log_in(client, owner)
    client.post(reverse("account_logout"))
    assert client.get(photo.get_absolute_url()).headers["Location"].startswith(reverse("account_login"))
    log_in(client, stranger)
    assert holder(photo) == (owner.pk, None)
    assert client.get(photo.get_absolute_url()).status_code == 404
    assert not Guest.objects.get().hand_over(stranger, timezone.now())


def test_old_tab_of_the_guest_belongs_to_the_owner(client: Client, owner: User) -> None:
    photo = guest_photo(client)
    log_in(client, owner)
    assert client.get(photo.get_absolute_url()).status_code == 200
    assert make_video(client, photo).headers["Location"] == Video.objects.get(user=owner).get_absolute_url()


def test_login_that_skipped_the_take_over_is_made_up_for(client: Client, owner: User) -> None:
    photo = guest_photo(client)
    client.force_login(owner)
    assert client.get(photo.get_absolute_url()).status_code == 200
    assert holder(photo) == (owner.pk, None)


def test_photo_that_arrives_after_the_login_goes_to_the_account(client: Client, owner: User) -> None:
    guest_photo(client)
    guest = Guest.objects.get()
    log_in(client, owner)
    late = store_photo(guest, normalised_photo()[0], timezone.now())
    assert holder(late) == (owner.pk, None)
    assert list(row_violations(timezone.now())) == []


def test_first_photo_of_another_tab_goes_to_the_account_at_the_next_page(client: Client, owner: User) -> None:
    other_tab = Client()
    photo = guest_photo(other_tab)
    log_in(client, owner)
    client.cookies[settings.GUEST_COOKIE_NAME] = other_tab.cookies[settings.GUEST_COOKIE_NAME].value
    assert client.get(reverse("videos:photo")).status_code == 200
    assert holder(photo) == (owner.pk, None)


def test_upload_with_an_expired_guest_starts_again(client: Client) -> None:
    old = guest_photo(client)
    Guest.objects.get().photos.update(created_at=timezone.now() - timedelta(days=2))
    guest = Guest.objects.get()
    Guest.objects.update(due_at=timezone.now())
    guest.refresh_from_db()
    guest.expire(timezone.now())
    assert not Guest.objects.exists()
    photo = guest_photo(client)
    assert photo.pk != old.pk
    assert list(Photo.objects.of(Guest.objects.get())) == [photo]


def test_closed_account_takes_nothing_over(client: Client, owner: User) -> None:
    photo = guest_photo(client)
    guest = Guest.objects.get()
    close_account(owner, timezone.now())
    assert not guest.hand_over(owner, timezone.now())
    assert holder(photo) == (None, guest.pk)


def test_closing_the_account_forgets_the_guest(client: Client, owner: User) -> None:
    guest_photo(client)
    guest = Guest.objects.get()
    log_in(client, owner)
    close_account(owner, timezone.now())
    assert not Guest.objects.exists()
    with pytest.raises(AccountClosed):
        store_photo_of(guest, owner)


def store_photo_of(guest: Guest, owner: User) -> Photo:
    """Store a photo whose upload began before the account was closed."""
    Guest.objects.create(pk=guest.pk, address=guest.address, user=owner, due_at=timezone.now())
    return store_photo(guest, normalised_photo()[0], timezone.now())


def test_deleted_photo_is_not_taken_over(client: Client, owner: User) -> None:
    photo = guest_photo(client)
    client.post(reverse("videos:delete_photo", args=[photo.pk]))
    log_in(client, owner)
    assert holder(photo)[0] is None
    assert not Photo.objects.of(owner).exists()


def test_forged_cookie_opens_nothing(client: Client) -> None:
    photo = guest_photo(client)
    thief = Client()
    thief.cookies[settings.GUEST_COOKIE_NAME] = str(photo.guest_id)
    assert thief.get(photo.get_absolute_url()).status_code == 302
    assert EmailAddress.objects.count() == 0
    other = Client()
    upload(other)
    assert other.get(photo.get_absolute_url()).status_code == 404
    assert browser_of(User.objects.create_user("x@example.org")).get(photo.get_absolute_url()).status_code == 404
