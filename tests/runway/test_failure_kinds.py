"""Parsing of ``Retry-After`` headers and failure codes."""

from datetime import UTC, datetime

import pytest

from videos.providers.base import FailureKind
from videos.providers.runway.failures import failure_kind
from videos.providers.runway.transport import parse_retry_after

NOW = datetime(2026, 10, 21, 7, 28, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        (" 120 ", 120.0),
        ("1.5", 1.5),
        ("999999999", 86400.0),
        ("Wed, 21 Oct 2026 07:29:30 GMT", 90.0),
        ("Wed, 21 Oct 2026 07:29:30 -0000", 90.0),
        ("Wed, 21 Oct 2026 09:29:30 +0200", 90.0),
        ("Wed, 21 Oct 2026 07:00:00 GMT", 0.0),
        ("Wed, 21 Oct 2099 07:00:00 GMT", 86400.0),
        ("", None),
        ("-5", None),
        ("soon", None),
        ("nan", None),
        ("1e400", None),
        ("9" * 400, None),
        ("Wed, 99 Oct 2026 07:28:00 GMT", None),
    ],
)
def test_retry_after_accepts_seconds_and_dates_up_to_a_day(header: str, seconds: float | None) -> None:
    assert parse_retry_after(header, NOW) == seconds


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("SAFETY.INPUT.TEXT", FailureKind.MODERATED_PROMPT),
        ("SAFETY.INPUT.IMAGE", FailureKind.MODERATED_PHOTO),
        ("SAFETY.OUTPUT.VIDEO", FailureKind.MODERATED),
        ("SAFETY", FailureKind.MODERATED),
        ("INPUT_PREPROCESSING.SAFETY.TEXT", FailureKind.MODERATED_PROMPT),
        ("ASSET.INVALID", FailureKind.BAD_PHOTO),
        ("ASSET.INVALID.DIMENSIONS", FailureKind.BAD_PHOTO),
        ("INTERNAL.BAD_OUTPUT.CODE01", FailureKind.BAD_OUTPUT),
        ("INTERNAL.BAD_OUTPUT", FailureKind.BAD_OUTPUT),
        ("INTERNAL", FailureKind.INTERNAL),
        ("INTERNAL.BAD_OUTPUTS", FailureKind.INTERNAL),
        ("INPUT_PREPROCESSING.INTERNAL", FailureKind.INTERNAL),
        ("THIRD_PARTY.UNAVAILABLE", FailureKind.INTERNAL),
        ("SOMETHING.NEW", FailureKind.INTERNAL),
        ("", FailureKind.INTERNAL),
    ],
)
def test_failure_kind_follows_the_code_prefix(code: str, kind: FailureKind) -> None:
    assert failure_kind(code) is kind
