"""Grant credits to an owner."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.addresses import normalize_email
from accounts.models import User
from accounts.security_log import record
from credits import ledger
from credits.models import Entry


class Command(BaseCommand):
    help = "Grant credits to an owner: grant_credits EMAIL N --reason WHY. The owner can read the reason."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("amount", type=int, metavar="N", help="Number of credits, at least 1.")
        parser.add_argument("--reason", required=True)
        parser.add_argument("--reference", default="", help="Grants with the same reference count once.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Print the resulting balance without granting anything."
        )
        parser.add_argument("--json", action="store_true", help="Print the result as JSON.")

    def handle(self, *, email: str, amount: int, reason: str, reference: str, dry_run: bool, **options: Any) -> None:
        user = User.objects.filter(email=normalize_email(email)).first()
        if user is None:
            raise CommandError(f"No account has the address {email}. Ask the owner to sign up first.")
        reference = f"grant:{reference}" if reference else ""
        if len(reference) > (max_length := Entry._meta.get_field("reference").max_length or 0):
            raise CommandError(f"The reference is too long. Shorten it to {max_length - len('grant:')} characters.")
        try:
            with transaction.atomic():
                known = bool(reference) and ledger.is_known(reference)
                entry = ledger.grant(user, amount, reason=reason, by=None, reference=reference)
                balance = ledger.balance_of(user)
                transaction.set_rollback(dry_run)
        except ValueError as error:
            raise CommandError(str(error)) from error
        granted = 0 if known else entry.amount
        if granted and not dry_run:
            record("staff_moved_credits", None, target=user.pk, amount=granted)
        if options["json"]:
            result = {"email": user.email, "amount": granted, "balance": balance, "dry_run": dry_run}
            self.stdout.write(json.dumps(result))
        elif granted:
            verb = "would be" if dry_run else "is"
            self.stdout.write(f"{granted:+d} credits for {user.email}; the balance {verb} {balance}.")
        else:
            summary = f"{user.email} already got {entry.amount:+d} credits for this reference"
            self.stdout.write(f"{summary} on {entry.created_at:%Y-%m-%d}; nothing granted. The balance is {balance}.")
