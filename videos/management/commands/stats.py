"""Print statistics."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from videos.operations.stats import DAYS, Stats, collect_stats


class Command(BaseCommand):
    help = "Print today's videos, the queue, failures, refunds, providers, and the last thirty days per dance."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print one JSON document.")

    def handle(self, **options: Any) -> None:
        stats = collect_stats(timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps(stats.as_dict(), indent=1, default=str))
        else:
            self.write_text(stats)

    def write_text(self, stats: Stats) -> None:
        queue = stats.queue
        rows = [
            ("today", ", ".join(f"{count} {status}" for status, count in stats.today.items())),
            ("queue", f"{queue.queued} queued, {queue.processing} processing, {queue.late} late"),
            ("oldest", f"{queue.longest_wait.total_seconds():.0f} s" if queue.longest_wait else "-"),
            ("failures (24 h)", ", ".join(f"{count} {code}" for code, count in stats.failures.items()) or "none"),
            ("refunds (24 h)", f"{stats.refunds}, {stats.refunded} credits"),
            (f"heads ({DAYS} days)", ", ".join(f"{count} {state}" for state, count in stats.heads.items())),
            ("open reports", str(stats.reports)),
            ("workers", str(stats.workers)),
            ("stale results", f"{sum(row.stale_results for row in stats.per_dance)} in {DAYS} days"),
        ]
        for provider in stats.providers:
            state = f"unavailable: {provider.unavailable_reason}" if provider.unavailable_reason else "available"
            tasks = f"{provider.in_flight} of {provider.max_concurrent_tasks} tasks in flight"
            left = "?" if provider.dances_left is None else provider.dances_left
            rows.append((provider.name, f"{state}, {tasks}, {left} dances left"))
        rows += [("warning", warning) for warning in stats.warnings]
        for name, value in rows:
            self.stdout.write(f"{name:17}{value}")
        self.stdout.write(
            f"\n{f'dance ({DAYS} days)':17}{'ready':>7}{'failed':>8}{'credits':>9}{'cost':>7}{'margin':>8}"
        )
        for row in stats.per_dance:
            margin = "-" if row.margin is None else row.margin
            self.stdout.write(f"{row.name:17}{row.ready:>7}{row.failed:>8}{row.credits:>9}{row.cost:>7}{margin:>8}")
