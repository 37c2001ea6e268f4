"""An invalid or missing environment variable stops the start with one message that names it."""

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
    """Run `manage.py` in a changed environment; return the exit code, stdout and stderr."""
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
    """Return the message of the error that loading the settings raises."""
    with pytest.raises(ImproperlyConfigured) as error:
        settings_in(**environment)
    return str(error.value)


def test_settings_load_in_the_test_environment(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check")
    assert capsys.readouterr().out == FINE


def test_development_needs_no_variables(tmp_path: Path) -> None:
    unset = dict.fromkeys(("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "SITE_URL", "EMAIL_URL"), "")
    assert start("check", DEBUG="1", VAR_DIR=str(tmp_path), **unset) == (0, FINE, "")


def test_error_is_one_line_without_traceback() -> None:
    message = "RUNWAY_API_KEY contains characters that are not valid in an API key. Copy it again."
    assert start_error(RUNWAY_API_KEY="key_123 456") == message
    assert start("check", RUNWAY_API_KEY="key_123 456") == (2, "", f"{message}\n")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("SECRET_KEY", "", "SECRET_KEY is not set. Set it to a long random value, or set DEBUG=1"),
        ("SECRET_KEY", "x" * 31, "SECRET_KEY is too short. Set it to at least 32 random characters."),
        ("ALLOWED_HOSTS", "", "ALLOWED_HOSTS is not set."),
        (
            "SITE_URL",
            "",
            "SITE_URL is not set. Set it to the public address of the site, such as https://petgroove.example.",
        ),
        ("SITE_URL", "http://petgroove.example", "it must start with https:// to protect session cookies."),
        ("SITE_URL", "http://localhost.example", "it must start with https:// to protect session cookies."),
        (
            "EMAIL_URL",
            "",
            "EMAIL_URL is not set, but sign-up codes are sent by email. Set it to a server such as smtp://",
        ),
        ("DEBUG", "maybe", "DEBUG is 'maybe'; it must be 1 or 0."),
        ("WELCOME_CREDITS", "three", "WELCOME_CREDITS is 'three'; it must be a whole number."),
        ("WELCOME_CREDITS", "-1", "WELCOME_CREDITS is -1; it must be at least 0."),
        ("SITE_URL", "petgroove.example", "SITE_URL is 'petgroove.example'; it must look like"),
        ("EMAIL_URL", "mail.example", "EMAIL_URL must look like smtp://"),
        ("SUPPORT_EMAIL", "nobody", "SUPPORT_EMAIL is 'nobody'; it must be an email address."),
        ("DATABASE_URL", "nonsense://x", "DATABASE_URL is invalid"),
        ("VIDEO_PROVIDER", "magic", "VIDEO_PROVIDER is 'magic'; it must be one of: "),
        ("VIDEO_PROVIDER", "runway", "VIDEO_PROVIDER is runway, but RUNWAY_API_KEY is not set."),
        ("RUNWAY_API_KEY", "key_123 456", "RUNWAY_API_KEY contains characters that are not valid"),
        ("RUNWAY_MODEL_ID", "gen3a_turbo", "it must be one of: gen4_turbo, gen4.5, veo3.1, veo3.1_fast."),
        ("RUNWAY_BASE_URL", "https://api.runwayml.com", "RUNWAY_BASE_URL is invalid: "),
        ("RUNWAY_CONCURRENCY", "0", "RUNWAY_CONCURRENCY is 0; it must be at least 1."),
        ("STUDIO_FALLBACK", "perhaps", "STUDIO_FALLBACK is 'perhaps'; it must be 1 or 0."),
        ("REDIS_URL", "nonsense", "REDIS_URL must look like redis://host:6379/0."),
        ("CACHE_URL", "http://cache.example", "CACHE_URL must look like redis://host:6379/0."),
        ("OPENAI_BASE_URL", "openai", "OPENAI_BASE_URL must look like http://localhost:8080/v1."),
        (
            "GOOGLE_CLIENT_ID",
            "an-id",
            "GOOGLE_CLIENT_SECRET is not set. Copy it from where GOOGLE_CLIENT_ID comes from",
        ),
        ("C2PA_CERTIFICATE", "/nowhere.pem", "C2PA_CERTIFICATE is '/nowhere.pem', which cannot be read: "),
        ("C2PA_KEY", str(ROOT / "manage.py"), "which contains no private key in PEM format."),
        ("S3_BUCKET", "my bucket; img-src *", "it must be a bucket name, such as petgroove-media."),
        ("STAFF_EMAIL", "nobody", "STAFF_EMAIL is 'nobody'; it must be an email address."),
    ],
)
def test_invalid_variable_is_named(name: str, value: str, message: str) -> None:
    error = start_error(**{name: value})
    assert message in error
    assert len(error.splitlines()) == 1


def test_error_does_not_contain_an_api_key() -> None:
    assert "456" not in start_error(RUNWAY_API_KEY="key_123 456")


def test_error_does_not_contain_the_secret_key() -> None:
    assert "hush" not in start_error(SECRET_KEY="hush")


@pytest.mark.slow
@pytest.mark.parametrize("command", [["migrate"], ["collectstatic", "--noinput", "--dry-run"]], ids=" ".join)
def test_procfile_release_runs_with_production_settings(command: list[str], tmp_path: Path) -> None:
    unset = dict.fromkeys(SETTINGS, "")
    code, _, errors = start(*command, "--verbosity", "0", **unset | PRODUCTION | {"VAR_DIR": str(tmp_path)})
    assert (code, errors) == (0, "")


def test_production_needs_four_variables(tmp_path: Path) -> None:
    unset = dict.fromkeys(SETTINGS, "")
    loaded = settings_in(**unset | PRODUCTION | {"VAR_DIR": str(tmp_path)})
    assert (loaded["DEBUG"], loaded["HTTPS"]) == (False, True)
    cookies = {loaded[f"{name}_COOKIE_NAME"] for name in ("SESSION", "CSRF", "GUEST")}
    assert cookies == {"__Host-session", "__Host-csrf", "__Host-guest"}
    # An empty flag counts as not set, so it does not disable a protection.
    assert (loaded["STAFF_REQUIRE_MFA"], loaded["REDIS_UNVERIFIED"]) == (True, False)


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
    loaded = settings_in(**{"RUNWAY_BASE_URL": "https://api.dev.runwayml.com/v1"} | environment)
    assert (loaded["VIDEO_PROVIDER"], loaded["RUNWAY_BASE_URL"]) == (provider, "https://api.dev.runwayml.com")


BUCKET = {"S3_BUCKET": "petgroove-media", "AWS_ACCESS_KEY_ID": "an-id", "AWS_SECRET_ACCESS_KEY": "a-secret"}


@pytest.mark.parametrize(
    ("environment", "source"),
    [
        ({"S3_REGION": "eu-central-1"}, "https://s3.eu-central-1.amazonaws.com/petgroove-media/"),
        ({"S3_ENDPOINT_URL": "https://files.example.org"}, "https://files.example.org/petgroove-media/"),
    ],
)
def test_bucket_enables_s3_and_extends_the_policy(environment: dict[str, str], source: str) -> None:
    loaded = settings_in(**BUCKET | environment)
    storage = storages.create_storage(loaded["STORAGES"]["default"])
    assert type(storage).__name__ == "PrivateS3Storage"
    assert storage.url("x").partition("x?")[0] == source
    assert [loaded["SECURE_CSP"][name][-1] for name in ("img-src", "media-src")] == [source, source]


def test_incomplete_key_pair_is_rejected_without_showing_it() -> None:
    error = start_error(**BUCKET | {"AWS_ACCESS_KEY_ID": ""})
    assert "Set both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or neither." in error
    assert "a-secret" not in error


def test_lease_must_be_longer_than_the_timeout() -> None:
    message = "LEASE_SECONDS is 60; it must be greater than RUNWAY_TIMEOUT_SECONDS, which is 60"
    assert message in start_error(RUNWAY_API_KEY="key_of_a_test", LEASE_SECONDS="60")
    settings_in(RUNWAY_API_KEY="key_of_a_test", LEASE_SECONDS="60", RUNWAY_TIMEOUT_SECONDS="59")


def test_certificate_and_key_belong_together(tmp_path: Path) -> None:
    certificate, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    certificate.write_text("-----BEGIN CERTIFICATE-----")
    key.write_text("-----BEGIN PRIVATE KEY-----")
    message = "C2PA_CERTIFICATE and C2PA_KEY belong together. Set both, or neither."
    assert start_error(C2PA_CERTIFICATE=str(certificate)) == start_error(C2PA_KEY=str(key)) == message
    settings = settings_in(C2PA_CERTIFICATE=str(certificate), C2PA_KEY=str(key))
    assert (settings["C2PA_CERTIFICATE"], settings["C2PA_KEY"]) == (certificate, key)
