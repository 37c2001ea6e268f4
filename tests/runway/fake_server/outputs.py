"""The storage of finished clips: URLs that expire, and faults of its own."""

import hashlib
from typing import TYPE_CHECKING

from tests.runway.fake_server.clips import picture_digest
from tests.runway.fake_server.faults import Fault

if TYPE_CHECKING:
    from tests.runway.fake_server.server import Handler

_VIDEO = "video/mp4"
_CHUNK = 64 * 1024
_DENIED = b'<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access denied</Message></Error>'
_PAGE = b"<html><body>Please enable JavaScript to continue.</body></html>"


def serve_output(handler: "Handler", task_id: str, token: str) -> None:
    """Serve a clip, or apply a pending fault."""
    state = handler.state
    fault = state.faults.next_fault("output")
    clip = state.clip(task_id, token)
    if fault is not None:
        state.journal.write("fault", on="output", do=fault.do, task=task_id)
        return _apply_fault(handler, fault, clip or b"")
    if clip is None:
        return handler.send(403, _DENIED, "application/xml")
    # Written before the clip is sent, so that a client with the last byte finds it in the journal.
    digests = {"sha256": hashlib.sha256(clip).hexdigest(), "pictures": picture_digest(clip)}
    state.journal.write("served", task=task_id, bytes=len(clip), **digests)
    return handler.send(200, clip, _VIDEO)


def _apply_fault(handler: "Handler", fault: Fault, clip: bytes) -> None:
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
        _send_badly(handler, fault.do, clip)


def _send_badly(handler: "Handler", kind: str, clip: bytes) -> None:
    """Send a bad body: ``huge`` announces a terabyte, ``endless`` never ends, ``slow`` sends single bytes."""
    handler.send_response(200)
    handler.send_header("Content-Type", _VIDEO)
    if kind == "endless":
        handler.send_header("Transfer-Encoding", "chunked")
    else:
        handler.send_header("Content-Length", str(10**12 if kind == "huge" else len(clip)))
    handler.end_headers()
    handler.close_connection = True
    if kind == "slow":
        for position in range(len(clip)):
            handler.wfile.write(clip[position : position + 1])
            if handler.state.released.wait(0.05):
                return
    else:
        _send_endlessly(handler, clip, chunked=kind == "endless")


def _send_endlessly(handler: "Handler", clip: bytes, *, chunked: bool) -> None:
    filler = clip + b"\0" * (_CHUNK - len(clip) % _CHUNK)
    released = handler.state.released
    while not released.is_set():
        for start in range(0, len(filler), _CHUNK):
            part = filler[start : start + _CHUNK]
            handler.wfile.write(b"%x\r\n%b\r\n" % (len(part), part) if chunked else part)
