"""Each dance has a tempo, and movements for mascots and flat images; reduced motion disables them all."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from videos.dances import DANCES, Dance

SHEETS = [Path(settings.BASE_DIR) / "static" / "css" / name for name in ("dancers.css", "mascots.css")]
STYLE = re.sub(r"/\*.*?\*/", "", "".join(sheet.read_text() for sheet in SHEETS), flags=re.S)
MASCOTS = ("dog", "cat", "rabbit", "parrot")
PARTS = ("travel", "mover", "tail", "upper", "body", "head", "face", "eyes", "snout")
PAIRS = ("ear", "arm", "leg")
MOVING = {"translate", "rotate", "scale", "transform", "opacity", "animation-timing-function"}


def blocks(opening: str) -> list[str]:
    """Return the contents of every block in the style sheet whose prelude matches ``opening``."""
    contents = []
    for match in re.finditer(opening + r"\s*\{", STYLE):
        depth, end = 1, match.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(STYLE[end], 0)
            end += 1
        contents.append(STYLE[match.end() : end - 1])
    return contents


MOTION = "".join(blocks(r"@media \(prefers-reduced-motion: no-preference\)"))


TEMPI = [str(bpm) for bpm in range(72, 193, 12)]


def test_each_tempo_has_a_class() -> None:
    """On cards (``bpm-72``) and for whatever else moves with them, such as the floor."""
    floor = (SHEETS[0].parent / "petgroove.css").read_text()
    for style, name in ((STYLE, r"\.bpm-(\d+)"), (floor, r'\[data-bpm="(\d+)"\]')):
        tempi = re.findall(rf"^  {name} {{ --bpm: (\d+);? }}$", style, flags=re.M)
        assert tempi == [(bpm, bpm) for bpm in TEMPI]


@pytest.mark.parametrize("dance", DANCES, ids=lambda dance: dance.slug)
def test_each_dance_has_a_tempo_and_movements(dance: Dance) -> None:
    """The movements are its own, or those of the dance that it borrows them from."""
    motion, tempo = dance.css_class.split()
    assert motion in {f"dance-{dance.slug}", f"dance-{dance.motion}"}
    assert tempo.removeprefix("bpm-") == str(dance.bpm)
    assert str(dance.bpm) in TEMPI
    [choreography] = re.findall(rf"\n    \.{motion} \{{(.*?)\n    \}}", MOTION, flags=re.S)
    others = list(re.findall(r"\n    \.dance-\w+ \{(.*?)\n    \}", MOTION, flags=re.S))
    assert others.count(choreography) == 1
    for part in ("m-upper", "m-head", "m-arm", "m-leg"):
        assert re.search(rf"\.{part}\b[^}}]*animation", choreography), part
    assert len(re.findall(rf"\.dancer\.{motion} {{[^}}]*animation: ", MOTION)) == 1


def test_no_dance_is_named_in_a_template_with_another_tempo() -> None:
    classes = [
        name
        for template in (Path(settings.BASE_DIR) / "templates").rglob("*.html")
        for name in re.findall(r'(?:mascot|dancer) (dance-[^"{]*)"', template.read_text())
    ]
    assert len(classes) > 2
    assert set(classes) <= {dance.css_class for dance in DANCES}


def test_animations_are_defined_and_used() -> None:
    named = set(re.findall(r"\b([md]-[\w-]+)(?= (?:var|calc)\()", MOTION)) | set(
        re.findall(r"animation-name: ([\w-]+)", MOTION)
    )
    assert named == set(re.findall(r"@keyframes ([\w-]+)", STYLE))


def test_only_transforms_and_opacity_are_animated() -> None:
    for frames in blocks(r"@keyframes [\w-]+"):
        assert set(re.findall(r"([\w-]+):", frames)) <= MOVING


def test_reduced_motion_disables_all_animations() -> None:
    assert len(re.findall(r"\banimation(?:-name)?:", STYLE)) == len(re.findall(r"\banimation(?:-name)?:", MOTION)) > 0


def test_loops_last_whole_or_half_beats() -> None:
    lengths = set(re.findall(r"[md]-[\w-]+ (var\(--\w+\)|calc\(var\(--\w+\) . \d+\)) ", MOTION))
    named = {f"var(--{name})" for name in ("beat", "half", "b2", "b3", "b4", "b6", "b8", "b12", "b16", "b32")}
    assert lengths - named == {"calc(var(--beat) * 8)", "calc(var(--beat) * 24)", "calc(var(--half) / 2)"}


def test_loops_end_where_they_began() -> None:
    swinging = {"m-rock", "m-swing", "m-slide", "m-breathe", "m-tap-bounce"}
    for animation in re.findall(r"([md]-[\w-]+ (?:var|calc)\([^;,}]*)", MOTION):
        assert ("alternate" in animation) == (animation.split()[0] in swinging), animation
    for name in set(re.findall(r"@keyframes ([\w-]+)", STYLE)) - swinging:
        [frames] = blocks(rf"@keyframes {name}")
        ends: dict[str, dict[str, str]] = {"first": {}, "last": {}}
        for moments, declarations in re.findall(r"([^{}]+)\{([^{}]*)\}", frames):
            values = dict(re.findall(r"(translate|rotate|scale|transform|opacity): ([^;]+?)\s*(?:;|$)", declarations))
            for end, selectors in (("first", {"0%", "from"}), ("last", {"100%", "to"})):
                if selectors & {moment.strip() for moment in moments.split(",")}:
                    ends[end].update({key: value.replace("360deg", "0deg") for key, value in values.items()})
        assert ends["first"] == ends["last"], name


@pytest.mark.parametrize("mascot", MASCOTS)
def test_mascot_can_appear_twice_on_a_page(mascot: str) -> None:
    for props in ("", *(dance.slug for dance in DANCES)):
        drawing = render_to_string(f"mascots/{mascot}.html", {"props": props})
        assert drawing.startswith(f'<svg class="mascot-art mascot-{mascot}" viewBox="0 0 240 300" aria-hidden="true">')
        assert not re.search(r'\s(?:id|style|fill|stroke)="', drawing)
        groups = re.findall(r'<g class="([^"]*)">', drawing)
        for part in (*PARTS, *(f"{pair} m-{pair}-{side}" for pair in PAIRS for side in "lr")):
            assert groups.count(f"m-{part}") == 1, (props, part)
        classes = {name for names in re.findall(r'class="([^"]*)"', drawing) for name in names.split()}
        unstyled = {name for name in classes if not re.search(rf"\.{name}\b", STYLE)}
        assert unstyled <= {"m-body", "m-bow", "m-snout"}


def test_dance_without_costume_adds_no_props() -> None:
    plain = render_to_string("mascots/cat.html")
    assert "m-prop" not in plain
    assert re.sub(r"\s+", "", render_to_string("mascots/cat.html", {"props": "slow_sway"})) == re.sub(r"\s+", "", plain)
    assert 'class="m-prop m-hat' in render_to_string("mascots/cat.html", {"props": "tap"})
