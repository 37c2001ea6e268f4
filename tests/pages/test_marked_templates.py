"""Every sentence of a template is marked for translation."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.base import Lexer, TokenType

TEMPLATES = Path(settings.BASE_DIR) / "templates"
FOLDERS = ("", "admin", "mascots", "videos")
# Names stay as they are, and so do the classes and attributes that blocks and partials consist of.
NAMES = re.compile(r"\b(PetGroove|WhatsApp|Telegram|UTC)\b")
NO_TEXT = re.compile(
    r"\{% (block (?:coltype|\w+_class)|partialdef (?:answers|saves)) %\}.*?\{% end\w+ *\w* %\}", re.DOTALL
)
# Attributes that people read or hear. Those of scripts are words if they begin with a capital letter.
READ = r"(?:title|alt|placeholder|aria-label|aria-valuetext|aria-roledescription)"
ATTRIBUTE = re.compile(rf'\s(?:{READ}="([^"]*)"|data-[a-z-]+="([A-Z][a-z]*[ .…][^"]*)")')
# A text that a tag or a variable passes on: ``with label="Save"``, ``default:"Your pet"``.
ARGUMENT = re.compile(r'(?:=|:)"([A-Z][a-z][^"]*)"')
# What stands between tags and is no text: style sheets, scripts, code, and attributes without their tag.
EMPTY = re.compile(r'<(style|script|code)\b.*?</\1>|\sdata-[a-z-]+="\s*"|&\w+;', re.DOTALL)
FORMATS = re.compile(r"^[A-Z_]+$")


def unmarked(source: str) -> list[str]:
    """Return the texts of a template that are not marked."""
    texts, page, is_marked = [], "", False
    for token in Lexer(NO_TEXT.sub("", source)).tokenize():
        if token.token_type == TokenType.TEXT:
            page += "" if is_marked else token.contents
        elif token.token_type != TokenType.COMMENT:
            name = token.contents.split()[0]
            is_marked = name == "blocktranslate" or (is_marked and name != "endblocktranslate")
            if name not in ("translate", "extends", "load"):
                texts += ARGUMENT.findall(token.contents)
            texts += ["pluralize"] * ("|pluralize" in token.contents)
            page += " "
    texts += [first or second for first, second in ATTRIBUTE.findall(page)]
    texts += re.split(r"<[^<>]*>", EMPTY.sub("", page))
    return [
        text.strip() for text in texts if re.search(r"[^\W\d_]{2}", NAMES.sub("", text)) and not FORMATS.match(text)
    ]


PATHS = [path for folder in FOLDERS for path in (TEMPLATES / folder).glob("*.html" if not folder else "**/*.*")]


@pytest.mark.parametrize("path", sorted(PATHS), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_every_sentence_is_marked(path: Path) -> None:
    assert unmarked(path.read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Video deleted.</p>",
        '<img alt="Your photo">',
        '<div data-saved="Saved."></div>',
        '{% include "videos/start.html" with label="Upload" %}',
        '{{ name|default:"Your pet" }}',
        "{{ count }}{{ count|pluralize }}",
        "{% translate 'Delete' %} this video",
    ],
)
def test_check_finds_unmarked_text(source: str) -> None:
    """The negative control."""
    assert len(unmarked(source)) == 1


def test_check_accepts_marked_text() -> None:
    source = (
        '<p title="{% translate "Delete" %}">{% blocktranslate %}Delete <b>this</b> video{% endblocktranslate %}</p>'
    )
    assert unmarked(source + '{% include "a.html" with label=_("Save") %}{{ at|date:"DATE_FORMAT" }}') == []
