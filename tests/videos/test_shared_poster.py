"""The picture behind a private link is the poster of the video, and not the photo of its owner."""

from django.core.files.storage import default_storage
from django.test import Client

from videos.models import ShareLink, Video


def test_the_poster_of_a_shared_video_shows_the_video(client: Client, ready: Video) -> None:
    ready.enable_sharing()
    link = ShareLink.objects.get(video=ready).get_absolute_url()
    picture = b"".join(client.get(f"{link}poster.jpg").streaming_content)
    with default_storage.open(ready.poster.name) as poster, default_storage.open(ready.photo.image.name) as photo:
        assert picture == poster.read() != photo.read()
