"""Downloads that break off, lie, or never end leave nothing behind and say whether a fresh address may help."""

from pathlib import Path
from typing import Any

import pytest

from tests.runway.fixtures import StandIn
from tests.runway.orders import a_client, an_order
from tests.runway.wires import Deed, Line, wire
from videos.providers.base import Interrupted, InvalidOutput, RequestFailed, Task, TaskState
from videos.providers.runway.download import DownloadLimits

CLIP = b"\0\0\0\x18ftypisom" + b"\0" * 4000
LENGTH = b"Content-Length: %d" % len(CLIP)
MP4 = b"Content-Type: video/mp4"


def answer(*headers: bytes, body: bytes = CLIP, status: bytes = b"200 OK") -> bytes:
    return b"HTTP/1.1 " + b"\r\n".join([status, *headers]) + b"\r\n\r\n" + body


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(body), body)


def says(*parts: bytes) -> Deed:
    return lambda line: line.say(b"".join(parts))


def fetched(deed: Deed, folder: Path, limits: DownloadLimits | None = None) -> bytes:
    """What arrives from a server that does the deed. Whatever happens, an earlier file stays or is replaced whole."""
    into = folder / "clip.mp4"
    into.write_bytes(b"earlier")
    with wire(deed) as server:
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
    "said",
    [
        answer(MP4, LENGTH),
        answer(b"content-type: Video/MP4; charset=binary", LENGTH),
        answer(b"Content-Type: binary/octet-stream", LENGTH),
        answer(b"Content-Type: application/octet-stream", LENGTH, b"Content-Encoding: identity"),
        answer(MP4, LENGTH, body=CLIP + b"more than announced"),
        answer(MP4, b"Transfer-Encoding: chunked", body=chunked(CLIP[:6]) + chunked(CLIP[6:]) + chunked(b"")),
    ],
)
def test_a_whole_clip_arrives_byte_for_byte(said: bytes, tmp_path: Path) -> None:
    assert fetched(says(said), tmp_path) == CLIP


