"""A language for tests in which every translated text stands in brackets, so that texts without them are unmarked."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from unittest import mock

from django.utils import translation
from django.utils.translation.trans_real import CONTEXT_SEPARATOR, DjangoTranslation

LEFT, RIGHT = "⟦", "⟧"
INNERMOST = re.compile(f"{LEFT}[^{LEFT}{RIGHT}]*{RIGHT}")
UNREAD = {"script", "style", "code", "pre", "svg"}
READ_ATTRIBUTES = {"alt", "title", "aria-label", "placeholder"}


def bracket(message: str) -> str:
    return f"{LEFT}{message.rpartition(CONTEXT_SEPARATOR)[2]}{RIGHT}" if message else ""


@contextmanager
def pseudo_language() -> Iterator[None]:
    """Replace all translations by the original in brackets."""
    plural = {"ngettext": lambda self, one, many, number: bracket(one if number == 1 else many)}
    replaced = {"gettext": lambda self, message: bracket(message)} | plural
    with translation.override("de"), mock.patch.multiple(DjangoTranslation, **replaced):
        yield


class Reader(HTMLParser):
    """Collects the texts in the element with the id ``content``, or everywhere."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unread += tag in UNREAD
        self.texts += [value for name, value in attrs if name in READ_ATTRIBUTES and value]

    def handle_endtag(self, tag: str) -> None:
        self.unread -= tag in UNREAD

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self.texts.append(data)


def untranslated(text: str, *, data: tuple[str, ...] = ()) -> list[str]:
    """Return the texts outside of brackets with a word of at least two letters, apart from ``data`` such as names."""
    # A translation may contain markup, so remove the brackets before the page is parsed.
    while (shorter := INNERMOST.sub(" ", text)) != text:
        text = shorter
    for value in data:
        text = text.replace(value, " ")
    return [" ".join(line.split()) for line in text.splitlines() if re.search(r"[^\W\d_]{2,}", line)]


def untranslated_in_page(page: str, *, data: tuple[str, ...] = ()) -> list[str]:
    """Return the same for the main part of an HTML page."""
    main = page.partition('id="content"')[2].partition("</main>")[0] or page
    while (shorter := INNERMOST.sub(" ", main)) != main:
        main = shorter
    reader = Reader()
    reader.feed(f"<main {main}" if main is not page else page)
    reader.close()
    return untranslated("\n".join(reader.texts), data=data)
