"""The clips and stills of the home page belong to the catalogue, are small and name their sources."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image

from videos.dances import DANCES
from videos.studio.encoding import mp4

MEDIA = Path(settings.BASE_DIR) / "static" / "home"
CLIPS = ("cat", "collie", "golden")


def test_each_dance_has_a_still_and_a_place_in_the_strip() -> None:
    assert {file.stem for file in (MEDIA / "dances").iterdir()} == {dance.slug for dance in DANCES}
    with Image.open(MEDIA / "dances.webp") as strip:
        assert strip.width == strip.height * len(DANCES)
        tiny = [strip.crop((n * strip.height, 0, (n + 1) * strip.height, strip.height)) for n in range(len(DANCES))]
    for picture, dance in zip(tiny, DANCES, strict=True):
        with Image.open(MEDIA / "dances" / f"{dance.slug}.webp") as still:
            assert difference(still, picture) < 12, f"{dance.slug} is elsewhere in the strip"
    style = (MEDIA.parent / "css" / "home.css").read_text()
    assert f"100% / {len(DANCES) - 1})" in style
    assert [int(n) for n in re.findall(r"\.still-(\d+) \{ --at: \1; \}", style)] == list(range(1, len(DANCES)))


def difference(one: Image.Image, other: Image.Image) -> float:
    size = (8, 8)
    pairs = zip(one.convert("L").resize(size).tobytes(), other.convert("L").resize(size).tobytes(), strict=True)
    return sum(abs(a - b) for a, b in pairs) / 64


@pytest.mark.parametrize("name", CLIPS)
def test_clips_are_short_silent_and_small(name: str) -> None:
    clip = MEDIA / f"{name}.mp4"
    probe = mp4.probe(clip)
    assert (probe.video_codec, probe.audio_codec) == ("h264", None)
    assert 2 <= probe.seconds <= 3
    assert clip.stat().st_size < 160_000


def test_clip_with_music_is_small() -> None:
    assert mp4.probe(MEDIA / "vizsla.mp4").audio_codec == "aac"
    assert (MEDIA / "vizsla.mp4").stat().st_size < 500_000


def test_each_pet_names_its_photo_and_licence() -> None:
    readme = (MEDIA / "README.md").read_text()
    rows = {row[1]: row[0] for row in re.findall(r"^(\| `(\w+)` .*)$", readme, re.MULTILINE)}
    assert set(rows) == {file.stem for file in MEDIA.glob("*.mp4")}
    assert all("CC0" in row or "public domain" in row for row in rows.values())


@pytest.mark.django_db
def test_videos_wait_and_show_posters_of_their_shape(client: Client) -> None:
    page = client.get("/").content.decode()
    videos = re.findall(r"<video [^>]*>", page)
    assert len(videos) == 4
    for video in videos:
        assert 'preload="none"' in video
        assert " muted " in video
        assert "autoplay" not in video
        poster = re.search(r'poster="/static/home/([\w.]+)" width="(\d+)" height="(\d+)"', video)
        assert poster is not None
        with Image.open(MEDIA / poster[1]) as picture:
            assert picture.width / picture.height == pytest.approx(int(poster[2]) / int(poster[3]), rel=0.01)


@pytest.mark.django_db
def test_home_answers_five_questions(client: Client) -> None:
    page = client.get("/").content.decode()
    questions = re.findall(r"<summary>([^<]*\?)</summary><p>", page)
    assert len(questions) == 5
    assert questions[0] == "Is it free?"
