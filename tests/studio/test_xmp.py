"""XMP in finished files: one packet, where readers look for it, and the same picture and sound as before."""

import struct
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.videos.conftest import clip
from tests.xmp import PROVIDER, STUDIO, boxes, packets, source_type
from videos.provenance import SourceType, xmp_packet
from videos.studio.encoding import mp4, xmp

__all__ = ["clip"]
PACKET = xmp_packet(SourceType.COMPOSITE)
MARKS = {"JPEG": xmp.mark_jpeg, "PNG": xmp.mark_png, "GIF": xmp.mark_gif}


@pytest.fixture
def file(clip: bytes, tmp_path: Path) -> Path:
    """A clip without XMP."""
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"".join(struct.pack(">I4s", 8 + len(content), kind) + content for kind, content in boxes(clip)
                              if kind != b"uuid"))  # fmt: skip
    assert packets(path.read_bytes()) == []
    return path


def picture(kind: str) -> bytes:
    frames = [Image.fromarray(np.full((9, 14, 3), value, np.uint8)) for value in (40, 200)]
    out = BytesIO()
    frames[0].save(out, kind, **({"save_all": True, "append_images": frames[1:], "loop": 0} if kind == "GIF" else {}))
    return out.getvalue()


@pytest.mark.parametrize("kind", MARKS)
def test_marked_picture_says_how_it_was_made_and_looks_the_same(kind: str) -> None:
    plain = picture(kind)
    marked = MARKS[kind](plain, PACKET)
    assert (packets(plain), source_type(marked)) == ([], STUDIO)
    before, after = (Image.open(BytesIO(data)) for data in (plain, marked))
    assert getattr(before, "n_frames", 1) == getattr(after, "n_frames", 1)
    for number in range(getattr(before, "n_frames", 1)):
        before.seek(number)
        after.seek(number)
        assert np.array_equal(np.asarray(before.convert("RGB")), np.asarray(after.convert("RGB")))


def test_marked_video_begins_with_the_same_bytes(file: Path) -> None:
    plain, probe = file.read_bytes(), mp4.probe(file)
    xmp.mark_mp4(file, PACKET)
    marked = file.read_bytes()
    assert (marked[: len(plain)], source_type(marked)) == (plain, STUDIO)
    assert mp4.probe(file).seconds == probe.seconds


def test_marking_a_video_twice_changes_nothing(file: Path) -> None:
    xmp.mark_mp4(file, PACKET)
    marked = file.read_bytes()
    xmp.mark_mp4(file, PACKET)
    assert file.read_bytes() == marked


def test_an_earlier_packet_is_replaced(file: Path) -> None:
    xmp.mark_mp4(file, PACKET)
    xmp.mark_mp4(file, xmp_packet(SourceType.TRAINED))
    assert source_type(file.read_bytes()) == PROVIDER
    mp4.probe(file)


def test_a_last_box_of_unknown_size_gets_its_size(file: Path) -> None:
    with file.open("ab") as opened:
        opened.write(struct.pack(">I4s", 0, b"free") + b"padding")
    xmp.mark_mp4(file, PACKET)
    assert source_type(file.read_bytes()) == STUDIO
    mp4.probe(file)


def test_a_damaged_video_is_still_reported_as_damaged(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-300])
    xmp.mark_mp4(file, PACKET)
    with pytest.raises(mp4.InvalidVideo):
        mp4.probe(file)
