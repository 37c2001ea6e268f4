"""Named crash points for tests. Without a hook, each costs one comparison."""

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
    """Run the hook, if a test has set one, at a named point."""
    if hook is not None:
        hook(point)
