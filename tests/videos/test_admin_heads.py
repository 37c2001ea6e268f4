"""Staff see where a pet's head was found, and how often owners correct it."""

import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.conftest import browser_of
from tests.videos.conftest import photo_of, video_of
from videos.models import Photo
from videos.operations import stats
from videos.photos.head import Head
from videos.styles import Body

HEAD = Head(0.5, 0.25, 0.1, 0.125, -10)
STATES: dict[str, dict[str, Any]] = {
    "sure": {"head": HEAD.as_json, "head_source": "detector", "head_confidence": 0.9},
    "unsure": {"head": HEAD.as_json, "head_source": "outline", "head_confidence": 0.5},
    "none": {"head_source": "detector", "head_confidence": 0.0},
    "owner": {"head": HEAD.as_json, "head_source": "owner", "head_confidence": 1.0},
    "pending": {},
}


@pytest.fixture
def photos(owner: User) -> dict[str, Photo]:
    """A photo in each state. A second one has the owner's answer that there is no head."""
    photos = {state: photo_of(owner) for state in STATES}
    for state, photo in photos.items():
        Photo.objects.filter(pk=photo.pk).update(**STATES[state])
    Photo.objects.filter(pk=photo_of(owner).pk).update(head_source="owner", head_confidence=1.0)
    return photos


def page_of(client: Client, photo: Photo) -> str:
    return client.get(reverse("admin:videos_photo_change", args=[photo.pk])).content.decode()


def test_the_oval_lies_over_the_photo(as_staff: Client, photos: dict[str, Photo]) -> None:
    page = page_of(as_staff, photos["unsure"])
    # The photo has 300 by 400 pixels; radii are shares of the longer side.
    assert '<svg viewBox="0 0 300 400"' in page
    assert 'cx="150" cy="100" rx="40" ry="50" transform="rotate(-10.0 150 100)"' in page
    [svg] = re.findall("<svg viewBox.*?</svg>", page, re.DOTALL)
    assert f'href="{reverse("admin:videos_photo_thumbnail", args=[photos["unsure"].pk])}"' in svg
    assert "style=" not in svg
    assert [text in page for text in ("unsure", "outline", "50%")] == [True] * 3
    assert "<ellipse" not in page_of(as_staff, photos["none"])


def test_the_oval_goes_with_the_photo(as_staff: Client, photos: dict[str, Photo]) -> None:
    photos["sure"].delete_by_owner(timezone.now())
    page = page_of(as_staff, photos["sure"])
    assert ("The photo has been deleted." in page, "<ellipse" in page) == (True, False)


def test_staff_see_the_head_sticker(as_staff: Client, as_owner: Client, photo: Photo) -> None:
    url = reverse("admin:videos_photo_head", args=[photo.pk])
    assert as_staff.get(url).status_code == 404
    name = default_storage.save(photo.storage_name("head.webp"), ContentFile(b"a head"))
    Photo.objects.update(head_sticker=name)
    response = as_staff.get(url)
    assert (b"".join(response.streaming_content), response.headers["Content-Type"]) == (b"a head", "image/webp")
    assert f'src="{url}"' in page_of(as_staff, photo)
    assert as_owner.get(url).status_code == 302


def test_the_head_sticker_needs_the_permission_to_view_photos(photo: Photo, staff: User) -> None:
    User.objects.filter(pk=staff.pk).update(is_superuser=False)
    client = browser_of(User.objects.get(pk=staff.pk))
    assert client.get(reverse("admin:videos_photo_head", args=[photo.pk])).status_code == 403


@pytest.mark.engine
def test_filter_and_figures_agree(as_staff: Client, photos: dict[str, Photo]) -> None:
    for state, count in {"sure": 1, "unsure": 1, "none": 1, "owner": 2}.items():
        listed = as_staff.get("/admin/videos/photo/", {"head": state}).context["cl"].queryset
        assert listed.count() == count
        assert photos[state] in listed
    assert stats.collect_stats(timezone.now()).heads == {"sure": 1, "unsure": 1, "none": 1, "owner": 2}
    assert "1 sure, 1 unsure, 1 not found, 2 set by owners" in as_staff.get("/admin/").content.decode()


def test_the_command_prints_the_figures(photos: dict[str, Photo], capsys: Any) -> None:
    call_command("stats")
    assert "1 sure, 1 unsure, 1 none, 2 owner" in capsys.readouterr().out


def test_staff_see_and_filter_the_styles(as_staff: Client, photos: dict[str, Photo]) -> None:
    photos["sure"].set_style("whole_pet", "round")
    page = page_of(as_staff, photos["sure"])
    assert [text in page for text in ("Whole pet", "Round")] == [True] * 2
    assert "Dancer" in page_of(as_staff, photos["owner"])
    video_of(Photo.objects.get(pk=photos["owner"].pk), body=Body.BIRD)
    video_of(Photo.objects.get(pk=photos["sure"].pk))
    for style, state in (("dancer", "owner"), ("whole_pet", "sure")):
        [video] = as_staff.get("/admin/videos/video/", {"style": style}).context["cl"].queryset
        assert video.photo_id == photos[state].pk
        page = as_staff.get(reverse("admin:videos_video_change", args=[video.pk])).content.decode()
        assert ("Bird" in page) is (style == "dancer")
    assert [*as_staff.get("/admin/videos/photo/", {"style": "whole_pet"}).context["cl"].queryset] == [photos["sure"]]
