"""Check the installation by using each dependency, not by reading the settings."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from videos.operations.doctor.checks import ERROR, OK, WARNING, run_checks


class Command(BaseCommand):
    help = (
        "Check the database, migrations, clock, worker, queue, site, storage, cache, static files, mail, embedded "
        "studio, Runway and OpenAI. Report each problem with a suggested fix. Exits with 1 if there is an error. Makes "
        "no lasting changes."
    )
    # This command runs when something is wrong, so Django's own checks must not stop it.
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
            raise CommandError(f"{errors} check{'s' if errors > 1 else ''} failed.")
