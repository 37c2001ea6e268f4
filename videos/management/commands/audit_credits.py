"""Prove that no credit and no video was lost."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from credits import audit as credits_audit
from credits.models import Account, Entry
from videos.models import Video
from videos.operations import audit as videos_audit


class Command(BaseCommand):
    help = "Recompute every balance, charge, refund and file, and name each row that breaks a rule. Changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print one JSON document.")
        parser.add_argument("--files", action="store_true", help="Read every ready video, too, and compare its bytes.")

    def handle(self, *, files: bool, **options: Any) -> None:
        now, away = timezone.now(), ""
        with credits_audit.snapshot():
            violations = [*credits_audit.violations(), *videos_audit.row_violations(now)]
            seen = {
                "accounts": Account.objects.count(),
                "entries": Entry.objects.count(),
                "videos": Video.objects.count(),
            }
        try:
            # Not in the snapshot: files change meanwhile, and are compared with the rows of their own moment.
            violations += videos_audit.file_violations(now, read=files)
        except OSError as error:
            away = f"The storage is away, so not every file was looked at: {error}"
        (self.dump if options["json"] else self.tell)(violations, seen, away)
        if violations:
            raise CommandError(f"{len(violations)} violation{'s' if len(violations) > 1 else ''} found.")
        if away:
            raise CommandError(away)

    def dump(self, violations: list[credits_audit.Violation], seen: dict[str, int], away: str) -> None:
        document: dict[str, Any] = {"violations": [row.as_dict() for row in violations], "seen": seen}
        self.stdout.write(json.dumps(document | ({"away": away} if away else {})))

    def tell(self, violations: list[credits_audit.Violation], seen: dict[str, int], away: str) -> None:
        for row in violations:
            self.stdout.write(f"{row.rule}  {row.row}: {row.sentence}")
        if violations and away:
            self.stdout.write(away)
        if not violations and not away:
            counts = ", ".join(f"{count} {name}" for name, count in seen.items())
            self.stdout.write(f"Every credit is where it belongs ({counts}).")
