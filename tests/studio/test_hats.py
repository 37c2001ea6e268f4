"""Hats sit on the skull of a known head, at its size, with the ears before them. Without a known head there is none."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from tests.studio.conftest import DOG_HEAD, Photo, drawn_dog, encoded
from videos.dances import BY_SLUG, DANCES
from videos.photos.head import Head
from videos.studio.puppet.hats import HATS, Pen
from videos.studio.puppet.puppet import Puppet, cut_puppet
from videos.studio.puppet.skull import Skull, ears_of, measure_skull
from videos.studio.puppet.wear import HAT_WIDTH, USUAL_EYES, add_hat, draw_hat
from videos.studio.raster.canvas import Canvas
from videos.studio.render import Scene
from videos.studio.segmentation.cutout import Mode
from videos.studio.segmentation.head_shape import Oval
from videos.subject import Subject

WORN = sorted({dance.hat for dance in DANCES})
FLOWERS = ("hibiscus", "wreath")


def mask_of(*ovals: tuple[float, float, float, float, float], size: int = 600) -> np.ndarray:
    """Return a bool mask of ovals (x, y, half width, half height, turn)."""
    mask = np.zeros((size, size), np.uint8)
    for x, y, rx, ry, turn in ovals:
        cv2.ellipse(mask, (round(x), round(y)), (round(rx), round(ry)), turn, 0, 360, 1, -1)
    return mask > 0


CAT = ((300, 240, 80, 75, 0), (240, 160, 22, 60, -18), (360, 160, 22, 60, 18), (300, 430, 130, 150, 0))
CAT_OVAL = Oval(300, 215, 95, 105, 0)


def test_ears_do_not_count_as_skull() -> None:
    """The crown lies between pointed ears, and ears that hang do not widen the skull."""
    skull = measure_skull(mask_of(*CAT), CAT_OVAL)
    assert skull is not None
    assert (skull.x, skull.y) == (pytest.approx(300, abs=3), pytest.approx(165, abs=6))
    assert skull.width == pytest.approx(160, rel=0.1)
    hanging = ((300, 240, 80, 75, 0), (215, 265, 28, 60, 12), (385, 265, 28, 60, -12), (300, 430, 130, 150, 0))
    floppy = measure_skull(mask_of(*hanging), Oval(300, 240, 115, 85, 0))
    assert floppy is not None
    assert floppy.width == pytest.approx(160, rel=0.12)


@pytest.mark.parametrize("tilt", [-40, 25])
def test_tilted_head_has_a_tilted_crown(tilt: float) -> None:
    turned = cv2.getRotationMatrix2D((300, 215), -tilt, 1)
    mask = cv2.warpAffine(mask_of(*CAT).astype(np.uint8), turned, (600, 600)) > 0
    skull = measure_skull(mask, replace(CAT_OVAL, tilt=tilt))
    assert skull is not None
    x, y = turned @ (300, 165, 1)
    assert (skull.x, skull.y) == (pytest.approx(x, abs=5), pytest.approx(y, abs=5))
    assert skull.width == pytest.approx(160, rel=0.1)


def test_body_behind_the_head_does_not_count() -> None:
    skull = measure_skull(mask_of((300, 240, 80, 75, 0), (430, 230, 170, 160, 0)), Oval(300, 240, 82, 78, 0))
    assert skull is not None
    assert skull.width <= 165
    assert skull.y == pytest.approx(165, abs=6)


@pytest.mark.parametrize(
    "oval",
    [replace(CAT_OVAL, tilt=95), replace(CAT_OVAL, x=60, y=60), replace(CAT_OVAL, x=90)],
    ids=["on its side", "elsewhere", "beside the pet"],
)
def test_no_skull_where_no_hat_could_sit(oval: Oval) -> None:
    assert measure_skull(mask_of(*CAT), oval) is None


@pytest.mark.parametrize("name", WORN)
def test_a_hat_is_as_wide_as_the_skull(name: str) -> None:
    """It is 1.0 to 1.2 times as wide, peaks and knots on one side left out. A flower is smaller."""
    hat, skull = HATS[name], Skull(400, 400, 200, 0)
    assert hat.front is not None
    canvas = Canvas(np.zeros((800, 800, 3), np.uint8))
    hat.front(Pen(canvas, skull.x, skull.y, HAT_WIDTH / hat.width * skull.width))
    columns = np.flatnonzero((canvas.alpha > 128).any(axis=0))
    share = 2 * (400 - columns[0]) / skull.width
    assert share <= 1.22
    assert name == "hibiscus" or share >= 1.0


@pytest.mark.parametrize("name", WORN)
def test_the_picture_has_room_for_the_hat(name: str) -> None:
    """The white outline surrounds all of it, also on a tilted head."""
    pixels, mask = drawn_dog(400, 400)
    alpha = mask.astype(np.float32) / 255
    for tilt in (-30, 0, 30):
        head = Oval(200, 150, 70, 70, tilt)
        drawn = cut_puppet(pixels, alpha, Mode.FULL, HATS[name], head=head).texture.chroma[..., 2]
        edges = (drawn[0], drawn[-1], drawn[:, 0], drawn[:, -1])
        assert max(int(edge.max()) for edge in edges) == 0


def scene_of(dog: Photo, slug: str, head: Head | None, *, cutout: bool = True) -> Scene:
    return Scene(Subject(*dog, cutout=cutout, head=head), dance=BY_SLUG[slug], width=160, height=160, seed=1)


def test_only_a_known_head_wears_a_hat(dog: Photo) -> None:
    """Without one, a dance with a tall hat and one with a band show the same bare pet. A card wears its hat."""
    bare = [scene_of(dog, slug, None).performer.puppet for slug in ("tap", "disco")]
    assert [puppet.foot[1] - puppet.height < 15 for puppet in bare] == [True, True]
    hatted = scene_of(dog, "tap", DOG_HEAD).performer.puppet
    assert hatted.foot[1] - hatted.height > 15
    cards = [scene_of(dog, slug, None, cutout=False).performer.puppet for slug in ("tap", "floss")]
    tall, low = (card.foot[1] - card.height for card in cards)
    assert tall > low + 5


def test_a_bare_pet_is_the_same_in_every_dance() -> None:
    pixels, mask = drawn_dog(400, 400)
    alpha = mask.astype(np.float32) / 255
    lumas = [cut_puppet(pixels, alpha, Mode.FULL, HATS[name]).texture.luma for name in WORN]
    assert all(np.array_equal(lumas[0], luma) for luma in lumas)


def test_head_is_in_coordinates_of_the_whole_photo(dog: Photo) -> None:
    """The frame shows another part of the photo, and the hat is still in its place."""
    assert dog.mask is not None
    frames = (dog.frame, encoded(np.full((160, 160, 3), 120, np.uint8)))
    whole_photo = (dog.frame, dog.mask)

    def puppet(frame: bytes, mask: bytes | None = None, whole: tuple[bytes, bytes] | None = None) -> Puppet:
        subject = Subject(frame, mask, whole, DOG_HEAD)
        return Scene(subject, dance=BY_SLUG["tap"], width=160, height=160, seed=1).performer.puppet

    assert np.array_equal(*(puppet(frame, None, whole_photo).texture.luma for frame in frames))
    own, whole = puppet(*dog), puppet(*dog, whole_photo)
    assert own.head.x / own.width == pytest.approx(whole.head.x / whole.width, abs=0.03)
    assert own.head.top / own.height == pytest.approx(whole.head.top / whole.height, abs=0.03)


@pytest.mark.parametrize("name", [name for name in WORN if name not in FLOWERS])
def test_ears_stay_before_the_hat(name: str) -> None:
    """The tips of a cat's ears look as they do without a hat, whatever is drawn over or behind the head."""
    mask = mask_of(*CAT)
    skull = measure_skull(mask, CAT_OVAL)
    assert skull is not None
    flat, cover = np.full((600, 600, 3), 90, np.float32), mask.astype(np.float32)
    hatted, shown = add_hat(flat.copy(), cover, HATS[name], skull, ears=True)
    rows = slice(100, 140)
    ears = cover[rows] > 0.5
    assert ears.sum() > 1000
    assert (shown[rows][ears] > 0.99).all()
    assert np.abs(hatted[rows][ears] - 90).max() < 2
    over, _ = add_hat(flat.copy(), cover, HATS[name], skull, ears=False)
    assert np.abs(over - hatted).max() > 50 or name in {"antenna", "sweatband"}


