"""HTML for the admin pages of all apps: links, addresses and tables."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def link(model: str, pk: object, text: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse(f"admin:{model}_change", args=[pk]), text)


def short_email(email: str) -> SafeString:
    """Return an e-mail address that CSS shortens to leave room for other columns; its title shows it in full."""
    return format_html('<span class="address" title="{}">{}</span>', email, email)


def table(heads: Iterable[object], rows: Iterable[Iterable[object]]) -> SafeString:
    head = format_html_join("", "<th>{}", ((name,) for name in heads))
    body = format_html_join(
        "", "<tr>{}", ((format_html_join("", "<td>{}", ((cell,) for cell in row)),) for row in rows)
    )
    return format_html('<table class="detail-table"><thead><tr>{}<tbody>{}</table>', head, body)
