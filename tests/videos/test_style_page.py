"""The switch between the dancer and the whole pet on the dance page, and the cards that follow it."""

import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.videos.conftest import photo_of, prepare, propose
from tests.videos.fake_finder import LEFT, RIGHT
from tests.videos.pages import without_large_picture
from videos.dances import BY_SLUG, DANCES
from videos.models import Photo, Preview, Video
from videos.photos.advice import CUT_OFF, SHOWN_AS_PRINT
from videos.styles import NO_HEAD
from videos.views.cards import AXIS, CHIN, CROWN, HIGHEST_CROWN, HIGHEST_EARS, SKULL, Dancer

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
ALL = len(DANCES)
PLACE = {"height": 1.2, "x": 0.4, "crown": 0.2, "chin": 1.1, "skull": 0.8}
FUR = {"main": "#aa5500", "second": "#ffeedd"}


@pytest.fixture
def with_head(photo: Photo) -> Photo:
    """A prepared photo with a head that is sure, and with its sticker."""
    propose(photo, LEFT, RIGHT, confidence=0.95)
    Photo.objects.update(head_sticker="head.webp", sticker="sticker.webp", head_place=PLACE, fur=FUR)
    photo.refresh_from_db()
    return photo


def url_of(photo: Photo) -> str:
    return reverse("videos:set_style", args=[photo.pk])


def shown(page: str) -> dict[str, str]:
    """Return what the page sends back about what it shows."""
    return dict(re.findall(r'<input type="hidden" name="(style_was|body_was|pets)" value="([^"]*)">', page))


def open_page(client: Client, photo: Photo) -> str:
    return client.get(photo.get_absolute_url()).content.decode()


def chosen(page: str) -> list[str]:
    return re.findall(r'<input type="radio" name="(?:style|body)" id="[^"]*" value="([^"]*)" checked', page)


def test_switch_shows_what_the_next_video_does(as_owner: Client, with_head: Photo) -> None:
    assert chosen(open_page(as_owner, with_head)) == ["dancer", ""]
    with_head.set_style("dancer", "round")
    assert chosen(open_page(as_owner, with_head)) == ["dancer", "round"]
    with_head.set_style("whole_pet", "round")
    page = open_page(as_owner, with_head)
    assert chosen(page) == ["whole_pet"]
    assert "Change body" not in page


@pytest.mark.parametrize(
    ("state", "hint"),
    [
        ("waiting", "Looking for the head"),
        ("question", "Check the head first"),
        ("missing", "Show us the head first"),
        ("none", "Show us the head first"),
        ("unasked", "Show us the head first"),
    ],
)
def test_without_a_head_the_dancer_leads_to_the_head(as_owner: Client, photo: Photo, state: str, hint: str) -> None:
    if state in ("question", "missing"):
        propose(photo, *[LEFT] * (state == "question"))
    if state in ("none", "unasked"):
        prepare(photo)
    if state == "none":
        photo.set_head(None)
    page = open_page(as_owner, photo)
    assert f'data-state="{state}"' in page
    assert f'href="#head" data-open-head><span>Dancer <small>{hint}</small></span></a>' in page
    assert (re.findall(r'name="style" id="[^"]*" value="(\w+)"', page), chosen(page)) == (["whole_pet"], ["whole_pet"])


def test_choice_is_stored(as_owner: Client, with_head: Photo) -> None:
    for data, stored in (
        ({"style": "whole_pet"}, ("whole_pet", "")),
        ({"style": "dancer"}, ("dancer", "")),
        ({"style": "dancer", "body": "bird"}, ("dancer", "bird")),
        ({"style": "whole_pet"}, ("whole_pet", "bird")),
        ({"style": "dancer", "body": ""}, ("dancer", "")),
    ):
        assert as_owner.post(url_of(with_head), data, headers=HTMX).status_code == 200
        with_head.refresh_from_db()
        assert (with_head.style, with_head.body, with_head.due_at) == (*stored, None)


