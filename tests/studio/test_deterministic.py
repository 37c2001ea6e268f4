"""The same photo, dance and seed give the same bytes in any process."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.studio.conftest import LOOKS, TINY, drawn_dog, encoded
from videos.dances import BY_SLUG
from videos.studio.render import render
from videos.styles import Body, Style
from videos.subject import Subject

ROOT = Path(__file__).parents[2]
CASES = [
    pytest.param("disco", Style.DANCER, None),
    pytest.param("breakdance", Style.DANCER, Body.BIRD, marks=pytest.mark.slow),
    pytest.param("slow_sway", Style.DANCER, Body.SITTING, marks=pytest.mark.slow),
    pytest.param("disco", Style.WHOLE_PET, None, marks=pytest.mark.slow),
]


def digest(slug: str, style: Style, body: Body | None, into: Path) -> str:
    """Render two seconds and return the SHA-256 of the file."""
    pixels, mask = drawn_dog(320, 320)
    photo = encoded(pixels), encoded(mask, "PNG")
    options = {"dance": BY_SLUG[slug], "shape": TINY, "seconds": 2, "seed": 5}
    render(Subject(*photo, **LOOKS[style] | {"body": body}), into=into, report=lambda progress: None, **options)
    return hashlib.sha256(into.read_bytes()).hexdigest()


@pytest.mark.parametrize(("slug", "style", "body"), CASES)
def test_two_processes_write_the_same_bytes(tmp_path: Path, slug: str, style: Style, body: Body | None) -> None:
    """The other process hashes strings differently, and has one core and another time zone."""
    code = (
        "import os, sys; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
        "from pathlib import Path; from tests.studio.test_deterministic import digest\n"
        "from videos.styles import Body, Style\n"
        "slug, style, body, into = sys.argv[1:]\n"
        "sys.stdout.write(digest(slug, Style(style), Body(body) if body else None, Path(into)))"
    )
    command = [sys.executable, "-c", code, slug, style, body or "", str(tmp_path / "other.mp4")]
    environment = os.environ | {"PYTHONHASHSEED": "12345", "TZ": "Asia/Tokyo"}
    other = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert other.stdout == digest(slug, style, body, tmp_path / "clip.mp4")
