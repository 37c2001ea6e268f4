"""The page of a photo shows the moving dancers as they arrive, and the drawn one until then."""

import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.videos.conftest import jpeg, propose
from tests.videos.fake_finder import LEFT
from tests.videos.pages import without_large_picture
from tests.videos.test_head_page import sent
from videos.dances import DANCES
from videos.models import CardLoop, Photo

HTMX = {"HX-Request": "true"}
ALL = len(DANCES)
pytestmark = pytest.mark.django_db


@pytest.fixture
def dancing(photo: Photo) -> Photo:
    """A prepared photo with a head that is sure and cut out."""
    propose(photo, LEFT, confidence=0.95)
    name = default_storage.save(photo.storage_name("head.webp"), ContentFile(b"the head"))
    Photo.objects.update(head_sticker=name)
    photo.refresh_from_db()
    return photo


def url_of(photo: Photo, name: str = "card_loops", *more: str) -> str:
    return reverse(f"videos:{name}", args=[photo.pk, *more])


def finish(photo: Photo, *slugs: str) -> None:
    """Store some bytes as the loops of these dances, in place of the worker."""
    for loop in photo.loops.filter(dance__in=slugs):
        file = default_storage.save(loop.storage_name, ContentFile(loop.dance.encode()))
        CardLoop.objects.filter(pk=loop.pk).update(file=file, due_at=None, photo_claim=photo.claim, body=photo.body)


def cards(page: str) -> list[str]:
    """Return the dances whose cards show a loop."""
    return re.findall(r"/loops/(\w+)\.webp\?", without_large_picture(page))


def drawn(page: str) -> int:
    """Return how many cards show the drawn dancer."""
    return without_large_picture(page).count("mascot-dancer")


def state(page: str) -> dict[str, str]:
    """Return what the page sends with its next request."""
    return dict(re.findall(r'name="(loops|pets|style_was|body_was)" value="([^"]*)"', page))


def is_polling(page: str) -> bool:
    return re.search(r'id="loops"[^>]*data-hx-trigger', page) is not None


def poll(client: Client, photo: Photo, shown: str) -> str:
    return client.post(url_of(photo), {"loops": shown}, headers=HTMX).content.decode()


def test_loops_replace_the_drawn_dancer_as_they_arrive(as_owner: Client, dancing: Photo) -> None:
    page = as_owner.get(dancing.get_absolute_url()).content.decode()
    assert (cards(page), drawn(page), is_polling(page)) == ([], ALL, True)
    nothing = poll(as_owner, dancing, state(page)["loops"])
    assert (cards(nothing), is_polling(nothing), CardLoop.objects.count()) == ([], True, ALL)
    finish(dancing, "disco", "tango")
    some = poll(as_owner, dancing, state(nothing)["loops"])
    # The drawn dancer stays below until the browser has the picture.
    assert (sorted(cards(some)), drawn(some), is_polling(some)) == (["disco", "tango"], 2, True)
    assert some.count("innerMorph:#pet-") == 2
    finish(dancing, *(dance.slug for dance in DANCES))
    rest = poll(as_owner, dancing, state(some)["loops"])
    assert (len(cards(rest)), is_polling(rest)) == (ALL - 2, False)


def test_without_javascript_the_page_shows_what_is_ready(as_owner: Client, dancing: Photo) -> None:
    assert as_owner.post(url_of(dancing)).headers["Location"] == dancing.get_absolute_url()
    finish(dancing, "disco")
    page = as_owner.get(dancing.get_absolute_url()).content.decode()
    assert (cards(page), drawn(page), is_polling(page)) == (["disco"], ALL - 1, True)
    finish(dancing, *(dance.slug for dance in DANCES))
    page = as_owner.get(dancing.get_absolute_url()).content.decode()
    assert (len(cards(page)), drawn(page), is_polling(page)) == (ALL, 0, False)


def test_failed_loop_leaves_the_drawn_dancer(as_owner: Client, dancing: Photo) -> None:
    poll(as_owner, dancing, "")
    finish(dancing, *(dance.slug for dance in DANCES))
    CardLoop.objects.filter(dance="disco").update(file="")
    page = as_owner.get(dancing.get_absolute_url()).content.decode()
    assert (len(cards(page)), drawn(page), is_polling(page)) == (ALL - 1, 1, False)


