"""Check the translations in ``locale``: ``python tools/check_messages.py``.

Each catalogue must have every marked sentence, translated, with the same placeholders, and no others; the compiled file
must match it. Finding the marked sentences needs GNU gettext; without it, that part is skipped, but not under
``CI=true``. The exit code is 1 if there is a problem.

``--write`` (``make messages``) updates the catalogues and compiles them. ``--write --language fr`` starts a new one.
"""

from __future__ import annotations

import argparse
import ast
import gettext
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Where sentences are marked. The pages for development stay in English.
SOURCES = ("accounts", "api", "credits", "petgroove", "templates", "videos")
SKIPPED = ("petgroove/dev/", "templates/dev/")
EXTENSIONS = (".py", ".html", ".txt")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")
OPTIONS = ("--no-obsolete", "--no-wrap", "--add-location", "file", "--verbosity", "0")
# Separates the context of a message from the message, as in compiled files.
CONTEXT_END = "\x04"


@dataclass
class Message:
    """An entry of a catalogue. ``texts`` are the translations: one, or one for each plural form."""

    context: str = ""
    singular: str = ""
    plural: str = ""
    texts: dict[int, str] = field(default_factory=dict)
    is_fuzzy: bool = False

    @property
    def key(self) -> str:
        return f"{self.context}{CONTEXT_END}{self.singular}" if self.context else self.singular


def parse(text: str) -> Iterator[Message]:
    """Yield the messages of a catalogue, first the header, whose ``singular`` is empty. Skip obsolete ones."""
    for block in re.split(r"\n\s*\n", text):
        message, target = Message(), ""
        for line in block.splitlines():
            if line.startswith("#"):
                message.is_fuzzy |= line.startswith("#,") and "fuzzy" in line
                continue
            keyword, _, literal = line.partition('"')
            target = keyword.strip() or target
            part = ast.literal_eval(f'"{literal}')
            if target == "msgctxt":
                message.context += part
            elif target == "msgid":
                message.singular += part
            elif target == "msgid_plural":
                message.plural += part
            else:
                index = int(target.removeprefix("msgstr").strip("[]") or 0)
                message.texts[index] = message.texts.get(index, "") + part
        if message.texts:
            yield message


def messages(path: Path) -> dict[str, Message]:
    """Return the messages of a catalogue by key, without the header."""
    return {message.key: message for message in parse(path.read_text()) if message.key}


def placeholders(text: str) -> set[str]:
    return {match[0] for match in PLACEHOLDER.finditer(text.replace("%%", ""))}


def untranslated(message: Message) -> Iterator[str]:
    """Yield what is missing or wrong in the translation of a message."""
    if message.is_fuzzy:
        yield "is marked as fuzzy"
    if not all(message.texts.values()):
        yield "has no translation"
        return
    allowed = placeholders(message.singular) | placeholders(message.plural)
    # A singular may spell out the number.
    needed = allowed if not message.plural else placeholders(message.singular) & placeholders(message.plural)
    for form, text in message.texts.items():
        found = placeholders(text)
        # So may the translated one.
        may_lack = 1 if message.plural and form == 0 else 0
        if len(needed - found) > may_lack or not found <= allowed:
            yield f"has other placeholders: {', '.join(sorted(found ^ allowed))}"


def catalogues(root: Path) -> list[Path]:
    return sorted((root / "locale").glob("*/LC_MESSAGES/django.po"))


def compiled(path: Path) -> dict[str | tuple[str, int], str]:
    """Return the translations of a compiled catalogue, without the header."""
    with path.open("rb") as file:
        translations = dict(gettext.GNUTranslations(file)._catalog)  # type: ignore[attr-defined]
    translations.pop("", None)
    return translations


def expected(messages: dict[str, Message]) -> dict[str | tuple[str, int], str]:
    """Return what the compiled catalogue has to contain."""
    result: dict[str | tuple[str, int], str] = {}
    for key, message in messages.items():
        if message.is_fuzzy or not all(message.texts.values()):
            continue
        for index, text in message.texts.items():
            result[(key, index) if message.plural else key] = text
    return result


