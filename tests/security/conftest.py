from tests.videos.conftest import photo, prepared, request_video

__all__ = ["photo", "prepared", "request_video"]
