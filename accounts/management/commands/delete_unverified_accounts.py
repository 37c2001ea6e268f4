"""Delete accounts with unverified e-mail addresses."""

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
        "Delete accounts whose email address was not verified within some days of signing up. Accounts with credits, "
        "photos or videos are kept. A deleted address can sign up again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=14, help="Minimum age of an account in days. Default: 14.")
        parser.add_argument("--dry-run", action="store_true", help="Count the accounts without deleting them.")
        parser.add_argument("--json", action="store_true", help="Print the result as JSON.")

    def handle(self, *, days: int, dry_run: bool, **options: Any) -> None:
        summary = {"deleted": 0, "kept": 0, "dry_run": dry_run}
        for user in User.objects.unverified(timezone.now() - timedelta(days=max(0, days))).iterator():
            summary["deleted" if delete_if_unused(user, dry_run) else "kept"] += 1
        if options["json"]:
            self.stdout.write(json.dumps(summary))
            return
        verb = "would be deleted" if dry_run else "deleted"
        kept = f"; {summary['kept']} kept because they have credits, photos or videos" if summary["kept"] else ""
        self.stdout.write(f"{summary['deleted']} accounts {verb}{kept}.")


def delete_if_unused(user: User, dry_run: bool) -> bool:
    """Delete the account unless protected rows refer to it. A dry run rolls the deletion back.

    Return whether the account was, or would be, deleted.
    """
    try:
        with transaction.atomic():
            user.delete()
            transaction.set_rollback(dry_run)
    except (ProtectedError, RestrictedError):
        return False
    return True