def problems_of(path: Path) -> Iterator[str]:
    """Yield the problems of a catalogue that need no gettext to be found."""
    entries = messages(path)
    for message in entries.values():
        for problem in untranslated(message):
            yield f"{message.singular!r} {problem}"
    if re.search(r"^#~", path.read_text(), re.MULTILINE):
        yield "contains obsolete messages"
    target = path.with_suffix(".mo")
    if not target.exists() or compiled(target) != expected(entries):
        yield f"does not match {target.name}; run `make messages`"


@contextmanager
def updated_copy(root: Path, language: str = "") -> Iterator[Path]:
    """Yield a copy of the sources whose catalogues ``makemessages`` has updated.

    It writes files beside the templates, which other programs that read the working tree must not see.
    """
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *SOURCES]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in listed.stdout.split("\0"):
            if name.endswith(EXTENSIONS) and not name.startswith(SKIPPED) and (root / name).is_file():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(root / name, copy / name)
        shutil.copytree(root / "locale", copy / "locale")
        wanted = ["--locale", language] if language else ["--all"]
        make = [sys.executable, "-m", "django", "makemessages", *wanted, *OPTIONS]
        environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        ran = subprocess.run(make, cwd=copy, env=environment, capture_output=True, text=True, check=False)
        if ran.returncode or ran.stderr:
            raise SystemExit(f"makemessages failed:\n{ran.stdout}{ran.stderr}")
        yield copy


def differences(root: Path) -> Iterator[str]:
    """Yield the problems of the catalogues in ``root`` that need gettext to be found."""
    with updated_copy(root) as copy:
        for path in catalogues(root):
            name = path.relative_to(root)
            ours, found = messages(path), messages(copy / name)
            yield from (f"{name}: {found[key].singular!r} is missing" for key in found if key not in ours)
            yield from (f"{name}: {ours[key].singular!r} is no longer used" for key in ours if key not in found)


def clean_header(text: str, language: str) -> str:
    """Replace the header that gettext prints for a new catalogue, and the date that would differ after each run."""
    header, end, entries = text.partition("\n\n")
    plural_forms = re.findall(r'^"Plural-Forms:.*\n(?:"(?!\w+(?:-\w+)*:).*\n)*', f"{header}\n", re.MULTILINE)
    lines = ['msgid ""', 'msgstr ""', f'"Language: {language}\\n"', '"Content-Type: text/plain; charset=UTF-8\\n"']
    return "\n".join([*lines, "".join(plural_forms).strip()]) + end + entries


def write(root: Path, language: str = "") -> None:
    """Update the catalogues, or start one for ``language``, and compile them."""
    with updated_copy(root, language) as copy:
        for updated in catalogues(copy):
            path = root / updated.relative_to(copy)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(clean_header(updated.read_text(), path.parent.parent.name))
            command = ["msgfmt", "--check-format", "--output-file", str(path.with_suffix(".mo")), str(path)]
            subprocess.run(command, check=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="update and compile the catalogues")
    parser.add_argument("--language", default="", help="with --write: the language of a new catalogue, such as fr")
    arguments = parser.parse_args()
    has_gettext = all(map(shutil.which, ("xgettext", "msgmerge", "msgfmt")))
    if arguments.write:
        if not has_gettext:
            raise SystemExit("This needs GNU gettext. On Debian: apt-get install gettext")
        write(ROOT, arguments.language)
    found = [f"{path.relative_to(ROOT)}: {problem}" for path in catalogues(ROOT) for problem in problems_of(path)]
    if has_gettext:
        found += differences(ROOT)
    elif os.environ.get("CI") == "true":
        found.append("GNU gettext is missing. On Debian: apt-get install gettext")
    else:
        sys.stdout.write("Skipped: which sentences the catalogues lack. On Debian: apt-get install gettext\n")
    sys.stdout.write("".join(f"{line}\n" for line in found))
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
