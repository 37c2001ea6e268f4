"""The site's settings, with two addresses more: a floor without a database, and the poll as one first writes it."""

from petgroove.settings import *

ROOT_URLCONF = "bench.urls"
