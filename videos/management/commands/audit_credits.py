"""Check that no credit, no video and no photo was lost.

The exit code is 0 if everything was checked and is sound, 1 if a rule is broken, and 2 if something could not be
checked and no violation was found in the rest.
"""

import json
import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, InterfaceError

from credits import audit as credits_audit
from credits.audit import Violation
from credits.models import Account, Entry
from videos import clock
from videos.models import Video
from videos.operations import audit as videos_audit

log = logging.getLogger(__name__)

VIOLATION, NOT_CHECKED = 1, 2


class Command(BaseCommand):
    help = (
        "Check every balance, charge, refund and file. Report each row that breaks a rule. Changes nothing. "
        "Exit codes: 0 no violation, 1 violations, 2 not everything could be checked."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print one JSON document.")
        parser.add_argument(
            "--files", action="store_true", help="Also read every photo and ready video and compare its checksum."
        )

    def handle(self, *, files: bool, **options: Any) -> None:
        violations: list[Violation] = []
        counts: dict[str, int] = {}
        problem = ""
        try:
            self.check_rows(violations, counts)
            self.check_files(violations, read=files)
        except OSError as error:
            problem = f"The storage is unavailable, so not every file was checked: {error}"
        except (DatabaseError, InterfaceError) as error:
            problem = f"The database is unavailable, so not everything was checked: {str(error).strip()}"
        except Exception as error:
            # An exit code of 1 would mean a violation.
            log.exception("audit stopped by an error")
            problem = f"The audit stopped, so not everything was checked: {type(error).__name__}: {error}"
        (self.write_json if options["json"] else self.write_text)(violations, counts, problem)
        if violations:
            found = f"{len(violations)} violation{'s' if len(violations) > 1 else ''} found."
            raise CommandError(found, returncode=VIOLATION)
        if problem:
            raise CommandError(problem, returncode=NOT_CHECKED)

    def check_rows(self, violations: list[Violation], counts: dict[str, int]) -> None:
        """Add the violations in the database, and count the rows, in one snapshot. Raises the database's errors."""
        now = clock.now()
        with credits_audit.snapshot():
            for found in (credits_audit.violations(), videos_audit.row_violations(now)):
                violations.extend(found)
            counts |= {
                "accounts": Account.objects.count(),
                "entries": Entry.objects.count(),
                "videos": Video.objects.count(),
            }

    def check_files(self, violations: list[Violation], *, read: bool) -> None:
        """Add the violations in the storage. Raises OSError and the database's errors.

        This is not in the snapshot: files change during the audit and are compared with the current rows.
        """
        violations.extend(videos_audit.file_violations(clock.now(), read=read))

    def write_json(self, violations: list[Violation], counts: dict[str, int], problem: str) -> None:
        document: dict[str, Any] = {"violations": [row.as_dict() for row in violations], "seen": counts}
        self.stdout.write(json.dumps(document | ({"away": problem} if problem else {})))

    def write_text(self, violations: list[Violation], counts: dict[str, int], problem: str) -> None:
        for row in violations:
            self.stdout.write(f"{row.rule}  {row.row}: {row.sentence}")
        if violations and problem:
            self.stdout.write(problem)
        if not violations and not problem:
            summary = ", ".join(f"{count} {name}" for name, count in counts.items())
            self.stdout.write(f"No violations found ({summary}).")
