"""The site's settings, with two addresses more: a floor without a database, and the poll as one first writes it."""

from petgroove.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
