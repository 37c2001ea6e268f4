"""The tables on the admin page of a video: its timeline, its ledger entries, its exports and reports about it."""

from __future__ import annotations

from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.template.defaultfilters import filesizeformat
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.admin_html import link, table
from credits.models import Entry
from videos.models import Status, Step, Video

STEP_LABELS = {
    Status.QUEUED: gettext_noop("requeued"),
    Step.SUBMITTING: gettext_noop("submitting to the provider"),
    Step.RENDERING: gettext_noop("rendering"),
    Step.STORING: gettext_noop("rendered; adding music, checking and storing"),
    Status.SUCCEEDED: gettext_noop("ready"),
    Status.FAILED: gettext_noop("failed and refunded"),
}


def timeline_table(video: Video, now: datetime) -> SafeString:
    """Return a table of the video's events and staff actions in chronological order."""
    rows: list[tuple[datetime | None, str, str]] = [(video.created_at, _("requested and charged"), "")]
    for number, (step, at) in enumerate(video.step_history, start=1):
        failure = video.provider_failure if number == len(video.step_history) else ""
        rows.append((datetime.fromisoformat(at), _(STEP_LABELS.get(step, step)), failure))
    rows += [(video.deleted_at, _("deleted by its owner"), "")]
    log_entries = LogEntry.objects.filter(content_type__model="video", object_id=str(video.pk))
    rows += [
        (entry.action_time, entry.get_change_message(), str(entry.user)) for entry in log_entries.select_related("user")
    ]
    if video.is_unfinished:
        rows += [
            (
                now,
                _("now %(percent)d%%") % {"percent": round(100 * video.progress)},
                _("attempt %(number)d") % {"number": video.attempts},
            )
        ]
    events: list[tuple[datetime, str, str]] = sorted((at, event, detail) for at, event, detail in rows if at)
    start = video.created_at
    cells = ((f"{at:%Y-%m-%d %H:%M:%S}", f"+{(at - start).total_seconds():.0f} s", *rest) for at, *rest in events)
    return table((_("when (UTC)"), _("after"), _("event"), _("details")), cells)


def entries_table(video: Video) -> SafeString:
    """Return a table of the ledger entries that the video caused, staff actions included."""
    # A search for the prefix would read the whole table on SQLite.
    references = [f"{video.ledger_subject}:charge", f"{video.ledger_subject}:refund"]
    references += [f"grant:retry:{video.pk}", f"grant:compensation:{video.pk}"]
    cells = (
        (
            f"{entry.created_at:%Y-%m-%d %H:%M:%S}",
            f"{entry.amount:+d}",
            entry.kind,
            entry.reason,
            entry.by or _("system"),
        )
        for entry in Entry.objects.filter(reference__in=references).select_related("by").order_by("id")
    )
    return table((_("when"), _("credits"), _("kind"), _("reason"), _("by")), cells)


EXPORT_STATES = {"pending": gettext_noop("pending"), "ready": gettext_noop("ready"), "failed": gettext_noop("failed")}


def exports_table(video: Video) -> SafeString:
    """Return a table of the other files that the owner asked for."""
    cells = (
        (
            f"{export.created_at:%Y-%m-%d %H:%M:%S}",
            export.get_kind_display(),
            _(EXPORT_STATES[export.state]),
            filesizeformat(export.size) if export.size else "-",
        )
        for export in video.exports.order_by("created_at")
    )
    return table((_("requested"), _("file"), _("state"), _("size")), cells)


def reports_table(video: Video) -> SafeString:
    """Return a table of the latest reports about the video, with links."""
    cells = (
        (
            link("videos_videoreport", report.pk, f"{report.created_at:%Y-%m-%d %H:%M}"),
            report.get_concern_display(),
            report.text,
            report.get_outcome_display(),
        )
        for report in video.reports.order_by("-created_at")[:30]
    )
    return table((_("when"), _("reason"), _("details"), _("outcome")), cells)
