"""Reasons why a task failed at Runway, grouped by how to react.

Source: docs.dev.runwayml.com/errors/task-failures, which says which codes may be retried.
"""

from enum import StrEnum


class FailureKind(StrEnum):
    """A group of failure codes with the same reaction.

    ``MODERATED``: do not retry; it is billed and counts against the account, so count it per user. ``BAD_PHOTO``: do
    not retry with the same photo. ``BAD_OUTPUT``: retry only with another photo or dance. ``INTERNAL``: retry once,
    after a while.
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
    """Return the kind of a task's ``failureCode``, matched by its leading parts. Unknown or no code is ``INTERNAL``.

    ``INTERNAL``, ``INPUT_PREPROCESSING.INTERNAL`` and ``THIRD_PARTY.UNAVAILABLE`` are Runway's own failures.
    """
    for prefix, kind in _PREFIXES:
        if code == prefix or code.startswith(prefix + "."):
            return kind
    return FailureKind.INTERNAL
