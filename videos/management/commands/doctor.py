"""Is everything there and well? Asked of the things themselves, not of the settings."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from videos.operations.doctor.checks import ERROR, OK, WARNING, run_checks


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
        results = []
        for result in run_checks():
            results.append(result)
            if not options["json"]:
                colour = {OK: self.style.SUCCESS, WARNING: self.style.WARNING, ERROR: self.style.ERROR}[result.state]
                self.stdout.write(f"{colour(f'{result.state:7}')}  {result.part:10}  {result.message}")
                if result.hint and result.state != OK:
                    self.stdout.write(f"{'':21}{result.hint}")
        if options["json"]:
            self.stdout.write(json.dumps([result.as_dict() for result in results], indent=1))
        errors = sum(result.state == ERROR for result in results)
        if errors:
            raise CommandError(f"{errors} part{'s are' if errors > 1 else ' is'} not well.")
