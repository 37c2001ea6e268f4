"""The site's settings with two extra URLs: a baseline without the database, and a naive poll."""

from petgroove.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
