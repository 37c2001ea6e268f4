"""A pet in touch with a person: no part of the person is cut out or shown on a card.

The person is the astronaut of scikit-image (NASA, public domain), and the pets are drawn.
"""

import functools
from io import BytesIO
from typing import NamedTuple

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage import data

from tests.studio.conftest import drawn_dog, encoded
from videos.photos import Focus, advice
from videos.photos.head import FoundHead, Head, HeadSource, pets_only
from videos.studio.raster.picture import decode, decode_mask
from videos.studio.segmentation import cutout as cutouts
from videos.studio.segmentation.cutout import Cutout, Mode, People, cut_out, sticker
from videos.studio.segmentation.faces import confirmed_faces, face_candidates, human_faces, without_pets
from videos.studio.segmentation.heads import find_heads
from videos.studio.segmentation.people import oval_mask, person_at, without_people
from videos.studio.segmentation.pet_side import pet_box, pet_side

WIDTH, HEIGHT = 840, 640
RIM = 8
# Where the pet's feet are (x, y), its height and its tilt in degrees. The person's face is at (344, 213).
PLACES = {
    "beside": (640, 630, 420, 0),
    "before the chest": (360, 600, 260, 0),
    "on the lap": (430, 639, 330, 0),
    "over the shoulder": (520, 420, 260, -25),
    "cheek to cheek": (470, 380, 260, 0),
}


class Scene(NamedTuple):
    """A photo (RGB) of a person and a pet, the pet's pixels (bool), its head, and the faces of people."""

    photo: np.ndarray
    pet: np.ndarray
    head: Head
    faces: tuple[tuple[float, float, float, float], ...]


