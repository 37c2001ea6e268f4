"""What the waiting page tells: which steps are behind, which one is on, and an honest estimate."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from videos.models import Status, Step, Video


@dataclass(frozen=True, slots=True)
class Stage:
    """One line of the list. ``state`` is done, now or next; ``note`` says more about the one that is on."""

    name: str
    state: str
    note: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """``percent`` (0 to 100) of the whole way, ``ready_in`` from now on, None once ended."""

    stages: tuple[Stage, ...]
    percent: int
    ahead: int
    ready_in: timedelta | None
    title: str


def timeline_of(video: Video, now: datetime) -> Timeline:
    """How far ``video`` is. Asks the database for the place in line and past times only while it lives."""
    if not video.is_living:
        return Timeline(stages_of(video, 0), 100, 0, None, video.get_status_display())
    ahead = video.ahead() if video.status == Status.QUEUED else 0
    usual = Video.objects.typical_time(video.provider)
    done_in = usual * (ahead + 1) if video.status == Status.QUEUED else usual * (1 - video.progress)
    titles = {Status.QUEUED: "In line", Status.PROCESSING: f"Dancing {round(video.progress * 100)}%"}
    return Timeline(stages_of(video, ahead), percent_of(video), ahead, done_in, titles[Status(video.status)])


def percent_of(video: Video) -> int:
    """The line is the first 5 per cent of the way, the rendering the next 90, storing the rest."""
    if video.status == Status.QUEUED:
        return 2
    if video.step == Step.STORING:
        return 97
    return round(5 + 90 * video.progress)


def stages_of(video: Video, ahead: int) -> tuple[Stage, ...]:
    """In line, dancing, polishing, ready: each done, on or to come."""
    position = {Status.QUEUED: 0, Status.PROCESSING: 2 if video.step == Step.STORING else 1, Status.SUCCEEDED: 4}
    reached = position.get(Status(video.status), 0)
    in_line = "You are next" if ahead == 0 else f"{ahead} ahead of you"
    rows = (
        ("In line", in_line, video.created_at),
        ("Dancing", f"{round(video.progress * 100)}%", video.started_at),
        ("Polishing", "Music, poster, a last look", None),
        ("Ready", "", video.finished_at),
    )
    return tuple(
        Stage(name, "done" if i < reached else "now" if i == reached else "next", note, at)
        for i, (name, note, at) in enumerate(rows)
    )
