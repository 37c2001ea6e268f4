"""Database triggers that keep the ledger append-only: no entry is changed, deleted or truncated."""

from typing import Any

MESSAGE = "ledger entries cannot be changed or deleted"

POSTGRESQL = (
    f"""
    CREATE OR REPLACE FUNCTION credits_entry_is_append_only() RETURNS trigger AS $$
    BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END;
    $$ LANGUAGE plpgsql
    """,
    """
    CREATE OR REPLACE TRIGGER credits_entry_rows BEFORE UPDATE OR DELETE ON credits_entry
    FOR EACH ROW EXECUTE FUNCTION credits_entry_is_append_only()
    """,
    """
    CREATE OR REPLACE TRIGGER credits_entry_table BEFORE TRUNCATE ON credits_entry
    FOR EACH STATEMENT EXECUTE FUNCTION credits_entry_is_append_only()
    """,
)
SQLITE = tuple(
    f"""
    CREATE TRIGGER IF NOT EXISTS credits_entry_{verb.lower()} BEFORE {verb} ON credits_entry
    BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END
    """
    for verb in ("UPDATE", "DELETE")
)
DROP = {
    "postgresql": (
        "DROP TRIGGER IF EXISTS credits_entry_rows ON credits_entry",
        "DROP TRIGGER IF EXISTS credits_entry_table ON credits_entry",
    ),
    "sqlite": ("DROP TRIGGER IF EXISTS credits_entry_update", "DROP TRIGGER IF EXISTS credits_entry_delete"),
}
NAMES = {
    "postgresql": ("credits_entry_rows", "credits_entry_table"),
    "sqlite": ("credits_entry_update", "credits_entry_delete"),
}
PRESENT = {
    # Excludes triggers that are disabled or that fire only on replicas.
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = 'credits_entry'::regclass AND tgenabled IN ('O', 'A')",
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'credits_entry'",
}
CREATE = {"postgresql": POSTGRESQL, "sqlite": SQLITE}


def create(connection: Any) -> None:
    """Install the triggers on ``connection``. Raises KeyError if the database engine is not supported."""
    with connection.cursor() as cursor:
        for statement in CREATE[connection.vendor]:
            cursor.execute(statement)


def drop(connection: Any) -> None:
    """Remove the triggers from ``connection``."""
    with connection.cursor() as cursor:
        for statement in DROP[connection.vendor]:
            cursor.execute(statement)


def missing(connection: Any) -> list[str]:
    """Return the names of the triggers that are missing or disabled."""
    with connection.cursor() as cursor:
        cursor.execute(PRESENT[connection.vendor])
        present = {name for (name,) in cursor.fetchall()}
    return [name for name in NAMES[connection.vendor] if name not in present]
