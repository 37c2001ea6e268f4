"""The dancer in one piece: what lies before what, joints without gaps, and nothing cut in any format."""

import functools
from dataclasses import replace

import numpy as np
import pytest

from tests.studio.drawn_dancer import COLOURS, DrawnHead, figure, slab, sprites
from videos.dances import BY_SLUG
from videos.formats import FORMATS, Format
from videos.studio.dance import CLOSED, Hands
from videos.studio.dance.choreography import Choreography, Part
from videos.studio.dancer.camera import Bounds, Shot, shots
from videos.studio.dancer.drawing.compositor import Texture, in_pixels
from videos.studio.dancer.drawing.contact import footing
from videos.studio.dancer.drawing.layering import Depth, Look, View, looks
from videos.studio.dancer.drawing.shadows import Shadows
from videos.studio.dancer.drawing.textures import EVENLY, Textures
from videos.studio.dancer.figure import REST, Figure, HeadMoment
from videos.studio.dancer.motion.kinematics import project
from videos.studio.dancer.motion.rig import Pose, Rig
from videos.studio.dancer.motion.skeleton import SKELETONS
from videos.studio.raster.picture import Picture, colour_of
from videos.studio.raster.scratch import Scratch
from videos.styles import Body

SHOT = Shot(scale=60.0, x=0.0, floor=260.0)
GROUND = (200, 90, 170)
FRAMES = 150
DANCES = list(BY_SLUG)


def picture(width: int = 240, height: int = 288) -> Picture:
    return Picture(
        *(np.full((height >> n, width >> n), value, np.uint8) for value, n in zip(GROUND, (0, 1, 1), strict=True))
    )


@functools.cache
def clip(dance: str, body: Body = Body.SLIM) -> tuple[list[Pose], list[Look]]:
    rig = Rig(BY_SLUG[dance].choreography, SKELETONS[body])
    poses = [rig.pose(rig.beats * frame / FRAMES) for frame in range(FRAMES)]
    return poses, looks(poses)


def still() -> Pose:
    return Rig(Choreography(lambda: Part(4)), SKELETONS[Body.SLIM]).pose(0)


def with_joints(pose: Pose, **joints: tuple[float, float, float]) -> Pose:
    return replace(pose, joints=pose.joints | {name: np.array(point, float) for name, point in joints.items()})


def drawn(pose: Pose, look: Look | None = None, who: Figure | None = None) -> Picture:
    onto = picture()
    who = who or figure()
    who.draw(onto, who.lay(pose, look or looks([pose] * 4)[0], REST), SHOT, Scratch())
    return onto


def part_at(onto: Picture, point: np.ndarray) -> str:
    """Return the part whose colour is seen at a point (x, y up) of the picture in U."""
    column, row = round(120 + 60 * float(point[0]) - 0.5), round(260 - 60 * float(point[1]) - 0.5)
    seen = np.array([int(plane[row >> n, column >> n]) for plane, n in zip(onto, (0, 1, 1), strict=True)])
    apart = {name: float(np.abs(seen - colour_of(colour)).sum()) for name, colour in COLOURS.items()}
    nearest = min(apart, key=apart.__getitem__)
    return nearest if apart[nearest] < 12 else "ground"


def crossed() -> Pose:
    """Return a dancer with its right hand before its belly and its left one behind its back."""
    return with_joints(
        still(),
        elbow_r=(0.45, 1.45, 0.2),
        hand_r=(0.05, 1.35, 0.4),
        elbow_l=(-0.45, 1.45, -0.2),
        hand_l=(-0.12, 1.6, -0.4),
    )