def test_no_sliver_of_the_head_lies_across_the_hat() -> None:
    """A head that is a little wider than round has no ears above it."""
    mask = mask_of((300, 240, 90, 75, 0), (300, 430, 130, 150, 0))
    skull = measure_skull(mask, Oval(300, 240, 95, 80, 0))
    assert skull is not None
    flat, cover = np.full((600, 600, 3), 90, np.float32), mask.astype(np.float32)
    bands = [add_hat(flat.copy(), cover, HATS["sweatband"], skull, ears=ears)[0] for ears in (True, False)]
    assert np.array_equal(*bands)


def test_a_hat_hides_ears_that_do_not_rise_above_the_crown() -> None:
    """Only a sliver of them would lie across it. A band ends at them."""
    mask = mask_of((300, 240, 80, 75, 0), (385, 200, 62, 24, 14), (215, 200, 62, 24, -14), (300, 430, 130, 150, 0))
    skull = measure_skull(mask, Oval(300, 240, 85, 80, 0))
    assert skull is not None
    flat, cover = np.full((600, 600, 3), 90, np.float32), mask.astype(np.float32)
    assert (ears_of(cover, skull, low=True) > 0.5).sum() > 1000
    straw, band = (
        [add_hat(flat.copy(), cover, HATS[name], skull, ears=ears)[0] for ears in (True, False)]
        for name in ("straw_hat", "sweatband")
    )
    assert np.array_equal(*straw)
    assert not np.array_equal(*band)


