"""A Redis outage rejects no request, delays at most one, and is logged once."""

import contextlib
import io
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.core.cache import cache, caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.throttling import RateLimit
from petgroove.cache import FailOpenRedisClient as RedisClient
from tests.api.conftest import client_of
from tests.conftest import PASSWORD
from tests.fresh_settings import settings_in
from tests.videos.conftest import jpeg, photo_of
from videos.operations.doctor.dependencies import cache as check_cache


def at(port: int, scheme: str = "redis", **options: Any) -> dict[str, Any]:
    url = f"{scheme}://127.0.0.1:{port}/0"
    return {
        "default": {
            "BACKEND": "petgroove.cache.FailOpenRedisCache",
            "LOCATION": url,
            "OPTIONS": {"protocol": 2} | options,
        }
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    # An outage is remembered for five seconds in the whole process, but each test has its own server.
    monkeypatch.setattr(RedisClient, "unavailable_until", 0.0)


@pytest.fixture
def redis_down(settings: Any) -> None:
    settings.CACHES = at(free_port())


def test_site_works_without_redis(redis_down: None, owner: User) -> None:
    page, program = Client(), client_of(owner)
    entered = page.post("/account/login/password/", {"login": owner.email, "password": PASSWORD})
    assert (entered.status_code, entered.headers["Location"]) == (302, "/photos/")
    assert page.post(reverse("videos:photo"), {"image": io.BytesIO(jpeg())}).status_code == 302
    assert program.post("/api/upload", {"file": io.BytesIO(jpeg())}).status_code == 201
    payload = {"photoId": str(photo_of(owner).pk), "danceStyle": "disco"}
    response = program.post("/api/videos/generate", payload, content_type="application/json")
    assert (response.status_code, response.headers["RateLimit-Remaining"]) == (202, "119")
    assert page.get("/videos/").status_code == 200


def test_limits_fail_open_and_log_once(redis_down: None, caplog: Any) -> None:
    limit = RateLimit("few", 1, 3600)
    assert [limit.hit("somebody").allowed for _ in range(3)] == [True] * 3
    assert limit.peek("somebody").allowed
    assert [record.message for record in caplog.records] == ["cache unavailable, rate limits not enforced"]


def test_redis_is_not_retried_at_once(redis_down: None, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.get("anything")
    # Only the socket shows whether a connection is attempted.
    monkeypatch.setattr(socket.socket, "connect", lambda *address: pytest.fail("a connection was attempted"))
    assert cache.get("anything", "nothing") == "nothing"
    assert cache.add("lock", 1)
    assert (cache.get_many(["a"]), cache.has_key("a"), cache.delete("a"), cache.touch("a")) == ({}, False, False, False)
    cache.set_many({"a": 1})
    cache.delete_many(["a"])


def test_readiness_and_doctor_report_the_outage(redis_down: None, db: None, client: Client) -> None:
    assert client.get("/readyz").json()["cache"] == "wrong"
    result = check_cache()
    assert (result.state, result.message) == ("error", "no response: ConnectionError")


class RedisHandler(socketserver.StreamRequestHandler):
    """A minimal Redis that knows only PING."""

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            while head := self.rfile.readline():
                command = [(self.rfile.readline(), self.rfile.readline())[1].strip() for _ in range(int(head[1:]))]
                self.wfile.write(b"+PONG\r\n" if command[0] == b"PING" else b"-ERR unknown command\r\n")


class TlsServer(socketserver.ThreadingTCPServer):
    """A TLS server with a self-signed certificate."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), RedisHandler)
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(self_signed_certificate(folder))

    def get_request(self) -> Any:
        connection, address = super().get_request()
        return self.tls.wrap_socket(connection, server_side=True), address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore clients that reject the certificate and disconnect."""


def self_signed_certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "redis.example")])
    begin, end = timezone.now() - timedelta(days=1), timezone.now() + timedelta(days=1)
    certificate = x509.CertificateBuilder(name, name, key.public_key(), 1, begin, end).sign(key, hashes.SHA256())
    private_key = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = folder / "redis.pem"
    file.write_bytes(private_key + certificate.public_bytes(Encoding.PEM))
    return file


@pytest.fixture
def tls_redis(tmp_path: Path) -> Iterator[int]:
    """The port of a Redis with a self-signed certificate."""
    with TlsServer(tmp_path) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_untrusted_certificate_is_rejected_by_default(tls_redis: int, settings: Any) -> None:
    settings.CACHES = at(tls_redis, "rediss")
    result = check_cache()
    assert (result.state, "REDIS_TLS_VERIFY=0" in result.hint) == ("error", True)
    settings.CACHES = at(tls_redis, "rediss", ssl_cert_reqs=None)
    caches["default"].check()


@pytest.mark.parametrize(
    ("url", "verify", "options"),
    [
        ("rediss://h:1/0", "0", {"ssl_cert_reqs": None}),
        ("rediss://h:1/0", "1", {}),
        ("redis://h:1/0", "0", {}),
    ],
)
def test_setting_accepts_untrusted_certificate_over_tls_only(
    url: str, verify: str, options: dict, tmp_path: Path
) -> None:
    settings = settings_in(REDIS_URL=url, REDIS_TLS_VERIFY=verify, VAR_DIR=str(tmp_path), DEBUG="1")
    assert settings["CACHES"]["default"]["OPTIONS"] == options
    assert settings["SESSION_ENGINE"] == "django.contrib.sessions.backends.db"
