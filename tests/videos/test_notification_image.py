"""The e-mail about a finished video contains a small inline image. It is sent without one if the poster is missing."""

from io import BytesIO

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from videos.emails import inline_image
from videos.models import Video, VideoNotification
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


def test_image_is_inline_and_small(ready: Video) -> None:
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
    if poster is None:
        default_storage.delete(ready.poster.name)
    else:
        replace_poster(ready, poster)
    send_notification()
    [email] = mail.outbox
    assert [part.get_content_type() for part in email.message().iter_parts()] == ["text/plain", "text/html"]
    assert "cid:" not in email.alternatives[0].content
