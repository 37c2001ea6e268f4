"""The fixed cast and the edges of the system."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import Client

from accounts.models import User
from credits import ledger, triggers
from tests import node
from tests.postgres import binaries
from tests.security import observatory

PASSWORD = "a good long password"


def pytest_configure(config: pytest.Config) -> None:
    """Static files come straight from their sources, and passwords are hashed quickly."""
    django_settings.WHITENOISE_AUTOREFRESH = django_settings.WHITENOISE_USE_FINDERS = True
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    django_settings.STORAGES = django_settings.STORAGES | {"staticfiles": plain}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Races need a database with more than one writer: on SQLite they would prove nothing and are left out.

    So are the Observatory where there is no Node, the checker of HTML where there is no Java, and a cluster of our own
    where there are no programs for it; ``tests/run.py`` says so. Under CI none of these is left out: it fails.
    """
    lacking = {"postgresql"} if connection.vendor != "postgresql" else set()
    if os.environ.get("CI") != "true":
        lacking |= {"cluster"} if binaries() is None else set()
        lacking |= {"observatory"} if not observatory.is_to_be_had() else set()
        lacking |= {"vnu"} if not node.is_to_be_had() else set()
    if left_out := [item for item in items if any(item.get_closest_marker(name) for name in lacking)]:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file, as in real life: a worker process of a test opens the same database."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def _flush_despite_the_triggers() -> Iterator[None]:
    """Tests that commit are cleaned up by emptying all tables, which the ledger's triggers rightly refuse."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def without_triggers(self: Any, sql_list: list[str]) -> None:
        triggers.drop(self.connection)
        flush(self, sql_list)
        triggers.create(self.connection)

    BaseDatabaseOperations.execute_sql_flush = without_triggers
    yield
    BaseDatabaseOperations.execute_sql_flush = flush


@pytest.fixture(autouse=True)
def _clean_edges(settings: Any, tmp_path: Any) -> Iterator[None]:
    """Each test has its own storage and its own rate limits."""
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path / "media", "base_url": None}},
    }
    cache.clear()
    yield
    cache.clear()


def person(email: str, *, credits: int = 0, **fields: Any) -> User:
    """Somebody with a verified address and so many credits."""
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
def poor(db: None) -> User:
    """An owner without a credit."""
    return person("poor@example.org")


@pytest.fixture
def stranger(db: None) -> User:
    """Another owner, who must not see what is the owner's."""
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
def as_poor(poor: User) -> Client:
    return browser_of(poor)


@pytest.fixture
def as_staff(staff: User) -> Client:
    return browser_of(staff)
