"""Old code keeps running during a deployment, so its INSERTs must work without the columns that migrations add."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddField, DeleteModel, RemoveField, RenameField, RenameModel

OURS = ("accounts", "credits", "videos", "api")


def test_old_code_works_after_each_migration(subtests: pytest.Subtests) -> None:
    migrations = MigrationLoader(None).disk_migrations
    operations = [(key, operation) for key, migration in migrations.items() for operation in migration.operations]
    ours = [(f"{app}.{name}", operation) for (app, name), operation in operations if app in OURS]
    assert len(ours) > 50
    for name, operation in ours:
        with subtests.test(migration=name, operation=operation.describe()):
            assert not isinstance(operation, RemoveField | RenameField | DeleteModel | RenameModel)
            if isinstance(operation, AddField):
                field = operation.field
                assert field.null or field.has_db_default() or field.many_to_many, "required in every INSERT"


@pytest.mark.engine
@pytest.mark.django_db
def test_new_columns_have_database_defaults() -> None:
    for model in (apps.get_model(app, "User" if app == "accounts" else "Video") for app in ("accounts", "videos")):
        with connection.cursor() as cursor:
            table = connection.introspection.get_table_description(cursor, model._meta.db_table)
        required = {column.name for column in table if not column.null_ok and column.default is None}
        added = {
            "email_when_finished",
            "step_history",
            "previous_task_ids",
            "provider_failure",
            "queued_at_provider",
            "fallback_reason",
        }
        assert not added & required
