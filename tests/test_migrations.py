"""New code is deployed while the old code still runs: after the first release, migrations only add."""

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddField, DeleteModel, RemoveField, RenameField, RenameModel
from django.db.migrations.operations.base import Operation

APPS = ("accounts", "credits", "videos", "api")


def breaks_old_code(operation: Operation) -> bool:
    """Return True if code from before the migration fails after it: a column is gone, or an INSERT must name it."""
    if isinstance(operation, AddField):
        field = operation.field
        return not (field.null or field.has_db_default() or field.many_to_many)
    return isinstance(operation, RemoveField | RenameField | DeleteModel | RenameModel)


def test_old_code_works_after_each_migration() -> None:
    migrations = {key: value for key, value in MigrationLoader(None).disk_migrations.items() if key[0] in APPS}
    assert {app for app, _ in migrations} == set(APPS)
    broken = [
        f"{app}.{name}: {operation.describe()}"
        for (app, name), migration in migrations.items()
        if not migration.initial
        for operation in migration.operations
        if breaks_old_code(operation)
    ]
    assert broken == []


def test_breaking_operations_are_recognised() -> None:
    assert breaks_old_code(RemoveField("video", "seed"))
    assert breaks_old_code(RenameField("video", "seed", "random_seed"))
    assert breaks_old_code(AddField("video", "note", models.TextField()))
    assert not breaks_old_code(AddField("video", "note", models.TextField(db_default="")))
    assert not breaks_old_code(AddField("video", "note", models.TextField(null=True)))


@pytest.mark.engine
@pytest.mark.django_db
def test_new_columns_have_database_defaults() -> None:
    for model in (apps.get_model(app, "User" if app == "accounts" else "Video") for app in ("accounts", "videos")):
        with connection.cursor() as cursor:
            table = connection.introspection.get_table_description(cursor, model._meta.db_table)
        without = {column.name for column in table if not column.null_ok and column.default is None}
        added = {
            "email_when_finished",
            "step_history",
            "previous_task_ids",
            "provider_failure",
            "queued_at_provider",
            "fallback_reason",
            "head_source",
            "style",
            "body",
            "pet_name",
        }
        assert not added & without
