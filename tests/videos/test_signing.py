"""Content Credentials: files are signed where there is a certificate, and no video fails because of them."""

import datetime
import json
import sys
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from tests.videos.conftest import QuickStudio, marked, render_video
from tests.xmp import PROVIDER, STUDIO, source_type
from videos.models import ExportKind, Photo, Video, VideoExport
from videos.operations import audit
from videos.provenance import SourceType
from videos.worker import marking
from videos.worker.exports import STICKER_BYTES
from videos.worker.runner import work_once

pytestmark = pytest.mark.django_db


def certificate_of(subject: str, key: Any, issuer_key: Any, extensions: list[tuple[Any, bool]]) -> x509.Certificate:
    def name(common: str) -> x509.Name:
        parts = ((NameOID.ORGANIZATION_NAME, "Tests"), (NameOID.COMMON_NAME, common))
        return x509.Name([x509.NameAttribute(*part) for part in parts])

    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(
        issuer_name=name("Authority"),
        subject_name=name(subject),
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - datetime.timedelta(days=1),
        not_valid_after=now + datetime.timedelta(days=1),
    )
    for extension, is_critical in extensions:
        builder = builder.add_extension(extension, is_critical)
    return builder.sign(issuer_key, hashes.SHA256())


def usage(**allowed: bool) -> x509.KeyUsage:
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")  # fmt: skip
    return x509.KeyUsage(**{name: allowed.get(name, False) for name in names})


@pytest.fixture
def certificate(tmp_path: Path, settings: Any) -> None:
    """A certificate of an authority that nobody knows, with its key, in the settings."""
    authority, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key())
    root = certificate_of(
        "Authority",
        authority,
        authority,
        [(x509.BasicConstraints(True, None), True), (usage(key_cert_sign=True, crl_sign=True), True)],
    )
    leaf = certificate_of(
        "Signer",
        key,
        authority,
        [
            (x509.BasicConstraints(False, None), True),
            (usage(digital_signature=True), True),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False),
            (issuer, False),
        ],
    )
    pem = serialization.Encoding.PEM
    settings.C2PA_CERTIFICATE, settings.C2PA_KEY = tmp_path / "chain.pem", tmp_path / "key.pem"
    settings.C2PA_CERTIFICATE.write_bytes(leaf.public_bytes(pem) + root.public_bytes(pem))
    settings.C2PA_KEY.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


@pytest.fixture
def c2pa(certificate: None) -> Any:
    return pytest.importorskip("c2pa", reason="install requirements-c2pa.txt to check signatures")


def manifest_of(c2pa: Any, data: bytes, content_type: str) -> dict[str, Any]:
    """Return the manifest of a file, which must be valid but for the unknown authority."""
    with c2pa.Reader(content_type, BytesIO(data)) as reader:
        failures = [failure["code"] for failure in reader.get_validation_results()["activeManifest"]["failure"]]
        assert failures == ["signingCredential.untrusted"]
        return reader.get_active_manifest()


def actions_of(manifest: dict[str, Any]) -> list[tuple[str, str]]:
    """Return each action with its digital source type."""
    (actions,) = (one["data"]["actions"] for one in manifest["assertions"] if one["label"].startswith("c2pa.actions"))
    return [(action["action"], action.get("digitalSourceType", "")) for action in actions]


def stored(name: str) -> bytes:
    with default_storage.open(name) as file:
        return file.read()


def test_a_video_and_its_poster_are_signed(
    c2pa: Any, request_video: Callable[..., Video], prepared: Photo, studio: QuickStudio
) -> None:
    video = render_video(request_video())
    for name, content_type in ((video.file.name, "video/mp4"), (video.poster.name, "image/jpeg")):
        content = stored(name)
        manifest = manifest_of(c2pa, content, content_type)
        assert actions_of(manifest) == [("c2pa.created", STUDIO)]
        assert manifest["claim_generator_info"][0]["name"] == "PetGroove"
        assert source_type(content) == STUDIO
    # Signatures differ, so another worker's file has another name.
    assert video.file.name == video.storage_name(f"dance-{video.claim}.mp4")
    assert list(audit.violations(timezone.now())) == []


def test_a_changed_file_is_noticed(c2pa: Any, tmp_path: Path, clip: bytes) -> None:
    file = tmp_path / "clip.mp4"
    file.write_bytes(clip)
    assert marking.mark_video(file, SourceType.COMPOSITE) is True
    changed = bytearray(file.read_bytes())
    changed[changed.index(b"mdat") + 40] ^= 1
    with pytest.raises(AssertionError, match="mismatch"):
        manifest_of(c2pa, bytes(changed), "video/mp4")


@pytest.mark.parametrize("kind", [ExportKind.STICKER, ExportKind.GIF, ExportKind.STILL])
def test_exports_are_signed_within_their_limits(c2pa: Any, ready: Video, kind: ExportKind) -> None:
    VideoExport.objects.request(ready, kind, timezone.now())
    assert work_once(queue="render") is True
    content = stored(VideoExport.objects.get().file.name)
    assert actions_of(manifest_of(c2pa, content, kind.file_type.content_type)) == [("c2pa.created", STUDIO)]
    assert source_type(content) == STUDIO
    assert kind is not ExportKind.STICKER or len(content) <= STICKER_BYTES


@pytest.mark.parametrize("is_remade", [False, True])
def test_a_providers_manifest_becomes_an_ingredient(c2pa: Any, tmp_path: Path, clip: bytes, is_remade: bool) -> None:
    """The file is the provider's own, or was made of it and has lost its manifest."""
    clip = marked(clip, SourceType.TRAINED)
    original, file = tmp_path / "original.mp4", tmp_path / "clip.mp4"
    original.write_bytes(clip)
    assert marking.mark_video(original, SourceType.TRAINED) is True
    file.write_bytes(clip if is_remade else original.read_bytes())
    assert marking.mark_video(file, SourceType.TRAINED, original if is_remade else None) is True
    manifest = manifest_of(c2pa, file.read_bytes(), "video/mp4")
    (ingredient,) = manifest["ingredients"]
    assert (ingredient["relationship"], "active_manifest" in ingredient) == ("parentOf", True)
    assert actions_of(manifest) == [("c2pa.opened", ""), ("c2pa.edited", PROVIDER)]
    assert source_type(file.read_bytes()) == PROVIDER


@pytest.mark.parametrize("fault", ["key", "certificate"])
def test_a_failing_signature_fails_no_video(
    certificate: None, request_video: Callable[..., Video], prepared: Photo, studio: QuickStudio, settings: Any,
    as_owner: Client, fault: str, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    broken = settings.C2PA_KEY if fault == "key" else settings.C2PA_CERTIFICATE
    broken.write_text("nothing")
    video = render_video(request_video())
    assert (stored(video.file.name), source_type(stored(video.poster.name))) == (studio.clip, STUDIO)
    assert {"video not signed", "picture not signed"} <= {record.getMessage() for record in caplog.records}


def doctor(capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """Return what the command says of signing."""
    with suppress(CommandError):
        call_command("doctor", "--json")
    (row,) = (row for row in json.loads(capsys.readouterr().out) if row["part"] == "signing")
    return row["state"], row["message"]


def test_doctor_tries_to_sign(c2pa: Any, settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor(capsys) == ("ok", "files are signed")
    settings.C2PA_CERTIFICATE.write_text("nothing")
    assert doctor(capsys)[0] == "error"


def test_doctor_names_the_missing_library(
    certificate: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "c2pa", None)
    assert doctor(capsys) == ("error", "c2pa-python is missing; files are not signed")


def test_doctor_needs_no_certificate(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor(capsys)[0] == "ok"
