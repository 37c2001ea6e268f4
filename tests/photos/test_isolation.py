"""Photos are decoded in a process of their own: whatever happens there, the web process goes on."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.photos import bad_codec, hostile
from tests.photos.bad_codec import faulty
from tests.photos.sample_images import pet, saved
from videos import photos, translation
from videos.photos import isolation
from videos.photos.isolation import IsolatedDecoder

ROOT = Path(__file__).parents[2]
GOOD = hostile.plain("JPEG")


@pytest.fixture
def decoder() -> Iterator[IsolatedDecoder]:
    decoder = IsolatedDecoder(bad_codec.COMMAND, patience=100)
    yield decoder
    decoder.close()


def outcome(decoder: IsolatedDecoder, data: bytes) -> str:
    try:
        decoder.decode(data)
    except photos.InvalidPhoto as error:
        return error.code
    return "kept"


def pid_of(decoder: IsolatedDecoder) -> int:
    assert decoder._child is not None
    return decoder._child.pid


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("loops", "unusual"),
        ("crashes", "damaged"),
        ("is killed", "no_room"),
        ("grows", "no_room"),
        ("exits", "no_room"),
        ("lies", "damaged"),
    ],
)
def test_file_that_kills_the_decoder_is_rejected_and_the_next_is_kept(
    decoder: IsolatedDecoder, fault: str, code: str
) -> None:
    assert outcome(decoder, faulty(fault)) == code
    assert outcome(decoder, GOOD) == "kept"


def test_file_that_kills_one_decoder_after_the_other_is_rejected(decoder: IsolatedDecoder) -> None:
    assert outcome(decoder, GOOD) == "kept"
    assert outcome(decoder, faulty("crashes")) == "damaged"
    assert outcome(decoder, GOOD) == "kept"


def test_file_that_takes_too_long_is_rejected() -> None:
    decoder = IsolatedDecoder(bad_codec.COMMAND, patience=1)
    start = time.monotonic()
    assert outcome(decoder, faulty("hangs")) == "no_room"
    assert time.monotonic() - start < 5
    decoder.patience = 100
    assert outcome(decoder, GOOD) == "kept"
    decoder.close()


def test_what_a_library_prints_does_no_harm(decoder: IsolatedDecoder) -> None:
    assert outcome(decoder, faulty("prints")) == "kept"
    assert outcome(decoder, GOOD) == "kept"


def test_damage_of_an_earlier_file_does_not_reject_a_good_one(decoder: IsolatedDecoder) -> None:
    assert outcome(decoder, faulty("rots")) == "kept"
    assert outcome(decoder, GOOD) == "kept"


def test_decoder_that_died_while_idle_is_replaced(decoder: IsolatedDecoder) -> None:
    assert outcome(decoder, GOOD) == "kept"
    os.kill(pid_of(decoder), signal.SIGKILL)
    assert outcome(decoder, GOOD) == "kept"


def test_decoder_is_kept_and_replaced_in_the_end(decoder: IsolatedDecoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "MAX_FILES", 3)
    seen = []
    for _ in range(4):
        assert outcome(decoder, GOOD) == "kept"
        seen.append(decoder._child and pid_of(decoder))
    assert seen[0] == seen[1]
    assert seen[2] is None
    assert seen[3] not in (None, seen[0])


def test_decoder_that_cannot_start_is_a_temporary_error() -> None:
    assert outcome(IsolatedDecoder(["/nowhere"]), GOOD) == "no_room"
    assert outcome(IsolatedDecoder([sys.executable, "-c", "import nothing_of_that_name"]), GOOD) == "no_room"


def test_threads_take_turns_and_one_that_waits_too_long_is_busy(decoder: IsolatedDecoder) -> None:
    decoder.wait = 0.5
    thread = threading.Thread(target=outcome, args=(decoder, faulty("hangs")))
    thread.start()
    while decoder._child is None:
        time.sleep(0.01)
    assert outcome(decoder, GOOD) == "busy"
    os.kill(pid_of(decoder), signal.SIGKILL)
    thread.join()
    assert outcome(decoder, GOOD) == "kept"


def test_answer_to_an_interrupted_file_does_not_become_that_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = hostile.plain("JPEG"), saved(pet(300, 400), "JPEG")
    wanted = photos.normalise(second)
    with monkeypatch.context() as patch:
        patch.setattr(isolation, "receive", interrupted)
        with pytest.raises(KeyboardInterrupt):
            photos.normalise(first)
    assert photos.normalise(second) == wanted


def interrupted(stream: object) -> None:
    raise KeyboardInterrupt


def test_sentence_is_in_the_language_of_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """The decoder does not know it."""
    monkeypatch.setattr(translation, "_gettext", "Deutsch: {}".format)
    with pytest.raises(photos.InvalidPhoto) as error:
        photos.normalise(saved(pet(190, 300), "PNG"))
    assert str(error.value).startswith("Deutsch: This photo is only 190 by 300 pixels.")


def run(script: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.strip()


def test_decoder_starts_without_django_and_numpy() -> None:
    loaded = "import sys, videos.photos.child; print({'django', 'numpy', 'cv2', 'av'} & set(sys.modules))"
    assert run(loaded) == "set()"


def test_decoder_gets_no_secrets() -> None:
    command = [sys.executable, "-c", "import os; os.write(2, repr(sorted(os.environ)).encode())"]
    script = f"""
from videos.photos.isolation import IsolatedDecoder
decoder = IsolatedDecoder({command!r})
decoder._child = decoder._start()
decoder._child.wait()
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | {"SECRET_KEY": "s", "DATABASE_URL": "d"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "MALLOC_ARENA_MAX" in done.stderr
    assert [name for name in ("SECRET_KEY", "DATABASE_URL") if name in done.stderr] == []


def test_decoder_ends_with_its_process() -> None:
    """However that ends: a process that is killed cannot end its children."""
    script = """
import os
from tests.photos import hostile
from videos import photos, translation
from videos.photos.isolation import decoder
photos.normalise(hostile.plain("JPEG"))
print(decoder._child.pid, flush=True)
os._exit(0)
"""
    pid = int(run(script))
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("the decoder outlived its process")


def test_forked_process_starts_its_own_decoder() -> None:
    script = """
import os
from tests.photos import hostile
from videos import photos, translation
from videos.photos.isolation import decoder
data = hostile.plain("JPEG")
photos.normalise(data)
parent = decoder._child.pid
if not (forked := os.fork()):
    photos.normalise(data)
    own = decoder._child.pid
    decoder.close()
    os._exit(0 if own != parent else 1)
print(os.waitstatus_to_exitcode(os.waitpid(forked, 0)[1]))
photos.normalise(data)
assert decoder._child.pid == parent
"""
    assert run(script) == "0"
