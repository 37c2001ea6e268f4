import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.photos import hostile
from tests.photos.judged import outcome
from videos import photos
from videos.photo_guard import check_size

ROOT = Path(__file__).parents[2]
PEAK = """
import resource, sys
from pathlib import Path
from videos import photos

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

before = peak()
for name in sys.argv[1:]:
    try:
        photos.normalise(Path(name).read_bytes())
    except photos.Unusable:
        pass
print(peak() - before)
"""


@pytest.mark.parametrize("make", hostile.BOMBS.values(), ids=hostile.BOMBS)
def test_a_bomb_is_refused_for_its_pixels(make: Callable[[], bytes]) -> None:
    assert outcome(make()) == "too_many_pixels"


@pytest.mark.parametrize("make", hostile.OVERWORK.values(), ids=hostile.OVERWORK)
def test_a_small_file_that_asks_for_endless_work_is_refused(make: Callable[[], bytes]) -> None:
    assert outcome(make()) == "unusual"


@pytest.mark.parametrize("chunk", [b"iCCP", b"zTXt", b"iTXt"])
def test_a_text_or_profile_that_inflates_is_refused(chunk: bytes) -> None:
    assert outcome(hostile.inflating_png(chunk)) == "damaged"


def test_an_honest_film_header_of_an_avif_is_read() -> None:
    """The first picture of an animation, sent as a still, has the long form of the header."""
    film = hostile.FOREIGN["animated AVIF"]()
    assert outcome(film.replace(b"ftypavis", b"ftypavif", 1)) == "kept"


@pytest.mark.parametrize(
    ("kind", "size"),
    [("JPEG", (9_248, 6_936)), ("PNG", (8_192, 8_192)), ("HEIF", (8_160, 6_144)), ("WEBP", (7_680, 4_320))],
)
def test_what_phones_and_cameras_make_is_within_the_limits(kind: str, size: tuple[int, int]) -> None:
    check_size(kind, *size)


@pytest.mark.parametrize(
    ("kind", "size", "rich"),
    [
        ("JPEG", (12_001, 4_000), False),
        ("JPEG", (12_000, 9_000), False),
        ("HEIF", (8_000, 8_000), False),
        ("HEIF", (8_000, 4_000), True),
    ],
)
def test_what_is_beyond_the_limits_is_refused(kind: str, size: tuple[int, int], rich: bool) -> None:
    with pytest.raises(photos.Unusable) as refused:
        check_size(kind, *size, rich=rich)
    assert refused.value.code == "too_many_pixels"


def test_memory_stays_bounded_under_attack(tmp_path: Path) -> None:
    files = []
    for number, make in enumerate((*hostile.BOMBS.values(), *hostile.OVERWORK.values())):
        files.append(tmp_path / str(number))
        files[-1].write_bytes(make())
    done = subprocess.run(
        [sys.executable, "-c", PEAK, *files],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""
    assert int(done.stdout) < 64


def test_more_than_ten_megabytes_are_not_even_read() -> None:
    class Endless:
        asked = 0

        def read(self, size: int) -> bytes:
            self.asked += size
            return bytes(size)

    sent = Endless()
    with pytest.raises(photos.Unusable) as refused:
        photos.normalise(sent)  # type: ignore[arg-type]
    assert (refused.value.code, sent.asked) == ("too_heavy", photos.MAX_BYTES + 1)
    assert str(refused.value) == "That file is larger than 10 MB, so please send a smaller copy of the photo."


def test_a_file_of_exactly_ten_megabytes_is_taken() -> None:
    data = hostile.plain("JPEG")
    assert photos.normalise(data + bytes(photos.MAX_BYTES - len(data))) == photos.normalise(data)


def test_where_memory_runs_out_the_owner_is_asked_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*args: object, **kwargs: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Image, "open", exhausted)
    assert outcome(hostile.plain("JPEG")) == "no_room"
