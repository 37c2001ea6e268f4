"""A WSGI application for the tests of the web server: it answers with the length of the body, or with a large body."""

import itertools
import os
import time
from collections.abc import Iterable
from typing import Any

from petgroove import server

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "petgroove.settings")
for name in ("HEADER_SECONDS", "BODY_SECONDS", "LEAST_BYTES_PER_SECOND", "MAX_RECEIVING_BYTES", "DISCARD_SECONDS"):
    if value := os.environ.get(f"TEST_{name}"):
        setattr(server, name, int(value))

LARGE = 8 * 1024 * 1024
MAX_BODY = 11 * 1024 * 1024
counter = itertools.count(1)


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    number = next(counter)
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if environ["PATH_INFO"] == "/busy":
        time.sleep(5)
    if environ["PATH_INFO"] == "/large":
        body = b"x" * LARGE
    elif length > MAX_BODY:
        body = b"too large"
    else:
        body = f"{number} {len(environ['wsgi.input'].read(length))}".encode()
    status = "413 Content Too Large" if body == b"too large" else "200 OK"
    start_response(status, [("Content-Length", str(len(body)))])
    return [body]
