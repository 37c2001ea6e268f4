"""Previews that the page gets on its own: for the chosen dance, one at a time, and never twice."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.videos.conftest import photo_of, prepare
from tests.videos.guests import guest_photo
from videos import dances
from videos.models import Photo, Preview

HTMX = {"HX-Request": "true"}
CHOICE = {"format": "wide", "x": "0.5", "y": "0.5"}
pytestmark = pytest.mark.django_db


def ask(client: Client, photo: Photo, dance: str, query: str = "", **more: str) -> HttpResponse:
    path = reverse("videos:ask_preview", args=[photo.pk, dance])
    return client.post(path + query, CHOICE | {"dance": dance} | more, headers=HTMX)


def choose(client: Client, photo: Photo, dance: str) -> str:
    """Ask as the page does when the visitor has chosen a dance, and return the answer."""
    return ask(client, photo, dance, auto="").content.decode()


def waiting() -> list[str]:
    return list(Preview.objects.filter(due_at__isnull=False).values_list("dance", flat=True))


@pytest.mark.engine
def test_a_new_choice_takes_the_place_of_one_that_has_not_begun(client: Client) -> None:
    photo = prepare(guest_photo(client))
    choose(client, photo, "disco")
    assert "Making the preview…" in choose(client, photo, "tango")
    assert waiting() == ["tango"]
    # Those of another photo make way as well.
    other = prepare(guest_photo(client))
    choose(client, other, "salsa")
    assert waiting() == ["salsa"]


@pytest.mark.engine
def test_a_preview_that_has_begun_is_awaited(client: Client) -> None:
    photo = prepare(guest_photo(client))
    choose(client, photo, "disco")
    begun = Preview.objects.claim_next(timezone.now(), timedelta(minutes=1))
    assert 'aria-label="Preview tango"' in choose(client, photo, "tango")
    assert waiting() == ["disco"]
    Preview.objects.filter(pk=begun.pk).update(due_at=None, file="photos/none/disco.mp4")
    choose(client, photo, "tango")
    assert waiting() == ["tango"]


def test_previews_of_other_owners_and_finished_ones_stay(as_owner: Client, prepared: Photo, stranger) -> None:
    theirs = prepare(photo_of(stranger))
    theirs.preview_of(dances.BY_SLUG["waltz"], timezone.now())
    choose(as_owner, prepared, "disco")
    Preview.objects.filter(dance="disco").update(due_at=None, file="photos/none/disco.mp4")
    choose(as_owner, prepared, "tango")
    assert sorted(Preview.objects.values_list("dance", flat=True)) == ["disco", "tango", "waltz"]


def test_photo_that_is_not_prepared_has_no_preview(as_owner: Client, photo: Photo) -> None:
    assert 'aria-label="Preview disco"' in choose(as_owner, photo, "disco")
    assert Preview.objects.count() == 0


def test_provider_has_no_automatic_preview(as_owner: Client, prepared: Photo, settings) -> None:
    settings.VIDEO_PROVIDER = "runway"
    choose(as_owner, prepared, "disco")
    assert Preview.objects.count() == 0
    assert "data-previews" not in as_owner.get(prepared.get_absolute_url()).content.decode()


def test_waiting_page_never_brings_a_preview_back(as_owner: Client, prepared: Photo) -> None:
    pending = choose(as_owner, prepared, "disco")
    assert f"{reverse('videos:ask_preview', args=[prepared.pk, 'disco'])}?wait" in pending
    choose(as_owner, prepared, "tango")
    assert 'aria-label="Preview disco"' in ask(as_owner, prepared, "disco", "?wait").content.decode()
    assert waiting() == ["tango"]


def test_automatic_previews_count_like_others(client: Client, settings) -> None:
    settings.GUEST_PREVIEWS_PER_HOUR = 2
    photo = prepare(guest_photo(client))
    statuses = []
    for dance in ("disco", "tango", "salsa"):
        statuses.append(ask(client, photo, dance, auto="").status_code)
        # To look again, or while another preview is being made, costs nothing.
        ask(client, photo, dance, "?wait")
        Preview.objects.update(due_at=None, file="photos/none/x.mp4")
    assert statuses == [200, 200, 429]
