"""Fixtures for both storages, and the photo, clip and studio fixtures of ``tests.videos``."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.storage.hooked_storage import hook
from tests.storage.s3 import S3
from tests.videos.conftest import clip, pass_time, photo, prepared, ready, request_video, studio

__all__ = ["clip", "pass_time", "photo", "prepared", "ready", "request_video", "studio"]


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3]:
    server = S3()
    yield server
    server.stop()


@pytest.fixture
def s3(s3_server: S3, settings: Any) -> S3:
    """Store files in an empty bucket instead of on disk."""
    s3_server.empty()
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "tests.storage.hooked_storage.cached_s3_storage", "OPTIONS": s3_server.options}
    }
    hook(settings)
    return s3_server


# For tests whose behaviour on a bucket is covered by another test of `make test`.
bucket_is_slow = pytest.mark.parametrize(
    "storage", ["disk", pytest.param("bucket", marks=pytest.mark.slow)], indirect=True
)


@pytest.fixture(params=["disk", "bucket"])
def storage(request: pytest.FixtureRequest) -> str:
    """Run the test on both storages."""
    if request.param == "bucket":
        request.getfixturevalue("s3")
    return request.param
