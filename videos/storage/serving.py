"""Responses for private files: byte ranges, ETags, and no copies in shared caches.

Files in a bucket are sent by the bucket: our permanent URL redirects to a freshly signed one.

Django's own FileResponse does not support ranges, which browsers need to seek in a video (RFC 9110, section 14).
"""

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import File
from django.db.models.fields.files import FieldFile
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, parse_etags

CHUNK = 64 * 1024
SINGLE_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
IMMUTABLE = "private, max-age=31536000, immutable"
REVALIDATE = "private, no-cache"
# Lifetime of a signed URL in seconds. Immutable files get ten minutes, and browsers may reuse the URL for the first
# half. Files whose access the owner may revoke, such as shared videos, get one minute.
SIGNED_URL_SECONDS = {IMMUTABLE: 600, REVALIDATE: 60}


def send_file(
    request: HttpRequest,
    stored: FieldFile,
    content_type: str,
    *,
    etag: str,
    download_name: str = "",
    cache: str = IMMUTABLE,
) -> HttpResponseBase:
    """Return a response with the whole file (200) or the requested range (206, or 416 if it cannot be satisfied).

    Files in a bucket get a redirect (302) instead. ``etag`` identifies the bytes; ``cache`` says how long the owner's
    browser may reuse them without asking. Raises Http404 if the file is not in the storage. The caller must have
    checked that this request may see the file.
    """
    seconds = SIGNED_URL_SECONDS[cache]
    name = stored.name or ""
    storage: Any = stored.storage  # one of our classes, which have signed_link()
    if link := storage.signed_link(name, content_type, seconds=seconds, download_name=download_name):
        cache_control = f"private, max-age={seconds // 2}" if cache == IMMUTABLE else cache
        return HttpResponseRedirect(link, headers={"Cache-Control": cache_control})
    quoted_etag = f'"{etag}"'
    headers = {"Accept-Ranges": "bytes", "Cache-Control": cache, "ETag": quoted_etag}
    if download_name:
        headers["Content-Disposition"] = content_disposition_header(True, download_name) or "attachment"
    if etag_matches(request.headers.get("If-None-Match", ""), quoted_etag):
        return HttpResponseNotModified(headers=headers)
    try:
        file = storage.open(name)
        size = file.size
    except OSError:
        raise Http404("File not found.") from None
    requested = requested_range(request, quoted_etag)
    span = resolve_range(*requested, size) if requested else (0, size - 1)
    if span is None:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"})
    first, last = span
    headers["Content-Length"] = str(last - first + 1)
    if requested:
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    body = FileSlice(file, first, 0 if request.method == "HEAD" else last - first + 1)
    return StreamingHttpResponse(body, status=206 if requested else 200, content_type=content_type, headers=headers)


def read_file(stored: FieldFile) -> bytes:
    """Return the bytes of a stored file.

    Raises Http404 if the file is not in the storage, and OSError if the storage is unavailable.
    """
    try:
        with stored.storage.open(stored.name or "") as file:
            return file.read()
    except FileNotFoundError:
        raise Http404("File not found.") from None


def etag_matches(if_none_match: str, etag: str) -> bool:
    """Return whether If-None-Match is ``*`` or contains ``etag``, compared weakly (RFC 9110, section 13.1.2)."""
    return any(tag.removeprefix("W/") in ("*", etag) for tag in parse_etags(if_none_match))


def requested_range(request: HttpRequest, etag: str) -> tuple[str, str] | None:
    """Return both ends of the requested range as strings.

    Return None if there is no range, more than one, an invalid one, or one of another version (If-Range).
    """
    requested = SINGLE_RANGE.fullmatch(request.headers.get("Range", "").strip())
    if not requested or requested.groups() == ("", "") or request.headers.get("If-Range", etag) != etag:
        return None
    return requested[1], requested[2]


def resolve_range(first: str, last: str, size: int) -> tuple[int, int] | None:
    """Return the first and last byte of a range within ``size`` bytes, or None if it lies outside."""
    if not first:
        return (max(0, size - int(last)), size - 1) if int(last) else None
    span = int(first), min(int(last) if last else size - 1, size - 1)
    return span if span[0] <= span[1] else None


class FileSlice:
    """An iterator over ``length`` bytes of an open file from ``start``, in chunks. ``close()`` closes the file."""

    def __init__(self, file: File, start: int, length: int) -> None:
        self.file, self.left = file, length
        file.seek(start)

    def __iter__(self) -> Iterator[bytes]:
        while self.left and (chunk := self.file.read(min(CHUNK, self.left))):
            self.left -= len(chunk)
            yield chunk

    def close(self) -> None:
        self.file.close()
