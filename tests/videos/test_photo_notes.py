"""The notes that owners get about a photo, and the metadata that is removed from it."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from PIL import Image

from tests.photos.assertions import TRACES
from tests.photos.sample_images import XMP, adobe_profile, exif, iptc, pet, saved, with_segments
from videos import photos
from videos.models import Photo
from videos.photos import advice
from videos.photos.advice import cutout_notes
from videos.photos.head import FoundHead, Head, HeadSource
from videos.studio.segmentation.cutout import Cutout, Mode, People
from videos.worker import cutouts

DETECTED = {"cover": 0.3, "confidence": 0.9, "agreement": 1.0, "passes": 1}


@pytest.mark.parametrize("mode", [Mode.FULL, Mode.BUST])
def test_a_pet_that_was_found_gets_no_note(mode: Mode) -> None:
    assert cutout_notes(Cutout(b"a mask", **DETECTED, mode=mode).info, found=True, as_print=True) == []


@pytest.mark.parametrize("info", [{}, {"mode": "print"}, Cutout(mask=None).info])
def test_photo_without_a_model_gets_no_note(info: dict) -> None:
    assert cutout_notes(info, found=False, as_print=True) == []


@pytest.mark.parametrize(
    ("found", "cover", "note"),
    [
        (False, 0.3, advice.NOT_FOUND),
        (True, 0.02, advice.TOO_SMALL),
        (True, 0.9, advice.TOO_CLOSE),
        (True, 0.4, advice.CUT_OFF),
    ],
)
def test_print_is_explained(found: bool, cover: float, note: str) -> None:
    info = Cutout(b"", **DETECTED | {"cover": cover}, mode=Mode.PRINT).info
    assert cutout_notes(info, found=found, as_print=True) == [f"{note} {advice.SHOWN_AS_PRINT}"]
    assert cutout_notes(info, found=found, as_print=False) == [f"{note} {advice.BETTER_PHOTO}"]


@pytest.mark.parametrize("cover", [0.5, 0.76, 0.86])
def test_close_portrait_gets_no_note(cover: float) -> None:
    info = Cutout(b"", **DETECTED | {"cover": cover}, mode=Mode.PRINT).info
    assert cutout_notes(info, found=True, as_print=True) == []


@pytest.mark.parametrize("mode", list(Mode))
def test_person_always_gets_a_note(mode: Mode) -> None:
    info = Cutout(b"", **DETECTED, mode=mode, faces=((0.1, 0.1, 0.2, 0.2),)).info
    assert cutout_notes(info, found=True, as_print=True)[0] == advice.PERSON


@pytest.mark.django_db
def test_the_page_asks_for_notes_until_the_photo_is_prepared(as_owner: Client, photo: Photo) -> None:
    address = reverse("videos:photo_notes", args=[photo.pk])
    polling = f'data-hx-get="{address}"'
    assert polling in as_owner.get(photo.get_absolute_url()).content.decode()
    assert polling in as_owner.get(address).content.decode()
    info = Cutout(None, **DETECTED | {"confidence": 0.3}).info
    Photo.objects.update(due_at=None, cutout_info=info, quality_notes=["This photo is dark."])
    for page in (as_owner.get(address), as_owner.get(photo.get_absolute_url())):
        html = page.content.decode()
        assert polling not in html
        assert escape(advice.NOT_FOUND) in html
        assert "This photo is dark." in html


@pytest.mark.django_db
def test_stranger_cannot_see_notes(as_stranger: Client, photo: Photo) -> None:
    assert as_stranger.get(reverse("videos:photo_notes", args=[photo.pk])).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("info", [{"mode": "print"}, pytest.param({}, id="cut out", marks=pytest.mark.slow)])
def test_no_stored_or_sent_file_has_a_location(as_owner: Client, info: dict) -> None:
    """Search all stored bytes of a photo, and the frame that a provider gets."""
    options = {"exif": exif(), "xmp": XMP, "icc_profile": adobe_profile(), "comment": "planted-secret-4711"}
    upload = with_segments(saved(pet(), "JPEG", **options), iptc())
    assert all(trace in upload for trace in (b"Exif", b"8BIM", b"http://ns.adobe.com", b"ICC_PROFILE"))
    as_owner.post(reverse("videos:photo"), {"image": SimpleUploadedFile("pet.jpg", upload, "image/jpeg")})
    photo = Photo.objects.get()
    photo.cutout_info = info
    cutouts.prepare(photo)
    stored_files = {stored.name: stored for stored in default_storage.list_files()}
    assert {name.rsplit("/")[-1] for name in stored_files} >= {"photo.jpg", "thumbnail.webp", "sticker.webp"}
    bodies = {}
    for name in stored_files:
        with default_storage.open(name) as file:
            bodies[name] = file.read()
    bodies["frame"] = photos.exact_frame(bodies[photo.image.name], photo.proposed_format, photo.focus)
    traces = (*TRACES, b"EXIF", b"XMP ", b"GPSL", b"ICCP", b"eXIf", b"iTXt", b"tEXt", b"zTXt", b"iCCP")
    assert [(name, trace) for name, body in bodies.items() for trace in traces if trace in body] == []
    for name in stored_files:
        with default_storage.open(name) as file, Image.open(file) as picture:
            assert not picture.getexif()
            assert not {"exif", "xmp", "icc_profile", "comment", "photoshop"} & set(picture.info)
    page = as_owner.get(photo.get_absolute_url()).content.decode()
    removed = "location, camera info, editing notes, caption and credits, comments, color profile"
    assert f"Metadata removed: {removed}." in page


def test_note_on_a_person_does_not_deny_a_pet_that_the_page_asks_about() -> None:
    head, doubtful = (FoundHead(Head(0.7, 0.4, 0.1, 0.1), sure, HeadSource.DETECTOR) for sure in (0.7, 0.3))
    faces = ((0.1, 0.1, 0.3, 0.4),)
    for heads, note in (((head,), advice.PERSON_AND_HEAD), ((doubtful,), advice.PERSON_ONLY), ((), advice.PERSON_ONLY)):
        info = Cutout(mask=None, passes=1, faces=faces, people=People.ALONE, heads=heads).info
        assert cutout_notes(info, found=False, as_print=True) == [note]
