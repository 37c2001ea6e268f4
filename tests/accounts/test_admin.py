"""The admin does not contain owners' second factors, sessions and tokens."""

import importlib

from django.apps import apps
from django.contrib import admin


def test_admin_has_no_allauth_models() -> None:
    importlib.import_module("petgroove.urls")
    allauth_models = [model for model in apps.get_models() if model.__module__.startswith("allauth.")]
    assert len(allauth_models) >= 4
    assert [model.__name__ for model in allauth_models if admin.site.is_registered(model)] == []
