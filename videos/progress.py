"""What the waiting page tells: which steps are behind, which one is on, and an honest estimate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from videos.models import ProviderStatus, Status, Step, Video

# The promised time has come, and the worker is about to settle it.
FINAL_POLL = "The time is up: a last look at the studio, then it is here or your credit is back"
# Sooner than this nothing is called slow: where a dance takes three seconds, ten are no reason to worry.
MIN_SLOW_AFTER = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Stage:
    """One line of the list. ``state`` is done, now or next; ``note`` says more about the one that is on."""

    name: str
    state: str
    note: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """``state`` is the one sentence on how it stands, ``percent`` (0 to 100) how much of the whole way is behind.

    ``ready_in`` counts from now on; it is None once the video has ended, and while the studio is closed, since nobody
    knows then. ``next_check_at`` is when a closed studio is looked at next.
    ``slow`` says that twice the usual time is over.
    ``poll_seconds`` is how many seconds the page waits before it asks again.
    """

    stages: tuple[Stage, ...]
    percent: int
    queue_position: int
    ready_in: timedelta | None
    title: str
    state: str = ""
    next_check_at: datetime | None = None
    slow: bool = False
    poll_seconds: int = 5


def timeline_of(video: Video, now: datetime) -> Timeline:
    """How far ``video`` is. Asks the database for past times only while it lives, and for the place in line unless
    ``with_queue_position`` told it.
    """
    if not video.is_unfinished:
        return Timeline(stages_of(video, ""), 100, 0, None, video.get_status_display())
    queued = video.status == Status.QUEUED
    queue_position, next_check_at = queue_state(video) if queued else (0, None)
    typical, last_finish = Video.objects.duration_stats(video.provider)
    elapsed = time_waited(video, last_finish, now)
    state = (
        FINAL_POLL
        if now >= video.promised_by and not queued
        else state_of(video, queue_position, is_unavailable=bool(next_check_at))
    )
    return Timeline(
        stages_of(video, queue_text(queue_position)),
        percent_of(video),
        queue_position,
        None if next_check_at else max(typical * (queue_position + 1) - elapsed, timedelta(0)),
        title_of(video),
        state,
        next_check_at,
        slow=not next_check_at and elapsed > max(2 * typical, MIN_SLOW_AFTER),
        poll_seconds=poll_interval(video, queue_position),
    )


def queue_state(video: Video) -> tuple[int, datetime | None]:
    """How many stand before a video in line, and when its studio, closed now, is looked at next."""
    if video.queue_position is not None:
        return video.queue_position, video.next_check_at
    status = ProviderStatus.objects.unavailable(video.provider) if video.is_remote else None
    return video.count_ahead(), (status.due_at or status.unavailable_since) if status else None


def time_waited(video: Video, last_finish: datetime | None, now: datetime) -> timedelta:
    """How long a living video has been danced, or stood in a line that did not move."""
    since = video.started_at or video.created_at
    if video.status == Status.QUEUED and last_finish:
        since = max(since, last_finish)
    return max(now - since, timedelta(0))


def minutes_to(moment: datetime, now: datetime) -> int:
    """Whole minutes from now on, rounded up; 0 once it is over."""
    return max(0, -((now - moment) // timedelta(minutes=1)))


def poll_interval(video: Video, queue_position: int = 0) -> int:
    """A render on this machine is over in a few seconds and moves twice a second; all else takes its time."""
    return 5 if video.is_remote or queue_position else 2


def title_of(video: Video) -> str:
    """How a living video stands, in two words, from its row alone: for a tab and for the wall."""
    if video.status == Status.QUEUED or video.queued_at_provider:
        return "In line"
    return "Polishing" if video.step == Step.STORING else f"Dancing {round(video.progress * 100)}%"


def state_of(video: Video, queue_position: int, *, is_unavailable: bool) -> str:
    """How a living video stands, in one sentence."""
    if is_unavailable:
        return "The studio is closed for the moment. Your place in line is kept."
    if video.status == Status.QUEUED:
        return f"In line, {queue_text(queue_position)}" if queue_position else queue_text(queue_position)
    if video.queued_at_provider:
        return "In line at the studio"
    steps = {Step.SUBMITTING: "On its way to the studio", Step.STORING: "Polishing: music, poster, a last look"}
    return steps.get(Step(video.step), "Dancing now")


def queue_text(queue_position: int) -> str:
    return f"{queue_position} ahead of you" if queue_position else "You are next"


def percent_of(video: Video) -> int:
    """How much of the whole way is behind a living video."""
    return percent_at(video.status, video.step, video.progress)


def percent_at(status: str, step: str, progress: float) -> int:
    """The line is the first 5 per cent of the way, the rendering the next 90, storing the rest."""
    if status == Status.QUEUED:
        return 2
    if step == Step.STORING:
        return 97
    return round(5 + 90 * progress)


def stages_of(video: Video, position: str) -> tuple[Stage, ...]:
    """In line, dancing, polishing, ready: each done, on or to come."""
    stage_of = {Status.QUEUED: 0, Status.PROCESSING: 2 if video.step == Step.STORING else 1, Status.SUCCEEDED: 4}
    reached = stage_of.get(Status(video.status), 0)
    dancing = "Waiting its turn" if video.queued_at_provider else f"{round(video.progress * 100)}%"
    rows = (
        ("In line", position, video.created_at),
        ("Dancing", dancing, video.started_at),
        ("Polishing", "Music, poster, a last look", None),
        ("Ready", "", video.finished_at),
    )
    return tuple(
        Stage(name, "done" if i < reached else "now" if i == reached else "next", note, at)
        for i, (name, note, at) in enumerate(rows)
    )
