"""Fixtures: a photo, videos of it, a finished clip, and a fake studio that returns the clip at once."""

import hashlib
import io
import shutil
import signal
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from fractions import Fraction
from functools import cache, partial
from pathlib import Path

import av
import numpy as np
import pytest
import pytest_django
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from PIL import Image

from accounts.models import User
from tests.conftest import person
from videos import clock, dances, formats, ordering, photos
from videos.models import Photo, Step, Video
from videos.photos.head import FoundHead, Head, HeadSource
from videos.provenance import SourceType, xmp_packet
from videos.providers import registry
from videos.providers.base import Order, Report
from videos.studio.encoding.poster import poster
from videos.studio.encoding.xmp import mark_mp4
from videos.uploads import THUMBNAIL_SIDE
from videos.worker import runner

# Nothing listens on this port.
NO_MAIL_SERVER = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {"host": "127.0.0.1", "port": 1, "timeout": 2},
    }
}


@cache
def jpeg(width: int = 600, height: int = 800) -> bytes:
    """Return a JPEG with some content: a soft gradient and a disc."""
    y, x = np.mgrid[0:height, 0:width]
    disc = (x - width / 2) ** 2 + (y - height / 2) ** 2 < (min(width, height) / 4) ** 2
    picture = np.stack([x * 200 // width, y * 200 // height, np.where(disc, 240, 90)], axis=-1).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "JPEG", quality=90)
    return out.getvalue()


@pytest.fixture
def photo(owner: User) -> Photo:
    """Return the owner's photo, not yet prepared by a worker."""
    return photo_of(owner)


@cache
def normalised_photo() -> tuple[photos.Normalised, list[dict[str, object]], bytes]:
    """Return the normalised photo, its quality notes and its thumbnail.

    It is just large enough to get no note about its size.
    """
    normalised = photos.normalise(jpeg(300, 400))
    notes = [note.as_json for note in photos.inspect(normalised.jpeg)]
    return normalised, notes, photos.thumbnail(normalised.jpeg, THUMBNAIL_SIDE)


def photo_of(user: User) -> Photo:
    """Store a photo as ``store_photo`` does, without processing the same picture in every test."""
    now = timezone.now()
    normalised, notes, thumbnail = normalised_photo()
    photo = Photo(
        user=user,
        width=normalised.width,
        height=normalised.height,
        size=len(normalised.jpeg),
        sha256=normalised.sha256,
        quality_notes=notes,
        removed_metadata=list(normalised.removed),
        due_at=now,
        created_at=now,
    )
    photo.image.name = default_storage.save(photo.storage_name("photo.jpg"), ContentFile(normalised.jpeg))
    photo.thumbnail.name = default_storage.save(photo.storage_name("thumbnail.webp"), ContentFile(thumbnail))
    photo.save(force_insert=True)
    return photo


def video_of(photo: Photo, **changes: object) -> Video:
    """Request a video of the photo as the page does. Keyword arguments change the request."""
    request: dict[str, object] = {
        "user": photo.user,
        "photo": photo,
        "dance": dances.BY_SLUG["disco"],
        "shape": formats.BY_SLUG["tall"],
        "idempotency_key": uuid.uuid4(),
        "now": timezone.now(),
    }
    return ordering.request_video(**(request | changes))


@pytest.fixture
def request_video(photo: Photo) -> Callable[..., Video]:
    """Return ``video_of`` for the owner's photo."""
    return partial(video_of, photo=photo)


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return an MP4 of five seconds with sound, marked as the worker marks it, so that it is stored as it is.

    It has few frames, since every test that renders a video reads them.
    """
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=2, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = 72, 128, "yuv420p"
        audio = container.add_stream("aac", rate=44100, layout="stereo")
        for number in range(10):
            picture = np.full((128, 72, 3), 40 + 15 * number, np.uint8)
            container.mux(video.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        samples = np.zeros((2, 1024), np.float32)
        for number in range(5 * 44100 // 1024):
            frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="stereo")
            frame.sample_rate, frame.pts, frame.time_base = 44100, number * 1024, Fraction(1, 44100)
            container.mux(audio.encode(frame))
        container.mux(video.encode())
        container.mux(audio.encode())
    return marked(path.read_bytes(), SourceType.COMPOSITE)


def marked(clip: bytes, source_type: SourceType) -> bytes:
    """Return the clip with the mark that the worker gives it."""
    with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
        file.write(clip)
        file.flush()
        mark_mp4(Path(file.name), xmp_packet(source_type))
        return Path(file.name).read_bytes()


class QuickStudio:
    """A local provider that returns a finished clip, or raises ``raises`` if set.

    ``before`` runs first, with the progress callback. The first report of a rendering is always recorded.
    """

    name = "studio"
    default_duration = timedelta(seconds=20)

    def __init__(self, clip: bytes) -> None:
        self.clip = clip
        self.orders: list[Order] = []
        self.raises: BaseException | None = None
        self.before: Callable[[Report], object] = lambda report: report(0.5)

    def render(self, order: Order, into: Path, report: Report) -> None:
        self.orders.append(order)
        self.before(report)
        if self.raises:
            raise self.raises
        into.write_bytes(self.clip)


@contextmanager
def quick_studio(clip: bytes) -> Iterator[QuickStudio]:
    """Replace the embedded studio by a QuickStudio, behind the same protocol."""
    with pytest.MonkeyPatch.context() as patch:
        quick = QuickStudio(clip)
        patch.setitem(registry.LOCAL, "studio", quick)
        yield quick


@pytest.fixture
def studio(clip: bytes) -> Iterator[QuickStudio]:
    with quick_studio(clip) as quick:
        yield quick


def prepare(photo: Photo) -> Photo:
    """Mark the photo as prepared, with nothing to cut out."""
    Photo.objects.filter(pk=photo.pk).update(due_at=None, cutout_info={"mode": "print", "heads": []})
    photo.refresh_from_db()
    return photo


@pytest.fixture
def prepared(photo: Photo) -> Photo:
    """Return the owner's photo, prepared by the worker, with nothing to cut out."""
    return prepare(photo)


def propose(photo: Photo, *heads: Head, confidence: float = 0.5) -> Photo:
    """Mark the photo as prepared with these heads. The finder proposes the first one with this certainty."""
    found = [FoundHead(head, confidence, HeadSource.DETECTOR).as_json for head in heads]
    Photo.objects.filter(pk=photo.pk).update(
        due_at=None,
        cutout_info={"mode": "print", "heads": found},
        head=heads[0].as_json if heads else None,
        head_source=HeadSource.DETECTOR,
        head_confidence=confidence,
    )
    photo.refresh_from_db()
    return photo


@cache
def poster_of(clip: bytes) -> bytes:
    with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
        file.write(clip)
        file.flush()
        return poster(Path(file.name))


def finish(video: Video, clip: bytes) -> Video:
    """Store the clip and finish the video as the worker does, without verifying the same clip in every test."""
    now = timezone.now()
    video.start(Step.RENDERING, now)
    video.settle_style()
    video.enter(Step.STORING, now)
    names = {
        "poster": default_storage.save(video.storage_name("poster.jpg"), ContentFile(poster_of(clip))),
        "file": default_storage.save(video.storage_name("dance.mp4"), ContentFile(clip)),
    }
    video.succeed(size=len(clip), sha256=hashlib.sha256(clip).hexdigest(), now=now, **names)
    return video


@pytest.fixture
def ready(request_video: Callable[..., Video], prepared: Photo, studio: QuickStudio, clip: bytes) -> Video:
    """Return a finished video with its files."""
    return finish(request_video(), clip)


def render_video(video: Video) -> Video:
    """Let the worker render the video, which must be the one that has been due longest."""
    runner.work_once()
    video.refresh_from_db()
    assert video.status == "succeeded"
    return video


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Return a function that moves the time forward, on this machine and in the database."""
    real = timezone.now

    def move(time: timedelta) -> None:
        monkeypatch.setattr(timezone, "now", lambda: real() + time)
        # The database's clock cannot be moved.
        monkeypatch.setattr(clock, "now", timezone.now)

    return move


@pytest.fixture
def signals() -> Iterator[None]:
    """Restore pytest's signal handlers after a worker in this process has set its own."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@contextmanager
def blocked_folder(folder: str) -> Iterator[None]:
    """Put a file in place of a storage folder, so that storing anything in it fails."""
    path = media() / folder
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"")
    try:
        yield
    finally:
        path.unlink()


def media() -> Path:
    """Return the root folder of the storage."""
    return Path(settings.STORAGES["default"]["OPTIONS"]["location"])


@pytest.fixture(scope="module")
def shared_rows(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[None]:
    """Open a transaction around all tests of a module, so that module fixtures can create rows for all of them.

    Each test runs in a savepoint. Do not use it in tests that commit.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


class SharedFiles:
    """A copy of the stored files, removed from the storage and restored before each test of a module."""

    def __init__(self) -> None:
        self.files = {stored.name: (media() / stored.name).read_bytes() for stored in default_storage.list_files()}
        shutil.rmtree(media())

    def restore(self) -> None:
        for name, content in self.files.items():
            default_storage.save(name, ContentFile(content))


@pytest.fixture(scope="module")
def shared_ready(shared_rows: None, clip: bytes) -> tuple[Video, SharedFiles]:
    """Return a video rendered once for all tests of a module, and its files."""
    photo = prepare(photo_of(person("owner@example.org", credits=5)))
    with quick_studio(clip):
        video = render_video(video_of(photo))
    return video, SharedFiles()
