"""Named points in the steps of a video at which a test may let the whole process die. Off, each costs a comparison."""

from collections.abc import Callable

POINTS = (
    "request: charged",
    "request: committed",
    "claimed",
    "order: counted",
    "order: answered",
    "order: saved",
    "task: polled",
    "clip: fetched",
    "clip: with music",
    "rendering",
    "files: stored",
    "end: ready",
    "end: failing",
    "end: failed",
    "notification: sent",
    "photo: prepared",
)

hook: Callable[[str], None] | None = None


def hit(point: str) -> None:
    """The process is here."""
    if hook is not None:
        hook(point)
