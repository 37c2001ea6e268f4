"""Delete stored files that no row references."""

import json
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from videos.operations.orphaned_files import orphaned_files
from videos.storage.base import StoredFile


class Command(BaseCommand):
    help = "Find stored files that are older than a day and that no row references. Deletes nothing without --delete."

    def add_arguments(self, parser: CommandParser) -> None:
        mode = parser.add_mutually_exclusive_group()
        mode.add_argument("--delete", action="store_true", help="Delete the files.")
        mode.add_argument("--dry-run", action="store_true", help="Delete nothing. This is the default.")
        parser.add_argument("--json", action="store_true", help="Print one JSON document, with every name.")

    def handle(self, *, delete: bool, verbosity: int, **options: Any) -> None:
        orphans: list[StoredFile] = []
        try:
            for stored in orphaned_files(timezone.now()):
                if delete:
                    default_storage.delete(stored.name)
                if verbosity > 1 and not options["json"]:
                    self.stdout.write(stored.name)
                orphans.append(stored)
        except OSError as error:
            raise CommandError(f"The storage became unavailable after {len(orphans)} files: {error}") from error
        if options["json"]:
            files = [{"name": stored.name, "bytes": stored.size} for stored in orphans]
            self.stdout.write(json.dumps({"deleted": delete, "files": files}, indent=1))
        else:
            self.stdout.write(summary_of(len(orphans), sum(stored.size for stored in orphans), delete))


def summary_of(count: int, size: int, deleted: bool) -> str:
    summary = f"{count} orphaned file{'' if count == 1 else 's'} ({size:,} bytes)"
    if not count:
        return "No orphaned files found."
    return f"Deleted {summary}." if deleted else f"Found {summary}. To delete: manage.py delete_orphaned_files --delete"
