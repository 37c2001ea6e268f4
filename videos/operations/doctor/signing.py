"""The check of the certificate that signs files."""

from __future__ import annotations

from io import BytesIO

from django.conf import settings
from PIL import Image

from videos.operations.doctor.result import ERROR, OK, CheckResult


def signing() -> CheckResult:
    """Sign a small picture, if the site has a certificate."""
    from videos.worker.signing import UnsupportedKey, try_signing

    if settings.C2PA_CERTIFICATE is None:
        message = "no certificate; files say in XMP alone how they were made"
        return CheckResult("signing", OK, message, "Set C2PA_CERTIFICATE and C2PA_KEY to sign them.")
    picture = BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "JPEG")
    try:
        try_signing(picture.getvalue())
    except ImportError:
        hint = "Run: pip install --require-hashes -r requirements-c2pa.txt"
        return CheckResult("signing", ERROR, "c2pa-python is missing; files are not signed", hint)
    except UnsupportedKey as error:
        hint = "Use an ECDSA, Ed25519 or RSA key."
        return CheckResult("signing", ERROR, f"cannot sign with an {error}; files are not signed", hint)
    except Exception as error:
        hint = "Check the files at C2PA_CERTIFICATE (the whole chain, the signer's first) and C2PA_KEY."
        return CheckResult("signing", ERROR, f"fails ({type(error).__name__}); files are not signed", hint)
    return CheckResult("signing", OK, "files are signed")
