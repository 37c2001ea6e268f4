"""Private files, given to their owner only: byte ranges, an ETag, and no copy in anybody else's cache.

Files in a bucket are sent by the bucket: our address, which stays the same, leads to one that was signed just now.

Django's own FileResponse knows no ranges, and no browser seeks in a video without them (RFC 9110, section 14).
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
# How long a signed address works, in seconds: ten minutes for what never changes, of which a browser uses the first
# half; one minute for what its owner may take back, such as a shared link.
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
    """A stored file, whole (200) or the one range that was asked for (206, or 416 when there is none).

    ``etag`` identifies the bytes; ``cache`` says how long the owner's browser may do without asking. Raises Http404
    when it is not in the storage. Who asks must have been checked before.
    """
    seconds = SIGNED_URL_SECONDS[cache]
    name = stored.name or ""
    storage: Any = stored.storage  # one of ours, which know how to sign or that they cannot
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
        raise Http404("This file is gone.") from None
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
    """The bytes of a stored file. Raises Http404 when it is not in the storage, and OSError when that is away."""
    try:
        with stored.storage.open(stored.name or "") as file:
            return file.read()
    except FileNotFoundError:
        raise Http404("This file is gone.") from None


def etag_matches(if_none_match: str, etag: str) -> bool:
    """Whether the browser has these bytes: any there are, or of this name, a weak one as well (RFC 9110, 13.1.2)."""
    return any(known in ("*", etag) for known in (name.removeprefix("W/") for name in parse_etags(if_none_match)))


def requested_range(request: HttpRequest, etag: str) -> tuple[str, str] | None:
    """The two ends of the one range that was asked for; None for none, several, nonsense or another version."""
    requested = SINGLE_RANGE.fullmatch(request.headers.get("Range", "").strip())
    if not requested or requested.groups() == ("", "") or request.headers.get("If-Range", etag) != etag:
        return None
    return requested[1], requested[2]


def resolve_range(first: str, last: str, size: int) -> tuple[int, int] | None:
    """First and last byte of a range within ``size`` bytes; None when none of it lies there."""
    if not first:
        return (max(0, size - int(last)), size - 1) if int(last) else None
    span = int(first), min(int(last) if last else size - 1, size - 1)
    return span if span[0] <= span[1] else None


class FileSlice:
    """``length`` bytes of an open file from ``start`` on, in chunks; closes the file."""

    def __init__(self, file: File, start: int, length: int) -> None:
        self.file, self.left = file, length
        file.seek(start)

    def __iter__(self) -> Iterator[bytes]:
        while self.left and (chunk := self.file.read(min(CHUNK, self.left))):
            self.left -= len(chunk)
            yield chunk

    def close(self) -> None:
        self.file.close()