def test_automatic_style_stays_automatic_if_only_the_body_changes(as_owner: Client, with_head: Photo) -> None:
    as_owner.post(url_of(with_head), {"style": "dancer", "body": "slim"}, headers=HTMX)
    with_head.refresh_from_db()
    assert (with_head.style, with_head.body) == ("", "slim")


@pytest.mark.parametrize("data", [{"style": "opera"}, {"style": "dancer", "body": "long"}])
def test_unknown_choice_changes_nothing(as_owner: Client, with_head: Photo, data: dict[str, str]) -> None:
    assert as_owner.post(url_of(with_head), data, headers=HTMX).status_code == 400
    assert as_owner.post(url_of(with_head), data).status_code == 302
    with_head.refresh_from_db()
    assert (with_head.style, with_head.body) == ("", "")


def test_dancer_without_a_head_is_refused(as_owner: Client, photo: Photo) -> None:
    propose(photo, LEFT)
    response = as_owner.post(url_of(photo), {"style": "dancer"}, headers=HTMX)
    assert (response.status_code, NO_HEAD.replace("'", "&#x27;") in response.content.decode()) == (400, True)
    response = as_owner.post(url_of(photo), {"style": "dancer"}, follow=True)
    assert response.redirect_chain[-1][0] == f"{photo.get_absolute_url()}#head"
    assert NO_HEAD.replace("'", "&#x27;") in response.content.decode()
    photo.refresh_from_db()
    assert photo.style == ""


def test_without_javascript_the_page_keeps_the_choice(as_owner: Client, with_head: Photo) -> None:
    data = {"style": "whole_pet", "dance": "salsa", "format": "wide", "x": "0.3", "y": "0.7"}
    page = f"{with_head.get_absolute_url()}?dance=salsa&format=wide&x=0.3&y=0.7#style"
    assert as_owner.post(url_of(with_head), data).headers["Location"] == page


def cards(page: str) -> dict[str, str]:
    return dict(re.findall(r'innerMorph:#moving-(\w+)">\s*<(\w+)', page))


def pets(page: str) -> list[str]:
    return re.findall(r'innerMorph:#pet-\w+"><(\w+) class="(?:mascot|dancer)', page)


@pytest.mark.engine
def test_all_cards_follow_the_style_at_once(as_owner: Client, with_head: Photo) -> None:
    for slug in ("disco", "tango"):
        preview = with_head.preview_of(BY_SLUG[slug], timezone.now())
        name = default_storage.save(preview.storage_name, ContentFile(slug.encode()))
        Preview.objects.filter(pk=preview.pk).update(file=name, due_at=None)
    page = open_page(as_owner, with_head)
    page = without_large_picture(page)
    assert (page.count("mascot-dancer"), page.count('<video class="clip"')) == (ALL, 2)
    data = {"style": "whole_pet", "dance": "disco"} | shown(page)
    page = as_owner.post(url_of(with_head), data, headers=HTMX).content.decode()
    assert pets(page) == ["img"] * ALL
    # The preview of the chosen dance is made in the new style, the other one at the next tap.
    assert {slug: kind for slug, kind in cards(page).items() if kind != "button"} == {"disco": "span"}
    assert sorted(Preview.objects.filter(style="whole_pet").values_list("dance", flat=True)) == ["disco"]
    page = as_owner.post(url_of(with_head), {"style": "dancer"} | shown(page), headers=HTMX).content.decode()
    assert pets(page) == ["span"] * ALL
    assert {slug for slug, kind in cards(page).items() if kind == "video"} == {"disco", "tango"}
    files = [as_owner.get(reverse("videos:preview", args=[with_head.pk, slug])) for slug in ("disco", "tango")]
    assert [b"".join(file.streaming_content) for file in files] == [b"disco", b"tango"]


def test_confirmed_choice_changes_no_card(as_owner: Client, with_head: Photo) -> None:
    page = open_page(as_owner, with_head)
    page = as_owner.post(url_of(with_head), {"style": "dancer"} | shown(page), headers=HTMX).content.decode()
    assert (cards(page), pets(page)) == ({}, [])


