"""What a guest can do without an account, and what only an account can."""

import re
import uuid
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from credits.models import Account, Entry
from tests.conftest import browser_of
from tests.routes import ALL
from tests.videos.conftest import finish, photo_of, prepare, propose, video_of
from tests.videos.fake_finder import LEFT
from tests.videos.guests import CHOICE, guest_photo, log_in, upload
from videos import dances
from videos.models import Guest, Photo, Preview, ShareLink, Video

pytestmark = pytest.mark.django_db

# What a guest's photo has. Every other route is public, or closed to guests as to everybody else.
FOR_GUESTS = {
    *("dance", "delete_photo", "photo_notes", "switch_cutout", "set_head", "set_style", "set_name", "ask_preview"),
    *("photo_image", "photo_thumbnail", "photo_frame", "photo_sticker", "photo_head_sticker", "preview"),
    *("card_loops", "card_loop"),
}


@pytest.fixture
def photo(client: Client) -> Photo:
    return prepare(guest_photo(client))


def page_of(response) -> str:
    return response.content.decode()


def test_home_button_uploads_the_photo(client: Client) -> None:
    page = page_of(client.get("/?dance=conga&format=wide&style=whole_pet&x=nonsense"))
    form = re.search(r"<form class=\"start\".*?</form>", page, re.DOTALL).group()
    assert f'action="{reverse("videos:photo")}"' in form
    assert 'type="file" name="image" accept="image/jpeg,' in form
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', form))
    assert {name: hidden[name] for name in hidden if name != "csrfmiddlewaretoken"} == {
        "dance": "conga",
        "format": "wide",
        "style": "whole_pet",
    }
    assert "We delete it after 24 hours unless you sign up." in page
    response = upload(client, dance="conga", format="wide", style="whole_pet")
    photo = Photo.objects.get()
    assert response.headers["Location"] == f"{photo.get_absolute_url()}?dance=conga&format=wide"
    assert (photo.style, photo.user_id, photo.guest) == ("whole_pet", None, Guest.objects.get())
    assert 'value="conga" required checked' in page_of(client.get(response.headers["Location"]))


def test_upload_needs_the_csrf_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.get("/")
    assert upload(strict).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page_of(strict.get("/"))).group(1)
    assert upload(strict, csrfmiddlewaretoken=token).status_code == 302


def test_refused_photo_makes_no_guest(client: Client) -> None:
    response = client.post(reverse("videos:photo"), {"image": ContentFile(b"no photo", "pet.jpg"), "dance": "conga"})
    assert response.status_code == 400
    assert '<input type="hidden" name="dance" value="conga">' in page_of(response)
    assert (Guest.objects.count(), settings.GUEST_COOKIE_NAME in client.cookies) == (0, False)


def test_cookie_is_for_the_server_only(client: Client, photo: Photo) -> None:
    cookie = client.cookies[settings.GUEST_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 24 * 3600)
    assert cookie.value.startswith(f"{photo.guest_id}:")
    assert settings.SESSION_COOKIE_NAME not in client.cookies


def test_photo_page_shows_the_way_on(client: Client, photo: Photo) -> None:
    response = client.get(photo.get_absolute_url())
    page = page_of(response)
    assert page.count('name="dance"') == len(dances.DANCES)
    assert "Make video" in page
    assert "We delete it after 24 hours unless you sign up." in page
    assert "Log in" in page
    assert not re.search("1 credit|You have|My dances|New dance|Log out", page)
    assert response.headers["Cache-Control"] == "private, no-store"
    assert str(photo.pk) in page_of(client.get(reverse("videos:photo"))), "the guest can go on with the photo"


def test_guest_corrects_the_head_and_switches_the_style(client: Client, photo: Photo) -> None:
    propose(photo, LEFT)
    client.post(reverse("videos:set_head", args=[photo.pk]), {"head-answer": "0"})
    photo.refresh_from_db()
    assert (photo.oval, photo.head_source) == (LEFT, "owner")
    client.post(reverse("videos:set_style", args=[photo.pk]), CHOICE | {"style": "dancer", "body": "round"})
    photo.refresh_from_db()
    assert (photo.dance_style, photo.body) == ("dancer", "round")


def test_guest_sees_a_preview(client: Client, photo: Photo) -> None:
    ask = reverse("videos:ask_preview", args=[photo.pk, "disco"])
    assert client.post(ask, CHOICE).headers["Location"].startswith(photo.get_absolute_url())
    preview = Preview.objects.get()
    Preview.objects.update(file=default_storage.save(preview.storage_name, ContentFile(b"a clip")), due_at=None)
    response = client.get(reverse("videos:preview", args=[photo.pk, "disco"]))
    assert b"".join(response.streaming_content) == b"a clip"
    assert Guest.objects.get().resume_url.startswith(f"{photo.get_absolute_url()}?dance=disco&format=wide")


