"""Sending an email while a visitor waits for the page."""

from __future__ import annotations

import smtplib
import threading
import time

from django.conf import settings
from django.core.mail import EmailMessage, InvalidMailer

# The maximum number of emails that a process sends concurrently, so that a mail server that never answers cannot hold
# all of its threads. An email waits TURN_SECONDS for its turn, but not behind one that takes longer than that.
_slots = threading.BoundedSemaphore(4)
TURN_SECONDS = 0.8
_started: dict[int, float] = {}
# What a mail server or a folder can do to an email. smtplib encodes the password as ASCII, and the host's name as IDNA.
FAILURES = (OSError, UnicodeError, InvalidMailer)
# Replies to RCPT that are about us, not about the recipient: the server wants a login first, or another order.
OWN_FAULTS = {503, 530, 535, 538}


class EmailNotSent(Exception):
    """The email was not sent, or not in time. The message is the kind of error; it contains no address."""


class RecipientRefused(EmailNotSent):
    """The mail server will never accept this address."""


def send(message: EmailMessage, seconds: float | None = None) -> None:
    """Send the email within ``seconds``, by default EMAIL_SECONDS in all. Raises EmailNotSent.

    A socket's timeout covers neither name resolution nor several addresses and commands, so a thread sends the email.
    If it is late, it may still arrive.
    """
    seconds = settings.EMAIL_SECONDS if seconds is None else seconds
    until = time.monotonic() + seconds
    errors: list[Exception] = []

    def work() -> None:
        _started[threading.get_ident()] = time.monotonic()
        try:
            message.send()
        except Exception as error:
            # Raised below, in the thread of the request.
            errors.append(error)
        finally:
            _started.pop(threading.get_ident())
            _slots.release()

    if not wait_for_slot(min(TURN_SECONDS, seconds)):
        raise EmailNotSent("TooManyAtOnce")
    thread = threading.Thread(target=work, name="email", daemon=True)
    thread.start()
    thread.join(max(0.0, until - time.monotonic()))
    if thread.is_alive():
        raise EmailNotSent("Deadline")
    for error in errors:
        raise translate(error) from None


def wait_for_slot(seconds: float) -> bool:
    """Wait for a free slot while the mail server is quick. Return whether there is one."""
    if _slots.acquire(blocking=False):
        return True
    if any(time.monotonic() - started > seconds for started in list(_started.values())):
        return False
    return _slots.acquire(timeout=seconds)


def translate(error: Exception) -> Exception:
    """Return EmailNotSent or RecipientRefused for what a mail server or a folder can do, else the error itself."""
    reason = type(error).__name__
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
        # A reply of 4xx is temporary, such as greylisting.
        refused = any(500 <= code < 600 and code not in OWN_FAULTS for code in codes)
        return (RecipientRefused if refused else EmailNotSent)(f"{reason} {codes[0]}" if codes else reason)
    return EmailNotSent(reason) if isinstance(error, FAILURES) else error
