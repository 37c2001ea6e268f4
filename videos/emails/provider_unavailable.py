"""The e-mail to staff about an outage of a provider."""

from __future__ import annotations

import logging

from django.core.mail import send_mail
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.emails import FAILURES
from videos import clock
from videos.emails.staff import staff_recipients
from videos.models import ProviderStatus, Video
from videos.providers.registry import remote_provider

log = logging.getLogger(__name__)


def notify_staff(status: ProviderStatus) -> None:
    """Send one e-mail for each outage. If sending fails, the next check of the account retries. Raises LeaseLost."""
    recipients = staff_recipients()
    waiting = Video.objects.unfinished().filter(provider=status.provider).count()
    try:
        if recipients:
            subject = _("PetGroove: %(provider)s is unavailable") % {"provider": status.provider}
            send_mail(subject, email_body(status, waiting), None, recipients)
        else:
            log.error("nobody to notify of the outage: set STAFF_EMAIL", extra={"provider": status.pk})
    except FAILURES as error:
        context = {"provider": status.pk, "reason": type(error).__name__}
        log.error("staff could not be notified", extra=context)
        return
    status.update_claimed(staff_notified_at=clock.now())


def email_body(status: ProviderStatus, waiting: int) -> str:
    since = _("%(provider)s has been unavailable since %(time)s UTC:") % {
        "provider": status.provider,
        "time": f"{status.unavailable_since:%Y-%m-%d %H:%M}",
    }
    queue = ngettext(
        "%(count)d video is waiting. It will be refunded if it isn't ready by its promised time.",
        "%(count)d videos are waiting. Each will be refunded if it isn't ready by its promised time.",
        waiting,
    ) % {"count": waiting}
    advice = _("Add credits, or fix the API key or the account, at %(address)s.") % {
        "address": remote_provider(status.provider).account_url
    }
    outlook = _(
        "The account is checked every few minutes, and work resumes automatically once it is healthy. "
        "Run `python manage.py doctor` for details."
    )
    return f"{since}\n\n    {status.reason}\n\n{queue}\n{advice}\n{outlook}\n"
