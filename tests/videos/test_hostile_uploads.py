"""Hostile files through the real page: a sentence for each, never an error of ours.

That reading them takes bounded time and memory is tested in ``tests/photos``, with all of these files.
"""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from credits.ledger import balance_of
from tests.photos import hostile
from videos import photos
from videos.models import Photo

pytestmark = pytest.mark.django_db

BAD: dict[str, Callable[[], bytes]] = {
    **hostile.BOMBS,
    **hostile.OVERWORK,
    **hostile.FOREIGN,
    **{f"{kind} cut at {tenth} tenths": (lambda kind=kind, tenth=tenth: hostile.cut(hostile.plain(kind))[tenth - 1])
       for kind in hostile.KINDS for tenth in (1, 5, 9) if (kind, tenth) != ("MPO", 9)},
    "random bytes": lambda: hostile.noise(1)[0],
    "one byte too many": lambda: hostile.plain("JPEG") + bytes(photos.MAX_BYTES + 1 - len(hostile.plain("JPEG"))),
    "nothing": lambda: b"",
}  # fmt: skip
# One of each family, in `make test`.
QUICK = {
    next(iter(hostile.BOMBS)), next(iter(hostile.OVERWORK)), next(iter(hostile.FOREIGN)), "HEIF cut at 5 tenths",
    "random bytes", "one byte too many", "nothing",
    "JPEG with a script inside", "PNG with ZIP behind", "WEBP with HTML behind",
}  # fmt: skip


def named(names: Iterable[str]) -> list[Any]:
    """Each name as a parameter; those that are not quick are slow."""
    return [pytest.param(name, marks=[] if name in QUICK else pytest.mark.slow) for name in names]


def upload(client: Client, data: bytes, name: str = "pet.jpg", kind: str = "image/jpeg"):
    return client.post(reverse("videos:photo"), {"image": SimpleUploadedFile(name, data, kind)})


def words_of(answer) -> str:
    """What stands beside the form's field."""
    page = answer.content.decode()
    return page.split("data-problem", 1)[1].split("</div>", 1)[0].split("<li>", 1)[1].split("</li>", 1)[0]


@pytest.mark.parametrize("name", named(BAD))
def test_invalid_file_is_explained_and_costs_nothing(as_owner: Client, owner: User, name: str) -> None:
    answer = upload(as_owner, BAD[name]())
    assert answer.status_code == 400
    sentence = words_of(answer)
    assert sentence.endswith(".")
    assert "please" in sentence.lower()
    assert (Photo.objects.count(), balance_of(owner)) == (0, 5)


@pytest.mark.parametrize("name", named(hostile.polyglots()))
def test_polyglot_is_stored_as_a_plain_image(as_owner: Client, name: str) -> None:
    assert upload(as_owner, hostile.polyglots()[name], "pet.html", "text/html").status_code == 302
    answer = as_owner.get(reverse("videos:photo_image", args=[Photo.objects.get().pk]))
    body = b"".join(answer.streaming_content)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert [trace for trace in (b"planted", b"<script", b"%PDF", b"PK\x03\x04") if trace in body] == []


@pytest.mark.parametrize("frames", [3, pytest.param(100, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_first_frame_of_an_animation_is_stored(as_owner: Client, kind: str, frames: int) -> None:
    assert upload(as_owner, hostile.animation(kind, frames)).status_code == 302


def test_strange_file_name_is_not_used(as_owner: Client, subtests: pytest.Subtests) -> None:
    for name in ("../../etc/passwd", "pet\r\nSet-Cookie: x=1.jpg", "\u202egpj.exe", "a" * 3000, "pet\0.jpg"):
        with subtests.test(name=name[:20]):
            answer = upload(as_owner, hostile.plain("JPEG"), name)
            assert answer.status_code == 302
            photo = Photo.objects.latest("created_at")
            assert answer.headers["Location"] == photo.get_absolute_url()
            assert photo.image.name == f"photos/{photo.pk}/photo.jpg"


def test_form_without_a_file_is_explained(as_owner: Client) -> None:
    for sent in ({}, {"image": "a word"}):
        answer = as_owner.post(reverse("videos:photo"), sent)
        assert (answer.status_code, words_of(answer)) == (400, "Choose a photo first.")


def test_invalid_body_is_answered(as_owner: Client) -> None:
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x", "application/json", "text/plain"):
        answer = as_owner.post(reverse("videos:photo"), b"\xff\xfe nonsense", content_type=kind)
        assert answer.status_code == 400
