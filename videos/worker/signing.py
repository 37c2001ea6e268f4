"""Content Credentials (C2PA): a signed statement inside a file of who made it and how.

Only sites with a certificate sign. The library is an optional extra (requirements-c2pa.txt) and is imported here alone.
It works offline: it asks no time-stamping authority.
"""

from __future__ import annotations

import logging
from io import BytesIO
from pathlib import Path
from typing import IO

from django.conf import settings

from videos.provenance import CREATOR_TOOL, SourceType

log = logging.getLogger(__name__)

# A thumbnail in the manifest would be larger than the rest of it.
OPTIONS = {"version": 1, "builder": {"thumbnail": {"enabled": False}}}


class UnsupportedKey(Exception):
    """The key is of a kind that C2PA does not sign with."""


def is_configured() -> bool:
    """Return whether the site has a certificate. The settings require the key as well then."""
    return settings.C2PA_CERTIFICATE is not None


def sign_video(file: Path, source_type: SourceType, parent: bytes | None = None) -> bool:
    """Sign the MP4 at ``file``. Return False, and leave it as it is, if that fails or there is no certificate.

    ``parent`` is a provider's clip with a manifest of its own, which becomes an ingredient of the new manifest.
    """
    from videos.studio.encoding import mp4

    if not is_configured():
        return False
    signed = file.with_suffix(".signed")
    try:
        with file.open("rb") as source, signed.open("w+b") as into:
            _sign(source, into, "video/mp4", source_type, parent)
        mp4.probe(signed)
    except Exception:
        log.exception("video not signed")
        signed.unlink(missing_ok=True)
        return False
    signed.replace(file)
    return True


def sign_picture(data: bytes, content_type: str, source_type: SourceType, limit: int | None = None) -> bytes:
    """Return the signed picture, or ``data`` if that fails, is larger than ``limit``, or there is no certificate."""
    if not is_configured():
        return data
    into = BytesIO()
    try:
        _sign(BytesIO(data), into, content_type, source_type)
    except Exception:
        log.exception("picture not signed")
        return data
    signed = into.getvalue()
    return data if limit is not None and len(signed) > limit else signed


def try_signing(jpeg: bytes) -> None:
    """Sign a picture for nobody. Raises any error."""
    _sign(BytesIO(jpeg), BytesIO(), "image/jpeg", SourceType.COMPOSITE)


def _sign(
    source: IO[bytes], into: IO[bytes], content_type: str, source_type: SourceType, parent: bytes | None = None
) -> None:
    import c2pa

    chain, key, algorithm = _credentials()
    manifest = {"claim_generator_info": [{"name": CREATOR_TOOL}]}
    with (
        c2pa.Context(c2pa.Settings.from_dict(OPTIONS)) as context,
        c2pa.Signer.from_info(c2pa.C2paSignerInfo(algorithm, chain, key, None)) as signer,
        c2pa.Builder(manifest, context) as builder,
    ):
        if parent is None:
            kinds = c2pa.C2paDigitalSourceType
            kind = {
                SourceType.COMPOSITE: kinds.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA,
                SourceType.TRAINED: kinds.TRAINED_ALGORITHMIC_MEDIA,
            }[source_type]
            builder.set_intent(c2pa.C2paBuilderIntent.CREATE, kind)
        else:
            builder.set_intent(c2pa.C2paBuilderIntent.EDIT)
            builder.add_action({"action": "c2pa.edited", "digitalSourceType": source_type.uri})
            clip = {"title": "The provider's clip", "relationship": "parentOf"}
            builder.add_ingredient(clip, "video/mp4", BytesIO(parent))
        builder.sign(signer, content_type, source, into)


def _credentials() -> tuple[bytes, bytes, bytes]:
    """Return the certificate chain and the key as PEM, and the name of the algorithm.

    The files are read each time, so that a renewed certificate needs no restart.
    """
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    certificate, key_file = settings.C2PA_CERTIFICATE, settings.C2PA_KEY
    assert certificate is not None
    assert key_file is not None
    key = serialization.load_pem_private_key(key_file.read_bytes(), None)
    match key:
        case ec.EllipticCurvePrivateKey() if key.key_size in (256, 384, 521):
            algorithm = {256: b"es256", 384: b"es384", 521: b"es512"}[key.key_size]
        case ed25519.Ed25519PrivateKey():
            algorithm = b"ed25519"
        case rsa.RSAPrivateKey():
            algorithm = b"ps256"
        case _:
            raise UnsupportedKey(type(key).__name__)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return certificate.read_bytes(), pem, algorithm
