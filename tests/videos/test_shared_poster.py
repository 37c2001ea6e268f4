"""The picture of a shared video is its poster, not the owner's photo."""

from django.core.files.storage import default_storage
from django.test import Client

from videos.models import ShareLink, Video


def test_shared_poster_is_the_stored_poster(client: Client, ready: Video) -> None:
    ready.enable_sharing()
    link = ShareLink.objects.get(video=ready).get_absolute_url()
    picture = b"".join(client.get(f"{link}poster.jpg").streaming_content)
    with default_storage.open(ready.poster.name) as poster, default_storage.open(ready.photo.image.name) as photo:
        assert picture == poster.read() != photo.read()
