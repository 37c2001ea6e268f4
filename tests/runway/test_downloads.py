"""Incomplete, invalid and endless downloads: they leave no file and report whether a fresh URL may help."""

from pathlib import Path
from typing import Any

import pytest

from tests.runway.fixtures import FakeServer
from tests.runway.orders import a_client, an_order
from tests.runway.transport import Behaviour, Connection, raw_server
from videos.providers.base import Interrupted, InvalidOutput, RequestFailed, Task, TaskState
from videos.providers.runway.download import DownloadLimits

CLIP = b"\0\0\0\x18ftypisom" + b"\0" * 4000
LENGTH = b"Content-Length: %d" % len(CLIP)
MP4 = b"Content-Type: video/mp4"


def answer(*headers: bytes, body: bytes = CLIP, status: bytes = b"200 OK") -> bytes:
    return b"HTTP/1.1 " + b"\r\n".join([status, *headers]) + b"\r\n\r\n" + body


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(body), body)


def sends(*parts: bytes) -> Behaviour:
    return lambda connection: connection.send(b"".join(parts))


def fetched(behaviour: Behaviour, folder: Path, limits: DownloadLimits | None = None) -> bytes:
    """Return the file that was downloaded from a server with this behaviour.

    An earlier file must be kept or replaced as a whole.
    """
    into = folder / "clip.mp4"
    into.write_bytes(b"earlier")
    with raw_server(behaviour) as server:
        task = Task("t", TaskState.SUCCEEDED, output_url=f"http://127.0.0.1:{server.port}/clip.mp4?_jwt=secret")
        client = a_client(allow_loopback=True, limits=limits)
        try:
            client.fetch(task, into, lambda progress: None)
        except Exception:
            assert into.read_bytes() == b"earlier"
            raise
        finally:
            assert [path.name for path in folder.iterdir()] == ["clip.mp4"]
            assert server.connections == 1
    return into.read_bytes()


@pytest.mark.parametrize(
    "response",
    [
        answer(MP4, LENGTH),
        answer(b"content-type: Video/MP4; charset=binary", LENGTH),
        answer(b"Content-Type: binary/octet-stream", LENGTH),
        answer(b"Content-Type: application/octet-stream", LENGTH, b"Content-Encoding: identity"),
        answer(MP4, LENGTH, body=CLIP + b"more than announced"),
        answer(MP4, b"Transfer-Encoding: chunked", body=chunked(CLIP[:6]) + chunked(CLIP[6:]) + chunked(b"")),
    ],
)
def test_complete_clip_is_stored_byte_for_byte(response: bytes, tmp_path: Path) -> None:
    assert fetched(sends(response), tmp_path) == CLIP


@pytest.mark.parametrize(
    "response",
    [
        answer(b"Content-Type: text/html", LENGTH),
        answer(b"Content-Type: application/json", LENGTH),
        answer(LENGTH),
        answer(MP4, LENGTH, b"Content-Encoding: gzip"),
        answer(MP4),
        answer(MP4, b"Content-Length: many"),
        answer(MP4, b"Content-Length: -1"),
        answer(MP4, b"Content-Length: 0", body=b""),
        answer(MP4, b"Content-Length: 7", body=CLIP[:7]),
        answer(MP4, b"Content-Length: 999999999999"),
        answer(MP4, LENGTH, body=b"<html>" + CLIP[6:]),
        answer(MP4, LENGTH, status=b"206 Partial Content"),
        answer(MP4, LENGTH, status=b"302 Found\r\nLocation: /clip.mp4"),
        answer(MP4, LENGTH, status=b"400 Bad Request"),
        *[answer(MP4, LENGTH, status=b"%d No" % status) for status in (401, 403, 404, 410)],
        answer(b"Content-Length: 0", status=b"204 No Content", body=b""),
    ],
)
def test_invalid_clip_is_invalid_output(response: bytes, tmp_path: Path) -> None:
    with pytest.raises(InvalidOutput) as refused:
        fetched(sends(response), tmp_path)
    assert "secret" not in refused.value.reason


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(sends(answer(MP4, LENGTH, body=CLIP[:-1])), id="one byte short"),
        pytest.param(sends(answer(MP4, LENGTH, body=b"")), id="no body"),
        pytest.param(sends(answer(MP4, b"Transfer-Encoding: chunked", body=chunked(CLIP))), id="no last chunk"),
        pytest.param(sends(answer(MP4, b"Transfer-Encoding: chunked", body=b"ffff\r\n" + CLIP)), id="half a chunk"),
        pytest.param(sends(b""), id="no answer"),
        pytest.param(sends(b"220 smtp.example.com ESMTP\r\n"), id="another protocol"),
        pytest.param(
            lambda connection: (connection.send(answer(MP4, LENGTH, body=CLIP[:99])), connection.reset()), id="a reset"
        ),
        pytest.param(sends(answer(LENGTH, status=b"500 Oh")), id="500"),
        pytest.param(sends(answer(LENGTH, status=b"503 Oh")), id="503"),
    ],
)
def test_interrupted_download_is_a_failed_request(behaviour: Behaviour, tmp_path: Path) -> None:
    with pytest.raises(RequestFailed) as broken:
        fetched(behaviour, tmp_path)
    assert "secret" not in broken.value.reason


def test_retry_after_of_the_storage_is_kept(tmp_path: Path) -> None:
    with pytest.raises(RequestFailed) as refused:
        fetched(sends(answer(LENGTH, b"Retry-After: 12", status=b"429 Slow down")), tmp_path)
    assert refused.value.retry_after == 12.0


