"""Why a task failed at Runway, in the few kinds that call for different deeds.

Source: docs.dev.runwayml.com/errors/task-failures, which says which codes may be tried again.
"""

from enum import StrEnum


class FailureKind(StrEnum):
    """``MODERATED``: never again, billed, and counted against the account: count it per user. ``BAD_PHOTO``: never
    again with the same photo. ``BAD_OUTPUT``: only with another photo or dance. ``INTERNAL``: once more, after a while.
    """

    MODERATED = "moderated"
    BAD_PHOTO = "bad_photo"
    BAD_OUTPUT = "bad_output"
    INTERNAL = "internal"


_PREFIXES: tuple[tuple[str, FailureKind], ...] = (
    ("SAFETY", FailureKind.MODERATED),
    ("INPUT_PREPROCESSING.SAFETY", FailureKind.MODERATED),
    ("ASSET.INVALID", FailureKind.BAD_PHOTO),
    ("INTERNAL.BAD_OUTPUT", FailureKind.BAD_OUTPUT),
)


def failure_kind(code: str) -> FailureKind:
    """The kind of a task's ``failureCode``, matched by its leading parts; no code and unknown codes are ``INTERNAL``.

    ``INTERNAL``, ``INPUT_PREPROCESSING.INTERNAL`` and ``THIRD_PARTY.UNAVAILABLE`` are Runway's own troubles.
    """
    for prefix, kind in _PREFIXES:
        if code == prefix or code.startswith(prefix + "."):
            return kind
    return FailureKind.INTERNAL
