"""Mail in development: read what would have been sent, in the browser."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

# What Django's console and file backends write between two mails.
RULE = b"-" * 79


def mails() -> list[EmailMessage]:
    """The mails that were written to files, the newest first."""
    found: list[EmailMessage] = []
    for path in sorted(Path(settings.OUTBOX_DIR).glob("*.log"), key=lambda path: path.stat().st_mtime_ns):
        parts = path.read_bytes().split(RULE)
        found += [message_from_bytes(part.strip(), policy=policy.default) for part in parts if part.strip()]
    return found[::-1]


@require_safe
@login_not_required
def outbox(request: HttpRequest) -> HttpResponse:
    shown = [
        {"to": mail["To"], "subject": mail["Subject"], "date": mail["Date"], "text": body.get_content() if body else ""}
        for mail in mails()[:50]
        for body in [mail.get_body(("plain",))]
    ]
    return render(request, "outbox.html", {"mails": shown})
