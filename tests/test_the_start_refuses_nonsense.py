"""A bad or missing value in the environment stops the start with one sentence that names it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.environment import SETTINGS

ROOT = Path(__file__).parent.parent


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    """`manage.py check` in an environment of its own."""
    command = [sys.executable, "manage.py", "check"]
    return subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False)


def test_it_starts_with_the_environment_of_the_tests() -> None:
    ran = start()
    assert (ran.returncode, ran.stdout) == (0, "System check identified no issues (0 silenced).\n")


def test_it_starts_in_development_without_any_setting(tmp_path: Path) -> None:
    nothing = dict.fromkeys(("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "SITE_URL", "EMAIL_URL"), "")
    assert start(DEBUG="1", VAR_DIR=str(tmp_path), **nothing).returncode == 0


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SECRET_KEY", "", "SECRET_KEY is not set. Put a long random value into the environment"),
        ("SECRET_KEY", "x" * 31, "SECRET_KEY is too short to be a secret: it must have at least 32 random signs."),
        ("ALLOWED_HOSTS", "", "ALLOWED_HOSTS is not set."),
        ("SITE_URL", "", "SITE_URL is not set. It is the address owners see, such as https://petgroove.example."),
        ("SITE_URL", "http://petgroove.example", "it must begin with https://, or cookies travel in the clear."),
        ("SITE_URL", "http://localhost.example", "it must begin with https://, or cookies travel in the clear."),
        ("EMAIL_URL", "", "EMAIL_URL is not set. Codes for sign-up go by mail: name a server as in smtp://"),
        ("DEBUG", "maybe", "DEBUG is 'maybe'; it must be 1 or 0."),
        ("WELCOME_CREDITS", "three", "WELCOME_CREDITS is 'three'; it must be a whole number."),
        ("WELCOME_CREDITS", "-1", "WELCOME_CREDITS is -1; it must be at least 0."),
        ("SITE_URL", "petgroove.example", "SITE_URL is 'petgroove.example'; it must look like"),
        ("EMAIL_URL", "mail.example", "EMAIL_URL must look like smtp://"),
        ("SUPPORT_EMAIL", "nobody", "SUPPORT_EMAIL is 'nobody'; it must be an e-mail address."),
        ("DATABASE_URL", "nonsense://x", "DATABASE_URL is not understood"),
        ("VIDEO_PROVIDER", "magic", "VIDEO_PROVIDER is 'magic'; it must be one of: "),
        ("VIDEO_PROVIDER", "runway", "VIDEO_PROVIDER is runway, but RUNWAY_API_KEY is not set."),
        ("RUNWAY_API_KEY", "key_123 456", "RUNWAY_API_KEY holds spaces or signs that no key has."),
        ("RUNWAY_MODEL_ID", "gen3a_turbo", "it must be one of: gen4_turbo, gen4.5, veo3.1, veo3.1_fast."),
        ("RUNWAY_BASE_URL", "https://api.runwayml.com", "RUNWAY_BASE_URL is not understood: Runway's developer API is"),
        ("RUNWAY_CONCURRENCY", "0", "RUNWAY_CONCURRENCY is 0; it must be at least 1."),
        ("STUDIO_FALLBACK", "perhaps", "STUDIO_FALLBACK is 'perhaps'; it must be 1 or 0."),
        ("S3_BUCKET", "my bucket; img-src *", "it must be the name of a bucket, such as petgroove-media."),
        ("STAFF_EMAIL", "nobody", "STAFF_EMAIL is 'nobody'; it must be an e-mail address."),
    ],
)
def test_a_value_that_makes_no_sense_is_named(name: str, value: str, told: str) -> None:
    ran = start(**{name: value})
    assert ran.returncode != 0
    assert told in ran.stderr.splitlines()[-1]


def test_a_wrong_key_is_named_and_never_shown() -> None:
    assert "456" not in start(RUNWAY_API_KEY="key_123 456").stderr


def test_a_secret_is_never_shown() -> None:
    assert "hush" not in start(SECRET_KEY="hush").stderr


@pytest.mark.parametrize("command", [["migrate"], ["collectstatic", "--noinput", "--dry-run"]], ids=" ".join)
def test_the_release_of_the_procfile_runs_with_what_production_needs(command: list[str], tmp_path: Path) -> None:
    production = {
        "SECRET_KEY": "0123456789abcdef" * 2,
        "ALLOWED_HOSTS": "petgroove.example",
        "SITE_URL": "https://petgroove.example",
        "EMAIL_URL": "smtp://user:password@mail.example:587?tls=1",
    }
    nothing = {name: "" for name in os.environ if name in SETTINGS}
    ran = subprocess.run(
        [
            sys.executable,
            "manage.py",
            *command,
            "--verbosity",
            "0",
            *(["--dry-run"] if "collectstatic" in command else []),
        ],
        cwd=ROOT,
        env=os.environ | nothing | production | {"VAR_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize(
    ("environment", "provider"),
    [
        ({}, "studio"),
        ({"RUNWAY_API_KEY": " key_1 "}, "runway"),
        ({"RUNWAYML_API_SECRET": "key_1"}, "runway"),
        ({"RUNWAY_API_KEY": "key_1", "VIDEO_PROVIDER": "studio"}, "studio"),
    ],
)
def test_a_key_of_runway_switches_the_site_to_it(environment: dict[str, str], provider: str) -> None:
    code = "from petgroove import settings; print(settings.VIDEO_PROVIDER, settings.RUNWAY_BASE_URL)"
    changed = os.environ | {"RUNWAY_BASE_URL": "https://api.dev.runwayml.com/v1"} | environment
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=changed, capture_output=True, text=True, check=True
    )
    assert ran.stdout == f"{provider} https://api.dev.runwayml.com\n"


BUCKET = {"S3_BUCKET": "petgroove-media", "AWS_ACCESS_KEY_ID": "an-id", "AWS_SECRET_ACCESS_KEY": "a-secret"}


@pytest.mark.parametrize(
    ("environment", "source"),
    [
        ({"S3_REGION": "eu-central-1"}, "https://s3.eu-central-1.amazonaws.com/petgroove-media/"),
        ({"S3_ENDPOINT_URL": "https://files.example.org"}, "https://files.example.org/petgroove-media/"),
    ],
)
def test_a_bucket_switches_the_storage_to_it_and_lets_pages_show_its_files(
    environment: dict[str, str], source: str
) -> None:
    code = (
        "import django; django.setup(); from django.conf import settings;"
        "from django.core.files.storage import default_storage as storage;"
        "print(type(storage._wrapped).__name__ if storage.url('x') else '', storage.url('x').partition('x?')[0],"
        "*(settings.SECURE_CSP[name][-1] for name in ('img-src', 'media-src')))"
    )
    changed = os.environ | BUCKET | environment | {"DJANGO_SETTINGS_MODULE": "petgroove.settings"}
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=changed, capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == ["Bucket", source, source, source]


def test_half_a_pair_of_keys_is_refused_without_showing_it() -> None:
    ran = start(**BUCKET | {"AWS_ACCESS_KEY_ID": ""})
    assert ran.returncode != 0
    assert "Set both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or neither." in ran.stderr
    assert "a-secret" not in ran.stderr


def test_the_sentence_comes_alone() -> None:
    ran = start(RUNWAY_API_KEY="key_123 456")
    assert ran.returncode == 1
    assert ran.stderr == "RUNWAY_API_KEY holds spaces or signs that no key has. Copy it anew, in one piece.\n"


def test_a_lease_that_ends_before_an_answer_may_come_is_named() -> None:
    ran = start(RUNWAY_API_KEY="key_of_a_test", LEASE_SECONDS="60")
    assert ran.returncode != 0
    told = "LEASE_SECONDS is 60; it must be more than RUNWAY_TIMEOUT_SECONDS, which is 60"
    assert told in ran.stderr.splitlines()[-1]
    assert start(RUNWAY_API_KEY="key_of_a_test", LEASE_SECONDS="60", RUNWAY_TIMEOUT_SECONDS="59").returncode == 0
