"""Environment variables for the tests. pytest loads this plugin before Django reads its settings."""

import os
import tempfile
from pathlib import Path

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
# One folder per process, so that parallel test processes share no database, media or e-mails.
ROOT = Path(os.environ.setdefault("PETGROOVE_TESTS", tempfile.mkdtemp(prefix="petgroove-tests-")))
VAR = ROOT / WORKER
VAR.mkdir(parents=True, exist_ok=True)

SETTINGS = {
    "DEBUG": "0",
    "SECRET_KEY": "a-key-that-only-the-tests-know-0123456789-abcdefghij",
    "SITE_URL": "http://localhost:8000",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "VAR_DIR": str(VAR),
    "EMAIL_URL": "file:",
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", "") or f"sqlite:///{VAR / 'petgroove.sqlite3'}",
    # Staff log in without a second factor, except in the tests of tests/security.
    "STAFF_REQUIRE_MFA": "0",
    # The e-mail about a ready video is sent immediately.
    "NOTIFICATION_DELAY_SECONDS": "0",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
}
for name in (
    "CACHE_URL", "REDIS_URL", "DEFAULT_FROM_EMAIL", "SUPPORT_EMAIL", "OPERATOR_NAME",
    "OPERATOR_ADDRESS", "GOOGLE_CLIENT_ID", "VIDEO_PROVIDER",
    "RUNWAY_API_KEY", "RUNWAYML_API_SECRET", "RUNWAY_BASE_URL", "RUNWAY_MODEL_ID", "RUNWAY_CONCURRENCY",
    "RUNWAY_MAX_CONCURRENCY",
    "RUNWAY_DOWNLOAD_HOSTS", "RUNWAY_TIMEOUT_SECONDS", "STUDIO_FALLBACK", "MODERATION_STRIKES", "STAFF_EMAIL",
    "OPENAI_API_KEY", "OPENAI_MODEL", "OPENAI_FALLBACK_MODEL", "OPENAI_BASE_URL", "S3_BUCKET",
    "S3_ENDPOINT_URL", "S3_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
    "SENTRY_DSN", "WELCOME_CREDITS", "PROMISE_MINUTES", "LEASE_SECONDS", "TRUSTED_PROXY_COUNT",
):  # fmt: skip
    # Set to "" rather than unset, so that a developer's .env file does not define it again.
    SETTINGS[name] = ""
os.environ.update(SETTINGS)
