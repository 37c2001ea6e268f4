"""A photo, a finished clip, and a studio that hands it out at once."""

import io
import uuid
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import numpy as np
import pytest
from django.utils import timezone
from PIL import Image

from accounts.models import User
from videos import dances, formats, photos, steps
from videos.models import Photo, Video
from videos.providers.base import Order, Report
from videos.uploads import keep_photo


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
def normalised() -> photos.Normalised:
    return photos.normalise(jpeg())


def photo_of(user: User) -> Photo:
    return keep_photo(user, normalised(), timezone.now())


@pytest.fixture
def request_video(photo: Photo) -> Callable[..., Video]:
    """Asks for a video as the page does; keyword arguments change the request."""

    def request(**changes) -> Video:
        asked = {
            "user": photo.user,
            "photo": photo,
            "dance": dances.BY_SLUG["disco"],
            "shape": formats.BY_SLUG["tall"],
            "form_key": uuid.uuid4(),
            "now": timezone.now(),
        }
        return Video.objects.request(**(asked | changes))

    return request


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A whole MP4: five seconds, picture and sound."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=10, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = 72, 128, "yuv420p"
        audio = container.add_stream("aac", rate=44100, layout="stereo")
        for number in range(50):
            picture = np.full((128, 72, 3), 40 + 3 * number, np.uint8)
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
    """A local provider that hands out a finished clip; ``raises`` makes it fail instead, ``before`` runs first."""

    name = "studio"

    def __init__(self, clip: bytes) -> None:
        self.clip = clip
        self.orders: list[Order] = []
        self.raises: BaseException | None = None
        self.before: Callable[[Report], None] = lambda report: None

    def render(self, order: Order, into: Path, report: Report) -> None:
        self.orders.append(order)
        report(0.5)
        self.before(report)
        if self.raises:
            raise self.raises
        into.write_bytes(self.clip)


@pytest.fixture
def studio(clip: bytes, monkeypatch: pytest.MonkeyPatch) -> QuickStudio:
    """Stands where the embedded studio stands, behind the same protocol."""
    quick = QuickStudio(clip)
    monkeypatch.setattr(steps, "provider_named", lambda name: quick)
    return quick


@pytest.fixture
def prepared(photo: Photo) -> Photo:
    """The owner's photo as the worker leaves it when it found nothing to cut out."""
    Photo.objects.filter(pk=photo.pk).update(due_at=None, cut={"mode": "print"})
    photo.refresh_from_db()
    return photo


@pytest.fixture
def ready(request_video: Callable[..., Video], prepared: Photo, studio: QuickStudio) -> Video:
    """A video that the worker has made."""
    video = request_video()
    steps.work_once()
    video.refresh_from_db()
    assert video.status == "succeeded"
    return video
