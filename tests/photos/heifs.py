"""HEIF files put together box by box (ISO/IEC 23008-12): what phones write, and what only an attacker would."""

import functools
import struct
from dataclasses import dataclass

from PIL import Image

from tests.photos.sample_images import saved

TURN = struct.pack(">I4sB", 9, b"irot", 1)


def box(name: bytes, *bodies: bytes) -> bytes:
    body = b"".join(bodies)
    return struct.pack(">I", len(body) + 8) + name + body


def full_box(name: bytes, version: int, *bodies: bytes) -> bytes:
    return box(name, bytes((version, 0, 0, 0)), *bodies)


DEPTH = full_box(b"auxC", 0, b"urn:mpeg:hevc:2015:auxid:2\0")


@dataclass(frozen=True)
class Item:
    """One item of a file: its kind, its bytes, the properties that it has, and what it points at."""

    kind: bytes
    payload: bytes
    properties: tuple[bytes, ...] = ()
    points: tuple[tuple[bytes, tuple[int, ...]], ...] = ()


def coded(picture: Image.Image, *more: bytes) -> Item:
    """A picture as one coded item; ``more`` are further properties of it."""
    return Item(b"hvc1", *_parts(picture.tobytes(), picture.size, picture.mode, more))


@functools.cache
def _parts(pixels: bytes, size: tuple[int, int], mode: str, more: tuple[bytes, ...]) -> tuple[bytes, tuple[bytes, ...]]:
    data = saved(Image.frombytes(mode, size, pixels), "HEIF", quality=60)
    at, start = data.index(b"hvcC") - 4, data.index(b"mdat") - 4
    hvcc = data[at : at + int.from_bytes(data[at : at + 4])]
    payload = data[start + 8 : start + int.from_bytes(data[start : start + 4])]
    return payload, (hvcc, extent(*size), *more)


def extent(width: int, height: int) -> bytes:
    return full_box(b"ispe", 0, struct.pack(">II", width, height))


def grid(tiles: tuple[int, ...], across: int, width: int, height: int, *more: bytes) -> Item:
    """A picture put together from the items ``tiles``, so many in a row."""
    payload = struct.pack(">BBBBII", 0, 1, len(tiles) // across - 1, across - 1, width, height)
    return Item(b"grid", payload, (extent(width, height), *more), ((b"dimg", tiles),))


def overlay(parts: tuple[int, ...], width: int, height: int) -> Item:
    """Pictures laid over each other on a canvas, all in its corner."""
    payload = struct.pack(">BB4H2H", 0, 0, 0, 0, 0, 65535, width, height) + bytes(4 * len(parts))
    return Item(b"iovl", payload, (extent(width, height),), ((b"dimg", parts),))


def same(part: int, width: int, height: int) -> Item:
    """Another item as it is."""
    return Item(b"iden", b"", (extent(width, height),), ((b"dimg", (part,)),))


def heif_of(items: list[Item], primary: int, *, brand: bytes = b"heic") -> bytes:
    """The file of these items, numbered from 1."""
    ftyp = box(b"ftyp", brand, bytes(4), brand, b"mif1")
    size = len(_meta(items, primary, 0))
    meta = _meta(items, primary, len(ftyp) + size + 8)
    return ftyp + meta + box(b"mdat", *(item.payload for item in items))


def _meta(items: list[Item], primary: int, start: int) -> bytes:
    known = list(dict.fromkeys(prop for item in items for prop in item.properties))
    infos = [full_box(b"infe", 2, struct.pack(">HH4sx", at, 0, item.kind)) for at, item in enumerate(items, 1)]
    places, owned = b"", b""
    for number, item in enumerate(items, 1):
        places += struct.pack(">HHHHII", number, 0, 0, 1, start, len(item.payload))
        start += len(item.payload)
        owned += struct.pack(">HB", number, len(item.properties))
        owned += bytes(known.index(prop) + 1 for prop in item.properties)
    count = struct.pack(">H", len(items))
    points = [
        box(name, struct.pack(f">HH{len(to)}H", number, len(to), *to))
        for number, item in enumerate(items, 1)
        for name, to in item.points
    ]
    return full_box(
        b"meta",
        0,
        full_box(b"hdlr", 0, bytes(4), b"pict", bytes(13)),
        full_box(b"pitm", 0, struct.pack(">H", primary)),
        full_box(b"iloc", 1, b"\x44\0", count, places),
        full_box(b"iinf", 0, count, *infos),
        *([full_box(b"iref", 0, *points)] if points else []),
        box(b"iprp", box(b"ipco", *known), full_box(b"ipma", 0, struct.pack(">I", len(items)), owned)),
    )