def endless(connection: Connection) -> None:
    connection.send(answer(MP4, b"Transfer-Encoding: chunked", body=chunked(CLIP)))
    while not connection.finished.is_set():
        connection.send(chunked(b"\0" * 65536))


def test_endless_clip_ends_at_the_size_limit(tmp_path: Path) -> None:
    with pytest.raises(InvalidOutput, match="too large"):
        fetched(endless, tmp_path, DownloadLimits(max_bytes=1024 * 1024))


def test_endless_clip_ends_at_the_time_limit(tmp_path: Path) -> None:
    with pytest.raises(InvalidOutput, match="does not end"):
        fetched(endless, tmp_path, DownloadLimits(max_bytes=2**60, max_seconds=0.2))


def test_dripping_clip_is_abandoned(tmp_path: Path) -> None:
    def drip(connection: Connection) -> None:
        connection.send(answer(MP4, LENGTH, body=b""))
        connection.drip(CLIP)

    with pytest.raises(RequestFailed, match="too slow"):
        fetched(drip, tmp_path, DownloadLimits(min_speed=1024, grace_period=0.2))


def test_silent_server_is_abandoned(tmp_path: Path) -> None:
    def fall_silent(connection: Connection) -> None:
        connection.send(answer(MP4, LENGTH, body=CLIP[:99]))
        connection.hang()

    with pytest.raises(RequestFailed, match="TimeoutError"):
        fetched(fall_silent, tmp_path, DownloadLimits(idle_timeout=0.1))


@pytest.mark.parametrize("last", [False, True])
def test_error_in_the_progress_callback_propagates(last: bool, tmp_path: Path) -> None:
    reports: list[float] = []

    def stop(progress: float, /) -> None:
        reports.append(progress)
        if progress == 1.0 or (progress and not last):
            raise Interrupted("stopping")

    def in_two_parts(connection: Connection) -> None:
        connection.send(answer(MP4, LENGTH, body=CLIP[:1003]))
        while len(reports) < 2 and not connection.finished.wait(0.01):
            pass
        connection.send(CLIP[1003:])

    with raw_server(in_two_parts) as server:
        task = Task("t", TaskState.SUCCEEDED, output_url=f"http://127.0.0.1:{server.port}/")
        with pytest.raises(Interrupted):
            a_client(allow_loopback=True, limits=DownloadLimits(report_interval=0.0)).fetch(
                task, tmp_path / "clip.mp4", stop
            )
    assert reports[:2] == [0.0, 0.25]
    assert (reports[-1] == 1.0) is last
    assert list(tmp_path.iterdir()) == []


def succeeded(fake_server: FakeServer) -> Task:
    client = a_client(fake_server.base)
    task_id = client.submit(an_order()).task_id
    fake_server.advance(60)
    return client.poll(task_id)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"do": "short"}, RequestFailed),
        ({"do": "reset"}, RequestFailed),
        ({"do": "answer", "status": 503}, RequestFailed),
        ({"do": "expired"}, InvalidOutput),
        ({"do": "redirect"}, InvalidOutput),
        ({"do": "page"}, InvalidOutput),
        ({"do": "not_mp4"}, InvalidOutput),
        ({"do": "huge"}, InvalidOutput),
        ({"do": "endless"}, InvalidOutput),
    ],
)
def test_failed_download_leaves_nothing_and_next_try_succeeds(
    fake_server: FakeServer, tmp_path: Path, fault: dict[str, Any], error: type[Exception]
) -> None:
    fake_server.fault("output", **fault)
    task, into = succeeded(fake_server), tmp_path / "clip.mp4"
    client = a_client(fake_server.base, limits=DownloadLimits(max_bytes=4 * 1024 * 1024))
    with pytest.raises(error):
        client.fetch(task, into, lambda progress: None)
    assert (list(tmp_path.iterdir()), fake_server.journal("served")) == ([], [])
    client.fetch(task, into, lambda progress: None)
    assert [entry["bytes"] for entry in fake_server.journal("served")] == [into.stat().st_size]


def test_expired_url_is_renewed_by_polling(fake_server: FakeServer, tmp_path: Path) -> None:
    stale = succeeded(fake_server)
    fake_server.advance(25 * 3600)
    client, into = a_client(fake_server.base), tmp_path / "clip.mp4"
    with pytest.raises(InvalidOutput, match=r"expired \(403\)"):
        client.fetch(stale, into, lambda progress: None)
    client.fetch(client.poll(stale.task_id), into, lambda progress: None)
    assert into.read_bytes()[4:8] == b"ftyp"


@pytest.mark.parametrize("fate", ["no_output", "foreign"])
def test_missing_or_foreign_output_is_invalid_output(fake_server: FakeServer, tmp_path: Path, fate: str) -> None:
    fake_server.fault("fate", fate)
    task = succeeded(fake_server)
    with pytest.raises(InvalidOutput):
        a_client(fake_server.base).fetch(task, tmp_path / "clip.mp4", lambda progress: None)
    assert list(tmp_path.iterdir()) == []


def test_loopback_clips_need_permission(fake_server: FakeServer, tmp_path: Path) -> None:
    with pytest.raises(InvalidOutput):
        a_client(fake_server.base, allow_loopback=False).fetch(
            succeeded(fake_server), tmp_path / "clip.mp4", lambda progress: None
        )
    assert fake_server.calls("output") == 0
