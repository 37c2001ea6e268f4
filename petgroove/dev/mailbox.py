"""Browser view of the e-mails that development writes to files."""

import base64
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

# Written between two messages by Django's file backend.
MAIL_SEPARATOR = b"-" * 79


def sent_mails() -> list[EmailMessage]:
    """Return the messages in OUTBOX_DIR, newest first."""
    messages: list[EmailMessage] = []
    for path in sorted(Path(settings.OUTBOX_DIR).glob("*.log"), key=lambda path: path.stat().st_mtime_ns):
        parts = path.read_bytes().split(MAIL_SEPARATOR)
        messages += [message_from_bytes(part.strip(), policy=policy.default) for part in parts if part.strip()]
    return messages[::-1]


@require_safe
@login_not_required
def outbox(request: HttpRequest) -> HttpResponse:
    messages = sent_mails()
    shown = [
        {
            "to": mail["To"],
            "subject": mail["Subject"],
            "date": mail["Date"],
            "text": body.get_content() if body else "",
            # Numbered from the oldest, so that new messages do not change existing URLs.
            "number": len(messages) - place if mail.get_body(("html",)) else None,
        }
        for place, mail in enumerate(messages[:50])
        for body in [mail.get_body(("plain",))]
    ]
    return render(request, "dev/mailbox.html", {"mails": shown})


# HTML e-mails use inline styles; they must not run scripts, load resources or submit forms.
MAIL_CSP: Any = {"default-src": [CSP.NONE], "style-src": [CSP.UNSAFE_INLINE], "img-src": ["data:"], "sandbox": True}


@require_safe
@login_not_required
@csp_override(MAIL_CSP)
def outbox_html(request: HttpRequest, number: int) -> HttpResponse:
    """Show the HTML part of a message, with its inline images embedded as ``data:`` URLs."""
    messages = sent_mails()[::-1]
    if not 0 < number <= len(messages) or not (body := messages[number - 1].get_body(("html",))):
        raise Http404
    html = body.get_content()
    for part in messages[number - 1].walk():
        if part["Content-ID"]:
            data = base64.b64encode(part.get_content()).decode()
            html = html.replace(
                f"cid:{part['Content-ID'].strip('<>')}", f"data:{part.get_content_type()};base64,{data}"
            )
    return HttpResponse(html)
