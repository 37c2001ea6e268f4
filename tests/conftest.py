"""Users, clients and clean-up shared by all tests."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import Client
from hypothesis import HealthCheck, settings

from accounts.models import User
from credits import ledger, triggers
from tests import programs
from tests.environment import VAR

PASSWORD = "a good long password"
# The longest tests start first, so that no process works on one alone at the end.
SLOW_FOLDERS = ("tests/chaos", "tests/stateful", "tests/browser", "tests/remote/test_resource_leaks")

# Hypothesis profiles for `make test`, `make test-all` and manual runs. The first two are reproducible.
settings.register_profile(
    "quick", max_examples=10, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
settings.register_profile("thorough", settings.get_profile("quick"), max_examples=60)
settings.register_profile("long", settings.get_profile("quick"), max_examples=300, derandomize=False)
settings.load_profile("quick")


def pytest_configure(config: pytest.Config) -> None:
    """Serve static files from their sources, use a fast password hasher, and do not wait for the disk."""
    django_settings.WHITENOISE_AUTOREFRESH = django_settings.WHITENOISE_USE_FINDERS = True
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    django_settings.STORAGES = django_settings.STORAGES | {"staticfiles": plain}
    if connection.vendor == "sqlite":
        options = connection.settings_dict["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect tests that cannot run here, and start the longest tests first.

    Tests of races need concurrent writers, so on SQLite they would prove nothing. Tests that need a missing program are
    deselected, except in CI, where they fail. ``tests/run.py`` reports both.
    """
    excluded = {"postgresql"} if connection.vendor != "postgresql" else set()
    if not programs.is_ci():
        excluded |= {program.marker for program in programs.missing()}
    if deselected := [item for item in items if any(item.get_closest_marker(name) for name in excluded)]:
        config.hook.pytest_deselected(items=deselected)
        items[:] = [item for item in items if item not in deselected]
    items.sort(key=lambda item: not item.path.relative_to(config.rootpath).as_posix().startswith(SLOW_FOLDERS))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Put SQLite into a file, as in production, so that worker processes can open the same database."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def _flush_despite_the_triggers() -> Iterator[None]:
    """Drop the ledger's triggers while tables are flushed after a test: they prevent deleting its rows."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def without_triggers(self: Any, sql_list: list[str]) -> None:
        triggers.drop(self.connection)
        flush(self, sql_list)
        triggers.create(self.connection)

    BaseDatabaseOperations.execute_sql_flush = without_triggers
    yield
    BaseDatabaseOperations.execute_sql_flush = flush


@pytest.fixture(autouse=True)
def _clean_edges() -> Iterator[None]:
    """Clear the storage and the rate limits after each test."""
    yield
    cache.clear()
    shutil.rmtree(VAR / "media", ignore_errors=True)


def person(email: str, *, credits: int = 0, **fields: Any) -> User:
    """Create a user with a verified e-mail address and a number of credits."""
    user = User.objects.create_user(email, PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    if credits:
        ledger.grant(user, credits, reason="For the tests", by=None)
    return user


@pytest.fixture
def owner(db: None) -> User:
    """An owner with five credits."""
    return person("owner@example.org", credits=5)


@pytest.fixture
def owner_without_credits(db: None) -> User:
    """An owner without credits."""
    return person("without-credits@example.org")


@pytest.fixture
def stranger(db: None) -> User:
    """Another owner, who must not have access to the first owner's data."""
    return person("stranger@example.org", credits=5)


@pytest.fixture
def staff(db: None) -> User:
    return person("staff@example.org", is_staff=True, is_superuser=True)


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def as_owner(owner: User) -> Client:
    return browser_of(owner)


@pytest.fixture
def as_stranger(stranger: User) -> Client:
    return browser_of(stranger)


@pytest.fixture
def as_owner_without_credits(owner_without_credits: User) -> Client:
    return browser_of(owner_without_credits)


@pytest.fixture
def as_staff(staff: User) -> Client:
    return browser_of(staff)
