"""The settings as another environment would give them, without a process of their own."""

import os
import runpy
from pathlib import Path
from typing import Any
from unittest import mock

SOURCE = Path(__file__).parents[1] / "petgroove" / "settings.py"


def settings_in(**environment: str) -> dict[str, Any]:
    """Return what ``petgroove/settings.py`` defines in the environment of the tests, changed by ``environment``.

    Raises ImproperlyConfigured, as the start does.
    """
    with mock.patch.dict(os.environ, environment):
        return runpy.run_path(str(SOURCE))
