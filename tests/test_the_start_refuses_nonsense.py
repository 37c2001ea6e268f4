"""A bad or missing value in the environment stops the start with one sentence that names it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    """`manage.py check` in an environment of its own."""
    command = [sys.executable, "manage.py", "check"]
    return subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False)


def test_it_starts_with_the_environment_of_the_tests() -> None:
    ran = start()
    assert (ran.returncode, ran.stdout) == (0, "System check identified no issues (0 silenced).\n")


def test_it_starts_in_development_without_any_setting(tmp_path: Path) -> None:
    nothing = dict.fromkeys(("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "SITE_URL"), "")
    assert start(DEBUG="1", VAR_DIR=str(tmp_path), **nothing).returncode == 0


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SECRET_KEY", "", "SECRET_KEY is not set. Put a long random value into the environment"),
        ("ALLOWED_HOSTS", "", "ALLOWED_HOSTS is not set."),
        ("DEBUG", "maybe", "DEBUG is 'maybe'; it must be 1 or 0."),
        ("WELCOME_CREDITS", "three", "WELCOME_CREDITS is 'three'; it must be a whole number."),
        ("WELCOME_CREDITS", "-1", "WELCOME_CREDITS is -1; it must be at least 0."),
        ("SITE_URL", "petgroove.example", "SITE_URL is 'petgroove.example'; it must look like"),
        ("EMAIL_URL", "mail.example", "EMAIL_URL must look like smtp://"),
        ("SUPPORT_EMAIL", "nobody", "SUPPORT_EMAIL is 'nobody'; it must be an e-mail address."),
        ("DATABASE_URL", "nonsense://x", "DATABASE_URL is not understood"),
        ("VIDEO_PROVIDER", "magic", "VIDEO_PROVIDER is 'magic'; it must be one of: "),
    ],
)
def test_a_value_that_makes_no_sense_is_named(name: str, value: str, told: str) -> None:
    ran = start(**{name: value})
    assert ran.returncode != 0
    assert told in ran.stderr.splitlines()[-1]
