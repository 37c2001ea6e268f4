"""A bad or missing value in the environment stops the start with one sentence that names it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages
from django.core.management import call_command

from tests.environment import SETTINGS
from tests.fresh_settings import settings_in

ROOT = Path(__file__).parent.parent
FINE = "System check identified no issues (0 silenced).\n"
PRODUCTION = {
    "SECRET_KEY": "0123456789abcdef" * 2,
    "ALLOWED_HOSTS": "petgroove.example",
    "SITE_URL": "https://petgroove.example",
    "EMAIL_URL": "smtp://user:password@mail.example:587?tls=1",
}


def start(*command: str, **environment: str) -> tuple[int, str, str]:
    """Run `manage.py` in an environment of its own; return the exit code, the output and the errors."""
    ran = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.returncode, ran.stdout, ran.stderr


def start_error(**environment: str) -> str:
    """The sentence that stops the start."""
    with pytest.raises(ImproperlyConfigured) as refused:
        settings_in(**environment)
    return str(refused.value)


def test_it_starts_with_the_environment_of_the_tests(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check")
    assert capsys.readouterr().out == FINE


def test_it_starts_in_development_without_any_setting(tmp_path: Path) -> None:
    nothing = dict.fromkeys(("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "SITE_URL", "EMAIL_URL"), "")
    assert start("check", DEBUG="1", VAR_DIR=str(tmp_path), **nothing) == (0, FINE, "")


def test_error_is_one_sentence_without_traceback() -> None:
    told = "RUNWAY_API_KEY holds spaces or signs that no key has. Copy it anew, in one piece."
    assert start_error(RUNWAY_API_KEY="key_123 456") == told
    assert start("check", RUNWAY_API_KEY="key_123 456") == (1, "", f"{told}\n")


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
def test_invalid_value_is_named(name: str, value: str, told: str) -> None:
    sentence = start_error(**{name: value})
    assert told in sentence
    assert len(sentence.splitlines()) == 1


def test_a_wrong_key_is_named_and_never_shown() -> None:
    assert "456" not in start_error(RUNWAY_API_KEY="key_123 456")


def test_a_secret_is_never_shown() -> None:
    assert "hush" not in start_error(SECRET_KEY="hush")


@pytest.mark.slow
@pytest.mark.parametrize("command", [["migrate"], ["collectstatic", "--noinput", "--dry-run"]], ids=" ".join)
def test_procfile_release_runs_with_production_settings(command: list[str], tmp_path: Path) -> None:
    nothing = dict.fromkeys(SETTINGS, "")
    code, _, errors = start(*command, "--verbosity", "0", **nothing | PRODUCTION | {"VAR_DIR": str(tmp_path)})
    assert (code, errors) == (0, "")


def test_production_needs_nothing_else(tmp_path: Path) -> None:
    nothing = dict.fromkeys(SETTINGS, "")
    told = settings_in(**nothing | PRODUCTION | {"VAR_DIR": str(tmp_path)})
    assert (told["DEBUG"], told["HTTPS"]) == (False, True)
    # An empty switch is not set: it turns no protection off.
    assert (told["STAFF_REQUIRE_MFA"], told["REDIS_UNVERIFIED"]) == (True, False)


def test_empty_flag_keeps_its_default() -> None:
    assert settings_in(REDIS_URL="rediss://cache.example", REDIS_TLS_VERIFY="")["REDIS_UNVERIFIED"] is False
    assert settings_in(REDIS_URL="rediss://cache.example", REDIS_TLS_VERIFY="0")["REDIS_UNVERIFIED"] is True


@pytest.mark.parametrize(
    ("environment", "provider"),
    [
        ({}, "studio"),
        ({"RUNWAY_API_KEY": " key_1 "}, "runway"),
        ({"RUNWAYML_API_SECRET": "key_1"}, "runway"),
        ({"RUNWAY_API_KEY": "key_1", "VIDEO_PROVIDER": "studio"}, "studio"),
    ],
)
def test_runway_key_enables_runway(environment: dict[str, str], provider: str) -> None:
    told = settings_in(**{"RUNWAY_BASE_URL": "https://api.dev.runwayml.com/v1"} | environment)
    assert (told["VIDEO_PROVIDER"], told["RUNWAY_BASE_URL"]) == (provider, "https://api.dev.runwayml.com")


BUCKET = {"S3_BUCKET": "petgroove-media", "AWS_ACCESS_KEY_ID": "an-id", "AWS_SECRET_ACCESS_KEY": "a-secret"}


@pytest.mark.parametrize(
    ("environment", "source"),
    [
        ({"S3_REGION": "eu-central-1"}, "https://s3.eu-central-1.amazonaws.com/petgroove-media/"),
        ({"S3_ENDPOINT_URL": "https://files.example.org"}, "https://files.example.org/petgroove-media/"),
    ],
)
def test_bucket_enables_s3_and_extends_the_policy(environment: dict[str, str], source: str) -> None:
    told = settings_in(**BUCKET | environment)
    storage = storages.create_storage(told["STORAGES"]["default"])
    assert type(storage).__name__ == "PrivateS3Storage"
    assert storage.url("x").partition("x?")[0] == source
    assert [told["SECURE_CSP"][name][-1] for name in ("img-src", "media-src")] == [source, source]


def test_incomplete_key_pair_is_refused_without_showing_it() -> None:
    sentence = start_error(**BUCKET | {"AWS_ACCESS_KEY_ID": ""})
    assert "Set both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or neither." in sentence
    assert "a-secret" not in sentence


def test_lease_shorter_than_a_timeout_is_refused() -> None:
    told = "LEASE_SECONDS is 60; it must be more than RUNWAY_TIMEOUT_SECONDS, which is 60"
    assert told in start_error(RUNWAY_API_KEY="key_of_a_test", LEASE_SECONDS="60")
    settings_in(RUNWAY_API_KEY="key_of_a_test", LEASE_SECONDS="60", RUNWAY_TIMEOUT_SECONDS="59")
