import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.photos import hostile
from tests.photos.assertions import outcome
from tests.photos.decode_slots import busy_decoder
from tests.photos.sample_images import pet, saved
from videos import photos
from videos.photos.decode import decode
from videos.photos.isolation import decoder
from videos.photos.validation import check_size

ROOT = Path(__file__).parents[2]
# ``resource`` is no use here: its peak includes the parent's memory at the time of the fork.
PEAK = """
import re, sys
from pathlib import Path
from threading import Barrier, Lock, Thread
from videos import photos
from videos.photos.isolation import decoder

def peak(process="self"):
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path(f"/proc/{process}/status").read_text())[1]) // 1024

count, *names = sys.argv[1:]
together, turn, kept, peaks = Barrier(int(count)), Lock(), [], []

def send():
    together.wait()
    for name in names:
        with turn:
            try:
                kept.append(photos.normalise(Path(name).read_bytes()).sha256)
            except photos.InvalidPhoto:
                pass
            peaks.append(peak(decoder._child.pid) if decoder._child else 0)
    together.wait()

before = peak()
threads = [Thread(target=send) for _ in range(int(count))]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(len(kept), peak() - before, max(peaks))
"""


@pytest.mark.parametrize("make", hostile.BOMBS.values(), ids=hostile.BOMBS)
def test_decompression_bomb_is_rejected_for_its_pixels(make: Callable[[], bytes]) -> None:
    assert outcome(make()) == "too_many_pixels"


@pytest.mark.parametrize("make", hostile.OVERWORK.values(), ids=hostile.OVERWORK)
def test_small_file_with_endless_work_is_rejected(make: Callable[[], bytes]) -> None:
    assert outcome(make()) == "unusual"


@pytest.mark.parametrize("make", hostile.STRANGE.values(), ids=hostile.STRANGE)
def test_strange_file_leaves_the_decoder_alone(make: Callable[[], bytes]) -> None:
    # A new process, which is not due to be replaced.
    decoder.close()
    outcome(hostile.plain("PNG"))
    child = decoder._child
    assert outcome(make()) in ("kept", "damaged")
    assert decoder._child is child


@pytest.mark.parametrize("chunk", [b"iCCP", b"zTXt", b"iTXt"])
def test_inflating_text_or_profile_is_rejected(chunk: bytes) -> None:
    assert outcome(hostile.inflating_png(chunk)) == "damaged"


def test_long_av1_header_is_read() -> None:
    """The first picture of an animation, sent as a still, has the long form of the header."""
    film = hostile.FOREIGN["animated AVIF"]()
    assert outcome(film.replace(b"ftypavis", b"ftypavif", 1)) == "kept"


@pytest.mark.parametrize(
    ("kind", "size"),
    [("JPEG", (9_248, 6_936)), ("PNG", (8_192, 8_192)), ("HEIF", (8_160, 6_144)), ("WEBP", (7_680, 4_320))],
)
def test_photos_of_phones_and_cameras_are_within_the_limits(kind: str, size: tuple[int, int]) -> None:
    check_size(kind, *size)


@pytest.mark.parametrize(
    ("kind", "size", "rich"),
    [
        ("JPEG", (12_000, 9_000), False),
        ("HEIF", (8_000, 8_000), False),
        ("HEIF", (8_000, 4_000), True),
    ],
)
def test_photos_beyond_the_limits_are_rejected(kind: str, size: tuple[int, int], rich: bool) -> None:
    with pytest.raises(photos.InvalidPhoto) as error:
        check_size(kind, *size, rich=rich)
    assert error.value.code == "too_many_pixels"


def test_too_long_image_is_explained() -> None:
    with pytest.raises(photos.InvalidPhoto) as error:
        photos.normalise(hostile.forged_png(12_001, 3_000))
    assert (error.value.code, str(error.value)) == (
        "too_long",
        "This photo is longer than 12,000 pixels. Choose a smaller copy.",
    )


def test_photo_waiting_too_long_to_decode_is_busy() -> None:
    with busy_decoder():
        assert outcome(hostile.plain("JPEG")) == "busy"
    assert outcome(hostile.plain("JPEG")) == "kept"


def measure(folder: Path, *contents: bytes, threads: int = 1) -> tuple[int, int, int]:
    """Measure how many of the files a web process keeps, its growth, and the peak of its decoder, both in MiB.

    Each thread is sent all of the files.
    """
    files = [folder / str(number) for number in range(len(contents))]
    for file, data in zip(files, contents, strict=True):
        file.write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-c", PEAK, str(threads), *files],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    kept, growth, decoder_peak = map(int, done.stdout.split())
    return kept, growth, decoder_peak


def test_memory_stays_bounded_under_attack(tmp_path: Path) -> None:
    attacks = (*hostile.BOMBS.values(), *hostile.OVERWORK.values(), *hostile.STRANGE.values())
    _, growth, decoder_peak = measure(tmp_path, *(make() for make in attacks))
    assert growth < 16
    assert decoder_peak < 200


@pytest.mark.slow
@pytest.mark.parametrize("make", hostile.LARGEST.values(), ids=hostile.LARGEST)
def test_memory_stays_bounded_for_the_largest_photos(make: Callable[[], bytes], tmp_path: Path) -> None:
    kept, growth, decoder_peak = measure(tmp_path, make())
    assert kept == 1
    assert growth < 16
    # A lower peak would mean that nothing was decoded.
    assert 100 < decoder_peak < 650


def test_photo_of_many_pixels_does_not_grow_the_web_process(tmp_path: Path) -> None:
    kept, growth, decoder_peak = measure(tmp_path, hostile.webp(3_490, 2_400), threads=3)
    assert kept == 3
    assert growth < 16
    assert 100 < decoder_peak < 200


@pytest.mark.slow
def test_memory_stays_bounded_with_many_threads(tmp_path: Path) -> None:
    """The decoder reuses the memory of one photo for the next."""
    sent = saved(pet(3_000, 2_000), "HEIF"), saved(pet(1_200, 2_500), "PNG")
    largest = hostile.LARGEST["a WebP of 33 megapixels"]()
    kept, growth, decoder_peak = measure(tmp_path, *sent, largest, threads=6)
    assert kept == 18
    assert growth < 32
    assert 100 < decoder_peak < 650


def test_reading_stops_after_ten_megabytes() -> None:
    class Endless:
        bytes_read = 0

        def read(self, size: int) -> bytes:
            self.bytes_read += size
            return bytes(size)

    sent = Endless()
    with pytest.raises(photos.InvalidPhoto) as error:
        photos.normalise(sent)  # type: ignore[arg-type]
    assert (error.value.code, sent.bytes_read) == ("too_heavy", photos.MAX_BYTES + 1)
    assert str(error.value) == "This file is larger than 10 MB. Choose a smaller photo."


def test_file_of_exactly_ten_megabytes_is_accepted() -> None:
    data = hostile.plain("JPEG")
    assert photos.normalise(data + bytes(photos.MAX_BYTES - len(data))) == photos.normalise(data)


def test_out_of_memory_asks_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*args: object, **kwargs: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Image, "open", exhausted)
    with pytest.raises(photos.InvalidPhoto) as error:
        decode(hostile.plain("JPEG"), photos.LONGEST_SIDE)
    assert error.value.code == "no_room"