@pytest.mark.parametrize(
    "said",
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
def test_an_answer_that_is_no_clip_is_bad_output(said: bytes, tmp_path: Path) -> None:
    with pytest.raises(InvalidOutput) as refused:
        fetched(says(said), tmp_path)
    assert "secret" not in refused.value.reason


@pytest.mark.parametrize(
    "deed",
    [
        pytest.param(says(answer(MP4, LENGTH, body=CLIP[:-1])), id="one byte short"),
        pytest.param(says(answer(MP4, LENGTH, body=b"")), id="no body"),
        pytest.param(says(answer(MP4, b"Transfer-Encoding: chunked", body=chunked(CLIP))), id="no last chunk"),
        pytest.param(says(answer(MP4, b"Transfer-Encoding: chunked", body=b"ffff\r\n" + CLIP)), id="half a chunk"),
        pytest.param(says(b""), id="no answer"),
        pytest.param(says(b"220 smtp.example.com ESMTP\r\n"), id="another protocol"),
        pytest.param(lambda line: (line.say(answer(MP4, LENGTH, body=CLIP[:99])), line.reset()), id="a reset"),
        pytest.param(says(answer(LENGTH, status=b"500 Oh")), id="500"),
        pytest.param(says(answer(LENGTH, status=b"503 Oh")), id="503"),
    ],
)
def test_a_download_that_breaks_off_is_unreachable(deed: Deed, tmp_path: Path) -> None:
    with pytest.raises(RequestFailed) as broken:
        fetched(deed, tmp_path)
    assert "secret" not in broken.value.reason


def test_the_storage_tells_how_long_to_wait(tmp_path: Path) -> None:
    with pytest.raises(RequestFailed) as refused:
        fetched(says(answer(LENGTH, b"Retry-After: 12", status=b"429 Slow down")), tmp_path)
    assert refused.value.retry_after == 12.0


def endless(line: Line) -> None:
    line.say(answer(MP4, b"Transfer-Encoding: chunked", body=chunked(CLIP)))
    while not line.over.is_set():
        line.say(chunked(b"\0" * 65536))


def test_an_endless_clip_ends_at_the_size_limit(tmp_path: Path) -> None:
    with pytest.raises(InvalidOutput, match="larger than any clip"):
        fetched(endless, tmp_path, DownloadLimits(max_bytes=1024 * 1024))


def test_an_endless_clip_ends_at_the_time_limit(tmp_path: Path) -> None:
    with pytest.raises(RequestFailed, match="took too long"):
        fetched(endless, tmp_path, DownloadLimits(max_bytes=2**60, max_seconds=0.2))


def test_a_clip_that_drips_is_given_up(tmp_path: Path) -> None:
    def drip(line: Line) -> None:
        line.say(answer(MP4, LENGTH, body=b""))
        line.drip(CLIP)

    with pytest.raises(RequestFailed, match="too slow"):
        fetched(drip, tmp_path, DownloadLimits(min_speed=1024, grace_period=0.2))


def test_a_silent_server_is_given_up(tmp_path: Path) -> None:
    def fall_silent(line: Line) -> None:
        line.say(answer(MP4, LENGTH, body=CLIP[:99]))
        line.hang()

    with pytest.raises(RequestFailed, match="TimeoutError"):
        fetched(fall_silent, tmp_path, DownloadLimits(idle_timeout=0.1))


@pytest.mark.parametrize("last", [False, True])
def test_a_report_that_raises_passes_through_and_leaves_nothing(last: bool, tmp_path: Path) -> None:
    heard: list[float] = []

    def stop(progress: float, /) -> None:
        heard.append(progress)
        if progress == 1.0 or (progress and not last):
            raise Interrupted("stopping")

    def in_two_parts(line: Line) -> None:
        line.say(answer(MP4, LENGTH, body=CLIP[:1003]))
        while len(heard) < 2 and not line.over.wait(0.01):
            pass
        line.say(CLIP[1003:])

    with wire(in_two_parts) as server:
        task = Task("t", TaskState.SUCCEEDED, output_url=f"http://127.0.0.1:{server.port}/")
        with pytest.raises(Interrupted):
            a_client(allow_loopback=True, limits=DownloadLimits(report_interval=0.0)).fetch(
                task, tmp_path / "clip.mp4", stop
            )
    assert heard[:2] == [0.0, 0.25]
    assert (heard[-1] == 1.0) is last
    assert list(tmp_path.iterdir()) == []


def succeeded(stand_in: StandIn) -> Task:
    client = a_client(stand_in.base)
    task_id = client.submit(an_order()).task_id
    stand_in.advance(60)
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
def test_each_fault_of_the_stand_ins_storage_leaves_nothing_and_the_next_try_succeeds(
    stand_in: StandIn, tmp_path: Path, fault: dict[str, Any], error: type[Exception]
) -> None:
    stand_in.fault("output", **fault)
    task, into = succeeded(stand_in), tmp_path / "clip.mp4"
    client = a_client(stand_in.base, limits=DownloadLimits(max_bytes=4 * 1024 * 1024))
    with pytest.raises(error):
        client.fetch(task, into, lambda progress: None)
    assert (list(tmp_path.iterdir()), stand_in.journal("served")) == ([], [])
    client.fetch(task, into, lambda progress: None)
    assert [entry["bytes"] for entry in stand_in.journal("served")] == [into.stat().st_size]


def test_an_address_that_has_expired_is_mended_by_a_fresh_poll(stand_in: StandIn, tmp_path: Path) -> None:
    stale = succeeded(stand_in)
    stand_in.advance(25 * 3600)
    client, into = a_client(stand_in.base), tmp_path / "clip.mp4"
    with pytest.raises(InvalidOutput, match=r"expired \(403\)"):
        client.fetch(stale, into, lambda progress: None)
    client.fetch(client.poll(stale.task_id), into, lambda progress: None)
    assert into.read_bytes()[4:8] == b"ftyp"


@pytest.mark.parametrize("fate", ["no_output", "foreign"])
def test_a_task_without_an_output_of_ours_is_bad_output(stand_in: StandIn, tmp_path: Path, fate: str) -> None:
    stand_in.fault("fate", fate)
    task = succeeded(stand_in)
    with pytest.raises(InvalidOutput):
        a_client(stand_in.base).fetch(task, tmp_path / "clip.mp4", lambda progress: None)
    assert list(tmp_path.iterdir()) == []


def test_clips_of_this_machine_need_leave(stand_in: StandIn, tmp_path: Path) -> None:
    with pytest.raises(InvalidOutput):
        a_client(stand_in.base, allow_loopback=False).fetch(
            succeeded(stand_in), tmp_path / "clip.mp4", lambda progress: None
        )
    assert stand_in.calls("output") == 0
