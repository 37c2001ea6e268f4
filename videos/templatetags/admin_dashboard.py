"""The template tag that loads the statistics of the admin dashboard."""

from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone

from videos.admin import charts
from videos.operations.stats import DAYS, collect_stats

register = template.Library()


@register.simple_tag
def admin_dashboard() -> dict[str, Any]:
    """Return the statistics and the bar chart of the last days."""
    stats = collect_stats(timezone.now())
    days = [
        (f"{row.day:%-d %b}", f"{row.day:%-d %B}: {row.ready} ready, {row.failed} failed", row.ready, row.failed)
        for row in stats.per_day
    ]
    return {
        "stats": stats,
        "days": charts.stacked_bars(days),
        "max_dances": max((row.ready + row.failed for row in stats.per_dance), default=1),
        "count": DAYS,
        "priced": settings.CREDIT_CENTS,
    }