def test_page_needs_one_query_for_all_loops(as_owner: Client, dancing: Photo, django_assert_num_queries: Any) -> None:
    poll(as_owner, dancing, "")
    finish(dancing, *(dance.slug for dance in DANCES))
    with django_assert_num_queries(6):
        as_owner.get(dancing.get_absolute_url())


@pytest.mark.parametrize("data", [{"style": "dancer", "body": "round"}, {"style": "whole_pet"}])
def test_cards_follow_the_style_without_old_loops(as_owner: Client, dancing: Photo, data: dict[str, str]) -> None:
    poll(as_owner, dancing, "")
    finish(dancing, *(dance.slug for dance in DANCES))
    shown = state(as_owner.get(dancing.get_absolute_url()).content.decode())
    page = as_owner.post(url_of(dancing, "set_style"), data | shown, headers=HTMX).content.decode()
    is_dancer = data["style"] == "dancer"
    assert (page.count("innerMorph:#pet-"), cards(page), is_polling(page)) == (ALL, [], is_dancer)
    assert CardLoop.objects.filter(due_at__isnull=False).count() == (ALL if is_dancer else 0)
    assert state(page)["loops"] == ""
    if not is_dancer:
        back = as_owner.post(url_of(dancing, "set_style"), {"style": "dancer"} | state(page), headers=HTMX)
        assert len(cards(back.content.decode())) == ALL


def test_a_new_head_has_the_loops_made_again(as_owner: Client, dancing: Photo) -> None:
    poll(as_owner, dancing, "")
    finish(dancing, *(dance.slug for dance in DANCES))
    as_owner.post(url_of(dancing, "set_head"), sent("save", x="0.6"))
    dancing.refresh_from_db()
    assert dancing.due_at is not None
    assert CardLoop.objects.filter(due_at__isnull=False).count() == ALL
    assert cards(as_owner.get(dancing.get_absolute_url()).content.decode()) == []
    Photo.objects.update(due_at=None)
    page = as_owner.get(dancing.get_absolute_url()).content.decode()
    assert (cards(page), drawn(page), is_polling(page)) == ([], ALL, True)


def test_an_upload_on_the_page_requests_the_loops(as_owner: Client) -> None:
    as_owner.post("/photos/", {"image": SimpleUploadedFile("pet.jpg", jpeg(), "image/jpeg")})
    assert CardLoop.objects.filter(due_at__isnull=False).count() == ALL


def test_a_remote_provider_makes_no_loops(as_owner: Client, dancing: Photo, settings: Any) -> None:
    settings.VIDEO_PROVIDER, settings.RUNWAY_API_KEY = "runway", "key_test"
    page = as_owner.get(dancing.get_absolute_url()).content.decode()
    assert not is_polling(page)
    assert cards(poll(as_owner, dancing, "")) == []
    assert not CardLoop.objects.exists()


def test_the_file_is_the_owners(as_owner: Client, as_stranger: Client, dancing: Photo) -> None:
    url = url_of(dancing, "card_loop", "disco")
    assert as_owner.get(url).status_code == 404
    poll(as_owner, dancing, "")
    finish(dancing, "disco")
    response = as_owner.get(url)
    assert (b"".join(response.streaming_content), response.headers["Content-Type"]) == (b"disco", "image/webp")
    assert response.headers["Cache-Control"].startswith("private,")
    assert as_owner.get(url_of(dancing, "card_loop", "tango")).status_code == 404
    for client in (as_stranger, Client()):
        assert client.get(url).status_code in (302, 404)
        assert client.post(url_of(dancing)).status_code in (302, 404)
    assert as_stranger.get(url).status_code == 404
    assert as_owner.get(url_of(dancing)).status_code == 405


def test_the_loops_of_a_deleted_photo_are_gone(as_owner: Client, dancing: Photo) -> None:
    poll(as_owner, dancing, "")
    finish(dancing, "disco")
    as_owner.post(url_of(dancing, "delete_photo"))
    assert as_owner.get(url_of(dancing, "card_loop", "disco")).status_code == 404
    assert as_owner.post(url_of(dancing), headers=HTMX).status_code == 404
    assert not CardLoop.objects.exists()
