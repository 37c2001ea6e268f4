"""HEIF files assembled box by box (ISO/IEC 23008-12), both realistic and malicious ones."""

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
    """One item of a file: its kind, its bytes, its properties, and its references."""

    kind: bytes
    payload: bytes
    properties: tuple[bytes, ...] = ()
    references: tuple[tuple[bytes, tuple[int, ...]], ...] = ()


def coded(picture: Image.Image, *properties: bytes) -> Item:
    """Return a picture as one coded item with further properties."""
    return Item(b"hvc1", *_parts(picture.tobytes(), picture.size, picture.mode, properties))


@functools.cache
def _parts(
    pixels: bytes, size: tuple[int, int], mode: str, properties: tuple[bytes, ...]
) -> tuple[bytes, tuple[bytes, ...]]:
    data = saved(Image.frombytes(mode, size, pixels), "HEIF", quality=60)
    at, start = data.index(b"hvcC") - 4, data.index(b"mdat") - 4
    hvcc = data[at : at + int.from_bytes(data[at : at + 4])]
    payload = data[start + 8 : start + int.from_bytes(data[start : start + 4])]
    return payload, (hvcc, extent(*size), *properties)


def extent(width: int, height: int) -> bytes:
    return full_box(b"ispe", 0, struct.pack(">II", width, height))


def grid(tiles: tuple[int, ...], across: int, width: int, height: int, *properties: bytes) -> Item:
    """Return a picture made of the items ``tiles``, ``across`` per row."""
    payload = struct.pack(">BBBBII", 0, 1, len(tiles) // across - 1, across - 1, width, height)
    return Item(b"grid", payload, (extent(width, height), *properties), ((b"dimg", tiles),))


def overlay(parts: tuple[int, ...], width: int, height: int) -> Item:
    """Return pictures laid over each other in the corner of a canvas."""
    payload = struct.pack(">BB4H2H", 0, 0, 0, 0, 0, 65535, width, height) + bytes(4 * len(parts))
    return Item(b"iovl", payload, (extent(width, height),), ((b"dimg", parts),))


def same(part: int, width: int, height: int) -> Item:
    """Return a derived picture that is identical to another item."""
    return Item(b"iden", b"", (extent(width, height),), ((b"dimg", (part,)),))


def heif_of(items: list[Item], primary: int, *, brand: bytes = b"heic") -> bytes:
    """Return the file of these items, numbered from 1."""
    ftyp = box(b"ftyp", brand, bytes(4), brand, b"mif1")
    size = len(_meta(items, primary, 0))
    meta = _meta(items, primary, len(ftyp) + size + 8)
    return ftyp + meta + box(b"mdat", *(item.payload for item in items))


def _meta(items: list[Item], primary: int, start: int) -> bytes:
    all_properties = list(dict.fromkeys(prop for item in items for prop in item.properties))
    infos = [full_box(b"infe", 2, struct.pack(">HH4sx", at, 0, item.kind)) for at, item in enumerate(items, 1)]
    locations, associations = b"", b""
    for number, item in enumerate(items, 1):
        locations += struct.pack(">HHHHII", number, 0, 0, 1, start, len(item.payload))
        start += len(item.payload)
        associations += struct.pack(">HB", number, len(item.properties))
        associations += bytes(all_properties.index(prop) + 1 for prop in item.properties)
    count = struct.pack(">H", len(items))
    references = [
        box(name, struct.pack(f">HH{len(to)}H", number, len(to), *to))
        for number, item in enumerate(items, 1)
        for name, to in item.references
    ]
    return full_box(
        b"meta",
        0,
        full_box(b"hdlr", 0, bytes(4), b"pict", bytes(13)),
        full_box(b"pitm", 0, struct.pack(">H", primary)),
        full_box(b"iloc", 1, b"\x44\0", count, locations),
        full_box(b"iinf", 0, count, *infos),
        *([full_box(b"iref", 0, *references)] if references else []),
        box(b"iprp", box(b"ipco", *all_properties), full_box(b"ipma", 0, struct.pack(">I", len(items)), associations)),
    )
