"""Strict readers for environment variables. No other module reads the environment.

A missing or invalid value raises ImproperlyConfigured, with one message that names the variable.
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
    """Load a ``.env`` file if it exists. Variables that are already set take precedence."""
    load_dotenv(path, override=False)


def text(name: str, default: str = "") -> str:
    """Return the variable without surrounding whitespace. An empty value counts as not set."""
    return os.environ.get(name, "").strip() or default


def secret(name: str, *, required: bool, default: str, minimum: int = 1) -> str:
    """Return a secret of at least ``minimum`` characters. If it is not ``required``, ``default`` may replace it."""
    value = text(name)
    if required and 0 < len(value) < minimum:
        raise ImproperlyConfigured(f"{name} is too short. Set it to at least {minimum} random characters.")
    if value:
        return value
    if required:
        raise ImproperlyConfigured(
            f"{name} is not set. Set it to a long random value, or set DEBUG=1 to try PetGroove on your own machine."
        )
    return default


def key(name: str) -> str:
    """Return the key of an external API, or "" if it is not set. Error messages never contain the key."""
    value = text(name)
    if not all("!" <= character <= "~" for character in value):
        raise ImproperlyConfigured(f"{name} contains characters that are not valid in an API key. Copy it again.")
    return value


def pem(name: str, kind: str) -> Path | None:
    """Return the path of a PEM file that contains a block such as ``CERTIFICATE``, or None if it is not set."""
    value = text(name)
    if not value:
        return None
    try:
        content = Path(value).read_text(encoding="ascii")
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{name} is {value!r}, which cannot be read: {type(error).__name__}.") from None
    if f"{kind}-----" not in content:
        raise ImproperlyConfigured(f"{name} is {value!r}, which contains no {kind.lower()} in PEM format.")
    return Path(value)


def flag(name: str, *, default: bool = False) -> bool:
    """Return the variable as a boolean. An empty value counts as not set."""
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
    """Return the items of a comma-separated list."""
    return [item.strip() for item in text(name).split(",") if item.strip()] or list(default or [])


def choice(name: str, allowed: tuple[str, ...], default: str) -> str:
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be one of: {', '.join(allowed)}.")
    return value


def url(name: str, default: str = "", *, example: str) -> str:
    """Return a URL with a host, and with the scheme of ``example``, with or without TLS (``redis`` or ``rediss``).

    Error messages never contain the URL, because it may hold a password.
    """
    value, scheme = text(name, default), urlsplit(example).scheme
    if value and (urlsplit(value).scheme not in (scheme, f"{scheme}s") or not urlsplit(value).hostname):
        raise ImproperlyConfigured(f"{name} must look like {example}.")
    return value


def client_secret(name: str, *, client_id: str) -> str:
    """Return the secret that belongs to the ID in the variable ``client_id``, which is set."""
    if value := key(name):
        return value
    raise ImproperlyConfigured(f"{name} is not set. Copy it from where {client_id} comes from, or unset {client_id}.")


def origin(name: str, default: str) -> str:
    """Return an origin such as ``https://petgroove.example``, without a path."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must look like https://petgroove.example, without a path.")
    return value


def site_url(name: str, *, required: bool) -> str:
    """Return the public origin of the site. If ``required``, it must use HTTPS unless its host is this machine."""
    value = origin(name, "http://localhost:8000")
    if required and not text(name):
        raise ImproperlyConfigured(
            f"{name} is not set. Set it to the public address of the site, such as https://petgroove.example."
        )
    if required and value.startswith("http://") and urlsplit(value).hostname not in LOCAL_HOSTS:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must start with https:// to protect session cookies.")
    return value


def database(name: str, *, file: Path) -> dict[str, Any]:
    """Return an entry for ``DATABASES``: the database of the URL, by default SQLite in ``file``."""
    try:
        entry: Any = dj_database_url.parse(text(name, f"sqlite:///{file}"), conn_max_age=None, conn_health_checks=True)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is invalid: {error}") from None
    if entry["ENGINE"].endswith("sqlite3"):
        # The ledger holds money: synchronous=FULL puts each commit on the disk before it returns. With recursive
        # triggers, the ledger's delete trigger also fires for rows that INSERT OR REPLACE overwrites.
        entry["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            " PRAGMA recursive_triggers=ON;",
        }
    return entry


def bucket() -> dict[str, str]:
    """Return the options of ``videos.storage.s3``, or an empty dict if no bucket is set and files stay on the disk.

    Without keys, boto3 uses the credentials of the machine, such as an IAM role.
    """
    name = text("S3_BUCKET")
    if not name:
        return {}
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", name):
        raise ImproperlyConfigured(f"S3_BUCKET is {name!r}; it must be a bucket name, such as petgroove-media.")
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
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be an email address.")
    return value


def mailer(name: str, *, required: bool, files: dict, timeout: int) -> dict:
    """Return an entry for ``MAILERS`` from ``smtp://user:password@host:587?tls=1``, or ``smtps://`` for implicit TLS.

    ``file:`` selects the entry ``files``, which is also the default if the variable is not ``required``.
    """
    value = text(name)
    if value == "file:" or not (value or required):
        return files
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set, but sign-up codes are sent by email. Set it to a server such as "
            "smtp://user:password@mail.example:587?tls=1, or to file: to write emails to VAR_DIR."
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
            "timeout": timeout,
        },
    }
