"""Private files in a bucket of S3 or a compatible service (R2, MinIO, B2). Imported only if a bucket is configured."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from django.utils.http import content_disposition_header
from s3transfer.exceptions import RetriesExceededError, S3UploadFailedError
from storages.backends.s3 import S3Storage

from videos.storage.base import PREFIXES, StorageUnavailable, StoredFile

S3_ERRORS = (BotoCoreError, ClientError, RetriesExceededError, S3UploadFailedError)


@contextmanager
def translate_errors() -> Iterator[None]:
    """Raise StorageUnavailable, an OSError like those of files on disk, for the errors of boto3 and botocore."""
    try:
        yield
    except S3_ERRORS as error:
        raise StorageUnavailable(f"the bucket returned an error ({error_code(error)})") from error


def error_code(error: Exception) -> str:
    """Return S3's error code, such as NoSuchBucket, or else the name of the exception's class.

    Unlike the full message, neither contains a URL or a key.
    """
    response = getattr(error, "response", None) or getattr(error.__cause__ or error.__context__, "response", None) or {}
    return response.get("Error", {}).get("Code") or type(error).__name__


class PrivateS3Storage(S3Storage):
    """Atomic uploads: an object gets its name only once it is complete. Saving an existing name replaces the object."""

    file_overwrite = True
    default_acl = None
    querystring_auth = True
    # One PUT per object, no multipart uploads: an interrupted upload leaves nothing behind in the bucket.
    transfer_config = TransferConfig(multipart_threshold=1024**3, use_threads=False)
    client_config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        # R2, MinIO and B2 reject uploads without these two.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        connect_timeout=5,
        read_timeout=30,
        retries={"mode": "standard", "max_attempts": 4},
    )

    def signed_link(self, name: str, content_type: str, *, seconds: int, download_name: str = "") -> str:
        """Return a URL at the bucket that gives anyone access to this object for ``seconds``."""
        parameters = {"ResponseContentType": content_type, "ResponseCacheControl": f"private, max-age={seconds}"}
        if download_name:
            parameters["ResponseContentDisposition"] = content_disposition_header(True, download_name) or "attachment"
        return self.url(name, parameters=parameters, expire=seconds)

    def check(self, *, is_used: bool = False) -> None:
        """Raise StorageUnavailable unless the bucket exists and grants access."""
        with translate_errors():
            self.connection.meta.client.head_bucket(Bucket=self.bucket_name)

    def list_files(self, *prefixes: str) -> Iterator[StoredFile]:
        """Yield all objects under these prefixes, by default ours. Other objects in the bucket are not ours."""
        pages = self.connection.meta.client.get_paginator("list_objects_v2")
        with translate_errors():
            for prefix in prefixes or PREFIXES:
                for page in pages.paginate(Bucket=self.bucket_name, Prefix=prefix):
                    for entry in page.get("Contents", ()):
                        yield StoredFile(entry["Key"], entry["LastModified"], entry["Size"])

    def _open(self, name: str, mode: str = "rb") -> Any:
        with translate_errors():
            file = super()._open(name, mode)
            try:
                # Download the object here, so that errors are raised here and not at the first read.
                return file.open() if "r" in mode else file
            except BaseException:
                file.close()
                raise

    def _save(self, name: str, content: File) -> str:
        with translate_errors():
            return super()._save(name, content)

    def delete(self, name: str) -> None:
        with translate_errors():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with translate_errors():
            return super().exists(name)

    def size(self, name: str) -> int:
        with translate_errors():
            return super().size(name)