def test_parts_cover_each_other_in_their_order() -> None:
    pose = crossed()
    onto, joints = drawn(pose), pose.joints
    assert part_at(onto, project(joints["hand_r"])) in {"forearm", "mitten_closed"}
    assert part_at(onto, project(joints["hand_l"])) == "torso"
    assert part_at(onto, project(joints["elbow_l"])) in {"forearm", "upper_arm"}
    assert part_at(onto, project(joints["head"])) == "head"
    assert part_at(onto, project(joints["knee_r"])) == "shin"  # The lower limb lies over the upper one.
    assert part_at(onto, project(joints["elbow_r"])) == "forearm"
    assert part_at(onto, project(joints["neck"] + np.array((0.18, -0.06, 0)))) == "collar"
    assert (
        part_at(onto, project(joints["ankle_l"]) + np.array((-0.05, 0.03))) == "shin"
    )  # The shoe lies under the trouser leg.
    assert part_at(onto, project(joints["ankle_l"]) - np.array((0.13, 0.08))) == "shoe"


def test_a_covering_hand_is_before_the_head_and_any_other_behind_it() -> None:
    head = still().joints["head"]
    raised = with_joints(still(), elbow_r=(0.6, 2.0, 0.3), hand_r=(head[0] + 0.1, head[1], 0.5))
    assert part_at(drawn(raised), project(raised.joints["head"])) == "head"
    meant = replace(raised, covers={"l": False, "r": True})
    assert part_at(drawn(meant), project(meant.joints["hand_r"])) in {"mitten_closed", "forearm"}


def test_the_tail_is_behind_the_body_from_the_front_and_before_it_from_behind() -> None:
    pose = replace(still(), tail=(0.0, 60.0))
    front = drawn(pose)
    assert all(part_at(front, np.array([0, y])) == "torso" for y in (1.25, 1.4))
    behind = Rig(Choreography(lambda: Part(4)), SKELETONS[Body.SLIM]).pose(0)
    behind = replace(behind, yaw=180.0, head_turn=180.0, forward=-behind.forward, right=-behind.right, tail=(0.0, 60.0))
    back = drawn(behind)
    assert "tail" in {part_at(back, np.array([0, y])) for y in (1.25, 1.3, 1.4)}
    assert part_at(back, project(behind.joints["head"])) == "head_back"
    assert part_at(back, np.array([0.2, 1.6])) == "torso_back"


@pytest.mark.parametrize("dance", DANCES)
def test_a_tail_never_hangs_like_a_third_leg(dance: str) -> None:
    who, (poses, layers) = figure(), clip(dance)
    tails = len([name for name in sprites() if name.startswith("tail")])
    for pose, look in zip(poses[::5], layers[::5], strict=True):
        if pose.up[1] < 0.8:
            continue
        parts = who.parts(who.lay(pose, look, REST))
        tail = [part for part in parts if len(part.texture.yuva) == len(parts[0].texture.yuva)][:tails]
        root, tip = -tail[0].place.y0, -tail[-1].place.y0
        if look.body is not View.BACK:
            assert tip > root - 0.02


@pytest.mark.parametrize("dance", DANCES)
def test_no_gap_shows_along_the_limbs(dance: str) -> None:
    who, scratch, (poses, layers) = figure(), Scratch(), clip(dance)
    empty, outlines = picture().y[0, 0], Textures(sprites(), 60)
    for at in range(0, FRAMES, 6):
        pose, look, onto = poses[at], layers[at], picture()
        if pose.joints["head"][1] < 1.6:
            continue  # Such a head can lift the body.
        middle = float(project(pose.joints["hip"])[0])
        who.draw(onto, who.lay(pose, look, REST), replace(SHOT, x=middle), scratch)
        bare = onto.y == empty
        for name in "lr":
            shoe = "shoe_side" if look.feet[name] is View.SIDE else "shoe"
            foot = footing(pose, name, look.feet[name], outlines.outline(shoe), pointed=False)
            arm = [project(pose.joints[f"{joint}_{name}"]) for joint in ("shoulder", "elbow", "hand")]
            leg = [project(point) for point in (pose.joints[f"hip_{name}"], foot.knee, foot.ankle)]
            for limb in (arm, leg):
                for share in np.linspace(0, 2, 40):
                    start, end = limb[min(int(share), 1)], limb[min(int(share), 1) + 1]
                    x, y = start + (share - min(int(share), 1)) * (end - start)
                    row, column = round(260 - 60 * y - 0.5), round(120 + 60 * (x - middle) - 0.5)
                    if 0 <= row < 288 and 0 <= column < 240:
                        assert not bare[row, column], f"frame {at}, {name}"


