"""How the house is doing, in figures."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from videos.operations.stats import DAYS, Figures, figures


class Command(BaseCommand):
    help = "Today's dances, the line, failures, refunds, studios, and every dance over thirty days. Changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print one JSON document.")

    def handle(self, **options: Any) -> None:
        told = figures(timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps(told.as_dict(), indent=1, default=str))
        else:
            self.tell(told)

    def tell(self, told: Figures) -> None:
        waiting = told.waiting
        rows = [
            ("today", ", ".join(f"{count} {status}" for status, count in told.today.items())),
            ("line", f"{waiting.queued} queued, {waiting.processing} processing, {waiting.late} late"),
            ("oldest", f"{waiting.longest.total_seconds():.0f} s" if waiting.longest else "-"),
            ("failures (24 h)", ", ".join(f"{count} {code}" for code, count in told.failures.items()) or "none"),
            ("refunds (24 h)", f"{told.refunds}, {told.refunded} credits"),
            ("workers", str(told.workers)),
            ("dropped answers", f"{sum(row.stale_results for row in told.per_dance)} in {DAYS} days"),
        ]
        for remote in told.remotes:
            state = f"closed: {remote.closed}" if remote.closed else "open"
            left = "?" if remote.dances_left is None else remote.dances_left
            rows.append((remote.name, f"{state}, {remote.in_flight} of {remote.at_a_time}, {left} dances left"))
        for name, value in rows:
            self.stdout.write(f"{name:17}{value}")
        self.stdout.write(
            f"\n{f'dance ({DAYS} days)':17}{'ready':>7}{'failed':>8}{'credits':>9}{'cost':>7}{'margin':>8}"
        )
        for row in told.per_dance:
            margin = "-" if row.margin is None else row.margin
            self.stdout.write(f"{row.name:17}{row.ready:>7}{row.failed:>8}{row.credits:>9}{row.cost:>7}{margin:>8}")
