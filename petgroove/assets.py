"""The ``{% script 'js/page.js' %}`` tag: a script of this site with its subresource integrity hash."""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def script(path: str) -> SafeString:
    """Return a deferred script element whose ``integrity`` makes the browser check the bytes."""
    return format_html(
        '<script defer src="{}" integrity="{}"></script>', staticfiles_storage.url(path), fingerprint(path)
    )


def fingerprint(path: str) -> str:
    """Return the SHA-384 of the file as it is served: the collected one in production, otherwise the source file."""
    if hasattr(staticfiles_storage, "stored_name"):
        return collected_fingerprint(path)
    file = Path(str(finders.find(path)))
    return source_fingerprint(file, file.stat().st_mtime_ns)


@cache
def collected_fingerprint(path: str) -> str:
    stored: Any = staticfiles_storage
    with stored.open(stored.stored_name(path)) as file:
        return sha384(file.read())


@cache
def source_fingerprint(path: Path, changed: int) -> str:
    return sha384(path.read_bytes())


def sha384(data: bytes) -> str:
    return f"sha384-{base64.b64encode(hashlib.sha384(data).digest()).decode()}"
