"""Hostile uploads through the upload page: each gets a message, never a server error.

``tests/photos`` tests with all of these files that reading them takes bounded time and memory.
"""

from collections.abc import Callable, Iterable, Iterator
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from credits.ledger import balance_of
from tests.photos import bad_codec, hostile
from videos import photos
from videos.models import Photo
from videos.photos.isolation import decoder

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
# One of each family runs in `make test`; the rest are slow.
QUICK = {
    next(iter(hostile.BOMBS)), next(iter(hostile.OVERWORK)), next(iter(hostile.FOREIGN)), "HEIF cut at 5 tenths",
    "random bytes", "one byte too many", "nothing",
    "JPEG with a script inside", "PNG with ZIP behind", "WEBP with HTML behind",
}  # fmt: skip


def named(names: Iterable[str]) -> list[Any]:
    """Return each name as a parameter, marked as slow unless it is in ``QUICK``."""
    return [pytest.param(name, marks=[] if name in QUICK else pytest.mark.slow) for name in names]


@pytest.fixture
def failing_codec(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the decoder's process fail as the last bytes of a file say."""
    decoder.close()
    monkeypatch.setattr(decoder, "command", bad_codec.COMMAND)
    # The tests' machine may be busy, and no fault waits for this.
    monkeypatch.setattr(decoder, "patience", 100)
    yield
    decoder.close()


def upload(client: Client, data: bytes, name: str = "pet.jpg", kind: str = "image/jpeg"):
    return client.post(reverse("videos:photo"), {"image": SimpleUploadedFile(name, data, kind)})


def error_of(response) -> str:
    """Return the error message beside the form field."""
    page = response.content.decode()
    return page.split("data-problem", 1)[1].split("</div>", 1)[0].split("<li>", 1)[1].split("</li>", 1)[0]


@pytest.mark.parametrize("name", named(BAD))
def test_invalid_file_is_explained_and_costs_nothing(as_owner: Client, owner: User, name: str) -> None:
    response = upload(as_owner, BAD[name]())
    assert response.status_code == 400
    message = error_of(response)
    assert message.endswith(".")
    assert message.split(". ")[1].startswith(("Choose ", "Save ", "Try "))
    assert (Photo.objects.count(), balance_of(owner)) == (0, 5)


@pytest.mark.parametrize(
    ("fault", "status", "sentence"),
    [
        ("crashes", 400, "This file looks damaged. Try uploading it again."),
        ("is killed", 503, "We couldn't open your photo. Try again in a moment, or choose a smaller copy."),
        ("grows", 503, "We couldn't open your photo. Try again in a moment, or choose a smaller copy."),
        ("loops", 400, "We can't open this photo. Save it as a JPEG and try again."),
    ],
)
def test_file_that_kills_the_decoder_is_explained_and_the_next_upload_works(
    as_owner: Client, failing_codec: None, fault: str, status: int, sentence: str
) -> None:
    response = upload(as_owner, bad_codec.faulty(fault))
    assert (response.status_code, unescape(error_of(response))) == (status, sentence)
    assert Photo.objects.count() == 0
    assert upload(as_owner, hostile.plain("JPEG")).status_code == 302


@pytest.mark.parametrize("name", named(hostile.polyglots()))
def test_polyglot_is_stored_as_a_plain_image(as_owner: Client, name: str) -> None:
    assert upload(as_owner, hostile.polyglots()[name], "pet.html", "text/html").status_code == 302
    response = as_owner.get(reverse("videos:photo_image", args=[Photo.objects.get().pk]))
    body = b"".join(response.streaming_content)
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert [trace for trace in (b"planted", b"<script", b"%PDF", b"PK\x03\x04") if trace in body] == []


@pytest.mark.parametrize("frames", [3, pytest.param(100, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_first_frame_of_an_animation_is_stored(as_owner: Client, kind: str, frames: int) -> None:
    assert upload(as_owner, hostile.animation(kind, frames)).status_code == 302


def test_strange_file_name_is_not_used(as_owner: Client, subtests: pytest.Subtests) -> None:
    for name in ("../../etc/passwd", "pet\r\nSet-Cookie: x=1.jpg", "\u202egpj.exe", "a" * 3000, "pet\0.jpg"):
        with subtests.test(name=name[:20]):
            response = upload(as_owner, hostile.plain("JPEG"), name)
            assert response.status_code == 302
            photo = Photo.objects.latest("created_at")
            assert response.headers["Location"] == photo.get_absolute_url()
            assert photo.image.name == f"photos/{photo.pk}/photo.jpg"


def test_form_without_a_file_is_explained(as_owner: Client) -> None:
    for sent in ({}, {"image": "a word"}):
        response = as_owner.post(reverse("videos:photo"), sent)
        assert (response.status_code, error_of(response)) == (400, "Choose a photo first.")


def test_invalid_body_is_answered(as_owner: Client) -> None:
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x", "application/json", "text/plain"):
        response = as_owner.post(reverse("videos:photo"), b"\xff\xfe nonsense", content_type=kind)
        assert response.status_code == 400
