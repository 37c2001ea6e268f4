"""The dance page: the preview frame, the choice of a dance, and the charge."""

import io
import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import User
from credits import ledger
from tests.videos.conftest import photo_of
from videos import dances
from videos.models import Photo, Video


def choice(**changes) -> dict[str, str]:
    """Return valid form data, with ``changes``."""
    return {
        "dance": "salsa",
        "format": "square",
        "x": "0.3",
        "y": "0.7",
        "idempotency_key": str(uuid.uuid4()),
    } | changes


def page_of(photo: Photo) -> str:
    return reverse("videos:dance", args=[photo.pk])


def test_the_page_offers_all_dances_and_the_price(as_owner: Client, photo: Photo) -> None:
    page = as_owner.get(page_of(photo)).content.decode()
    assert all(f'value="{dance.slug}"' in page for dance in dances.DANCES)
    assert 'Make video <span class="price"><i aria-hidden="true">·</i> 1 credit</span>' in page


def test_best_format_is_preselected(as_owner: Client, photo: Photo, subtests: pytest.Subtests) -> None:
    for width, height, proposed in ((600, 900, "tall"), (800, 800, "square"), (900, 600, "wide")):
        with subtests.test(proposed=proposed):
            Photo.objects.update(width=width, height=height)
            assert as_owner.get(page_of(photo)).context["form"]["format"].value() == proposed


def test_choice_creates_a_video_and_redirects_to_it(as_owner: Client, photo: Photo, owner: User) -> None:
    response = as_owner.post(page_of(photo), choice())
    video = Video.objects.get()
    assert (response.status_code, response.headers["Location"]) == (302, reverse("videos:detail", args=[video.pk]))
    assert (video.dance, video.format, video.focus_x, video.focus_y) == ("salsa", "square", 0.3, 0.7)
    assert ledger.balance_of(owner) == 4


@pytest.mark.engine
def test_a_double_click_is_one_video_and_one_charge(as_owner: Client, photo: Photo, owner: User) -> None:
    sent = choice()
    first, second = as_owner.post(page_of(photo), sent), as_owner.post(page_of(photo), sent)
    assert first.headers["Location"] == second.headers["Location"]
    assert (Video.objects.count(), ledger.balance_of(owner)) == (1, 4)


def test_every_page_has_its_own_idempotency_key(as_owner: Client, photo: Photo) -> None:
    keys = {as_owner.get(page_of(photo)).context["form"]["idempotency_key"].value() for _ in range(2)}
    assert len(keys) == 2


@pytest.mark.engine
def test_without_credits_the_choice_is_kept(as_owner_without_credits: Client, owner_without_credits: User) -> None:
    photo = photo_of(owner_without_credits)
    response = as_owner_without_credits.post(page_of(photo), choice())
    page = response.content.decode()
    assert response.status_code == 402
    assert "You're out of credits." in page
    assert response.context["form"]["dance"].value() == "salsa"
    assert Video.objects.count() == 0


INVALID_CHOICES = [
    ({"dance": ""}, "Choose a dance first."),
    ({"dance": "polka"}, "Choose one of the dances below."),
    ({"format": "round"}, "We don&#x27;t make this format."),
    ({"x": "2"}, "less than or equal to 1"),
    ({"idempotency_key": "1"}, "Enter a valid UUID."),
]


def test_invalid_choice_costs_nothing(as_owner: Client, photo: Photo, owner: User, subtests: pytest.Subtests) -> None:
    for changes, message in INVALID_CHOICES:
        with subtests.test(**changes):
            response = as_owner.post(page_of(photo), choice(**changes))
            assert response.status_code == 400
            assert message in str(response.context["form"].errors)
            assert (Video.objects.count(), ledger.balance_of(owner)) == (0, 5)


def test_photo_deleted_in_another_tab_redirects(
    as_owner: Client, as_stranger: Client, photo: Photo, owner: User
) -> None:
    photo.delete_by_owner(timezone.now())
    switch, preview, delete = (
        reverse(f"videos:{name}", args=[photo.pk, *extra])
        for name, extra in (("switch_cutout", []), ("ask_preview", ["salsa"]), ("delete_photo", []))
    )
    for response in [
        as_owner.get(page_of(photo), follow=True),
        *(as_owner.post(address, choice(), follow=True) for address in (page_of(photo), switch, preview, delete)),
    ]:
        assert response.redirect_chain == [(reverse("videos:photo"), 302)]
        assert "That photo has been deleted" in response.content.decode()
    assert (Video.objects.count(), ledger.balance_of(owner)) == (0, 5)
    assert as_owner.get(page_of(photo), headers={"HX-Request": "true"}).status_code == 404
    assert as_stranger.get(page_of(photo)).status_code == 404


