"""The settings module under a changed environment, evaluated in this process."""

import os
import runpy
from pathlib import Path
from typing import Any
from unittest import mock

SOURCE = Path(__file__).parents[1] / "petgroove" / "settings.py"


def settings_in(**environment: str) -> dict[str, Any]:
    """Return the names that ``petgroove/settings.py`` defines with ``environment`` added to that of the tests.

    Raise ImproperlyConfigured for an invalid setting.
    """
    with mock.patch.dict(os.environ, environment):
        return runpy.run_path(str(SOURCE))
