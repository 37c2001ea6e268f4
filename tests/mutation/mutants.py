"""The mutants: faults that could pass a review, one patch file each.

The text before the diff says in one sentence what is wrong. Lines of the form ``Name: value`` follow it:

``Tests:`` the files or folders of the quick suite of which a test must fail;
``Engine: postgresql`` if the fault only shows on PostgreSQL;
``Control: survives`` for a harmless change, which proves that the runner can tell the difference.
"""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "mutants"
HEADERS = {"Tests", "Engine", "Control"}


class BadHeader(ValueError):
    """The text before the diff is not understood."""


class UnknownMutant(LookupError):
    """No patch has this name."""


@dataclass(frozen=True)
class Mutant:
    """``sentence`` says what is wrong in the mutant, ``tests`` where it must be noticed."""

    name: str
    patch: Path
    sentence: str
    tests: tuple[str, ...]
    on_postgresql: bool = False
    is_control: bool = False


def read(patch: Path) -> Mutant:
    """Return the mutant of a patch file. Raises BadHeader."""
    text, found, _ = patch.read_text().partition("\ndiff --git ")
    if not found:
        raise BadHeader(f"{patch.name}: there is no diff")
    lines = [line for line in text.splitlines() if line]
    pairs = [line.partition(": ")[::2] for line in lines if line.partition(": ")[0] in HEADERS]
    sentence = " ".join(line for line in lines if line.partition(": ")[0] not in HEADERS)
    headers = dict(pairs)
    tests = tuple(headers.get("Tests", "").split())
    if not sentence:
        raise BadHeader(f"{patch.name}: no sentence says what is wrong")
    if not tests:
        raise BadHeader(f"{patch.name}: no line Tests: names the tests that must fail")
    if headers.get("Engine", "postgresql") != "postgresql" or headers.get("Control", "survives") != "survives":
        raise BadHeader(f"{patch.name}: use Engine: postgresql and Control: survives, or leave them out")
    return Mutant(patch.stem, patch, sentence, tests, "Engine" in headers, "Control" in headers)


def named(names: list[str], folder: Path = FOLDER) -> list[Mutant]:
    """Return the mutants of these names, or all of them. Raises UnknownMutant and BadHeader."""
    known = {patch.stem: patch for patch in sorted(folder.glob("*.patch"))}
    if unknown := [name for name in names if name not in known]:
        raise UnknownMutant(f"There is no mutant {', '.join(unknown)}. There are: {', '.join(known)}")
    return [read(known[name]) for name in names or known]
