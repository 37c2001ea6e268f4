"""The pet's name on the page of a photo: optional, asked once, and proposed for the next photo."""

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.videos.conftest import photo_of, prepare
from tests.videos.guests import guest_photo
from videos import names
from videos.models import Photo, Video

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
HTMX = {"HX-Request": "true"}
QUESTION = "What's your pet's name?"


def url_of(photo: Photo) -> str:
    return reverse("videos:set_name", args=[photo.pk])


def save(client: Client, photo: Photo, name: str, **more: str) -> Any:
    return client.post(url_of(photo), {"pet_name": name, **more}, headers=HTMX)


def page_of(client: Client, photo: Photo) -> str:
    return html.unescape(client.get(photo.get_absolute_url()).content.decode())


def pet_name_of(photo: Photo) -> str:
    return Photo.objects.get(pk=photo.pk).pet_name


def order(photo: Photo, **fields: str) -> dict[str, str]:
    key = "5f0e7c1c-8f4b-4f57-9c32-000000000001"
    return {"dance": "disco", "format": "tall", "x": "0.5", "y": "0.5", "idempotency_key": key} | fields


def test_name_is_asked_for_once(as_owner: Client, photo: Photo) -> None:
    page = page_of(as_owner, photo)
    assert QUESTION in page
    assert f'maxlength="{names.MAX_NAME}"' in page
    answer = html.unescape(save(as_owner, photo, " Biscuit ").content.decode())
    assert ('value="Biscuit"' in answer, "Saved." in answer, QUESTION in answer) == (True, True, False)
    page = page_of(as_owner, photo)
    assert ('value="Biscuit"' in page, QUESTION in page) == (True, False)
    assert "<title>Pick a dance for Biscuit" in page
    assert "Cutting out Biscuit…" in page
    assert "Delete Biscuit's photo" in page


def test_large_picture_has_the_name_as_its_caption(as_owner: Client, photo: Photo) -> None:
    caption = '<div class="stage-name" id="stage-name" dir="auto"{}>{}</div>'
    assert caption.format("", "") in page_of(as_owner, photo)
    answer = html.unescape(save(as_owner, photo, "Biscuit <3").content.decode())
    assert caption.format(' data-hx-swap-oob="outerMorph"', "Biscuit <3") in answer
    assert caption.format("", "Biscuit <3") in page_of(as_owner, photo)


def test_name_can_be_changed_and_removed(as_owner: Client, photo: Photo) -> None:
    save(as_owner, photo, "Biscuit")
    save(as_owner, photo, "Gus", name_was="Biscuit")
    assert pet_name_of(photo) == "Gus"
    save(as_owner, photo, "", name_was="Gus")
    assert pet_name_of(photo) == ""


def test_without_javascript_the_choice_is_kept(as_owner: Client, photo: Photo) -> None:
    response = as_owner.post(url_of(photo), order(photo, pet_name="Biscuit"))
    assert response.headers["Location"] == f"{photo.get_absolute_url()}?dance=disco&format=tall&x=0.5&y=0.5#name"
    assert pet_name_of(photo) == "Biscuit"


def test_name_that_is_too_long_is_refused(as_owner: Client, photo: Photo) -> None:
    save(as_owner, photo, "Biscuit")
    for name in ("x" * 31, "x" * 10_000):
        response = save(as_owner, photo, name)
        assert response.status_code == 400
        assert "up to 30 characters" in response.content.decode()
        assert as_owner.post(url_of(photo), {"pet_name": name}).status_code == 302
        assert "up to 30 characters" in page_of(as_owner, photo)
    assert pet_name_of(photo) == "Biscuit"


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ('"><script>alert(1)</script>', '"><script>alert(1)</script>'),
        ("Bis\x00cuit\r\nX: y", "Biscuit X: y"),
        ("\u202eevil", "evil"),
        ("🐶 もち", "🐶 もち"),
    ],
)
def test_hostile_name_does_no_harm(as_owner: Client, photo: Photo, name: str, stored: str) -> None:
    assert save(as_owner, photo, name).status_code == 200
    assert pet_name_of(photo) == stored
    page = as_owner.get(photo.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert stored in html.unescape(page)


def test_order_brings_the_name_that_was_typed(as_owner: Client, prepared: Photo) -> None:
    response = as_owner.post(prepared.get_absolute_url(), order(prepared, pet_name="Biscuit", name_was=""))
    assert response.status_code == 302
    assert (pet_name_of(prepared), Video.objects.get().pet_name) == ("Biscuit", "Biscuit")


@pytest.mark.parametrize("fields", [{}, {"pet_name": "", "name_was": ""}, {"pet_name": "x" * 31, "name_was": ""}])
def test_name_never_stands_in_the_way_of_a_video(as_owner: Client, prepared: Photo, fields: dict[str, str]) -> None:
    response = as_owner.post(prepared.get_absolute_url(), order(prepared, **fields))
    assert response.headers["Location"] == Video.objects.get().get_absolute_url()
    assert (pet_name_of(prepared), Video.objects.get().pet_name) == ("", "")


def test_page_that_is_out_of_date_keeps_the_name_of_another_tab(as_owner: Client, prepared: Photo) -> None:
    save(as_owner, prepared, "Biscuit")
    as_owner.post(prepared.get_absolute_url(), order(prepared, pet_name="", name_was=""))
    assert (pet_name_of(prepared), Video.objects.get().pet_name) == ("Biscuit", "Biscuit")


def proposals(client: Client, photo: Photo) -> list[str]:
    return re.findall(r'name="name_again" value="([^"]*)"', page_of(client, photo))


def test_new_photo_proposes_the_last_names(as_owner: Client, photo: Photo, stranger: Any) -> None:
    for name in ("Old", "Gus", "Biscuit", "Gus", "Rex"):
        photo_of(photo.user).set_pet_name(name)
    photo_of(stranger).set_pet_name("Foreign")
    deleted = prepare(photo_of(photo.user))
    deleted.set_pet_name("Gone")
    deleted.delete_by_owner(deleted.created_at)
    assert proposals(as_owner, photo) == ["Rex", "Gus", "Biscuit"]
    answer = as_owner.post(url_of(photo), {"pet_name": "", "name_again": "Gus"}, headers=HTMX)
    assert 'value="Gus"' in answer.content.decode()
    assert (pet_name_of(photo), proposals(as_owner, photo)) == ("Gus", [])


def test_guest_names_the_pet_and_other_guests_see_nothing(client: Client) -> None:
    photo = guest_photo(client)
    assert save(client, photo, "Biscuit").status_code == 200
    assert proposals(client, guest_photo(client)) == ["Biscuit"]
    other = Client()
    assert proposals(other, guest_photo(other)) == []


def test_stranger_cannot_name_the_pet(as_stranger: Client, photo: Photo) -> None:
    assert save(as_stranger, photo, "Mine").status_code == 404
    assert pet_name_of(photo) == ""


def test_deleted_photo_has_no_name(as_owner: Client, prepared: Photo) -> None:
    save(as_owner, prepared, "Biscuit")
    as_owner.post(reverse("videos:delete_photo", args=[prepared.pk]))
    assert pet_name_of(prepared) == ""
    prepared.set_pet_name("Late")
    assert pet_name_of(prepared) == ""
