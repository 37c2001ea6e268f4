"""Animated stickers: what messengers accept, the pet alone on nothing, and the same bytes each time."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from tests.studio.conftest import LOOKS, Photo, in_each_style
from tests.xmp import STUDIO, source_type
from videos.dances import BY_SLUG, DANCES
from videos.provenance import SourceType, xmp_packet
from videos.studio.encoding.webp import TooLarge, animated_webp
from videos.studio.render import Scene
from videos.studio.sticker import MAX_SECONDS, SIDE, bars_of, seen_whole, sticker
from videos.styles import Style
from videos.subject import Subject

LIMIT = 480_000
PACKET = xmp_packet(SourceType.COMPOSITE)
# The longest and the shortest bars, many details, and a camera that moves.
SLUGS = ["disco", "waltz", "macarena", "breakdance"]
SLOW = [dance.slug for dance in DANCES if dance.slug not in SLUGS]


def sticker_of(dog: Photo, slug: str, style: Style, **changes: object) -> bytes:
    options = {"seed": 5, "limit": LIMIT, "packet": PACKET, **changes}
    return sticker(Subject(*dog, **LOOKS[style]), dance=BY_SLUG[slug], **options)


@in_each_style
@pytest.mark.parametrize(
    "slug", [*SLUGS[:1], *(pytest.param(slug, marks=pytest.mark.slow) for slug in SLUGS[1:] + SLOW)]
)
def test_messengers_accept_it(dog: Photo, slug: str, style: Style) -> None:
    data = sticker_of(dog, slug, style)
    assert len(data) <= LIMIT
    assert source_type(data) == STUDIO
    image = Image.open(BytesIO(data))
    durations = []
    assert (image.size, image.mode, image.info["loop"]) == ((512, 512), "RGBA", 0)
    for number in range(image.n_frames):
        image.seek(number)
        image.load()
        durations.append(image.info["duration"])
        alpha = np.asarray(image)[..., 3]
        # Nothing of the stage, nothing cut off at the top or the sides, and a figure that is seen.
        assert alpha[0].max() == alpha[:, 0].max() == alpha[:, -1].max() == 0
        assert 0.05 < (alpha > 250).mean() < 0.7
    assert min(durations) >= 8
    dance = BY_SLUG[slug]
    assert sum(durations) == pytest.approx(1000 * bars_of(dance) * dance.metre * 60 / dance.bpm, abs=2)
    assert sum(durations) <= 10_000


def test_the_camera_stands_still(dog: Photo) -> None:
    """It pushes in during this dance's video."""
    subject = Subject(*dog, **LOOKS[Style.DANCER])
    scene = Scene(subject, dance=BY_SLUG["slow_sway"], width=2 * SIDE, height=2 * SIDE, seed=5)
    poses = [time.pose for time in scene.frame_times(30, 4)]
    still = seen_whole(poses, np.arange(30) * 4 / 30, 15, 4)
    growth = [max(shots) / min(shots) for shots in ([pose.shot.scale for pose in part] for part in (poses, still))]
    assert growth[0] > 1.02
    assert growth[1] < 1.01


def test_shadows_are_left_out(dog: Photo) -> None:
    """Half-transparent pixels are those of soft edges."""
    image = Image.open(BytesIO(sticker_of(dog, "slow_sway", Style.DANCER)))
    alpha = np.asarray(image.convert("RGBA"))[..., 3]
    assert ((alpha > 20) & (alpha < 200)).mean() < 0.02


def test_colours_are_those_of_the_photo(dog: Photo) -> None:
    image = Image.open(BytesIO(sticker_of(dog, "disco", Style.WHOLE_PET)))
    rgba = np.asarray(image.convert("RGBA")).astype(float)
    opaque = rgba[rgba[..., 3] == 255]
    brown = np.array((205, 140, 75))
    assert (np.abs(opaque[:, :3] - brown).max(axis=1) < 30).mean() > 0.3


def test_same_seed_gives_the_same_bytes(dog: Photo) -> None:
    assert sticker_of(dog, "disco", Style.DANCER) == sticker_of(dog, "disco", Style.DANCER)


def test_a_card_can_be_a_sticker(cat: Photo) -> None:
    data = sticker(Subject(*cat), dance=BY_SLUG["disco"], seed=1, limit=LIMIT, packet=PACKET)
    assert len(data) <= LIMIT


def test_quality_gives_way_to_the_limit() -> None:
    frames = list(np.random.default_rng(1).integers(0, 256, (4, 64, 64, 4), np.uint8))
    best = animated_webp(frames, 1, limit=1_000_000, packet=PACKET)
    small = animated_webp(frames, 1, limit=len(best) * 2 // 3, packet=PACKET)
    assert len(small) <= len(best) * 2 // 3
    with pytest.raises(TooLarge):
        animated_webp(frames, 1, limit=1000, packet=PACKET)


def test_a_bar_is_never_cut() -> None:
    for dance in DANCES:
        bars = bars_of(dance)
        assert bars >= 1
        assert bars == 1 or bars * dance.metre * 60 / dance.bpm <= MAX_SECONDS


def test_work_can_be_stopped_at_each_frame(dog: Photo) -> None:
    calls = 0

    def stop() -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        sticker_of(dog, "disco", Style.DANCER, report=stop)