@functools.cache
def scene(place: str, fur: str = "grey", people: int = 1) -> Scene:
    photo = np.full((HEIGHT, WIDTH, 3), (120, 150, 130), np.uint8)
    person = data.astronaut()
    photo[HEIGHT - 512 :, 120 : 120 + 512] = person
    if people == 2:
        photo[HEIGHT - 512 :, 420:] = person[:, ::-1][:, 92:]
    faces = human_faces(np.ascontiguousarray(photo[..., ::-1]))
    dog, mask = drawn_dog()
    if fur == "grey":
        dog = cv2.cvtColor(cv2.cvtColor(dog, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    x, y, size, tilt = PLACES[place]
    by = size / 640
    move = cv2.getRotationMatrix2D((320, 595), tilt, by)
    move[:, 2] += np.array([x, y]) - (320, 595)
    pasted = cv2.warpAffine(dog, move, (WIDTH, HEIGHT), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    pet = cv2.warpAffine(mask, move, (WIDTH, HEIGHT)) > 127
    photo[pet] = pasted[pet]
    middle = move @ np.array([320, 595 - 0.64 * 595, 1])
    radius = 0.18 * size
    return Scene(
        photo,
        pet,
        Head(middle[0] / WIDTH, middle[1] / HEIGHT, radius / WIDTH, 1.1 * radius / WIDTH, float(-tilt)),
        faces,
    )


def bgr(scene: Scene) -> np.ndarray:
    return np.ascontiguousarray(scene.photo[..., ::-1])


def everybody(scene: Scene) -> np.ndarray:
    """Return a mask of the pet and of all people, as the cut-out model may return it."""
    people = [person_at(face, scene.pet.shape) for face in scene.faces]
    return np.any([scene.pet, *(person.head | person.body for person in people)], axis=0).astype(np.float32)


def beyond_the_pet(scene: Scene, mask: np.ndarray) -> int:
    """Return how many pixels of ``mask`` (float32, any size) lie outside the pet and a rim around it."""
    near = cv2.dilate(scene.pet.astype(np.uint8), np.ones((2 * RIM + 1, 2 * RIM + 1), np.uint8)) > 0
    shown = cv2.resize(mask, (scene.pet.shape[1], scene.pet.shape[0])) > 0.5
    return int((shown & ~near).sum())


@pytest.mark.parametrize("people", [1, pytest.param(2, marks=pytest.mark.slow)])
@pytest.mark.parametrize("fur", ["grey", pytest.param("brown", marks=pytest.mark.slow)])
@pytest.mark.parametrize("place", PLACES)
def test_no_pixel_of_a_person_in_touch_with_a_pet_is_kept(place: str, fur: str, people: int) -> None:
    together = scene(place, fur, people)
    assert len(together.faces) == people
    kept = without_people(everybody(together), bgr(together), together.faces, [together.head])
    assert kept is None or beyond_the_pet(together, kept) == 0


def test_a_pet_beside_a_person_is_kept_whole() -> None:
    together = scene("beside")
    kept = without_people(everybody(together), bgr(together), together.faces, [together.head])
    assert kept is not None
    assert (kept > 0.5)[together.pet].mean() > 0.9


@pytest.mark.parametrize("head", [True, False], ids=["head known", "head unknown"])
@pytest.mark.parametrize(
    "place", [place if place == "beside" else pytest.param(place, marks=pytest.mark.slow) for place in PLACES]
)
def test_a_person_is_never_cut_out(place: str, head: bool) -> None:
    together = scene(place)
    cutout = cut_out(encoded(together.photo), head=together.head if head else None)
    assert cutout.faces
    assert cutout.people is not People.NONE
    mask = cutout.pet_mask(Focus())
    assert mask is None or beyond_the_pet(together, decode_mask(mask)) == 0


def test_a_person_without_a_pet_is_not_cut_out() -> None:
    cutout = cut_out(encoded(data.astronaut()))
    assert (cutout.mask, cutout.mode, cutout.people) == (None, Mode.PRINT, People.ALONE)
    assert advice.cutout_notes(cutout.info, found=False, as_print=True) == [advice.PERSON_ONLY]


def test_a_pet_in_touch_with_a_person_gets_a_note() -> None:
    cutout = Cutout(mask=None, passes=1, faces=((0.1, 0.1, 0.2, 0.2),), people=People.TOUCHING)
    restored = Cutout.from_info(None, cutout.info)
    assert restored == cutout
    [note] = advice.cutout_notes(restored.info, found=False, as_print=True)
    assert note.startswith(advice.TOO_CLOSE_TO_PERSON)


def test_an_oval_at_a_persons_face_is_no_pet() -> None:
    together = scene("on the lap")
    left, top, right, bottom = together.faces[0]
    face = Head((left + right) / 2, (top + bottom) / 2, 0.1, 0.1)
    assert pets_only([face, together.head], together.faces) == [together.head]
    assert without_people(everybody(together), bgr(together), together.faces, [face]) is None


def test_mask_without_faces_is_returned_unchanged() -> None:
    mask = np.ones((20, 30), np.float32)
    assert without_people(mask, np.zeros((20, 30, 3), np.uint8), (), []) is mask


def test_a_piece_of_a_body_apart_from_the_face_is_left_out() -> None:
    """A leg that the model found without its person is no pet, and a pet apart from the person stays."""
    mask = np.zeros((200, 200), np.float32)
    face = (0.2, 0.1, 0.3, 0.2)
    mask[100:190, 40:64] = mask[100:190, 120:190] = 1
    kept = without_people(mask, np.zeros((200, 200, 3), np.uint8), [face], [])
    assert kept is not None
    assert not kept[:, :100].any()
    assert np.array_equal(kept[:, 100:], mask[:, 100:])


@pytest.mark.parametrize(
    ("place", "people"), [*((place, 1) for place in PLACES), ("cheek to cheek", 2), ("on the lap", 2)]
)
def test_a_card_shows_no_person(place: str, people: int) -> None:
    """The card is a part of the photo beside all people, or the pet's head alone."""
    together = scene(place, people=people)
    picture = decode(pet_side(encoded(together.photo, "PNG"), together.faces, together.head))
    box = pet_box(together.pet.shape, together.faces, together.head)
    if box is None:
        # The person's colours beside the oval are gone: the corners are smooth.
        assert picture.shape[0] < 0.6 * HEIGHT
        corner = picture[: picture.shape[0] // 10, : picture.shape[1] // 10].reshape(-1, 3).astype(float)
        assert corner.std(axis=0).max() < 6
        return
    left, top, right, bottom = box
    assert picture.shape[:2] == (bottom - top, right - left)
    for face in together.faces:
        person = person_at(face, together.pet.shape)
        assert not (person.head | person.body)[top:bottom, left:right].any()
    assert oval_mask(together.head, together.pet.shape)[top:bottom, left:right].sum() == (
        oval_mask(together.head, together.pet.shape).sum()
    )


def test_the_framed_sticker_shows_no_person() -> None:
    together = scene("cheek to cheek")
    photo, cutout = encoded(together.photo), Cutout(mask=None, faces=together.faces, people=People.TOUCHING)
    assert len(human_faces(bgr(together))) == 1
    for head in (None, together.head):
        with Image.open(BytesIO(sticker(photo, cutout, cut=False, head=head))) as image:
            pixels = np.asarray(image.convert("RGB"))
        assert len(human_faces(np.ascontiguousarray(pixels[..., ::-1]))) == 0


def test_people_are_blurred_if_no_pets_head_is_known() -> None:
    together = scene("cheek to cheek")
    left, top, right, bottom = together.faces[0]
    on_the_person = Head((left + right) / 2, (top + bottom) / 2, 0.1, 0.1)
    before = bgr(together).astype(int)
    for head in (None, on_the_person):
        after = decode(pet_side(encoded(together.photo), together.faces, head)).astype(int)
        assert after.shape == before.shape
        assert human_faces(after.astype(np.uint8)) == ()
        # The far edge of the photo, where nobody stands, is as it was.
        assert np.abs(after[:, :20] - before[:, :20]).mean() < 4 or np.abs(after[:, -20:] - before[:, -20:]).mean() < 4


def test_a_pet_that_looks_like_a_person_is_a_pet() -> None:
    """A face counts as a pet's only where the head finder is certain, which it never is of a person's face."""
    together = scene("on the lap")
    [candidate, *_] = face_candidates(bgr(together))
    left, top, right, bottom = candidate.box
    face = Head((left + right) / 2, (top + bottom) / 2, 0.1, 0.1)
    shape = bgr(together).shape
    for confidence, kept in ((0.9, [candidate]), (0.96, [])):
        found = [FoundHead(face, confidence, HeadSource.DETECTOR)]
        assert without_pets([candidate], found, shape) == kept
    elsewhere = [FoundHead(together.head, 1.0, HeadSource.DETECTOR)]
    assert without_pets([candidate], elsewhere, shape) == [candidate]
    assert without_pets([candidate], find_heads(bgr(together)), shape) == [candidate]


@pytest.mark.parametrize("tilt", [0, 30, 60])
@pytest.mark.parametrize("across", [230, 60, 30], ids=["near", "far", "very far"])
def test_small_and_tilted_faces_are_found(across: int, tilt: int) -> None:
    """The face is ``across`` pixels wide, in a photo of 640. Faces of 30 pixels are seen in tiles only."""
    scale = across / 100
    photo = cv2.GaussianBlur(cv2.resize(data.coffee(), (640, 480)), (0, 0), 2)
    move = cv2.getRotationMatrix2D((224, 112), tilt, scale)
    move[:, 2] += np.array([300, 200]) - (224, 112)
    person = cv2.warpAffine(data.astronaut(), move, (640, 480), flags=cv2.INTER_AREA)
    inside = cv2.warpAffine(np.full((512, 512), 255, np.uint8), move, (640, 480)) > 127
    photo[inside] = person[inside]
    assert len(human_faces(np.ascontiguousarray(photo[..., ::-1]))) == 1


def test_a_weak_face_counts_beside_a_pet_only(monkeypatch: pytest.MonkeyPatch) -> None:
    together = scene("beside")
    [candidate, *_] = face_candidates(bgr(together))
    weak = candidate._replace(score=0.4)
    on_it = Head(*((weak.box[0] + weak.box[2]) / 2, (weak.box[1] + weak.box[3]) / 2, 0.1, 0.1))
    shape = together.pet.shape
    assert confirmed_faces([weak]) == ()
    assert confirmed_faces([weak], [together.head], shape) == (weak.box,)
    assert confirmed_faces([weak], [on_it], shape) == ()
    monkeypatch.setattr(cutouts, "face_candidates", lambda picture: (weak,))
    assert cut_out(encoded(together.photo), head=together.head).faces == (weak.box,)
