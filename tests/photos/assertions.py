"""Assertions about the result of an upload: either a plain picture or an error message."""

import hashlib
import io

from PIL import Image

from tests.photos.sample_images import SECRET
from videos import photos

TRACES = (b"Exif", b"http://ns.adobe.com", b"ICC_PROFILE", b"8BIM", b"Photoshop", b"MPF\0", SECRET.encode())
# Start, JFIF, tables, baseline frame, scan, end. JFIF's is the only application segment, and there is no comment.
PLAIN_SEGMENTS = {0xD8, 0xE0, 0xDB, 0xC0, 0xC4, 0xDA, 0xD9}


def segments(jpeg: bytes) -> list[int]:
    """Return the markers of a JPEG with one scan, up to the file's last byte."""
    assert jpeg[:2] == b"\xff\xd8"
    markers, at = [0xD8], 2
    while markers[-1] != 0xDA:
        assert jpeg[at] == 0xFF
        markers.append(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4])
    end = jpeg.index(b"\xff\xd9", at)
    assert end + 2 == len(jpeg)
    return [*markers, 0xD9]


def assert_plain(photo: photos.Normalised) -> None:
    with Image.open(io.BytesIO(photo.jpeg)) as picture:
        picture.load()
        assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (photo.width, photo.height))
        assert max(picture.size) <= photos.LONGEST_SIDE
        assert not picture.getexif()
        assert set(picture.info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert set(segments(photo.jpeg)) == PLAIN_SEGMENTS
    assert [trace for trace in TRACES if trace in photo.jpeg] == []
    # Three letters can occur by chance in the compressed picture, which begins with the scan.
    assert b"GPS" not in photo.jpeg[: photo.jpeg.index(b"\xff\xda")]
    assert photo.sha256 == hashlib.sha256(photo.jpeg).hexdigest()


def outcome(data: bytes) -> str:
    """Return ``kept``, or the error code. Either result is checked completely."""
    try:
        photo = photos.normalise(data)
    except photos.InvalidPhoto as error:
        sentence = str(error)
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        # What is wrong, then what to do.
        assert sentence.count(". ") == 1
        assert sentence.split(". ")[1].startswith(("Choose ", "Crop ", "Save ", "Try "))
        return error.code
    assert_plain(photo)
    return "kept"