def test_another_body_changes_all_pets(as_owner: Client, with_head: Photo) -> None:
    data = {"style": "dancer", "body": "bird"} | shown(open_page(as_owner, with_head))
    page = as_owner.post(url_of(with_head), data, headers=HTMX).content.decode()
    assert pets(page) == ["span"] * ALL
    assert without_large_picture(page).count('class="m-feather"') == 2 * ALL


def test_poll_brings_the_dancer_when_its_head_is_cut_out(as_owner: Client, photo: Photo) -> None:
    before = shown(open_page(as_owner, photo))
    assert before == {"style_was": "whole_pet", "body_was": "", "pets": "picture"}
    propose(photo, LEFT, confidence=0.95)
    # The head was found, but the worker has yet to store its sticker.
    Photo.objects.update(due_at=timezone.now())
    notes = reverse("videos:photo_notes", args=[photo.pk])
    page = as_owner.get(notes, before).content.decode()
    assert (chosen(page), pets(page), len(cards(page))) == (["dancer", ""], [], ALL)
    Photo.objects.update(due_at=None, head_sticker="head.webp")
    page = as_owner.get(notes, shown(page)).content.decode()
    assert pets(page) == ["span"] * ALL
    assert re.search(r'<section class="style-panel" id="style"[^>]* data-hx-swap-oob="outerMorph"', page)


def test_old_head_stays_until_the_new_one_is_cut_out(as_owner: Client, with_head: Photo) -> None:
    before = shown(open_page(as_owner, with_head))
    answer = {"head-answer": "1"} | before
    page = as_owner.post(reverse("videos:set_head", args=[with_head.pk]), answer, headers=HTMX).content.decode()
    assert pets(page) == []
    Photo.objects.update(due_at=None)
    page = as_owner.get(reverse("videos:photo_notes", args=[with_head.pk]), shown(page)).content.decode()
    assert pets(page) == ["span"] * ALL


def test_without_the_head_the_cards_show_the_pet_again(as_owner: Client, with_head: Photo) -> None:
    answer = {"head-answer": "none"} | shown(open_page(as_owner, with_head))
    page = as_owner.post(reverse("videos:set_head", args=[with_head.pk]), answer, headers=HTMX).content.decode()
    assert (chosen(page), pets(page)) == (["whole_pet"], ["img"] * ALL)


def test_order_takes_a_choice_that_was_not_saved(as_owner: Client, with_head: Photo) -> None:
    page = open_page(as_owner, with_head)
    form = dict(re.findall(r'name="(idempotency_key)" value="([^"]+)"', page))
    form |= {"dance": "disco", "format": "tall", "x": "0.5", "y": "0.5", "style": "whole_pet"} | shown(page)
    as_owner.post(with_head.get_absolute_url(), form)
    assert Video.objects.get().style == "whole_pet"


def test_order_leaves_an_automatic_style_automatic(as_owner: Client, photo: Photo) -> None:
    """The page has shown the whole pet, because the head was still looked for."""
    page = open_page(as_owner, photo)
    propose(photo, LEFT, confidence=0.95)
    form = dict(re.findall(r'name="(idempotency_key)" value="([^"]+)"', page))
    form |= {"dance": "disco", "format": "tall", "x": "0.5", "y": "0.5", "style": "whole_pet"} | shown(page)
    as_owner.post(photo.get_absolute_url(), form)
    photo.refresh_from_db()
    assert (photo.style, Video.objects.get().style) == ("", "dancer")


def test_remote_provider_has_no_styles(as_owner: Client, with_head: Photo, settings: Any) -> None:
    settings.VIDEO_PROVIDER = "runway"
    page = open_page(as_owner, with_head)
    assert ('name="style"' in page, "mascot-dancer" in page) == (False, False)


def test_print_is_offered_for_the_whole_pet_only(as_owner: Client, with_head: Photo) -> None:
    Photo.objects.update(mask="mask.png", cutout_info=with_head.cutout_info | {"mode": "full", "cover": 0.3})
    for style, offered in (("dancer", False), ("whole_pet", True)):
        with_head.set_style(style, "")
        assert ("Keep the background" in open_page(as_owner, with_head)) is offered


