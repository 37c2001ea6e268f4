"""Find outdated words and suggest replacements: ``python tools/check_words.py [FILE ...]``.

Without arguments, check every text file that git tracks, including its path. The words are listed in
``tools/words.toml``. The exit code is 1 if any is found. ``--count`` prints the number of matches for each word.
"""

import argparse
import io
import re
import subprocess
import sys
import tokenize
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORDS = Path(__file__).with_name("words.toml")
# The files of this check, third-party files and generated files.
SKIPPED = (
    "tools/check_words.py", "tools/words.toml", "tests/test_words.py",
    "static/vendor/*", "*.svg", "LICENSE", "*/LICENSE", "*/NOTICE", "*/OFL.txt",
    "locale/*.po", "uv.lock", "requirements*.txt", "*/package-lock.json",
)  # fmt: skip
# The separator between the words of a phrase: whitespace, a line break in a comment, or an underscore in a name.
GAP = r"(?:_|\s+(?:#+|//|\*)?\s*)"


@dataclass(frozen=True)
class Rule:
    """``needed`` holds letter sequences without which ``pattern`` cannot match, to skip most files quickly."""

    word: str
    suggestion: str
    pattern: re.Pattern[str]
    needed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Match:
    """``line`` is 0 for a match in the path itself."""

    path: str
    line: int
    text: str
    word: str
    suggestion: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else f"{self.path} (its path)"
        return f"{place}: {' '.join(self.text.split())!r}: write {self.suggestion}"


def runs_of_letters(text: str) -> frozenset[str]:
    return frozenset(re.findall("[a-z]+", text.lower()))


def name_rule(word: str, suggestion: str) -> Rule:
    text = re.escape(word).replace(r"\*", r"\w*")
    return Rule(
        word, suggestion, re.compile(rf"(?<![\w-]){text}(?!\w)"), runs_of_letters(re.sub(r"[A-Za-z]*\*", "", word))
    )


def module_rule(word: str, suggestion: str) -> Rule:
    package, _, name = word.rpartition(".")
    forms = (
        rf"(?<![\w./]){re.escape(word)}(?!\w)",
        rf"(?<![\w.]){word.replace('.', '/')}(?:\.py|/)(?!\w)",
        rf"\bfrom {re.escape(package)} import (?:[^\n]*\W)??{name}(?!\w)",
    )
    return Rule(word, suggestion, re.compile("|".join(forms)), runs_of_letters(word))


def english_rule(word: str, suggestion: str) -> Rule:
    text = GAP.join(map(re.escape, word.split()))
    return Rule(word, suggestion, re.compile(rf"(?<![a-z]){text}(?![a-z])", re.IGNORECASE), runs_of_letters(word))


class Checker:
    def __init__(self, tables: dict[str, dict[str, str]]) -> None:
        self.identifiers = tables.get("identifiers", {})
        self.rules = [
            *(name_rule(*entry) for entry in tables.get("names", {}).items()),
            *(module_rule(*entry) for entry in tables.get("modules", {}).items()),
            *(english_rule(*entry) for entry in tables.get("english", {}).items()),
            *(Rule(word, text, re.compile(word)) for word, text in tables.get("patterns", {}).items()),
        ]

    def check(self, path: str, text: str) -> list[Match]:
        """Return the matches in the path and in the text of a file, in the order of its lines."""
        matches = {Match(path, 0, match[0], rule.word, rule.suggestion) for rule, match in self._search(path)}
        for rule, match in self._search(text):
            line = text.count("\n", 0, match.start()) + 1
            matches.add(Match(path, line, match[0], rule.word, rule.suggestion))
        if path.endswith(".py"):
            for name, line in names_in(text):
                if name in self.identifiers:
                    matches.add(Match(path, line, name, name, self.identifiers[name]))
        return sorted(matches, key=lambda match: (match.line, match.word))

    def _search(self, text: str) -> Iterator[tuple[Rule, re.Match[str]]]:
        letters = runs_of_letters(text)
        for rule in self.rules:
            if rule.needed <= letters:
                for match in rule.pattern.finditer(text):
                    yield rule, match


def names_in(source: str) -> Iterator[tuple[str, int]]:
    """Yield each name in Python code with its line, ignoring comments and strings."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.NAME:
                yield token.string, token.start[0]
    except (SyntaxError, tokenize.TokenError):
        return


def load(path: Path = WORDS) -> Checker:
    return Checker(tomllib.loads(path.read_text()))


def tracked() -> list[str]:
    """Return the paths of the files that git tracks and that exist, except those in ``SKIPPED``."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607
    return [path for path in listed.stdout.split("\0") if path and is_checked(path) and (ROOT / path).is_file()]


def is_checked(path: str) -> bool:
    return not any(fnmatch(path, skipped) for skipped in SKIPPED)


def check_files(checker: Checker, paths: Iterable[str]) -> Iterator[Match]:
    for path in paths:
        try:
            text = (ROOT / path).read_text()
        except UnicodeDecodeError:
            text = ""
        yield from checker.check(path, text)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", help="paths from the root of the repository")
    parser.add_argument("--count", action="store_true", help="print how often each word is used")
    arguments = parser.parse_args()
    matches = list(check_files(load(), filter(is_checked, arguments.files) if arguments.files else tracked()))
    if arguments.count:
        lines = [f"{count:6}  {word}" for word, count in Counter(match.word for match in matches).most_common()]
    else:
        lines = [str(match) for match in matches]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    if matches:
        files = len({match.path for match in matches})
        sys.stdout.write(f"{len(matches)} outdated words in {files} files. They are listed in tools/words.toml.\n")
    return int(bool(matches))


if __name__ == "__main__":
    sys.exit(main())
