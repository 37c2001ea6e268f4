"""If the receipt of a closed account cannot be sent, the failure is logged without the address."""

import logging
from typing import Any

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from accounts.models import User
from petgroove.logs import LogfmtFormatter
from videos.privacy import close_account


class RefusingBackend(BaseEmailBackend):
    """A mail server that names the refused recipient, as SMTP servers do."""

    def send_messages(self, messages: list[Any]) -> int:
        raise OSError(f"550 no such user: {messages[0].to[0]}")


def test_failed_receipt_is_logged_without_the_address(
    owner: User, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.RefusingBackend"}}
    with caplog.at_level(logging.INFO):
        close_account(owner, timezone.now())
    lines = [LogfmtFormatter().format(record) for record in caplog.records]
    assert [line for line in lines if "receipt not sent reason=OSError" in line] != []
    assert [line for line in lines if "owner@example.org" in line] == []