@pytest.mark.parametrize("dance", ["robot", "floss", "ballet", "breakdance", "moonwalk"])
def test_parts_move_only_as_far_as_the_joints(dance: str) -> None:
    """Between two moments that are a hundredth of a beat apart, no part jumps."""
    rig = Rig(BY_SLUG[dance].choreography, SKELETONS[Body.SLIM])
    poses = [rig.pose(beat) for beat in np.arange(1.0, 3.0, 0.01)]
    layers = looks(poses, fps=100 * BY_SLUG[dance].bpm / 60)
    who = figure()
    before = [who.parts(who.lay(pose, look, REST)) for pose, look in zip(poses, layers, strict=True)]
    for at in range(1, len(poses)):
        if replace(layers[at], turns={}) != replace(layers[at - 1], turns={}):
            continue
        joints = poses[at].joints
        moved = max(float(np.hypot(*project(joints[name] - poses[at - 1].joints[name]))) for name in joints)
        moved += float(np.abs(np.radians(np.subtract(poses[at].tail, poses[at - 1].tail))).max())
        for old, new in zip(before[at - 1], before[at], strict=True):
            if old.texture is new.texture:
                assert np.abs(new.outline() - old.outline()).max() < 8 * moved + 0.01, f"moment {at}"
            else:  # A limb that is stretched by one more step.
                assert np.abs(new.outline().mean(axis=0) - old.outline().mean(axis=0)).max() < 6 * moved + 0.03


def test_hands_have_the_shape_of_the_dance() -> None:
    """A raised hand may be drawn differently from a low one, and one without a drawing is closed."""
    raised = with_joints(still(), elbow_r=(0.7, 2.0, 0.1), hand_r=(0.9, 2.4, 0.1))
    opened = sprites() | {"mitten_open": slab((9, 99, 199), -0.2, 0, 0.2, 0.3)}
    shape = Texture.of(opened["mitten_open"].bgra).yuva
    shapes = ((CLOSED, 0), (Hands(raised="mitten_open"), 1), (Hands("mitten_open", "mitten_open"), 2))
    for hands, count in (*shapes, (Hands("mitten_point", "mitten_point"), 0)):
        who = Figure(opened, DrawnHead(), SKELETONS[Body.SLIM], 60, hands)
        seen = [part.texture.yuva for part in who.parts(who.lay(raised, looks([raised] * 4)[0], REST))]
        assert sum(np.array_equal(yuva, shape) for yuva in seen) == count


def test_hair_is_behind_a_raised_hand_and_behind_the_head() -> None:
    head = DrawnHead()
    head.hair = slab((90, 60, 200), -0.8, -1.2, 0.8, 0)
    raised = with_joints(still(), elbow_r=(0.7, 2.0, 0.1), hand_r=(0.62, 2.35, 0.1))
    onto = drawn(raised, who=Figure(sprites(), head, SKELETONS[Body.SLIM], 60))
    assert part_at(onto, project(raised.joints["hand_r"])) in {"mitten_closed", "forearm"}
    assert part_at(onto, project(raised.joints["head"])) == "head"
    assert part_at(onto, np.array((-0.7, 2.3))) == "ground"
    assert onto.y[round(260 - 60 * 2.3), round(120 - 60 * 0.7)] != GROUND[0]


def test_a_still_pose_gives_still_bytes() -> None:
    who, scratch, pose = figure(), Scratch(), crossed()
    look = looks([pose] * 4)[0]
    takes = []
    for _ in range(2):
        onto = picture()
        who.draw(onto, who.lay(pose, look, REST), SHOT, scratch)
        takes.append([plane.tobytes() for plane in onto])
    assert takes[0] == takes[1]