def test_photo_of_another_owner_is_not_found(as_stranger: Client, photo: Photo, stranger: User) -> None:
    assert as_stranger.post(page_of(photo), choice()).status_code == 404
    assert (Video.objects.count(), ledger.balance_of(stranger)) == (0, 5)


def test_unknown_fields_are_ignored(as_owner: Client, photo: Photo, stranger: User) -> None:
    sent = choice() | {"status": "succeeded", "price": "0", "user": str(stranger.pk), "seconds": "10"}
    as_owner.post(page_of(photo), sent)
    video = Video.objects.get()
    assert (video.status, video.price, video.user_id, video.seconds) == ("queued", 1, photo.user_id, 5)


def test_query_string_keeps_the_choice(as_owner: Client, photo: Photo) -> None:
    form = as_owner.get(f"{page_of(photo)}?dance=tango&format=wide&x=0.25&y=9").context["form"]
    assert {name: form[name].value() for name in ("dance", "format", "x", "y")} == {
        "dance": "tango",
        "format": "wide",
        "x": 0.25,
        "y": photo.focus_y,
    }


@pytest.mark.parametrize(
    ("size", "shape", "room"),
    [((600, 800), "tall", "x"), ((600, 800), "wide", "y"), ((800, 800), "square", "")],
)
def test_slider_appears_only_when_something_is_cropped(
    as_owner: Client, photo: Photo, size: tuple[int, int], shape: str, room: str
) -> None:
    Photo.objects.update(width=size[0], height=size[1], due_at=None, cutout_info={"mode": "print"})
    page = as_owner.get(f"{page_of(photo)}?format={shape}&x=0.7").content.decode()
    assert f'data-axes="{room}" data-frame' in page
    hidden = [f"<label hidden>{label}" in page for label in ("Left to right", "Top to bottom")]
    assert hidden == [axis not in room for axis in "xy"]
    assert 'aria-valuetext="70% from the left"' in page


def test_missing_dance_is_asked_for(as_owner: Client, photo: Photo) -> None:
    page = as_owner.post(page_of(photo), choice(dance="")).content.decode()
    assert 'role="alert" data-problem="Choose a dance first.">Choose a dance first.</p>' in page


def test_frame_has_the_ratio_of_the_format(as_owner: Client, photo: Photo, subtests: pytest.Subtests) -> None:
    for shape, size in (("tall", (360, 640)), ("square", (480, 480)), ("wide", (640, 360))):
        with subtests.test(shape=shape):
            response = as_owner.get(reverse("videos:photo_frame", args=[photo.pk, shape]) + "?x=0.2&y=0.2")
            assert Image.open(io.BytesIO(response.content)).size == size
            assert response.headers["Cache-Control"].startswith("private")


def test_formats_say_what_they_are_for(as_owner: Client, photo: Photo) -> None:
    page = as_owner.get(page_of(photo)).content.decode()
    words = re.findall(r"<b>(\w+) <span>([\d:]+)</span></b> <small>([^<]*)</small>", page)
    assert words == [("Vertical", "9:16", "Reels, TikTok"), ("Square", "1:1", "Feed"), ("Landscape", "16:9", "YouTube")]


def test_without_credits_the_button_leads_to_them_and_back(
    as_owner_without_credits: Client, owner_without_credits: User
) -> None:
    photo = photo_of(owner_without_credits)
    page = as_owner_without_credits.get(page_of(photo)).content.decode()
    assert ("Get credits" in page, "Make video" in page) == (True, False)
    response = as_owner_without_credits.post(page_of(photo), choice(get_credits=""), follow=True)
    assert response.redirect_chain[0][0].startswith(f"{reverse('credits:history')}?next=")
    back = f'href="{page_of(photo)}?dance=salsa&amp;format=square&amp;x=0.3&amp;y=0.7"'
    assert back in response.content.decode()
    assert Video.objects.count() == 0


def test_credits_page_leads_back_to_this_site_only(as_owner: Client) -> None:
    for url in ("https://example.com/", "//example.com/", "javascript:alert(1)"):
        assert "Back to your dance" not in as_owner.get(reverse("credits:history"), {"next": url}).content.decode()
