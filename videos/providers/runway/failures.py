"""Reasons why a task failed at Runway, grouped by how to react.

Source: docs.dev.runwayml.com/errors/task-failures, which says which codes may be retried. The last part of a code of
moderation is the likely source, as far as Runway knows.
"""

from videos.providers.base import FailureKind

_MODERATION = ("SAFETY", "INPUT_PREPROCESSING.SAFETY")
_PREFIXES: tuple[tuple[str, FailureKind], ...] = (
    ("ASSET.INVALID", FailureKind.BAD_PHOTO),
    ("INTERNAL.BAD_OUTPUT", FailureKind.BAD_OUTPUT),
)


def failure_kind(code: str) -> FailureKind:
    """Return the kind of a task's ``failureCode``, matched by its leading parts. Unknown or no code is ``INTERNAL``.

    ``INTERNAL``, ``INPUT_PREPROCESSING.INTERNAL`` and ``THIRD_PARTY.UNAVAILABLE`` are Runway's own failures.
    """
    if any(_starts_with(code, prefix) for prefix in _MODERATION):
        return _moderation_kind(code)
    return next((kind for prefix, kind in _PREFIXES if _starts_with(code, prefix)), FailureKind.INTERNAL)


def _moderation_kind(code: str) -> FailureKind:
    parts = code.split(".")
    if "OUTPUT" in parts:
        return FailureKind.MODERATED
    if "TEXT" in parts:
        return FailureKind.MODERATED_PROMPT
    return FailureKind.MODERATED_PHOTO if "IMAGE" in parts else FailureKind.MODERATED


def _starts_with(code: str, prefix: str) -> bool:
    return code == prefix or code.startswith(prefix + ".")