def test_the_order_of_frames_does_not_matter() -> None:
    poses, layers = clip("ballet")
    one, other, scratch = figure(), figure(), Scratch()

    def frame(who: Figure, at: int) -> list[bytes]:
        onto = picture()
        who.draw(onto, who.lay(poses[at], layers[at], HeadMoment(squash=0.4)), SHOT, scratch)
        return [plane.tobytes() for plane in onto]

    chosen = [3, 40, 77, 120]
    forwards = [frame(one, at) for at in chosen]
    backwards = [frame(other, at) for at in reversed(chosen)]
    assert forwards == backwards[::-1]


@functools.cache
def bounds_of(dance: str) -> list[Bounds]:
    who, (poses, layers) = figure(), clip(dance)
    return [who.lay(pose, look, REST).bounds for pose, look in zip(poses, layers, strict=True)]


@pytest.mark.parametrize("shape", FORMATS, ids=lambda shape: shape.slug)
@pytest.mark.parametrize("dance", DANCES)
def test_no_dance_is_cut_in_any_format(dance: str, shape: Format) -> None:
    poses, layers = clip(dance)
    taken = shots(bounds_of(dance), list(np.arange(FRAMES) / 10), shape.width, shape.height, 30)
    who = figure()
    for at in range(0, FRAMES, 10):
        for part in who.parts(who.lay(poses[at], layers[at], REST)):
            points = in_pixels(part.place, taken[at], shape.width).apply(part.texture.hull)
            rim = 0.05 * taken[at].scale
            assert points.min() >= rim - 1
            assert points[:, 0].max() <= shape.width - rim
            assert points[:, 1].max() <= shape.height - rim


def test_the_bounds_hold_every_pixel() -> None:
    poses, layers = clip("disco")
    who = figure()
    for at in (0, 33, 80):
        box, onto = who.lay(poses[at], layers[at], REST).bounds, drawn(poses[at], layers[at], who)
        rows, columns = np.nonzero((onto.y == 235) | (onto.y < 60))
        assert columns.min() >= 120 + 60 * box.left - 2
        assert columns.max() <= 120 + 60 * box.right + 2
        assert rows.min() >= 260 - 60 * box.top - 2
        assert box.bust < box.crown <= box.top + 0.01


def headstand() -> list[Pose]:
    """Return a dancer that tips over until its head would be in the floor, and comes up again."""

    def part() -> Part:
        part = Part(4)
        part.key("lean", (0, 0), (1.5, 180), (2.5, 180), (4, 0))
        part.key("hip", (0, (0, 1.1)), (1.5, (0, 1.0)), (2.5, (0, 1.0)))
        part.both("hand", (1, ("floor", 0.6, 0.1, 0.2)), (3, ("floor", 0.6, 0.1, 0.2)))
        return part

    rig = Rig(Choreography(part), SKELETONS[Body.SLIM])
    return [rig.pose(beat) for beat in np.linspace(0, 4, 60, endpoint=False)]


def test_a_dancer_on_its_head_is_not_in_the_floor() -> None:
    """The body is lifted until the head is on the floor; feet and hands on the floor stay there."""
    who, poses = figure(), headstand()
    layers = looks(poses)
    boxes = [who.lay(pose, look, REST).bounds for pose, look in zip(poses, layers, strict=True)]
    assert min(box.bottom for box in boxes) > -0.2
    lying = min(range(len(poses)), key=lambda at: poses[at].joints["head"][1])
    head_radius = 0.49
    assert poses[lying].joints["head"][1] < head_radius - 0.1
    assert boxes[lying].crown > 2 * head_radius - 0.05


@pytest.mark.parametrize("dance", DANCES)
def test_no_dance_puts_its_head_in_the_floor(dance: str) -> None:
    assert min(box.bottom for box in bounds_of(dance)) > -0.25


