"""The e-mail about a finished video contains a small moving picture, or at least the poster, if they can be made."""

from io import BytesIO
from pathlib import Path

import av
import pytest
from django.conf import settings
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from videos.emails import inline_image
from videos.models import Video, VideoNotification
from videos.provenance import xmp_packet
from videos.studio.encoding import email_picture
from videos.worker import notifications
from videos.worker.runner import work_once


def replace_poster(video: Video, picture: bytes) -> None:
    default_storage.delete(video.poster.name)
    video.poster = default_storage.save(video.poster.name, ContentFile(picture))
    video.save(update_fields=["poster"])


def jpeg(picture: Image.Image) -> bytes:
    file = BytesIO()
    picture.save(file, "JPEG", quality=95)
    return file.getvalue()


def send_notification() -> None:
    VideoNotification.objects.update(due_at=timezone.now())
    work_once()


def replace_clip(video: Video, clip: bytes) -> None:
    default_storage.delete(video.file.name)
    default_storage.save(video.file.name, ContentFile(clip))


def test_picture_moves_and_is_small(ready: Video) -> None:
    replace_clip(ready, (settings.BASE_DIR / "static" / "home" / "vizsla.mp4").read_bytes())
    send_notification()
    [email] = mail.outbox
    _, related = email.message().iter_parts()
    _, picture = related.iter_parts()
    assert (picture.get_content_type(), picture["Content-ID"]) == ("image/gif", "<thumbnail>")
    content = picture.get_content()
    assert 50_000 < len(content) <= notifications.MAX_BYTES
    with Image.open(BytesIO(content)) as moving:
        assert (moving.n_frames, moving.info["loop"]) == (email_picture.FRAMES, 0)
        assert xmp_packet(ready.source_type) in content
        assert moving.height > 1.7 * moving.width > 1.7 * 150


def test_noise_is_made_small_as_well(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    with av.open(str(clip), "w") as container:
        stream = container.add_stream("libx264", rate=8, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 360, 640, "yuv420p"
        for _ in range(40):
            noise = Image.effect_noise((360, 640), 200).convert("RGB")
            container.mux(stream.encode(av.VideoFrame.from_image(noise)))
        container.mux(stream.encode(None))
    assert 0 < len(email_picture.moving_picture(clip, notifications.MAX_BYTES)) <= notifications.MAX_BYTES


def test_image_is_inline_and_small(ready: Video) -> None:
    replace_clip(ready, b"no clip")
    replace_poster(ready, jpeg(Image.effect_noise((720, 1280), 60).convert("RGB")))
    send_notification()
    [email] = mail.outbox
    message = email.message()
    text, related = message.iter_parts()
    assert (text.get_content_type(), related.get_content_type()) == ("text/plain", "multipart/related")
    html, picture = related.iter_parts()
    assert html.get_content().count('src="cid:thumbnail"') == 1
    assert (picture["Content-ID"], picture.get_content_disposition()) == ("<thumbnail>", "inline")
    content = picture.get_content()
    assert 0 < len(content) <= inline_image.MAX_BYTES
    with Image.open(BytesIO(content)) as still:
        assert still.height == inline_image.MAX_SIZE[1]


@pytest.mark.parametrize("poster", [b"no picture", None], ids=["broken", "gone"])
def test_email_is_sent_without_an_image_if_the_poster_is_unusable(ready: Video, poster: bytes | None) -> None:
    replace_clip(ready, b"no clip")
    if poster is None:
        default_storage.delete(ready.poster.name)
    else:
        replace_poster(ready, poster)
    send_notification()
    [email] = mail.outbox
    assert [part.get_content_type() for part in email.message().iter_parts()] == ["text/plain", "text/html"]
    assert "cid:" not in email.alternatives[0].content
