"""The studio as a provider, as the worker uses it."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.studio.conftest import DOG_HEAD, TINY, Photo
from videos.dances import BY_SLUG
from videos.providers.base import InvalidOutput, Order
from videos.providers.studio import Studio
from videos.studio.encoding.mp4 import probe
from videos.subject import Subject


def make_order(photo: Photo) -> Order:
    return Order(
        video_id="1",
        subject=Subject(*photo),
        dance=BY_SLUG["tap"],
        format=TINY,
        seconds=10,
        seed=3,
        prompt="",
    )


def test_an_order_becomes_a_clip_with_sound(dog: Photo, tmp_path: Path) -> None:
    reports: list[float] = []
    Studio().render(make_order(dog), tmp_path / "clip.mp4", reports.append)
    result = probe(tmp_path / "clip.mp4")
    assert (result.seconds, result.audio_codec, reports[-1]) == (10.0, "aac", 1.0)


def test_order_with_a_head_is_rendered_with_it(dog: Photo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from videos.studio import render

    heads: list[Any] = []
    monkeypatch.setattr(render, "render", lambda subject, **options: heads.append(subject.head))
    for head in (DOG_HEAD, None):
        Studio().render(
            replace(make_order(dog), subject=Subject(*dog, head=head)), tmp_path / "clip.mp4", lambda progress: None
        )
    assert heads == [DOG_HEAD, None]


@pytest.mark.parametrize(("resolution", "sides"), [(720, (160, 160)), (1080, (240, 240))])
def test_resolution_is_a_setting(
    dog: Photo, tmp_path: Path, settings: Any, resolution: int, sides: tuple[int, int]
) -> None:
    settings.STUDIO_RESOLUTION = resolution
    Studio().render(replace(make_order(dog), seconds=5), tmp_path / "clip.mp4", lambda progress: None)
    result = probe(tmp_path / "clip.mp4")
    assert (result.width, result.height) == sides


@pytest.mark.parametrize("part", ["frame", "mask"])
def test_broken_image_is_invalid_output(dog: Photo, tmp_path: Path, part: str) -> None:
    broken = dog._replace(**{part: b"\xff\xd8\xff broken"})
    with pytest.raises(InvalidOutput):
        Studio().render(make_order(broken), tmp_path / "clip.mp4", lambda progress: None)
    assert list(tmp_path.iterdir()) == []


def test_web_process_loads_no_heavy_libraries() -> None:
    code = "import sys, videos.providers.studio; print(sorted({'cv2', 'av', 'numpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
