"""Give credits to an owner."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from credits import ledger


class Command(BaseCommand):
    help = "Give an owner credits: grant_credits EMAIL N --reason WHY. The owner reads the reason."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("amount", type=int, metavar="N", help="How many credits, at least 1.")
        parser.add_argument("--reason", required=True)
        parser.add_argument("--reference", default="", help="The same reference counts once, however often it is sent.")

    def handle(self, *, email: str, amount: int, reason: str, reference: str, **options: Any) -> None:
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"Nobody has the address {email}. The owner has to sign up first.")
        try:
            reference = f"grant:{reference}" if reference else ""
            entry = ledger.grant(user, amount, reason=reason, by=None, reference=reference)
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{entry.amount:+d} credits for {user.email}; the balance is {ledger.balance_of(user)}.")
