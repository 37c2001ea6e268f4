"""A reader of the XMP in a file, written from the specifications, apart from what writes it."""

import struct
from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree

from PIL import Image

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
TOOL = "{http://ns.adobe.com/xap/1.0/}CreatorTool"
SOURCE_TYPE = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType"
TERMS = "http://cv.iptc.org/newscodes/digitalsourcetype/"
XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
STUDIO, PROVIDER = f"{TERMS}compositeWithTrainedAlgorithmicMedia", f"{TERMS}trainedAlgorithmicMedia"


def source_type(data: bytes) -> str:
    """Return the digital source type of a file by PetGroove. The file must have exactly one packet, by this tool."""
    (packet,) = packets(data)
    (description,) = ElementTree.fromstring(packet.decode()).iter(f"{RDF}Description")
    properties = {child.tag: child.text for child in description}
    assert properties[TOOL] == "PetGroove"
    return properties[SOURCE_TYPE] or ""


def packets(data: bytes) -> list[bytes]:
    """Return all XMP packets of an MP4, JPEG, PNG, GIF or WebP."""
    if data[4:8] == b"ftyp":
        return [content[16:] for kind, content in boxes(data) if kind == b"uuid" and content[:16] == XMP_UUID]
    if data[:2] == b"\xff\xd8":
        name = b"http://ns.adobe.com/xap/1.0/\0"
        return [content.removeprefix(name) for content in app1_segments(data) if content.startswith(name)]
    with Image.open(BytesIO(data)) as image:
        image.load()
        if image.format == "WEBP":
            # The flag for XMP in the header of the extended format.
            assert (data[12:16], data[20] & 0b100) == (b"VP8X", 0b100)
        if image.format == "GIF":
            # Pillow finds the extension, and the packet ends where the specification's trailer begins.
            name, at = image.info.get("extension", (b"", 0))
            return [data[at : data.index(b"\x01\xff\xfe", at)]] if name == b"XMP DataXMP" else []
        packet = image.info.get("XML:com.adobe.xmp") or image.info.get("xmp")
    return [packet.encode() if isinstance(packet, str) else packet] if packet else []


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        yield kind, data[at + 8 : at + size]
        at += size


def app1_segments(data: bytes) -> Iterator[bytes]:
    at = 2
    while data[at + 1] != 0xDA:
        size = int.from_bytes(data[at + 2 : at + 4])
        if data[at + 1] == 0xE1:
            yield data[at + 4 : at + 2 + size]
        at += 2 + size
