"""A pet that an edge of the photo cuts off stands at that side of the frame, or its straight edge is rounded."""

import cv2
import numpy as np
import pytest

from tests.studio.conftest import Photo, each_dance, encoded
from videos.dances import BY_SLUG, Dance
from videos.studio.puppet.edges import Edges, round_edges
from videos.studio.render import Scene
from videos.studio.segmentation.cutout import Mode
from videos.subject import Subject

SIDE = 160


def cut_pet(dog: Photo, side: int) -> Photo:
    """Return a pet whose rump the left (``side`` -1) or the right edge (1) of the photo cuts off."""
    mask = np.zeros((640, 640), np.uint8)
    cv2.ellipse(mask, (200, 440), (330, 150), 0, 0, 360, 255, -1)
    cv2.ellipse(mask, (430, 300), (90, 90), 0, 0, 360, 255, -1)
    mask = mask if side < 0 else np.ascontiguousarray(mask[:, ::-1])
    return Photo(dog.frame, encoded(mask, "PNG"))


def scene_of(photo: Photo, dance: Dance, width: int = SIDE, height: int = SIDE) -> Scene:
    return Scene(Subject(*photo, whole=photo), dance=dance, width=width, height=height, seed=1)


def seen(scene: Scene, pose: object, width: int, height: int) -> np.ndarray:
    """Return where the puppet is seen at half the frame's size; bool."""
    shown = np.zeros((height // 2 + 8, width // 2 + 8), bool)
    pet = scene.performer
    for region, _, half in pet.warp.at(pose):
        alpha = cv2.remap(pet.puppet.texture.chroma, *half, cv2.INTER_LINEAR, borderValue=(0, 0, 0, 0))[..., 2]
        top, left = region.top // 2, region.left // 2
        shown[top : top + alpha.shape[0], left : left + alpha.shape[1]] |= alpha > 128
    return shown[: height // 2, : width // 2]


@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize("dance", each_dance(every=3))
def test_cut_pet_stays_at_its_side(dog: Photo, dance: Dance, side: int) -> None:
    """In every frame it covers the frame's edge over most of its cut, and its other side stays inside."""
    scene = scene_of(cut_pet(dog, side), dance, 240, SIDE)
    assert (scene.performer.puppet.mode, scene.performer.puppet.side) == (Mode.FULL, side)
    near, far = (0, -1) if side < 0 else (-1, 0)
    rest = seen(scene, scene.frame_times(30, dance.beats(5))[0].pose, 240, SIDE)[:, near].sum()
    assert rest > 20
    for frame_time in scene.frame_times(50, dance.beats(5)):
        shown = seen(scene, frame_time.pose, 240, SIDE)
        assert shown[:, near].sum() > 0.7 * rest
        assert not shown[:, far].any()
        assert frame_time.pose.flip == 1
        assert frame_time.pose.whirl == 0


@pytest.mark.parametrize("slug", ["hip_hop", "tango"])
def test_cut_bust_stays_in_its_corner(dog: Photo, slug: str) -> None:
    mask = np.zeros((640, 640), np.uint8)
    mask[100:, :420] = 255
    scene = scene_of(Photo(dog.frame, encoded(mask, "PNG")), BY_SLUG[slug], 240, SIDE)
    assert (scene.performer.puppet.mode, scene.performer.puppet.side) == (Mode.BUST, -1)
    for frame_time in scene.frame_times(50, BY_SLUG[slug].beats(5)):
        assert seen(scene, frame_time.pose, 240, SIDE)[40:, 0].all()


def test_bust_with_cut_shoulders_stays_in_the_middle(dog: Photo) -> None:
    mask = np.zeros((640, 640), np.uint8)
    mask[100:, 150:420] = 255
    mask[440:, :420] = 255
    scene = scene_of(Photo(dog.frame, encoded(mask, "PNG")), BY_SLUG["hip_hop"], 240, SIDE)
    assert (scene.performer.puppet.mode, scene.performer.puppet.side) == (Mode.BUST, 0)


@pytest.mark.parametrize(
    ("rows", "columns", "bust", "side"),
    [
        ((20, 90), (30, 80), False, 0),
        ((20, 90), (0, 60), False, -1),
        ((20, 90), (40, 100), False, 1),
        ((20, 90), (0, 100), False, 0),
        ((0, 90), (30, 80), False, 0),
        ((20, 100), (0, 60), True, -1),
    ],
    ids=["free", "left", "right", "both", "above", "bust"],
)
def test_one_cut_side_decides_where_the_pet_stands(
    rows: tuple[int, int], columns: tuple[int, int], bust: bool, side: int
) -> None:
    pet = np.zeros((100, 100), bool)
    pet[slice(*rows), slice(*columns)] = True
    edges = Edges.of(pet, bust=bust)
    assert edges.side == side
    assert (edges.left is not None, edges.right is not None) == (columns[0] == 0, columns[1] == 100)
    assert (edges.top is not None) == (rows[0] == 0)


def test_touching_paw_is_no_cut() -> None:
    pet = np.zeros((100, 100), bool)
    pet[20:90, 30:80] = True
    pet[86:90, :40] = True
    assert Edges.of(pet, bust=False) == Edges()


def longest_straight(alpha: np.ndarray, axis: int) -> int:
    """Return how many rows (axis 1) or columns (0) begin exactly where the pet begins."""
    first = (alpha > 0.5).argmax(axis=axis)
    first = first[(alpha > 0.5).any(axis=axis)]
    return int((first == first.min()).sum())


@pytest.mark.parametrize("edge", ["top", "left", "right"])
def test_straight_edges_are_rounded(edge: str) -> None:
    """A face that is cut off above or at both sides loses at most a twentieth of its area and its straight edge."""
    alpha = np.zeros((200, 200), np.float32)
    if edge == "top":
        alpha[:150, 40:160] = 1
    else:
        alpha[40:160, :] = 1
    edges = Edges.of(alpha > 0.5, bust=False)
    assert edges.side == 0
    rounded = round_edges(alpha, edges, bust=False)
    turned = {"top": rounded, "left": rounded, "right": rounded[:, ::-1]}[edge]
    straight = longest_straight(turned, 0 if edge == "top" else 1)
    assert straight < 0.6 * 120
    assert 0.9 < rounded.sum() / alpha.sum() < 1


def test_bust_is_rounded_above_only() -> None:
    """The lower end of its cut side lies below the frame."""
    alpha = np.zeros((200, 200), np.float32)
    alpha[120:, :150] = 1
    alpha[40:, 50:150] = 1
    edges = Edges.of(alpha > 0.5, bust=True)
    assert (edges.left, edges.side) == ((120, 200), 0)
    rounded = round_edges(alpha, edges, bust=True)
    assert rounded[121, 2] == 0
    assert rounded[198, 0] > 0.4