def test_a_profile_replaces_a_narrow_torso_and_faces_where_the_body_faces() -> None:
    profile = sprites() | {"torso_side": sprites()["torso_back"]}
    pose = replace(still(), yaw=90.0)
    for who, seen in ((figure(), "torso"), (Figure(profile, DrawnHead(), SKELETONS[Body.SLIM], 60), "torso_back")):
        assert part_at(drawn(pose, who=who), np.array([0.0, 1.6])) == seen


def test_a_long_limb_keeps_its_ends_and_stretches_its_middle() -> None:
    textures = Textures(sprites(), 60)
    same, factor = textures.stretched("thigh", EVENLY)
    assert (same, factor) == (textures["thigh"], EVENLY)
    longer, factor = textures.stretched("thigh", 1.5)
    assert factor == pytest.approx(EVENLY, abs=0.03)
    assert longer.length * factor == pytest.approx(1.5 * 0.46)
    cap = slice(0, round(textures["thigh"].joint[1]))
    assert np.array_equal(longer.texture.yuva[cap], textures["thigh"].texture.yuva[cap])
    shorter, factor = textures.stretched("thigh", 0.5)
    assert (shorter, factor) == (textures["thigh"], 0.5)


def test_shadows_lie_under_the_feet_and_fade_with_height() -> None:
    def darkness(pose: Pose, x: float) -> float:
        onto = picture()
        Shadows().draw(onto, pose, SHOT)
        column = round(120 + 60 * x)
        return float((GROUND[0] - onto.y[245:288, column - 12 : column + 12].astype(float)).sum())

    pose = still()
    foot = float(pose.joints["ball_r"][0])
    lifted = with_joints(
        pose, **{f"{part}_r": pose.joints[f"{part}_r"] + (0, 0.4, 0) for part in ("ball", "toe", "heel")}
    )
    assert darkness(pose, foot) > 1.5 * darkness(lifted, foot) > 0
    assert darkness(pose, 1.5) == 0
    leaping = with_joints(pose, **{name: point + np.array((0, 2.5, 0)) for name, point in pose.joints.items()})
    assert darkness(leaping, foot) == 0
    on_hands = with_joints(leaping, hand_r=(1.2, 0.1, 0))
    assert darkness(on_hands, 1.2) > 0


def test_a_sitting_dancer_has_haunches_and_paws_that_stay_where_they_are() -> None:
    seated = {name: sprite for name, sprite in sprites().items() if name not in {"thigh", "shin", "shoe", "shoe_side"}}
    seated |= {"haunch": slab((0, 140, 0), 0.2, -0.2, 0.7, 0.3), "hind_paw": slab((0, 0, 0), -0.2, -0.38, 0.2, 0)}
    who = Figure(seated, DrawnHead(), SKELETONS[Body.SITTING], 60)
    poses, layers = clip("slow_sway", Body.SITTING)
    outlines = []
    for pose, look in zip(poses[::10], layers[::10], strict=True):
        parts = who.parts(who.lay(pose, look, REST))
        widest = sorted((part.outline() for part in parts), key=lambda outline: -float(np.abs(outline[:, 0]).max()))
        outlines.append([float(np.abs(outline[:, 0]).max()) for outline in widest if outline[:, 1].max() > -0.05])
        assert max(float(part.outline()[:, 1].max()) for part in parts) == pytest.approx(0, abs=0.05)
    assert np.ptp([row[0] for row in outlines]) < 0.02  # The outer edges of the haunches.
    moved = np.ptp([pose.joints["hip"][0] for pose in poses])
    assert moved > 0.05


@pytest.mark.parametrize("body", [Body.SLIM, Body.ROUND, Body.SMALL, Body.BIRD])
def test_every_body_stands_on_its_feet(body: Body) -> None:
    poses, layers = clip("floss", body)
    assert layers[0].arms["l"] in Depth
    box = figure(body).lay(poses[0], layers[0], REST).bounds
    assert box.bottom == pytest.approx(-0.05, abs=0.03)
