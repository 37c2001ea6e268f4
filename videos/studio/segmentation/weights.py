"""The weights of the vendored models, verified by their checksums."""

import hashlib
from pathlib import Path


def verified_weights(file: Path, sha256: str) -> bytes | None:
    """Return the contents of ``file``, or None if it is missing or its checksum differs."""
    try:
        weights = file.read_bytes()
    except OSError:
        return None
    return weights if hashlib.sha256(weights).hexdigest() == sha256 else None
