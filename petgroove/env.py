"""Strict readers of the environment: the only place that looks at it.

A value that is missing or makes no sense stops the start with one sentence that names the variable.
"""

import os
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from dotenv import load_dotenv

TRUE = {"1", "true", "yes", "on"}
FALSE = {"", "0", "false", "no", "off"}


def read_file(path: Path) -> None:
    """Take the variables of a ``.env`` file, where there is one; those already set win."""
    load_dotenv(path, override=False)


def text(name: str, default: str = "") -> str:
    """The variable without surrounding white space; an empty one counts as not set."""
    return os.environ.get(name, "").strip() or default


def secret(name: str, *, needed: bool, default: str) -> str:
    """A secret that production cannot start without; ``default`` serves only where it is not ``needed``."""
    value = text(name)
    if value:
        return value
    if needed:
        raise ImproperlyConfigured(
            f"{name} is not set. Put a long random value into the environment, "
            f"or set DEBUG=1 to try PetGroove on your own machine."
        )
    return default


def flag(name: str, *, default: bool = False) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    word = value.strip().lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; it must be 1 or 0.")


def whole(name: str, default: int, *, least: int = 0) -> int:
    value = text(name)
    if not value:
        return default
    try:
        number = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be a whole number.") from None
    if number < least:
        raise ImproperlyConfigured(f"{name} is {number}; it must be at least {least}.")
    return number


def names(name: str, default: list[str] | None = None) -> list[str]:
    """A list, separated by commas."""
    return [item.strip() for item in text(name).split(",") if item.strip()] or list(default or [])


def one_of(name: str, allowed: tuple[str, ...], default: str) -> str:
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


def mail_address(name: str, default: str) -> str:
    value = text(name, default)
    if "@" not in parseaddr(value)[1]:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be an e-mail address.")
    return value


def mailer(name: str, *, default: dict) -> dict:
    """An entry of ``MAILERS`` from ``smtp://user:password@host:587?tls=1`` (or ``smtps://`` for TLS from the start)."""
    value = text(name)
    if not value:
        return default
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