@pytest.mark.parametrize("name", WORN)
@pytest.mark.parametrize("eyes", [20, 60, 90])
def test_a_hat_leaves_the_forehead_free(name: str, eyes: float) -> None:
    """Its lower edge is at most the hat's share of the way down to the eyes, but it always touches the head."""
    hat, skull = HATS[name], Skull(400, 400, 200, 0, eyes=eyes)
    cover = np.zeros((800, 800), np.float32)
    cover[400:] = 1
    front = draw_hat(np.zeros((800, 800, 3), np.float32), cover, hat, skull).before
    assert front is not None
    middle = round(400 + HAT_WIDTH / hat.width * skull.width * hat.aside)
    around = front.alpha[:, middle - 30 : middle + 30] > 128
    lower_edge = int(np.flatnonzero(around.any(axis=1))[-1]) - 400
    assert 0 < lower_edge <= max(12.0, hat.lowest * eyes) + 7


def test_a_hat_on_an_unknown_face_leaves_room_for_usual_eyes() -> None:
    skull, cover = round_head()
    unknown, usual = (worn(skull, cover, "snapback", eyes=eyes) for eyes in (0, USUAL_EYES * skull.width))
    assert np.array_equal(unknown, usual)


def round_head() -> tuple[Skull, np.ndarray]:
    """Return a round head of 300 pixels, and its alpha (float32, 0 to 1)."""
    return Skull(400, 300, 300, 0), mask_of((400, 450, 150, 150, 0), size=800).astype(np.float32)


def worn(skull: Skull, cover: np.ndarray, name: str, eyes: float = 0) -> np.ndarray:
    """Return where the hat lies before the head (bool), drawn without its own tilt."""
    flat, hat = np.zeros((*cover.shape, 3), np.float32), replace(HATS[name].for_dancer(), tilt=0, aside=0)
    before = draw_hat(flat, cover, hat, replace(skull, eyes=eyes)).before
    assert before is not None
    return before.alpha > 128


@pytest.mark.parametrize("name", [name for name in WORN if name != "hibiscus"])
def test_the_lower_edge_of_a_hat_goes_round_the_head(name: str) -> None:
    """It hangs lower in its middle than near its end."""
    hat = worn(*round_head(), name)
    middle, end = (int(np.flatnonzero(hat[:, 400 + aside])[-1]) for aside in (0, -100))
    assert middle > end + 5


@pytest.mark.parametrize("name", [name for name in WORN if name != "hibiscus"])
def test_the_opening_of_a_hat_lies_on_the_head(name: str) -> None:
    """Below its lower edge there is fur, and no gap, along nearly all of its opening."""
    skull, cover = round_head()
    hat = worn(skull, cover, name)
    half = 0.36 * skull.width * min(1.0, HATS[name].mouth / HATS[name].for_dancer().width * HAT_WIDTH)
    for column in range(round(400 - half), round(400 + half)):
        lowest = int(np.flatnonzero(hat[:, column])[-1])
        assert cover[lowest + 3, column] > 0.5, column - 400


def test_a_hat_follows_the_slope_of_a_head_seen_from_the_side() -> None:
    skull, cover = round_head()
    ramp = np.zeros((800, 800), np.uint8)
    cv2.fillPoly(ramp, [np.array([(100, 300), (400, 300), (720, 440), (720, 800), (100, 800)], np.int32)], 1)
    rows = [
        np.mean([np.flatnonzero(hat[:, 400 + aside])[0] for aside in (-60, -50, -40)])
        - np.mean([np.flatnonzero(hat[:, 400 + aside])[0] for aside in (60, 50, 40)])
        for hat in (worn(skull, cover, "top_hat"), worn(skull, ramp.astype(np.float32), "top_hat"))
    ]
    assert abs(rows[0]) < 3
    assert rows[1] < -8


def test_a_body_behind_the_head_is_no_ear() -> None:
    """A hat covers the back that rises beside the oval."""
    mask = mask_of((200, 300, 70, 70, 0), (400, 240, 160, 140, 0))
    skull = measure_skull(mask, Oval(200, 300, 72, 72, 0))
    assert skull is not None
    flat, cover = np.full((600, 600, 3), 90, np.float32), mask.astype(np.float32)
    straw, _ = add_hat(flat.copy(), cover, HATS["straw_hat"], skull, ears=True)
    plain, _ = add_hat(flat.copy(), cover, HATS["straw_hat"], skull, ears=False)
    beyond = np.s_[:, round(skull.x + 0.68 * skull.width) :]
    assert np.array_equal(straw[beyond], plain[beyond])
