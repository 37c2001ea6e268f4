"""Photos with a person: what the studio gets to render, and what an owner's oval changes."""

import uuid
from io import BytesIO

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils.html import escape
from PIL import Image
from skimage import data

from credits import ledger
from videos import formats, photos
from videos.models import Photo, Video
from videos.photos import advice
from videos.photos.head import Head, HeadSource
from videos.studio.raster.picture import decode, decode_mask
from videos.studio.segmentation import cutout
from videos.studio.segmentation.cutout import Cutout, Mode, People
from videos.studio.segmentation.faces import human_faces
from videos.subject import Subject
from videos.worker import cutouts
from videos.worker.inputs import load_subject

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
TALL = formats.BY_SLUG["tall"]
PET = Head(0.8, 0.75, 0.1, 0.1)


@pytest.fixture
def with_person(photo: Photo) -> Photo:
    """Return a photo of a person with the owner's answer where the pet is."""
    picture = BytesIO()
    Image.fromarray(data.astronaut()).save(picture, "JPEG")
    photo.image.name = default_storage.save(photo.storage_name("photo.jpg"), ContentFile(picture.getvalue()))
    photo.width = photo.height = 512
    faces = human_faces(np.ascontiguousarray(data.astronaut()[..., ::-1]))
    photo.cutout_info = Cutout(mask=None, passes=1, faces=faces, people=People.TOUCHING, heads=()).info
    photo.head, photo.head_source, photo.head_confidence = PET.as_json, HeadSource.OWNER, 1.0
    photo.save()
    return photo


def faces_in(subject: Subject) -> int:
    pictures = [subject.frame, *(subject.whole or ())[:1]]
    return sum(len(human_faces(decode(picture))) for picture in pictures)


def test_a_card_is_made_of_the_pets_side(with_person: Photo) -> None:
    side = load_subject(with_person, TALL, photos.Focus(), PET, cutout=True)
    assert side.mask is None
    assert side.whole is not None
    assert faces_in(side) == 0
    assert decode_mask(side.whole[1]).min() == 1
    assert decode(side.frame).shape[:2] == (TALL.height, TALL.width)


def test_a_card_without_a_known_head_shows_nobody(with_person: Photo) -> None:
    assert faces_in(load_subject(with_person, TALL, photos.Focus(), None, cutout=False)) == 0


def test_a_photo_without_people_stays_as_it_is(with_person: Photo) -> None:
    with_person.cutout_info["faces"] = []
    assert faces_in(load_subject(with_person, TALL, photos.Focus(), PET, cutout=False)) == 1


def test_a_pet_that_is_cut_out_keeps_its_photo(with_person: Photo) -> None:
    mask = Image.new("L", (64, 64))
    mask.paste(255, (44, 36, 60, 60))
    file = BytesIO()
    mask.save(file, "PNG")
    with_person.mask.name = default_storage.save(with_person.storage_name("mask.png"), ContentFile(file.getvalue()))
    cut = load_subject(with_person, TALL, photos.Focus(), PET, cutout=True)
    assert cut.whole == (with_person.image.open().read(), file.getvalue())
    assert faces_in(load_subject(with_person, TALL, photos.Focus(), PET, cutout=False)) == 0


