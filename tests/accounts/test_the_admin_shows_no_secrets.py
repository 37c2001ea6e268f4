"""Second factors, sessions and tokens of owners are not in the admin."""

import importlib

from django.contrib import admin


def test_no_table_of_allauth_is_in_the_admin() -> None:
    importlib.import_module("petgroove.urls")
    assert [m.__name__ for m in admin.site._registry if m.__module__.startswith("allauth.")] == []
