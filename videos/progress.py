"""What a page or the API shows of a video in progress: its stages, its state and an estimate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from videos.models import ProviderStatus, Status, Step, Video

# Shown when the promised time has passed and the worker is about to make the final poll.
FINAL_POLL = "The time is up: a last look at the studio, then it is here or your credit is back"
# Never call a video slow before this: if a dance usually takes three seconds, ten are no reason to worry.
MIN_SLOW_AFTER = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage on the waiting page. ``state`` is done, now or next. ``note`` adds details to the current stage."""

    name: str
    state: str
    note: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The progress of a video, as shown to its owner.

    ``state`` is one sentence, and ``percent`` (0 to 100) is the overall progress. ``ready_in`` is the time left. It is
    None once the video is finished, and during an outage, when it is unknown. ``next_check_at`` is when an unavailable
    provider is checked next. ``slow`` means that more than twice the typical duration has passed. ``poll_seconds`` is
    the interval at which the page polls.
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
    """Return the progress of ``video``.

    Queries the database only while the video is unfinished: for past durations, and for the queue position unless
    ``with_queue_position`` has set it.
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
    """Return how many videos are ahead, and when an unavailable provider is checked next (None if available)."""
    if video.queue_position is not None:
        return video.queue_position, video.next_check_at
    status = ProviderStatus.objects.unavailable(video.provider) if video.is_remote else None
    return video.count_ahead(), (status.due_at or status.unavailable_since) if status else None


def time_waited(video: Video, last_finish: datetime | None, now: datetime) -> timedelta:
    """Return how long an unfinished video has been processing, or has waited in a queue that did not move."""
    since = video.started_at or video.created_at
    if video.status == Status.QUEUED and last_finish:
        since = max(since, last_finish)
    return max(now - since, timedelta(0))


def minutes_to(moment: datetime, now: datetime) -> int:
    """Return the whole minutes from ``now`` to ``moment``, rounded up, or 0 if it has passed."""
    return max(0, -((now - moment) // timedelta(minutes=1)))


def poll_interval(video: Video, queue_position: int = 0) -> int:
    """Return the seconds between polls. A local rendering takes only seconds, so its page polls more often."""
    return 5 if video.is_remote or queue_position else 2


def title_of(video: Video) -> str:
    """Return the state of an unfinished video in two words, from its row alone, for the page title and the gallery."""
    if video.status == Status.QUEUED or video.queued_at_provider:
        return "In line"
    return "Polishing" if video.step == Step.STORING else f"Dancing {round(video.progress * 100)}%"


def state_of(video: Video, queue_position: int, *, is_unavailable: bool) -> str:
    """Return the state of an unfinished video in one sentence."""
    if is_unavailable:
        return "The video service is unavailable for the moment. Your place in line is kept."
    if video.status == Status.QUEUED:
        return f"In line, {queue_text(queue_position)}" if queue_position else queue_text(queue_position)
    if video.queued_at_provider:
        return "In line at the studio"
    steps = {Step.SUBMITTING: "On its way to the studio", Step.STORING: "Polishing: music, poster, a last look"}
    return steps.get(Step(video.step), "Dancing now")


def queue_text(queue_position: int) -> str:
    return f"{queue_position} ahead of you" if queue_position else "You are next"


def percent_of(video: Video) -> int:
    """Return the overall progress of an unfinished video in percent."""
    return percent_at(video.status, video.step, video.progress)


def percent_at(status: str, step: str, progress: float) -> int:
    """Return the overall progress: queueing is the first 5 percent, rendering the next 90, storing the rest."""
    if status == Status.QUEUED:
        return 2
    if step == Step.STORING:
        return 97
    return round(5 + 90 * progress)


def stages_of(video: Video, position: str) -> tuple[Stage, ...]:
    """Return the four stages, each with its state: done, now or next."""
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
