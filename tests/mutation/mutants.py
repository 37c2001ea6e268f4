"""The mutants: faults that could pass a code review, one patch file each.

The text before the diff describes the fault in one sentence, followed by lines of the form ``Name: value``:

``Tests:`` the files or folders of the quick suite in which a test must fail;
``Engine: postgresql`` if the fault only occurs on PostgreSQL;
``Control: survives`` for a harmless change that no test may fail on.
"""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "mutants"
HEADERS = {"Tests", "Engine", "Control"}


class BadHeader(ValueError):
    """The text before the diff is invalid."""


class UnknownMutant(LookupError):
    """No patch has the requested name."""


@dataclass(frozen=True)
class Mutant:
    """A fault and the tests that must detect it. ``sentence`` describes the fault."""

    name: str
    patch: Path
    sentence: str
    tests: tuple[str, ...]
    on_postgresql: bool = False
    is_control: bool = False


def read(patch: Path) -> Mutant:
    """Read a mutant from its patch file. Raises BadHeader."""
    text, separator, _ = patch.read_text().partition("\ndiff --git ")
    if not separator:
        raise BadHeader(f"{patch.name}: the diff is missing")
    lines = [line for line in text.splitlines() if line]
    pairs = [line.partition(": ")[::2] for line in lines if line.partition(": ")[0] in HEADERS]
    sentence = " ".join(line for line in lines if line.partition(": ")[0] not in HEADERS)
    headers = dict(pairs)
    tests = tuple(headers.get("Tests", "").split())
    if not sentence:
        raise BadHeader(f"{patch.name}: the sentence is missing. Describe the fault before the diff.")
    if not tests:
        raise BadHeader(f"{patch.name}: the Tests: line is missing. Name the tests that must fail.")
    if headers.get("Engine", "postgresql") != "postgresql" or headers.get("Control", "survives") != "survives":
        raise BadHeader(f"{patch.name}: unknown value. Use Engine: postgresql and Control: survives, or omit them.")
    return Mutant(patch.stem, patch, sentence, tests, "Engine" in headers, "Control" in headers)


def load(names: list[str], folder: Path = FOLDER) -> list[Mutant]:
    """Load the mutants with these names, or all if there are none. Raises UnknownMutant and BadHeader."""
    known = {patch.stem: patch for patch in sorted(folder.glob("*.patch"))}
    if unknown := [name for name in names if name not in known]:
        raise UnknownMutant(f"Unknown mutant: {', '.join(unknown)}. Choose from: {', '.join(known)}")
    return [read(known[name]) for name in names or known]
