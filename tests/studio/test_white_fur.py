"""White fur in the shade stays white on the dancer, grey fur stays grey, and a coat is not taken for its white face."""

import numpy as np
import pytest

from tests.studio.test_fur import FOX, GREY, MIDDLE, RADIUS, SIZE, WHITE, face, finished, is_near, lightness
from videos.studio.dancer.art.fur import fur_of
from videos.studio.raster.colours import Bgr
from videos.studio.segmentation.head_cutout import HeadCutout


def lit(dark: Bgr, light: Bgr) -> HeadCutout:
    """Return a head in light from the left, with a plain coat."""
    across = np.clip((np.arange(SIZE) - MIDDLE + RADIUS) / (2 * RADIUS), 0, 1)[None, :, None]
    picture = np.full((SIZE, SIZE, 4), 255.0)
    picture[..., :3] = np.float64(light) * (1 - across) + np.float64(dark) * across
    return finished(picture.astype(np.uint8))


@pytest.mark.parametrize("shade", [(150, 146, 144), (178, 172, 170)])
def test_white_in_the_shade_is_white(shade: Bgr) -> None:
    fur = fur_of(lit(shade, (236, 236, 238)))
    assert lightness(fur.main) > 85
    assert is_near(fur.main, (230, 230, 230), 20)


def test_grey_stays_grey() -> None:
    assert is_near(fur_of(lit((112, 110, 110), (150, 148, 146))).main, (131, 129, 128))
    assert is_near(fur_of(face(GREY)).main, GREY)


def test_grey_beside_white_stays_grey() -> None:
    fur = fur_of(face(GREY, (MIDDLE, 185, 60, WHITE)))
    assert is_near(fur.main, GREY)


def test_coat_in_light_and_shade_outweighs_a_white_face() -> None:
    """No tone of the coat is as common as the white, but together they are."""
    fur = fur_of(
        face(WHITE, (45, 100, 62, FOX), (195, 100, 62, (40, 95, 165)), (120, 40, 46, (95, 165, 235)))
    )  # fmt: skip
    assert lightness(fur.main) < 70
    assert is_near(fur.second, WHITE, 20)
