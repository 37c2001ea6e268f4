"""All rows of all tables, to see whether anything has changed."""

from typing import Any

from django.apps import apps

# What any visit may touch: the visitor's own session.
VISITS = {"sessions.Session", "usersessions.UserSession"}


def everything() -> dict[str, list[Any]]:
    return {
        model._meta.label: sorted(map(str, model._base_manager.values()))
        for model in apps.get_models()
        if model._meta.label not in VISITS
    }
