"""Is everything there and well? Asked of the things themselves, not of the settings."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from videos.operations.doctor.checks import FINE, LOOK, WRONG, findings


class Command(BaseCommand):
    help = (
        "Ask the database, storage, cache, mail, worker, Runway and OpenAI whether they work, and say in one line each "
        "what is wrong and how to mend it. Exits with 1 when something is wrong. Changes nothing that lasts."
    )
    # The doctor is asked exactly when something is wrong: no check of Django's may stop it.
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print one JSON document.")

    def handle(self, **options: Any) -> None:
        found = []
        for finding in findings():
            found.append(finding)
            if not options["json"]:
                colour = {FINE: self.style.SUCCESS, LOOK: self.style.WARNING, WRONG: self.style.ERROR}[finding.state]
                self.stdout.write(f"{colour(f'{finding.state:5}')}  {finding.part:10}  {finding.told}")
                if finding.mend and finding.state != FINE:
                    self.stdout.write(f"{'':19}{finding.mend}")
        if options["json"]:
            self.stdout.write(json.dumps([finding.as_dict() for finding in found], indent=1))
        wrong = sum(finding.state == WRONG for finding in found)
        if wrong:
            raise CommandError(f"{wrong} part{'s are' if wrong > 1 else ' is'} not well.")
