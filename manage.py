#!/usr/bin/env python
"""Management commands for operators and developers. List them with `python manage.py help`."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "petgroove.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # The message says what to fix; a traceback adds nothing. The exit code is that of a wrong argument: 1 would be
        # the answer of a command that looked, such as "violations found" of audit_credits.
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
