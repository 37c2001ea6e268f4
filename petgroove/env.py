"""Strict readers of the environment: the only place that looks at it.

A value that is missing or makes no sense stops the start with one sentence that names the variable.
"""

import os
import re
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from dotenv import load_dotenv

TRUE = {"1", "true", "yes", "on"}
LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}
FALSE = {"0", "false", "no", "off"}


def read_file(path: Path) -> None:
    """Take the variables of a ``.env`` file, where there is one; those already set win."""
    load_dotenv(path, override=False)


def text(name: str, default: str = "") -> str:
    """The variable without surrounding white space; an empty one counts as not set."""
    return os.environ.get(name, "").strip() or default


def secret(name: str, *, required: bool, default: str, minimum: int = 1) -> str:
    """A secret that production cannot start without, of at least so many signs; ``default`` serves elsewhere."""
    value = text(name)
    if required and 0 < len(value) < minimum:
        raise ImproperlyConfigured(f"{name} is too short to be a secret: it must have at least {minimum} random signs.")
    if value:
        return value
    if required:
        raise ImproperlyConfigured(
            f"{name} is not set. Put a long random value into the environment, "
            f"or set DEBUG=1 to try PetGroove on your own machine."
        )
    return default


def key(name: str) -> str:
    """A key of somebody else's API; empty when it is not set. What is wrong with it is told without showing it."""
    value = text(name)
    if not all("!" <= character <= "~" for character in value):
        raise ImproperlyConfigured(f"{name} holds spaces or signs that no key has. Copy it anew, in one piece.")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    """The variable as a switch, 1 or 0; an empty one counts as not set, as everywhere."""
    switch = text(name).lower()
    if not switch:
        return default
    if switch in TRUE:
        return True
    if switch in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {switch!r}; it must be 1 or 0.")


def integer(name: str, default: int, *, minimum: int = 0) -> int:
    value = text(name)
    if not value:
        return default
    try:
        number = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be a whole number.") from None
    if number < minimum:
        raise ImproperlyConfigured(f"{name} is {number}; it must be at least {minimum}.")
    return number


def csv(name: str, default: list[str] | None = None) -> list[str]:
    """A list, separated by commas."""
    return [item.strip() for item in text(name).split(",") if item.strip()] or list(default or [])


def choice(name: str, allowed: tuple[str, ...], default: str) -> str:
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be one of: {', '.join(allowed)}.")
    return value


def origin(name: str, default: str) -> str:
    """An address such as ``https://petgroove.example``, without a path."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must look like https://petgroove.example, without a path.")
    return value


def site_url(name: str, *, required: bool) -> str:
    """The address owners see: https, unless it is this very machine, or not ``required`` as in development."""
    value = origin(name, "http://localhost:8000")
    if required and not text(name):
        raise ImproperlyConfigured(
            f"{name} is not set. It is the address owners see, such as https://petgroove.example."
        )
    if required and value.startswith("http://") and urlsplit(value).hostname not in LOCAL_HOSTS:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must begin with https://, or cookies travel in the clear.")
    return value


def database(name: str, *, file: Path) -> dict[str, Any]:
    """An entry of ``DATABASES``: what the variable names, else SQLite in a file."""
    try:
        entry: Any = dj_database_url.parse(text(name, f"sqlite:///{file}"), conn_max_age=None, conn_health_checks=True)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not understood: {error}") from None
    if entry["ENGINE"].endswith("sqlite3"):
        # Every commit is on the disk before it is answered for: money is kept in it. With recursive triggers, the
        # ledger's guard against deleting sees what INSERT OR REPLACE would overwrite, too.
        entry["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            " PRAGMA recursive_triggers=ON;",
        }
    return entry


def bucket() -> dict[str, str]:
    """Where files are kept when not on this machine's disk, as options of ``videos.storage.s3``; empty without a bucket.

    Without keys, those of the machine itself are used (a role at Amazon's).
    """
    name = text("S3_BUCKET")
    if not name:
        return {}
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", name):
        raise ImproperlyConfigured(f"S3_BUCKET is {name!r}; it must be the name of a bucket, such as petgroove-media.")
    region = text("S3_REGION", "us-east-1")
    if not re.fullmatch(r"[a-z0-9-]+", region):
        raise ImproperlyConfigured(f"S3_REGION is {region!r}; it must look like eu-central-1.")
    options = {
        "bucket_name": name,
        "region_name": region,
        "endpoint_url": origin("S3_ENDPOINT_URL", f"https://s3.{region}.amazonaws.com"),
    }
    keys = {"access_key": key("AWS_ACCESS_KEY_ID"), "secret_key": key("AWS_SECRET_ACCESS_KEY")}
    if any(keys.values()) and not all(keys.values()):
        raise ImproperlyConfigured("Set both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or neither.")
    return options | {name: value for name, value in keys.items() if value}


def mail_address(name: str, default: str) -> str:
    value = text(name, default)
    if "@" not in parseaddr(value)[1]:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be an e-mail address.")
    return value


def mailer(name: str, *, required: bool, files: dict) -> dict:
    """An entry of ``MAILERS`` from ``smtp://user:password@host:587?tls=1`` (or ``smtps://`` for TLS from the start).

    ``file:`` stands for the entry ``files``, as does nothing where it is not ``required``.
    """
    value = text(name)
    if value == "file:" or not (value or required):
        return files
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. Codes for sign-up go by mail: name a server as in "
            "smtp://user:password@mail.example:587?tls=1, or, for a trial, write file: to keep it in VAR_DIR."
        )
    parts = urlsplit(value)
    try:
        port = parts.port
    except ValueError:
        port = None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or not port:
        raise ImproperlyConfigured(f"{name} must look like smtp://user:password@mail.example:587?tls=1.")
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": parts.hostname,
            "port": port,
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_tls": parts.scheme == "smtp" and parse_qs(parts.query).get("tls") == ["1"],
            "use_ssl": parts.scheme == "smtps",
            "timeout": 20,
        },
    }
