"""One spelling for each mailbox, so that one person has one account."""

from __future__ import annotations

import unicodedata
from contextlib import suppress

import idna

# What SMTP allows (RFC 5321), and the columns hold.
MAX_LENGTH = 254


def normalize_email(email: str) -> str:
    """Return the address in lower case and NFKC, with its domain in ASCII: ``user@xn--bcher-kva.example``.

    The domain is encoded as browsers do (UTS 46), not with Python's codec, which takes ß for ss: that is another
    domain. What is no address stays as it is; the form's field says so.
    """
    local, at, domain = unicodedata.normalize("NFKC", email.strip()).lower().rpartition("@")
    try:
        domain = idna.encode(domain, uts46=True, transitional=False).decode()
    except idna.IDNAError:
        # IDNA 2008 has no emoji, but browsers and registries do.
        with suppress(idna.IDNAError):
            domain = idna.uts46_remap(domain, std3_rules=False, transitional=False)
        domain = ".".join(label if label.isascii() else f"xn--{punycode(label)}" for label in domain.split("."))
    return f"{local}{at}{domain}"


def punycode(label: str) -> str:
    return label.encode("punycode").decode()
