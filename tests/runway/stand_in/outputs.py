"""The place where finished clips lie: a storage host with addresses that expire, and its own faults."""

import hashlib
from typing import TYPE_CHECKING

from tests.runway.stand_in.clips import pictures
from tests.runway.stand_in.faults import Fault

if TYPE_CHECKING:
    from tests.runway.stand_in.server import Handler

_VIDEO = "video/mp4"
_CHUNK = 64 * 1024
_DENIED = b'<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access denied</Message></Error>'
_PAGE = b"<html><body>Please enable JavaScript to continue.</body></html>"


def serve_output(handler: "Handler", task_id: str, token: str) -> None:
    """Answer a GET of a clip, or strike it with the fault that lies in wait."""
    world = handler.world
    fault = world.faults.strike("output")
    clip = world.clip(task_id, token)
    if fault is not None:
        world.journal.write("fault", on="output", do=fault.do, task=task_id)
        return _strike(handler, fault, clip or b"")
    if clip is None:
        return handler.send(403, _DENIED, "application/xml")
    # Written first: whoever holds the clip's last byte finds it in the journal.
    facts = {"sha256": hashlib.sha256(clip).hexdigest(), "pictures": pictures(clip)}
    world.journal.write("served", task=task_id, bytes=len(clip), **facts)
    return handler.send(200, clip, _VIDEO)


def _strike(handler: "Handler", fault: Fault, clip: bytes) -> None:
    if fault.do == "answer":
        handler.send(fault.status, _DENIED, "application/xml")
    elif fault.do == "expired":
        handler.send(403, _DENIED, "application/xml")
    elif fault.do == "redirect":
        handler.send(302, b"", _VIDEO, {"Location": handler.server.base + handler.path})
    elif fault.do == "page":
        handler.send(200, _PAGE, "text/html")
    elif fault.do == "not_mp4":
        handler.send(200, b"\0" * len(clip), _VIDEO)
    elif fault.do == "short":
        handler.send(200, clip, _VIDEO, cut=True)
    elif fault.do == "hang":
        handler.hang()
    elif fault.do == "reset":
        handler.reset()
    else:
        _drag_on(handler, fault.do, clip)


def _drag_on(handler: "Handler", deed: str, clip: bytes) -> None:
    """``huge`` announces a terabyte, ``endless`` sends without end, ``slow`` sends a byte at a time."""
    handler.send_response(200)
    handler.send_header("Content-Type", _VIDEO)
    if deed == "endless":
        handler.send_header("Transfer-Encoding", "chunked")
    else:
        handler.send_header("Content-Length", str(10**12 if deed == "huge" else len(clip)))
    handler.end_headers()
    handler.close_connection = True
    if deed == "slow":
        for position in range(len(clip)):
            handler.wfile.write(clip[position : position + 1])
            if handler.world.woken.wait(0.05):
                return
    else:
        _send_on(handler, clip, chunked=deed == "endless")


def _send_on(handler: "Handler", clip: bytes, *, chunked: bool) -> None:
    filler = clip + b"\0" * (_CHUNK - len(clip) % _CHUNK)
    woken = handler.world.woken
    while not woken.is_set():
        for start in range(0, len(filler), _CHUNK):
            part = filler[start : start + _CHUNK]
            handler.wfile.write(b"%x\r\n%b\r\n" % (len(part), part) if chunked else part)
