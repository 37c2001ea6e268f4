"""A photo, a finished clip, and a studio that hands it out at once."""

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
from videos import dances, formats, offer, photos, steps
from videos.models import Photo, Step, Video
from videos.providers.base import Order, Report
from videos.studio.poster import poster
from videos.uploads import THUMBNAIL_SIDE

# Nobody listens at this port.
NO_MAIL_SERVER = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {"host": "127.0.0.1", "port": 1, "timeout": 2},
    }
}


@cache
def jpeg(width: int = 600, height: int = 800) -> bytes:
    """A picture with something in it: a soft gradient and a disc."""
    y, x = np.mgrid[0:height, 0:width]
    disc = (x - width / 2) ** 2 + (y - height / 2) ** 2 < (min(width, height) / 4) ** 2
    picture = np.stack([x * 200 // width, y * 200 // height, np.where(disc, 240, 90)], axis=-1).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "JPEG", quality=90)
    return out.getvalue()


@pytest.fixture
def photo(owner: User) -> Photo:
    """The owner's photo, which no worker has prepared yet."""
    return photo_of(owner)


@cache
def picture() -> tuple[photos.Normalised, list[str], bytes]:
    """What ``keep_photo`` finds out about a picture that is just large enough to get no note about its size."""
    normalised = photos.normalise(jpeg(300, 400))
    findings = [finding.sentence for finding in photos.inspect(normalised.jpeg)]
    return normalised, findings, photos.thumbnail(normalised.jpeg, THUMBNAIL_SIDE)


def photo_of(user: User) -> Photo:
    """Store a photo as ``keep_photo`` does, without looking at the same picture in every test."""
    now = timezone.now()
    normalised, findings, thumbnail = picture()
    photo = Photo(
        user=user,
        width=normalised.width,
        height=normalised.height,
        size=len(normalised.jpeg),
        sha256=normalised.sha256,
        findings=findings,
        removed=list(normalised.removed),
        due_at=now,
        created_at=now,
    )
    photo.image.name = default_storage.save(photo.name_of("photo.jpg"), ContentFile(normalised.jpeg))
    photo.thumbnail.name = default_storage.save(photo.name_of("thumbnail.webp"), ContentFile(thumbnail))
    photo.save(force_insert=True)
    return photo


def video_of(photo: Photo, **changes: object) -> Video:
    """Ask for a video of the photo as the page does; keyword arguments change the request."""
    asked: dict[str, object] = {
        "user": photo.user,
        "photo": photo,
        "dance": dances.BY_SLUG["disco"],
        "shape": formats.BY_SLUG["tall"],
        "form_key": uuid.uuid4(),
        "now": timezone.now(),
    }
    return offer.request_video(**(asked | changes))


@pytest.fixture
def request_video(photo: Photo) -> Callable[..., Video]:
    """``video_of`` the owner's photo."""
    return partial(video_of, photo=photo)


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A whole MP4: five seconds, picture and sound. It has few frames: each test that makes a video reads them."""
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
    return path.read_bytes()


class QuickStudio:
    """A local provider that hands out a finished clip; ``raises`` makes it fail instead.

    ``before`` runs first. It may report progress itself: the first report of a rendering is always recorded.
    """

    name = "studio"

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
    """Let a QuickStudio stand where the embedded studio stands, behind the same protocol."""
    with pytest.MonkeyPatch.context() as patch:
        quick = QuickStudio(clip)
        patch.setitem(steps.PROVIDERS, "studio", quick)
        yield quick


@pytest.fixture
def studio(clip: bytes) -> Iterator[QuickStudio]:
    with quick_studio(clip) as quick:
        yield quick


def prepare(photo: Photo) -> Photo:
    """Leave the photo as the worker does when it found nothing to cut out."""
    Photo.objects.filter(pk=photo.pk).update(due_at=None, cut={"mode": "print"})
    photo.refresh_from_db()
    return photo


@pytest.fixture
def prepared(photo: Photo) -> Photo:
    """The owner's photo as the worker leaves it when it found nothing to cut out."""
    return prepare(photo)


@cache
def poster_of(clip: bytes) -> bytes:
    with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
        file.write(clip)
        file.flush()
        return poster(Path(file.name))


def finish(video: Video, clip: bytes) -> Video:
    """Store the clip and end the video as the worker does, without looking at the same clip in every test."""
    now = timezone.now()
    video.start(Step.RENDERING, now)
    video.enter(Step.STORING, now)
    names = {
        "poster": default_storage.save(video.name_of("poster.jpg"), ContentFile(poster_of(clip))),
        "file": default_storage.save(video.name_of("dance.mp4"), ContentFile(clip)),
    }
    video.succeed(size=len(clip), sha256=hashlib.sha256(clip).hexdigest(), now=now, **names)
    return video


@pytest.fixture
def ready(request_video: Callable[..., Video], prepared: Photo, studio: QuickStudio, clip: bytes) -> Video:
    """A video as the worker leaves it."""
    return finish(request_video(), clip)


def made(video: Video) -> Video:
    """Let the worker make the video, which is the longest due."""
    steps.work_once()
    video.refresh_from_db()
    assert video.status == "succeeded"
    return video


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Let time pass: from now on ``timezone.now()`` is later by the given time."""
    real = timezone.now

    def pass_by(time: timedelta) -> None:
        # The clock is an edge: all of the product reads it here.
        monkeypatch.setattr(timezone, "now", lambda: real() + time)

    return pass_by


@pytest.fixture
def signals() -> Iterator[None]:
    """Give pytest its signal handlers back after a worker in this process has set its own."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@contextmanager
def no_room_for(folder: str) -> Iterator[None]:
    """Put a file where the storage has a folder, so that nothing can be stored in it."""
    place = media() / folder
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(b"")
    try:
        yield
    finally:
        place.unlink()


def media() -> Path:
    """Where the storage has its files."""
    return Path(settings.STORAGES["default"]["OPTIONS"]["location"])


@pytest.fixture(scope="module")
def shared_rows(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[None]:
    """Open a transaction around all tests of a module, so that its fixtures can create rows for all of them.

    Each test runs in a savepoint. Not for tests that commit.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


class SharedFiles:
    """Take the files out of the storage, and put them back before each test of a module."""

    def __init__(self) -> None:
        self.files = {stored.name: (media() / stored.name).read_bytes() for stored in default_storage.everything()}
        shutil.rmtree(media())

    def restore(self) -> None:
        for name, content in self.files.items():
            default_storage.save(name, ContentFile(content))


@pytest.fixture(scope="module")
def shared_ready(shared_rows: None, clip: bytes) -> tuple[Video, SharedFiles]:
    """A video of the owner as the worker makes it, once for all tests of a module, with its files."""
    photo = prepare(photo_of(person("owner@example.org", credits=5)))
    with quick_studio(clip):
        video = made(video_of(photo))
    return video, SharedFiles()
