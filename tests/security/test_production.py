"""Deployment checks, headers and cookies with production settings, measured in a separate process."""

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.security import observatory

# One test process runs the probe for the whole module.
pytestmark = pytest.mark.xdist_group("production")
ROOT = Path(__file__).parents[2]
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
}
PAGES = ["home", "login", "404", "admin", "gallery", "photo", "account"]


def production(var: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    return inherited | {
        "SITE_URL": "https://petgroove.example",
        "ALLOWED_HOSTS": "petgroove.example",
        "VAR_DIR": str(var),
        "DATABASE_URL": "",
        "EMAIL_URL": "smtp://user:password@mail.example:587?tls=1",
        "STAFF_REQUIRE_MFA": "",
        "DJANGO_SETTINGS_MODULE": "petgroove.settings",
    }


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The output of the probe."""
    ran = subprocess.run(
        [sys.executable, "tests/security/production_probe.py"],
        cwd=ROOT,
        env=production(tmp_path_factory.mktemp("production")),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


def test_deployment_checks_pass(seen: dict[str, Any]) -> None:
    assert seen["checks"]["output"] == "System check identified no issues (0 silenced).\n"


def test_web_process_loads_no_heavy_libraries(seen: dict[str, Any]) -> None:
    assert seen["loaded"]["heavy"] == []


@pytest.mark.parametrize("name", PAGES)
def test_security_headers(seen: dict[str, Any], name: str) -> None:
    headers = seen[name]["headers"]
    assert {header: headers.get(header) for header in EVERYWHERE} == EVERYWHERE
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "*" not in policy
    assert {"base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"} <= set(policy.split("; "))


def test_private_pages_are_not_cached(seen: dict[str, Any]) -> None:
    for name in ("gallery", "photo", "account", "waiting page"):
        assert seen[name]["status"] == 200
        assert seen[name]["headers"]["Cache-Control"] == "private, no-store"
        assert {"Cookie", "HX-Request"} <= set(seen[name]["headers"]["Vary"].split(", "))


def test_cookies_are_host_only_and_secure(seen: dict[str, Any]) -> None:
    cookies = {name: flags for answer in seen.values() for name, flags in answer.get("cookies", {}).items()}
    assert set(cookies) == {"__Host-session", "__Host-csrf"}
    for flags in cookies.values():
        assert (flags["secure"], flags["httponly"], flags["path"], flags["domain"]) == (True, True, "/", "")
        assert flags["samesite"] == "Lax"


def test_http_redirects_to_https(seen: dict[str, Any]) -> None:
    assert seen["plain"]["status"] == 301
    assert seen["plain"]["headers"]["Location"] == "https://petgroove.example/"


def test_another_host_is_not_served(seen: dict[str, Any]) -> None:
    assert seen["evil host"]["status"] == 400


SCORED = ["home", "login", "404", "admin", "gallery", "photo", "account", "waiting page"]


@pytest.fixture(scope="module")
def scores(seen: dict[str, Any]) -> dict[str, Any]:
    return observatory.scores(seen["scored"])


@pytest.mark.slow
@pytest.mark.observatory
@pytest.mark.parametrize("name", SCORED)
def test_observatory_gives_every_page_the_top_grade(seen: dict[str, Any], scores: dict[str, Any], name: str) -> None:
    assert seen["scored"][name]["page"]["status"] == (404 if name == "404" else 200)
    assert scores[name]["score"] >= 140, scores[name]["results"]


@pytest.mark.slow
@pytest.mark.observatory
def test_observatory_notices_a_missing_policy(seen: dict[str, Any]) -> None:
    """The negative control."""
    page = json.loads(json.dumps(seen["scored"]["home"]))
    del page["page"]["headers"]["Content-Security-Policy"]
    assert observatory.scores({"bare": page})["bare"]["score"] < 140


def test_compressed_page_has_its_csrf_token_masked_and_reflects_nothing(
    seen: dict[str, Any], client: Client, db: None
) -> None:
    """BREACH: a secret in a compressed page that also reflects user input can be guessed character by character."""
    tokens = set()
    unknown = "dance=kyuRKf&format=kyuRKf&style=kyuRKf&body=kyuRKf&csrfmiddlewaretoken=kyuRKf"
    for query in ("", unknown, "dance=disco&x=0.123456"):
        response = client.get(f"/?{query}", headers={"Accept-Encoding": "gzip"})
        assert response.headers["Content-Encoding"] == "gzip"
        page = gzip.decompress(response.content).decode()
        assert "kyuRKf" not in page
        assert "0.123456" not in page
        tokens |= set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page))
    assert len(tokens) == 3, "each response masks the token again"
    page = seen["scored"]["home"]["page"]
    assert [cookie for cookie in page["cookies"] if cookie.startswith("__Host-csrf=")] == page["cookies"]
