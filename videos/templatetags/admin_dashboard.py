"""The template tag that loads the statistics of the admin dashboard."""

from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from videos.admin import charts
from videos.operations.stats import DAYS, DayRow, collect_stats

register = template.Library()


@register.simple_tag
def admin_dashboard() -> dict[str, Any]:
    """Return the statistics and the bar chart of the last days."""
    stats = collect_stats(timezone.now())
    # Translators: the format of a day with a short month, as in "Nov 28", in the syntax of Django's date filter.
    short = _("M j")
    days = [(date_format(row.day, short), bar_title(row), row.ready, row.failed) for row in stats.per_day]
    return {
        "stats": stats,
        "days": charts.stacked_bars(days),
        "max_dances": max((row.ready + row.failed for row in stats.per_dance), default=1),
        "count": DAYS,
        "priced": settings.CREDIT_CENTS,
    }


def bar_title(row: DayRow) -> str:
    values = {"day": date_format(row.day, "MONTH_DAY_FORMAT"), "ready": row.ready, "failed": row.failed}
    return _("%(day)s: %(ready)d ready, %(failed)d failed") % values