def test_guest_deletes_the_photo(client: Client, photo: Photo) -> None:
    response = client.post(reverse("videos:delete_photo", args=[photo.pk]), follow=True)
    assert "Photo deleted." in page_of(response)
    assert list(default_storage.list_files()) == []
    assert client.get(photo.get_absolute_url(), follow=True).redirect_chain == [(reverse("videos:photo"), 302)]


def status_of(client: Client, path: str) -> tuple[int, str]:
    """Return the status and the location of a GET request, or of a POST if GET is not allowed."""
    response = client.get(path)
    response = client.post(path) if response.status_code == 405 else response
    if response.streaming:
        b"".join(response.streaming_content)
    return response.status_code, response.headers.get("Location", "").partition("?")[0]


def paths(photo: Photo, *, for_guests: bool) -> list[tuple[str, str]]:
    """Return the names and the paths of the routes that guests can or cannot use, the deletion last."""
    chosen = [route for route in ALL if for_guests == (route.path.startswith("photos/") and route.name in FOR_GUESTS)]
    chosen.sort(key=lambda route: "delete" in route.path)
    places = {"pk": photo.pk, "photoId": photo.pk}
    return [
        (route.name or route.path, route.filled(lambda place: str(places.get(place, "")) or None)) for route in chosen
    ]


def test_guest_reaches_the_own_photo(client: Client, photo: Photo, subtests: pytest.Subtests) -> None:
    preview = photo.preview_of(dances.BY_SLUG["disco"], timezone.now())
    Preview.objects.update(file=default_storage.save(preview.storage_name, ContentFile(b"a clip")), due_at=None)
    loop = photo.loops.get(dance="disco")
    photo.loops.update(file=default_storage.save(loop.storage_name, ContentFile(b"a strip")), due_at=None)
    routes = paths(photo, for_guests=True)
    assert {name for name, _ in routes} == FOR_GUESTS
    for name, path in routes:
        with subtests.test(route=name):
            status, location = status_of(client, path)
            assert status in (200, 204, 302)
            assert not location.startswith("/account/")


def test_guest_reaches_nothing_that_needs_an_account(client: Client, photo: Photo, subtests: pytest.Subtests) -> None:
    for name, path in paths(photo, for_guests=False):
        if not path.startswith("/account/") and name != "photo":
            with subtests.test(route=name):
                assert status_of(client, path) == status_of(Client(), path)
    assert (Video.objects.count(), Entry.objects.count(), Account.objects.count()) == (0, 0, 0)
    assert Photo.objects.get().deleted_at is None


@pytest.mark.parametrize("who", ["guest", "owner", "nobody"])
def test_strangers_see_nothing_of_it(photo: Photo, stranger: User, subtests: pytest.Subtests, who: str) -> None:
    viewer = {"guest": Client, "owner": lambda: browser_of(stranger), "nobody": Client}[who]()
    if who == "guest":
        guest_photo(viewer)
    preview = photo.preview_of(dances.BY_SLUG["disco"], timezone.now())
    Preview.objects.update(file=default_storage.save(preview.storage_name, ContentFile(b"a clip")), due_at=None)
    for name, path in paths(photo, for_guests=True):
        with subtests.test(route=name):
            status, location = status_of(viewer, path)
            assert (status, location) == ((302, reverse("account_login")) if who == "nobody" else (404, ""))
    assert Photo.objects.get(pk=photo.pk).deleted_at is None


def test_owners_choice_survives_an_expired_session(as_owner: Client, owner: User) -> None:
    upload(as_owner)
    photo = propose(prepare(Photo.objects.get()), LEFT, confidence=1.0)
    as_owner.cookies.pop(settings.SESSION_COOKIE_NAME)
    form = CHOICE | {"dance": "conga", "style": "whole_pet", "style_was": "dancer", "body_was": ""}
    response = as_owner.post(photo.get_absolute_url(), form | {"idempotency_key": str(uuid.uuid4())})
    entrance, _, query = response.headers["Location"].partition("?next=")
    assert entrance == reverse("account_login")
    page = page_of(as_owner.get(log_in(as_owner, owner, next=unquote(query)).headers["Location"]))
    assert 'value="conga" required checked' in page
    assert 'name="format" value="wide" checked' in page
    assert 'id="style-whole_pet" value="whole_pet" checked' in page
    assert 'name="style_was" value="dancer"' in page
    assert Video.objects.count() == 0


def test_shared_page_leads_to_the_same_dance(client: Client, owner: User, clip: bytes) -> None:
    video = finish(video_of(prepare(photo_of(owner))), clip)
    video.enable_sharing()
    page = page_of(client.get(reverse("videos:shared", args=[ShareLink.objects.get().token])))
    assert 'href="/?dance=disco&amp;format=tall&amp;style=whole_pet">Make your pet do this</a>' in page


def test_staff_see_whose_photo_it_is(as_staff: Client, photo: Photo) -> None:
    assert "Guest" in page_of(as_staff.get(reverse("admin:videos_photo_changelist")))
    assert "Guest" in page_of(as_staff.get(reverse("admin:videos_photo_change", args=[photo.pk])))