def test_notes_about_the_whole_pet_are_for_the_whole_pet_only(as_owner: Client, with_head: Photo) -> None:
    cut_off = with_head.cutout_info | {"mode": "print", "cover": 0.2, "passes": 1}
    Photo.objects.update(cutout_info=cut_off, mask="mask.png", quality_notes=["It is dark."])
    for style, notes in (("dancer", ["It is dark."]), ("whole_pet", ["It is dark.", f"{CUT_OFF} {SHOWN_AS_PRINT}"])):
        with_head.set_style(style, "")
        assert as_owner.get(with_head.get_absolute_url()).context["photo"].notes == notes


def test_dancer_has_the_colours_of_the_fur(as_owner: Client, with_head: Photo) -> None:
    page = without_large_picture(open_page(as_owner, with_head))
    assert (
        page.count('<svg class="mascot-art mascot-dancer" viewBox="0 0 240 300" aria-hidden="true" color="#aa5500">')
        == ALL
    )
    assert page.count('color="#ffeedd"') == ALL * 5
    # A photo from before the colours were measured.
    Photo.objects.update(fur=None, head_place=None)
    assert without_large_picture(open_page(as_owner, with_head)).count('<svg class="mascot-art mascot-dancer"') == ALL


LONG_EARS, LONG_FACE = PLACE | {"crown": 1.2, "chin": 2.0, "height": 2.1}, PLACE | {"crown": 0.0, "chin": 1.15}


@pytest.mark.parametrize("place", [PLACE, LONG_EARS, LONG_FACE], ids=["usual", "long ears", "long face"])
def test_head_fits_the_neck_and_the_card(with_head: Photo, place: dict[str, float]) -> None:
    with_head.head_place = place
    dancer = Dancer(with_head)
    x, y, width, height = (float(dancer.head[name]) for name in "xywh")
    assert width * place["skull"] == pytest.approx(SKULL, abs=0.5)
    assert (x + place["x"] * width, y + place["chin"] * width) == pytest.approx((AXIS, CHIN), abs=0.5)
    assert height / width == pytest.approx(place["height"], abs=0.01)
    [hat] = re.findall(r"translate\(0 ([-\d.]+)\)", dancer.hat)
    assert float(hat) + CROWN == pytest.approx(y + place["crown"] * width, abs=0.5)
    [scale] = re.findall(r"scale\(([\d.]+)\)", dancer.fit)
    assert CHIN - place["chin"] * width * float(scale) >= HIGHEST_EARS - 2
    assert CHIN - (place["chin"] - place["crown"]) * width * float(scale) >= HIGHEST_CROWN - 2
    assert (scale == "1.00") is (place is PLACE)


def test_choices_are_limited(as_owner: Client, with_head: Photo, settings: Any) -> None:
    settings.PREVIEWS_PER_HOUR = 1
    statuses = [as_owner.post(url_of(with_head), {"style": style}).status_code for style in ("whole_pet", "dancer")]
    with_head.refresh_from_db()
    assert (statuses, with_head.style) == ([302, 429], "whole_pet")


def test_choice_needs_the_owner_and_a_csrf_token(
    as_stranger: Client, owner: User, with_head: Photo, settings: Any
) -> None:
    data = {"style": "whole_pet"}
    assert as_stranger.post(url_of(with_head), data).status_code == 404
    assert Client().post(url_of(with_head), data).headers["Location"].startswith("/account/login/")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)
    assert strict.post(url_of(with_head), data).status_code == 403
    assert strict.get(url_of(with_head)).status_code == 405
    with_head.refresh_from_db()
    assert with_head.style == ""


def test_other_photos_are_unchanged(as_owner: Client, with_head: Photo, owner: User) -> None:
    other = photo_of(owner)
    as_owner.post(url_of(with_head), {"style": "whole_pet", "body": "slim"})
    other.refresh_from_db()
    assert (other.style, other.body) == ("", "")
