"""The pet is taken from the whole photo, independent of the part that the video's frame keeps."""

import numpy as np
import pytest

from tests.studio.conftest import Photo, encoded
from videos import photos
from videos.dances import BY_SLUG
from videos.formats import FORMATS, Format
from videos.management.commands.render_clip import prepare_subject
from videos.studio.contact_sheet import blank
from videos.studio.puppet.puppet import Puppet
from videos.studio.raster.picture import decode_mask
from videos.studio.render import Scene
from videos.studio.segmentation.cutout import Mode, cut_out
from videos.subject import Subject

# Run all in one process, so that the demo's pet is cut out once.
pytestmark = pytest.mark.xdist_group("demo pet")
SHAPES = [Format(shape.slug, shape.name, shape.width // 4, shape.height // 4) for shape in FORMATS]


def puppet_for(sample: tuple[photos.Normalised, bytes], shape: Format, focus: photos.Focus, *, whole: bool) -> Puppet:
    picture, mask = sample
    return Scene(
        Subject(
            photos.exact_frame(picture.jpeg, shape, focus),
            photos.crop_mask(mask, picture.width, picture.height, shape, focus),
            whole=(picture.jpeg, mask) if whole else None,
        ),
        dance=BY_SLUG["disco"],
        width=shape.width,
        height=shape.height,
        seed=1,
    ).performer.puppet


@pytest.mark.parametrize("shape", SHAPES, ids=[shape.slug for shape in SHAPES])
@pytest.mark.parametrize("y", [0.0, 0.42])
def test_whole_pet_stays_whole_in_every_format(
    sample: tuple[photos.Normalised, bytes], shape: Format, y: float
) -> None:
    danced = puppet_for(sample, shape, photos.Focus(0.5, y), whole=True)
    pet = decode_mask(sample[1]) > 0.5
    rows, columns = np.flatnonzero(pet.any(axis=1)), np.flatnonzero(pet.any(axis=0))
    expected_ratio = (rows[-1] - rows[0] + 1) / (columns[-1] - columns[0] + 1)
    assert danced.mode is Mode.FULL
    assert danced.height / danced.width == pytest.approx(expected_ratio, rel=0.03)


def test_frame_alone_would_cut_off_the_feet(sample: tuple[photos.Normalised, bytes]) -> None:
    assert puppet_for(sample, SHAPES[1], photos.Focus(0.5, 0.0), whole=False).mode is Mode.BUST


@pytest.mark.slow
def test_render_command_uses_the_whole_pet(sample: tuple[photos.Normalised, bytes]) -> None:
    subject = prepare_subject(sample[0], FORMATS[1])
    assert (subject.whole, subject.cutout) == ((sample[0].jpeg, cut_out(sample[0].jpeg).mask), True)


def test_background_is_the_previewed_frame(dog: Photo) -> None:
    """The same pet is drawn in front of a red and a green frame."""
    assert dog.mask is not None
    drawn, puppets = [], []
    for colour in ((220, 30, 30), (30, 200, 30)):
        frame = encoded(np.full((160, 160, 3), colour, np.uint8))
        dance, whole = BY_SLUG["slow_sway"], (dog.frame, dog.mask)
        scene = Scene(Subject(frame, None, whole=whole), dance=dance, width=160, height=160, seed=1)
        picture = blank(160, 160)
        scene.draw(picture, scene.frame_times(30, 6)[0])
        drawn.append(picture.v[:20, :10].mean())
        puppets.append(scene.performer.puppet)
    assert puppets[0].mode is Mode.FULL
    assert np.array_equal(puppets[0].texture.luma, puppets[1].texture.luma)
    assert drawn[0] > drawn[1] + 10
