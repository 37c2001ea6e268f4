from tests.videos.conftest import clip, photo, prepared, request_video, studio

__all__ = ["clip", "photo", "prepared", "request_video", "studio"]
