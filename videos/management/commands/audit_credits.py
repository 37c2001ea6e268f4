"""Check that no credit and no video was lost."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from credits import audit as credits_audit
from credits.models import Account, Entry
from videos import clock
from videos.models import Video
from videos.operations import audit as videos_audit


class Command(BaseCommand):
    help = "Check every balance, charge, refund and file. Report each row that breaks a rule. Changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print one JSON document.")
        parser.add_argument(
            "--files", action="store_true", help="Also read every ready video and compare its checksum."
        )

    def handle(self, *, files: bool, **options: Any) -> None:
        now, storage_error = clock.now(), ""
        with credits_audit.snapshot():
            violations = [*credits_audit.violations(), *videos_audit.row_violations(now)]
            counts = {
                "accounts": Account.objects.count(),
                "entries": Entry.objects.count(),
                "videos": Video.objects.count(),
            }
        try:
            # Not in the snapshot: files change during the audit and are compared with the current rows.
            violations += videos_audit.file_violations(now, read=files)
        except OSError as error:
            storage_error = f"The storage is unavailable, so not every file was checked: {error}"
        (self.write_json if options["json"] else self.write_text)(violations, counts, storage_error)
        if violations:
            raise CommandError(f"{len(violations)} violation{'s' if len(violations) > 1 else ''} found.")
        if storage_error:
            raise CommandError(storage_error)

    def write_json(self, violations: list[credits_audit.Violation], counts: dict[str, int], storage_error: str) -> None:
        document: dict[str, Any] = {"violations": [row.as_dict() for row in violations], "seen": counts}
        self.stdout.write(json.dumps(document | ({"away": storage_error} if storage_error else {})))

    def write_text(self, violations: list[credits_audit.Violation], counts: dict[str, int], storage_error: str) -> None:
        for row in violations:
            self.stdout.write(f"{row.rule}  {row.row}: {row.sentence}")
        if violations and storage_error:
            self.stdout.write(storage_error)
        if not violations and not storage_error:
            summary = ", ".join(f"{count} {name}" for name, count in counts.items())
            self.stdout.write(f"No violations found ({summary}).")
