"""Prove that no credit was lost."""

import json
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from credits import audit as credits_audit
from credits.models import Account, Entry
from videos import audit as videos_audit
from videos.models import Video


class Command(BaseCommand):
    help = "Recompute every balance, charge and refund, and name each row that breaks a rule. Changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print one JSON document.")

    def handle(self, **options: Any) -> None:
        with credits_audit.snapshot():
            found = list(chain(credits_audit.violations(), videos_audit.violations(timezone.now())))
            seen = {
                "accounts": Account.objects.count(),
                "entries": Entry.objects.count(),
                "videos": Video.objects.count(),
            }
        (self.dump if options["json"] else self.tell)(found, seen)
        if found:
            raise CommandError(f"{len(found)} violation{'s' if len(found) > 1 else ''} found.")

    def dump(self, found: list[credits_audit.Violation], seen: dict[str, int]) -> None:
        self.stdout.write(json.dumps({"violations": [row.as_dict() for row in found], "seen": seen}))

    def tell(self, found: list[credits_audit.Violation], seen: dict[str, int]) -> None:
        for row in found:
            self.stdout.write(f"{row.rule}  {row.row}: {row.sentence}")
        if not found:
            told = ", ".join(f"{count} {name}" for name, count in seen.items())
            self.stdout.write(f"Every credit is where it belongs ({told}).")
