"""No part of the dancer is ever cut by the frame's edge, measured on its pixels with a real head."""

from itertools import product
from typing import Any

import numpy as np
import pytest

from tests.studio.conftest import Photo, demo_head, of_format
from videos.dances import DANCES, Dance
from videos.formats import FORMATS
from videos.studio.contact_sheet import blank
from videos.studio.dancer.camera import OTHER_FLOOR, TALL_FLOOR
from videos.studio.render import Scene
from videos.styles import Body, Style
from videos.subject import Subject

# Run all in one process, so that the demo's pet is cut out once.
pytestmark = pytest.mark.xdist_group("demo pet")


def cases() -> list[Any]:
    """Return parameters of each dance. All formats and bodies are slow, and one of each dance is quick."""
    kinds = list(product([shape.slug for shape in FORMATS], Body))
    parameters = []
    for number, dance in enumerate(DANCES):
        for at, (shape, body) in enumerate(kinds):
            marks = [] if at == number % len(kinds) else [pytest.mark.slow]
            parameters.append(pytest.param(dance, shape, body, id=f"{dance.slug}-{shape}-{body}", marks=marks))
    return parameters


@pytest.mark.parametrize(("dance", "shape", "body"), cases())
def test_no_pixel_of_the_dancer_is_at_an_edge(demo_pet: dict[str, Photo], dance: Dance, shape: str, body: Body) -> None:
    """The white rim would be seen there on a black ground. Only a close-up ends at the lower edge."""
    width, height = of_format(shape, 288)
    look = {"style": Style.DANCER, "body": body, "head": demo_head(shape)}
    scene = Scene(Subject(*demo_pet[shape], **look), dance=dance, width=width, height=height, seed=1)
    floor = (TALL_FLOOR if height > width else OTHER_FLOOR) * height
    picture = blank(width, height)
    close = 0
    for frame_time in scene.frame_times(60, dance.beats(5)):
        picture.y[:] = 0
        scene.performer.draw(picture, frame_time.pose)
        is_close = frame_time.pose.shot.floor > floor + 1
        close += is_close
        edges = [picture.y[0], picture.y[:, 0], picture.y[:, -1], *([] if is_close else [picture.y[-1]])]
        assert max(int(edge.max()) for edge in edges) == 0, frame_time.number
        assert np.count_nonzero(picture.y) > 0.03 * picture.y.size
    assert close < 30
