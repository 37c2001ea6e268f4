"""The WSGI application for gunicorn: it dies at failpoints, and with the scenario.

gunicorn's master process loads this module, so the parent watch applies to the master. Its children exit after it.
"""

import os
from pathlib import Path

from django.conf import settings

from tests.chaos.failpoints import arm
from tests.chaos.parent_watch import die_with_parent

settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
settings.STORAGES = settings.STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}

from petgroove.wsgi import application  # noqa: E402

arm(Path(os.environ["CHAOS_FOLDER"]), "web")
die_with_parent(0)

__all__ = ["application"]
