"""``tools/check_messages.py`` finds what a catalogue lacks, and ``make messages`` updates it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tools import check_messages

needs_gettext = pytest.mark.skipif(shutil.which("xgettext") is None, reason="needs GNU gettext")
PAGE = '{% load i18n %}<p>{% translate "Make video" %}</p>'
CODE = """
from django.utils.translation import ngettext
def count(n): return ngettext("%(n)d photo", "%(n)d photos", n) % {"n": n}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with three marked sentences and a German catalogue that lacks their translations."""
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    for name, text in {"templates/page.html": PAGE, "accounts/counts.py": CODE}.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text)
    (tmp_path / "locale").mkdir()
    check_messages.write(tmp_path, "de")
    return tmp_path


def catalogue(root: Path) -> Path:
    return root / "locale/de/LC_MESSAGES/django.po"


def translate(root: Path, **forms: str) -> None:
    """Fill in the translations of the two messages, and compile."""
    text = catalogue(root).read_text()
    text = text.replace('msgid "Make video"\nmsgstr ""', 'msgid "Make video"\nmsgstr "Video machen"')
    for index, translation in (("0", "%(n)d Bild"), ("1", "%(n)d Bilder")):
        text = text.replace(f'msgstr[{index}] ""', f'msgstr[{index}] "{translation}"')
    catalogue(root).write_text(text)
    check_messages.write(root)


def found(root: Path) -> list[str]:
    return [*check_messages.problems_of(catalogue(root)), *check_messages.differences(root)]


@needs_gettext
def test_a_complete_catalogue_passes_and_another_run_changes_nothing(root: Path) -> None:
    assert found(root) == ["'%(n)d photo' has no translation", "'Make video' has no translation"]
    translate(root)
    assert found(root) == []
    before = {path: path.read_bytes() for path in root.rglob("django.*o")}
    check_messages.write(root)
    assert {path: path.read_bytes() for path in root.rglob("django.*o")} == before
    assert {path.suffix for path in before} == {".po", ".mo"}


@needs_gettext
def test_new_and_unused_sentences_are_found(root: Path) -> None:
    translate(root)
    (root / "templates/page.html").write_text(PAGE.replace("Make video", "Make it dance"))
    name = "locale/de/LC_MESSAGES/django.po"
    assert found(root) == [f"{name}: 'Make it dance' is missing", f"{name}: 'Make video' is no longer used"]


@needs_gettext
@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ('"Video machen"', '"Video erstellen"', ["does not match django.mo; run `make messages`"]),
        ('"%(n)d Bilder"', '"%(m)d Bilder"', ["'%(n)d photo' has other placeholders: %(m)d, %(n)d"]),
        ('msgid "Make', '#, fuzzy\nmsgid "Make', ["'Make video' is marked as fuzzy"]),
        ("", "", []),
    ],
)
def test_wrong_translations_are_found(root: Path, before: str, after: str, expected: list[str]) -> None:
    translate(root)
    catalogue(root).write_text(catalogue(root).read_text().replace(before, after))
    assert [line for line in check_messages.problems_of(catalogue(root)) if line in expected] == expected
    obsolete = '\n\n#~ msgid "Old"\n#~ msgstr "Alt"\n'
    catalogue(root).write_text(catalogue(root).read_text() + obsolete)
    assert "contains obsolete messages" in [*check_messages.problems_of(catalogue(root))]


@needs_gettext
def test_without_the_compiled_file_the_catalogue_does_not_pass(root: Path) -> None:
    translate(root)
    catalogue(root).with_suffix(".mo").unlink()
    assert found(root) == ["does not match django.mo; run `make messages`"]
