"""Take away accounts that nobody ever proved to be theirs."""

import json
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils import timezone

from accounts.models import User


class Command(BaseCommand):
    help = (
        "Delete accounts whose address was never proven, and that have no credits, photos or videos, some days after "
        "they were made. The address can sign up again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=14, help="How old an account must be; 14, unless told.")
        parser.add_argument("--dry-run", action="store_true", help="Count them, and delete nothing.")
        parser.add_argument("--json", action="store_true", help="Print one JSON document.")

    def handle(self, *, days: int, dry_run: bool, **options: Any) -> None:
        summary = {"deleted": 0, "kept": 0, "dry_run": dry_run}
        for user in User.objects.unverified(timezone.now() - timedelta(days=max(0, days))).iterator():
            summary["deleted" if delete_if_unused(user, dry_run) else "kept"] += 1
        if options["json"]:
            self.stdout.write(json.dumps(summary))
            return
        verb = "would be deleted" if dry_run else "deleted"
        kept = f"; {summary['kept']} have credits or dances, and stay" if summary["kept"] else ""
        self.stdout.write(f"{summary['deleted']} accounts {verb}{kept}.")


def delete_if_unused(user: User, dry_run: bool) -> bool:
    """Delete the account, as far as nothing hangs on it; a dry run takes it back at once."""
    try:
        with transaction.atomic():
            user.delete()
            transaction.set_rollback(dry_run)
    except (ProtectedError, RestrictedError):
        return False
    return True
