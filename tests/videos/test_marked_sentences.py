"""Every sentence in the code that a person reads is marked for translation."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

VIDEOS = Path(__file__).parents[2] / "videos"
# Commands, logs, prompts and checks are for operators and providers.
ENGLISH = ("management", "migrations", "worker", "providers", "doctor", "storage", "studio", "audit.py")
MARKS = {
    *("_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"),
    *("pgettext", "pgettext_lazy", "format_lazy"),
}
# Our own pages replace the text of this error.
UNSEEN = {"Http404"}
SENTENCE = re.compile(r"[A-Z][\w']* .*[.!?…]")


def called(node: ast.AST) -> str:
    function = node.func if isinstance(node, ast.Call) else None
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def text_of(node: ast.AST) -> str:
    """Return the text of a literal, with X for each value in it."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def unmarked(node: ast.AST) -> Iterator[str]:
    """Yield the sentences below ``node`` that no mark encloses, without docstrings."""
    if called(node) in MARKS | UNSEEN or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        return
    if SENTENCE.fullmatch(text_of(node)):
        yield text_of(node)
    elif not isinstance(node, ast.JoinedStr):
        for child in ast.iter_child_nodes(node):
            yield from unmarked(child)


def test_the_search_finds_sentences() -> None:
    code = 'def a():\n    """A docstring here."""\n    b(f"Photo {c} is here.", _("It is marked."), "Not marked!")'
    assert list(unmarked(ast.parse(code))) == ["Photo X is here.", "Not marked!"]


def test_every_sentence_is_marked() -> None:
    paths = [path for path in VIDEOS.rglob("*.py") if not set(path.relative_to(VIDEOS).parts) & set(ENGLISH)]
    assert len(paths) > 60
    found = [(path.name, text) for path in paths for text in unmarked(ast.parse(path.read_text()))]
    assert found == []
