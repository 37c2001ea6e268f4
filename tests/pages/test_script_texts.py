"""Scripts contain no sentences: those that they show are data attributes of the page, which templates translate."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client

from tests.conftest import browser_of
from videos.models import Photo

SCRIPTS = Path(settings.BASE_DIR) / "static" / "js"
# Only development serves its page.
ENGLISH = {"mailbox.js"}
STRING = re.compile(r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"|`(?:[^`\\]|\\.)*`")
# A capitalised word, alone or first; three words in a row; or two after a value. Names of keys are no text.
TEXT = re.compile(r"^.[A-Z][a-z’']+[ .…!?`'\"]|\b[a-z]+ [a-z]+ [a-z]+\b|\} [^$]*\b[a-z]+ [a-z]+\b")
KEYS = {"'Enter'", "'Escape'"}
USED = re.compile(r"\b(?:words(?:\(\))?|button\.dataset|pause\.dataset)\.(\w+)")
# Attributes of buttons that are no words.
NO_WORDS = {"other", "share-to"}


def sentences(script: str) -> list[str]:
    """Return the string literals that look like text for people."""
    code = re.sub(r"(?m)^\s*//.*$| // .*$", "", script)
    return [text for text in STRING.findall(code) if TEXT.search(text) and text not in KEYS]


@pytest.mark.parametrize("path", sorted(SCRIPTS.glob("*.js")), ids=lambda path: path.name)
def test_scripts_contain_no_sentences(path: Path) -> None:
    found = sentences(path.read_text())
    assert bool(found) == (path.name in ENGLISH), found


def test_check_finds_sentences() -> None:
    """The negative control."""
    script = "show('Saved.')\nshow(`${share} % from the ${side}`) // It's a comment\nshow('Play', 'd-play', \"Don't\")"
    assert sentences(script) == ["'Saved.'", "`${share} % from the ${side}`", "'Play'", '"Don\'t"']


def missing_words(script: str, page: str) -> set[str]:
    """Return the attributes that a script reads its words from and that the page lacks or leaves empty."""
    names = {re.sub(r"[A-Z]", lambda letter: f"-{letter[0].lower()}", name) for name in USED.findall(script)}
    assert names, "the script has words"
    return {name for name in names - NO_WORDS if not re.search(rf' data-{name}="[^"]', page)}


@pytest.mark.django_db
def test_pages_have_the_words_of_their_scripts(prepared: Photo, client: Client) -> None:
    dance = browser_of(prepared.user).get(prepared.get_absolute_url()).content.decode()
    home = client.get("/").content.decode()
    pages = {"upload": client.get("/photos/").content.decode(), "home": home, "player": home}
    pages |= dict.fromkeys(("head", "name", "oval", "picker", "style"), dance)
    pages["share"] = render_to_string("videos/share_words.html")
    missing = {name: missing_words((SCRIPTS / f"{name}.js").read_text(), page) for name, page in pages.items()}
    assert {name: words for name, words in missing.items() if words} == {}