def test_the_owners_oval_separates_the_pet_again(with_person: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def cut_out(image: bytes, report: object, *, head: Head | None = None) -> Cutout:
        asked.append(head)
        return Cutout(mask=None, passes=2, mode=Mode.PRINT, faces=((0.1, 0.1, 0.2, 0.2),), people=People.TOUCHING)

    monkeypatch.setattr(cutout, "cut_out", cut_out)
    Photo.objects.update(mask=default_storage.save(with_person.storage_name("mask.png"), ContentFile(b"old")))
    with_person.refresh_from_db()
    cutouts.prepare(with_person)
    with_person.refresh_from_db()
    assert asked == [PET]
    assert (with_person.mask.name, with_person.cutout_info["passes"]) == ("", 2)
    assert not default_storage.exists(with_person.storage_name("mask.png"))


def test_a_head_sent_with_the_upload_separates_the_pet_at_once(
    with_person: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def cut_out(image: bytes, report: object, *, head: Head | None = None) -> Cutout:
        asked.append(head)
        return Cutout(mask=None, passes=1, faces=((0.1, 0.1, 0.2, 0.2),), people=People.TOUCHING, heads=())

    monkeypatch.setattr(cutout, "cut_out", cut_out)
    Photo.objects.update(cutout_info={})
    with_person.refresh_from_db()
    cutouts.prepare(with_person)
    assert asked == [None, PET]


def test_a_persons_face_is_no_head_sticker(with_person: Photo) -> None:
    with_person.cutout_info = Cutout(mask=None, passes=1, people=People.TOUCHING, heads=()).info
    cutouts.prepare(with_person)
    assert with_person.head_sticker
    [left, top, right, bottom] = human_faces(np.ascontiguousarray(data.astronaut()[..., ::-1]))[0]
    face = Head((left + right) / 2, (top + bottom) / 2, 0.1, 0.1)
    with_person.cutout_info = Cutout(mask=None, faces=((left, top, right, bottom),), heads=()).info
    with_person.head, with_person.head_source = face.as_json, HeadSource.DETECTOR
    with_person.save()
    cutouts.prepare(with_person)
    with_person.refresh_from_db()
    assert not with_person.head_sticker


def test_a_likely_head_is_enough_to_show_no_person(with_person: Photo) -> None:
    """Nobody has confirmed it, but the card is better than a blurred person."""
    with_person.head_source, with_person.head_confidence = HeadSource.DETECTOR, 0.5
    card = load_subject(with_person, TALL, photos.Focus(), None, cutout=False)
    assert card.whole is not None
    shown = decode(card.whole[0])
    assert shown.shape[0] < 512
    with_person.head_confidence = 0.2
    blurred = load_subject(with_person, TALL, photos.Focus(), None, cutout=False)
    assert blurred.whole is not None
    assert decode(blurred.whole[0]).shape[:2] == (512, 512)


@pytest.mark.parametrize("confidence", [0.1, None])
def test_a_photo_of_people_only_is_refused_before_a_credit_is_spent(
    as_owner: Client, with_person: Photo, confidence: float | None
) -> None:
    """The head is unlikely, or the owner has said that there is none."""
    answer = {"head_source": "detector", "head_confidence": confidence}
    if confidence is None:
        answer = {"head_source": "owner", "head": None}
    info = with_person.cutout_info | {"people": "alone"}
    Photo.objects.update(cutout_info=info, **answer)
    with_person.refresh_from_db()
    assert with_person.shows_only_people
    before = ledger.balance_of(with_person.user)
    form = {"dance": "disco", "format": "tall", "x": 0.5, "y": 0.5, "idempotency_key": uuid.uuid4()}
    response = as_owner.post(with_person.get_absolute_url(), form)
    assert response.status_code == 409
    assert escape(advice.PERSON_ONLY) in response.content.decode()
    assert (Video.objects.count(), ledger.balance_of(with_person.user)) == (0, before)
    Photo.objects.update(head=PET.as_json, head_source="owner", head_confidence=1.0)
    assert as_owner.post(with_person.get_absolute_url(), form).status_code == 302


def test_a_pet_that_cannot_be_cut_out_is_shown_with_less_around_it(with_person: Photo) -> None:
    Photo.objects.update(cutout_info=Cutout(mask=None, passes=2, heads=()).info)
    with_person.refresh_from_db()
    card = load_subject(with_person, TALL, photos.Focus(), PET, cutout=True)
    assert card.whole is not None
    assert decode(card.whole[0]).shape[:2] == (369, 369)
    assert load_subject(with_person, TALL, photos.Focus(), None, cutout=True).whole is None
    large = Head(0.5, 0.5, 0.3, 0.3)
    assert load_subject(with_person, TALL, photos.Focus(), large, cutout=True).whole is None
