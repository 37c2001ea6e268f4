"""Second factors, sessions and tokens of owners are not in the admin."""

import importlib

from django.apps import apps
from django.contrib import admin


def test_no_table_of_allauth_is_in_the_admin() -> None:
    importlib.import_module("petgroove.urls")
    theirs = [model for model in apps.get_models() if model.__module__.startswith("allauth.")]
    assert len(theirs) >= 4
    assert [model.__name__ for model in theirs if admin.site.is_registered(model)] == []
