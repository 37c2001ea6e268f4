"""Malicious files, and files that look malicious: forged headers, bombs, truncated files and polyglots."""

import functools
import io
import random
import re
import struct
import zlib
from collections.abc import Callable

from PIL import Image

from tests.photos.heifs import TURN, Item, box, coded, grid, heif_of, overlay, same
from tests.photos.sample_images import jpeg_segment, pet, png, png_chunk, saved, with_segments

KINDS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF", "MPO")


@functools.cache
def plain(kind: str) -> bytes:
    if kind == "MPO":
        return saved(pet(), "MPO", save_all=True, append_images=[pet(320, 240)])
    return saved(pet(), kind)


def forged_png(width: int, height: int) -> bytes:
    return png(width, height, 8, 2, b"")


def forged_jpeg(width: int, height: int) -> bytes:
    data = bytearray(plain("JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def forged_webp(width: int, height: int) -> bytes:
    """Return an animation with a canvas of this size whose only frame is small."""
    frame = plain("WEBP")[12:]
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    place = bytes(6) + (639).to_bytes(3, "little") + (479).to_bytes(3, "little") + bytes(4)
    chunks = (b"VP8X", b"\2\0\0\0" + canvas), (b"ANIM", bytes(6)), (b"ANMF", place + frame)
    body = b"WEBP" + b"".join(name + struct.pack("<I", len(chunk)) + chunk for name, chunk in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def forged_ispe(data: bytes, width: int, height: int) -> bytes:
    """Return a HEIC or AVIF whose container gives another size than its coded picture."""
    return re.sub(rb"(?s)ispe.{12}", b"ispe" + bytes(4) + struct.pack(">II", width, height), data)


def repeated_frames(avif: bytes, times: int) -> bytes:
    """Return an AVIF whose only item holds its coded frame ``times`` times."""
    start = avif.index(b"mdat") + 4
    stream = avif[start:]
    head = avif[: start - 8]
    places = head.index(b"iloc")
    length = head.index(struct.pack(">I", len(stream)), places)
    head = head[:length] + struct.pack(">I", times * len(stream)) + head[length + 4 :]
    return head + box(b"mdat", stream * times)


def av1_header(width: int, height: int, *, reduced: bool = True, film: bool = False, places: int = 0) -> bytes:
    """Return a sequence header OBU (AV1 specification, 5.5.1), as far as a decoder reads it for the size.

    ``places`` is the number of bits for each side; 0 uses as many as necessary.
    """
    bits = (
        "000" + "1" + ("1" + "00000" if reduced else "0" + ("1" if film else "0" + "0" + "00000" + "0" * 12 + "00000"))
    )
    sides = [(side - 1, places or (side - 1).bit_length()) for side in (width, height)]
    bits += "".join(f"{length - 1:04b}" for _, length in sides) + "".join(
        f"{side:0{length}b}" for side, length in sides
    )
    bits += "0" * (-len(bits) % 8)
    body = int(bits, 2).to_bytes(len(bits) // 8)
    return b"\x0a" + bytes((len(body),)) + body


def avif_of(stream: bytes, kind: bytes = b"av01", *, method: int = 0, extents: int = 1) -> bytes:
    """Return the smallest file that claims to be an AVIF: boxes for one item around a coded stream."""
    ftyp = box(b"ftyp", b"avif", bytes(4), b"avifmif1miaf")
    item = box(b"infe", b"\2\0\0\0", struct.pack(">HH4sx", 1, 0, kind))
    iinf = box(b"iinf", bytes(4), struct.pack(">H", 1), item)
    size = len(ftyp) + 12 + len(iinf) + 8 + 16 + 8 * extents + 8
    places = struct.pack(">II", size, len(stream)) * extents
    iloc = box(b"iloc", b"\1\0\0\0\x44\0", struct.pack(">HHHHH", 1, 1, method, 0, extents), places)
    meta = box(b"meta", bytes(4), iinf, iloc)
    return ftyp + meta + box(b"mdat", stream)


def duplicated_item_list(heif: bytes) -> bytes:
    """Return a HEIC with a second list of its items. Decoders may differ in which one they use."""
    at = heif.index(b"iinf") - 4
    iinf = heif[at : at + int.from_bytes(heif[at : at + 4])]
    meta = heif.index(b"meta") - 4
    size = int.from_bytes(heif[meta : meta + 4]) + len(iinf)
    return heif[:meta] + size.to_bytes(4) + heif[meta + 4 : at] + iinf + heif[at:]


def repeated_extents(heif: bytes) -> bytes:
    """Return a HEIC whose only item claims to be a hundred megabytes long."""
    at = heif.index(b"iloc") + 4 + 4 + 2 + 2 + 12
    return heif[:at] + struct.pack(">I", 100_000_000) + heif[at + 4 :]


def endless_scans(scans: int) -> bytes:
    """Return a progressive JPEG of 16 megapixels that repeats its last, nearly empty scan."""
    data = saved(Image.new("L", (4000, 4000), 100), "JPEG", progressive=True)
    table = data.rindex(b"\xff\xc4", 0, data.rindex(b"\xff\xda"))
    return data[:-2] + data[table:-2] * scans + b"\xff\xd9"


def inflating_png(name: bytes) -> bytes:
    """Return a PNG with a text or a profile of a few kilobytes that inflates to twenty megabytes."""
    body = (b"name\0\0" if name != b"iTXt" else b"name\0\1\0\0\0") + zlib.compress(bytes(20_000_000))
    return png(300, 300, 8, 2, bytes(900), png_chunk(name, body))


def nested(wrap: Callable[[tuple[int, ...], int, int], Item], depth: int, times: int) -> bytes:
    """Return a small HEIC whose picture is made of ``times`` pictures, each made of as many, to ``depth`` levels."""
    items = [coded(pet(400, 300))]
    for level in range(1, depth + 1):
        items.append(wrap((level,) * times, 400, 300))
    return heif_of(items, depth + 1)


def webp(width: int, height: int) -> bytes:
    """Return a valid file of a single colour, in the form that costs most to decode."""
    picture = Image.new("RGBA", (width, height), (90, 120, 60, 90))
    return saved(picture, "WEBP", lossless=True, quality=0)


BOMBS = {
    "a PNG of 60,000 pixels a side": lambda: forged_png(60_000, 60_000),
    "a PNG just above 64 megapixels": lambda: forged_png(8_200, 8_200),
    "a JPEG of 65,000 pixels a side": lambda: forged_jpeg(65_000, 65_000),
    "a JPEG just above 64 megapixels": lambda: forged_jpeg(8_200, 8_200),
    "a WebP of 16,384 pixels a side": lambda: forged_webp(16_384, 16_384),
    "a WebP of 36 megapixels": lambda: forged_webp(6_000, 6_000),
    "a HEIC that says 60,000 pixels a side": lambda: forged_ispe(plain("HEIF"), 60_000, 60_000),
    "a HEIC that says 64 megapixels": lambda: forged_ispe(plain("HEIF"), 8_000, 8_000),
    "an AVIF that says 64 megapixels": lambda: forged_ispe(plain("AVIF"), 8_000, 8_000),
}
# Valid photos just within the limits, in the form of each kind that costs most to decode.
LARGEST = {
    "a HEIC of 50 megapixels": lambda: heif_of([coded(pet(512, 512)), grid((1,) * 192, 16, 8_160, 6_144)], 2),
    "a WebP of 33 megapixels": lambda: webp(6_980, 4_800),
    "a progressive JPEG of 63 megapixels": lambda: saved(
        Image.new("RGB", (9_200, 6_900)), "JPEG", progressive=True, subsampling=0
    ),
}
OVERWORK = {
    "a JPEG of two hundred scans": lambda: endless_scans(200),
}
# Files that ask for more work or memory than any camera's, within what the decoder's process may use. They may become
# photos.
STRANGE = {
    "a JPEG of five thousand empty segments": lambda: with_segments(plain("JPEG"), jpeg_segment(0xE5, b"") * 5_000),
    "a JPEG with a long gap before its picture": lambda: with_segments(plain("JPEG"), b"\xff" * 10_000),
    "a PNG of twenty thousand empty chunks": lambda: png(300, 300, 8, 2, bytes(900), png_chunk(b"teSt", b"") * 20_000),
    "a HEIC of overlays in overlays": lambda: nested(overlay, 3, 5),
    "a HEIC of one overlay": lambda: nested(overlay, 1, 1),
    "a HEIC of a grid of grids": lambda: nested(lambda parts, *size: grid(parts, 2, *size), 2, 4),
    "a HEIC that is another picture": lambda: heif_of([coded(pet(400, 300)), same(1, 400, 300)], 2),
    "a HEIC that turns its picture forty times": lambda: heif_of([coded(pet(400, 300), *[TURN] * 40)], 1),
    "a HEIC that lists its items twice": lambda: duplicated_item_list(heif_of([coded(pet(400, 300))], 1)),
    "a HEIC that reads its bytes over and over": lambda: repeated_extents(heif_of([coded(pet(400, 300))], 1)),
    "an AVIF of forty frames in one picture": lambda: repeated_frames(plain("AVIF"), 40),
    "an AVIF that may change its size from frame to frame": lambda: avif_of(
        av1_header(400, 400, reduced=False, places=16)
    ),
    "an AVIF with a film's timing": lambda: avif_of(av1_header(400, 400, reduced=False, film=True)),
    "an AVIF made of tiles": lambda: avif_of(av1_header(400, 400), b"grid"),
    "an AVIF whose item lies in another": lambda: avif_of(av1_header(400, 400), method=2),
    "an AVIF that reads its bytes over and over": lambda: avif_of(av1_header(400, 400) * 20, extents=60),
    "an AVIF of twenty thousand boxes": lambda: avif_of(b"") + box(b"free") * 20_000,
    "a HEIC whose tiles hold 71 megapixels": lambda: heif_of([coded(pet(512, 512)), grid((1,) * 272, 16, 400, 300)], 2),
    "an AVIF of 36 megapixels": lambda: avif_of(av1_header(6_000, 6_000)),
    "an AVIF of 65,536 pixels a side": lambda: avif_of(av1_header(65_536, 65_536)),
    "an AVIF's film header of 65,536 pixels a side": lambda: avif_of(av1_header(65_536, 65_536, reduced=False)),
    "an AVIF of 36 megapixels that says 400 by 300": lambda: forged_ispe(
        saved(Image.new("RGB", (6_000, 6_000)), "AVIF"), 400, 300
    ),
    "a HEIC of 9 megapixels that says 400 by 300": lambda: forged_ispe(
        saved(Image.new("RGB", (3_000, 3_000)), "HEIF"), 400, 300
    ),
}
FOREIGN = {
    "GIF": lambda: saved(pet(), "GIF"),
    "TIFF": lambda: saved(pet(), "TIFF"),
    "BMP": lambda: saved(pet(), "BMP"),
    "PDF": lambda: saved(pet(), "PDF"),
    "JPEG 2000": lambda: saved(pet(), "JPEG2000"),
    "ICO": lambda: saved(pet(), "ICO"),
    "SVG": lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "SVG with a prologue": lambda: b'<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="http://www.w3.org/2000/svg"/>',
    "HTML": lambda: b"<!DOCTYPE html><script>alert(1)</script>",
    "ZIP": lambda: b"PK\x03\x04" + bytes(400),
    "MP4": lambda: box(b"ftyp", b"isom", bytes(4), b"isommp42") + bytes(400),
    "raw of a Canon": lambda: box(b"ftyp", b"crx ", bytes(4), b"crx isom") + bytes(400),
    "animated AVIF": lambda: saved(pet(), "AVIF", save_all=True, append_images=[pet(), pet()]),
    "text": lambda: b"this is a cat" * 100,
}


def polyglots() -> dict[str, bytes]:
    """Return valid pictures that are also something else."""
    tails = {
        "GIF": saved(pet(), "GIF"),
        "HTML": b"<html><script>alert('planted-secret-4711')</script></html>",
        "ZIP": b"PK\x03\x04planted-secret-4711" + bytes(64) + b"PK\x05\x06" + bytes(18),
        "PDF": b"%PDF-1.4 planted-secret-4711 %%EOF",
    }
    appended = {
        f"{kind} with {name} behind": plain(kind) + tail
        for kind in ("JPEG", "PNG", "WEBP")
        for name, tail in tails.items()
    }
    return appended | {
        "JPEG with a PDF inside": with_segments(plain("JPEG"), jpeg_segment(0xFE, tails["PDF"])),
        "JPEG with a script inside": with_segments(plain("JPEG"), jpeg_segment(0xE9, tails["HTML"])),
        "PNG with a script inside": png(300, 300, 8, 2, bytes(900), png_chunk(b"tEXt", b"Comment\0" + tails["HTML"])),
    }


def cut(data: bytes) -> list[bytes]:
    """Return the file's first tenth, first two tenths, up to its first nine tenths."""
    return [data[: len(data) * tenth // 10] for tenth in range(1, 10)]


def scrambled(kind: str, copies: int) -> list[bytes]:
    """Return copies of a small file with a few bytes changed, always the same ones."""
    chance = random.Random(f"scrambled {kind}")
    data = saved(pet(240, 220), kind) if kind != "MPO" else plain(kind)
    files = []
    for _ in range(copies):
        changed = bytearray(data)
        for _ in range(chance.choice((1, 3, 20))):
            changed[chance.randrange(min(len(data), chance.choice((64, 600, len(data)))))] = chance.randrange(256)
        files.append(bytes(changed))
    return files


def noise(copies: int) -> list[bytes]:
    """Return random bytes, on their own and after the first bytes of each kind."""
    chance = random.Random("noise")
    heads = [b"", *(plain(kind)[:24] for kind in KINDS)]
    return [head + chance.randbytes(chance.randrange(1, 4_000)) for head in heads for _ in range(copies)]


def animation(kind: str, frames: int) -> bytes:
    first = pet(240, 210)
    others = [first.rotate(3 * turn) for turn in range(1, frames)]
    return saved(first, kind, save_all=True, append_images=others, duration=40)


def stream(data: bytes, name: str) -> io.BytesIO:
    """Return a file as a browser sends it, with a name of its own choosing."""
    file = io.BytesIO(data)
    file.name = name
    return file
