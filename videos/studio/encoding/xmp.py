"""Writing an XMP packet into finished files, where the XMP specification (part 3) puts it. Pixels are not touched.

Pillow writes the packets of WebP files. No library among our dependencies writes those of the other formats.
"""

import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

# The types of the "uuid" boxes of an MP4 that hold XMP, and a C2PA manifest.
XMP_BOX = bytes.fromhex("BE7ACFCB97A942E89C71999491E3AFAC")
MANIFEST_BOX = bytes.fromhex("D8FEC3D61B0E483C92975828877EC481")
JPEG_NAME = b"http://ns.adobe.com/xap/1.0/\0"
PNG_KEYWORD = b"XML:com.adobe.xmp"
GIF_NAME = b"XMP DataXMP"
GIF_LOOP = b"\x21\xff\x0bNETSCAPE2.0"
# A decoder of GIF reads the packet as blocks with random lengths. Wherever it leaves the packet, these bytes lead it to
# the block of length 0 at the end.
GIF_TRAILER = b"\x01" + bytes(range(0xFF, -1, -1)) + b"\x00"


class Box(NamedTuple):
    """A top-level box of an MP4. ``kind`` is its type, or that of a "uuid" box."""

    start: int
    size: int
    kind: bytes


def mark_mp4(path: Path, packet: bytes) -> None:
    """Append the packet to an MP4. An earlier one becomes free space, so that no offset in the file changes.

    A file that ends with the same packet stays as it is.
    """
    appended = struct.pack(">I4s", 24 + len(packet), b"uuid") + XMP_BOX + packet
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - len(appended)))
        if file.read() == appended:
            return
        for box in boxes(path):
            if box.kind == XMP_BOX:
                file.seek(box.start + 4)
                file.write(b"free")
            file.seek(box.start)
            if file.read(4) == bytes(4) and box.start + box.size == size:
                # A box of size 0 extends to the end of the file, and would contain what is appended.
                file.seek(box.start)
                file.write(struct.pack(">I", box.size))
        file.seek(0, os.SEEK_END)
        file.write(appended)


def has_manifest(path: Path) -> bool:
    """Return whether the MP4 contains a C2PA manifest."""
    return any(box.kind == MANIFEST_BOX for box in boxes(path))


def boxes(path: Path) -> Iterator[Box]:
    """Yield the top-level boxes (ISO/IEC 14496-12) up to the first one that does not fit into the file."""
    with path.open("rb") as file:
        end, at = file.seek(0, os.SEEK_END), 0
        while at + 8 <= end:
            file.seek(at)
            head = file.read(32)
            size, kind, header = int.from_bytes(head[:4]), head[4:8], 8
            if size == 1:
                size, header = int.from_bytes(head[8:16]), 16
            elif size == 0:
                size = end - at
            if size < header or at + size > end:
                return
            yield Box(at, size, head[header : header + 16] if kind == b"uuid" else kind)
            at += size


def mark_jpeg(jpeg: bytes, packet: bytes) -> bytes:
    """Return the JPEG with the packet in an APP1 segment, after the JFIF header if there is one."""
    at = 2
    if jpeg[2:4] == b"\xff\xe0":
        at += 2 + int.from_bytes(jpeg[4:6])
    segment = b"\xff\xe1" + struct.pack(">H", 2 + len(JPEG_NAME) + len(packet)) + JPEG_NAME + packet
    return jpeg[:at] + segment + jpeg[at:]


def mark_png(png: bytes, packet: bytes) -> bytes:
    """Return the PNG with the packet in an iTXt chunk, after the header."""
    at = 8 + 12 + int.from_bytes(png[8:12])
    # Not compressed, without a language and a translated keyword.
    content = b"iTXt" + PNG_KEYWORD + b"\0\0\0\0\0" + packet
    chunk = struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))
    return png[:at] + chunk + png[at:]


def mark_gif(gif: bytes, packet: bytes) -> bytes:
    """Return the GIF (version 89a) with the packet in an application extension before its first frame.

    It is after the one that makes the GIF repeat, which some decoders expect first.
    """
    at = 13
    if gif[10] & 0x80:
        at += 3 << (gif[10] & 0x07) + 1
    if gif[at : at + len(GIF_LOOP)] == GIF_LOOP:
        at += len(GIF_LOOP) + 5
    return gif[:at] + b"\x21\xff\x0b" + GIF_NAME + packet + GIF_TRAILER + gif[at:]
