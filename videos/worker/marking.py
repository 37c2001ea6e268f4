"""Marks in the files that leave the site: XMP that says how they were made and, on sites that sign, C2PA.

Files are marked before they are stored, so that sizes and checksums are those of the marked file. The studio is
imported inside the functions, so that the web process may import this module and stay small.
"""

from __future__ import annotations

from pathlib import Path

from videos.provenance import SourceType, xmp_packet


def mark_video(file: Path, source_type: SourceType, original: Path | None = None) -> bool:
    """Write into the MP4 how it was made. Return whether it is signed, which gives other bytes each time.

    ``original`` is the provider's clip that ``file`` was made from, if any. A file that still holds a provider's
    manifest, and that we cannot sign, stays as it is: a change would make that manifest invalid.
    """
    from videos.studio.encoding import xmp
    from videos.worker import signing

    untouched = file.read_bytes() if xmp.has_manifest(file) else None
    parent = untouched
    if parent is None and original is not None and xmp.has_manifest(original):
        parent = original.read_bytes()
    xmp.mark_mp4(file, xmp_packet(source_type))
    is_signed = signing.sign_video(file, source_type, parent)
    if untouched and not is_signed:
        file.write_bytes(untouched)
    return is_signed


def mark_jpeg(jpeg: bytes, source_type: SourceType) -> bytes:
    from videos.studio.encoding import xmp
    from videos.worker import signing

    return signing.sign_picture(xmp.mark_jpeg(jpeg, xmp_packet(source_type)), "image/jpeg", source_type)
