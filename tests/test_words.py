"""The vocabulary check finds the listed words in code, comments, templates and paths, and nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools import check_words

CHECKER = check_words.Checker(
    {
        "names": {"form_key": "idempotency_key", "MOST_*": "MAX_..."},
        "identifiers": {"told": "message"},
        "modules": {"videos.wall": "videos.views.gallery"},
        "english": {"nought": "zero", "to be had": "available"},
        "patterns": {r"\bmanage\.py work\b": "manage.py worker"},
    }
)


@pytest.mark.parametrize(
    ("path", "text", "word"),
    [
        ("videos/x.py", "row.form_key = 1", "form_key"),
        ("templates/x.html", "{{ video.form_key }}", "form_key"),
        ("videos/x.py", "MOST_STEPS = 20", "MOST_*"),
        ("videos/x.py", "told = answer()", "told"),
        ("videos/x.py", "from videos import choices, wall", "videos.wall"),
        ("petgroove/x.py", 'X = "videos.wall.page"', "videos.wall"),
        ("docs/x.md", "See `videos/wall.py`.", "videos.wall"),
        ("videos/wall.py", "", "videos.wall"),
        ("videos/x.py", "def test_nought_credits() -> None: ...", "nought"),
        ("videos/x.py", "# All that is to\n# be had.", "to be had"),
        ("README.md", "Start `manage.py work`.", r"\bmanage\.py work\b"),
    ],
)
def test_listed_word_is_found(path: str, text: str, word: str) -> None:
    assert [match.word for match in CHECKER.check(path, text)] == [word]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("videos/x.py", "platform_key = form_keys = idempotency_key = 1"),
        ("videos/x.py", "ALMOST_ALL = 1"),
        ("videos/x.py", '# She was told so.\nTEXT = "as told"'),
        ("docs/x.md", "as you were told"),
        ("videos/x.py", "from videos import wallet\nfrom videos.models import wall"),
        ("videos/x.py", "# to\n\nbehead"),
        ("README.md", "Start `manage.py worker`."),
    ],
)
def test_other_words_are_ignored(path: str, text: str) -> None:
    assert CHECKER.check(path, text) == []


def test_match_names_its_line_and_the_suggestion() -> None:
    [match] = CHECKER.check("videos/x.py", "\n\nform_key = 1\n")
    assert str(match) == "videos/x.py:3: 'form_key': write idempotency_key"
    [match] = CHECKER.check("videos/wall.py", "")
    assert str(match) == "videos/wall.py (its path): 'videos/wall.py': write videos.views.gallery"


def test_check_skips_its_own_files() -> None:
    paths = check_words.tracked()
    assert "README.md" in paths
    assert not {"tools/check_words.py", "tools/words.toml", "tests/test_words.py"} & {*paths}


def test_suggestions_contain_no_listed_word() -> None:
    checker = check_words.load()
    assert {"form_key", "nought", "videos.wall"} <= {rule.word for rule in checker.rules}
    suggestions = [rule.suggestion for rule in checker.rules] + [*checker.identifiers.values()]
    assert [match.text for text in suggestions for match in checker.check("", text)] == []


def test_command_fails_on_a_listed_word(tmp_path: Path) -> None:
    (tmp_path / "old.md").write_text("There are nought.\n")
    (tmp_path / "new.md").write_text("There are none.\n")

    def run(name: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "tools/check_words.py", str(tmp_path / name)]
        return subprocess.run(command, cwd=check_words.ROOT, capture_output=True, text=True, check=False)

    assert (run("new.md").returncode, run("new.md").stdout) == (0, "")
    assert run("old.md").returncode == 1
    assert run("old.md").stdout.startswith(f"{tmp_path}/old.md:1: 'nought': write zero, or none\n")
