"""What a page or the API shows of a video in progress: its stages, its state and an estimate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from videos.models import ProviderStatus, Status, Step, Video
from videos.models.capacity import capacity

# Never call a video slow before this: if a dance usually takes three seconds, ten are no reason to worry.
MIN_SLOW_AFTER = timedelta(seconds=20)
# The overall progress while queued, and when only the music and the poster are missing.
QUEUED_PERCENT, RENDERED_PERCENT = 2, 97
ADDING_MUSIC = gettext_noop("Adding music…")
# From this share of the rendering on, its own pace is the only basis of the estimate.
PACE_KNOWN_AT = 1 / 3
# Shorter estimates are not worth a number.
A_FEW_SECONDS = timedelta(seconds=8)
CHEER_SECONDS = 6
# Shown in turn while an owner waits. Nothing about money, errors or time.
CHEERS = (
    gettext_noop("Tuning the tiny maracas…"),
    gettext_noop("Teaching the left paw it isn't the right one…"),
    gettext_noop("Polishing the dance floor…"),
    gettext_noop("Paying the band in treats…"),
    gettext_noop("Warming up the tail…"),
    gettext_noop("Practicing the big finish…"),
    gettext_noop("Adjusting the spotlight…"),
    gettext_noop("Counting to four. And again…"),
    gettext_noop("Asking the cat next door for tips…"),
    gettext_noop("Fluffing up for the camera…"),
)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage on the waiting page. ``state`` is done, now or next. ``note`` adds details to the current stage."""

    name: str
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The progress of a video, as shown to its owner.

    ``state`` is a few words, and ``percent`` (0 to 100) is the overall progress, which never falls. ``ready_in`` is the
    time left. It is None once the video is finished, and during an outage, when it is unknown. ``next_check_at`` is
    when an unavailable provider is checked next. ``slow`` means that much more than the typical duration has passed,
    ``overdue`` that the promised time has. ``cheer`` is a line to smile at. ``poll_seconds`` is the interval at which
    the page polls.
    """

    stages: tuple[Stage, ...]
    percent: int
    queue_position: int
    ready_in: timedelta | None
    title: str
    state: str = ""
    next_check_at: datetime | None = None
    slow: bool = False
    overdue: bool = False
    cheer: str = ""
    poll_seconds: int = 5

    @property
    def estimate(self) -> str:
        """The time left in words. It is empty if unknown or used up, or if the promised time says more."""
        if not self.ready_in or self.slow or self.overdue:
            return ""
        return duration_text(self.ready_in)


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
    slow = not next_check_at and elapsed > max(2 * typical, MIN_SLOW_AFTER)
    overdue = now >= video.promised_by
    return Timeline(
        stages_of(video, queue_text(queue_position)),
        percent_of(video),
        queue_position,
        None if next_check_at else time_left(video, typical * rounds_to(video, queue_position, now), elapsed),
        title_of(video),
        state_of(video, queue_position, is_unavailable=bool(next_check_at)),
        next_check_at,
        slow=slow,
        overdue=overdue,
        cheer="" if slow or overdue or next_check_at else cheer_of(video, now),
        poll_seconds=poll_interval(video, queue_position),
    )


def queue_state(video: Video) -> tuple[int, datetime | None]:
    """Return how many videos are ahead, and when an unavailable provider is checked next (None if available)."""
    if video.queue_position is not None:
        return video.queue_position, video.next_check_at
    status = ProviderStatus.objects.unavailable(video.provider) if video.is_remote else None
    return video.count_ahead(), (status.due_at or status.unavailable_since) if status else None


def rounds_to(video: Video, queue_position: int, now: datetime) -> int:
    """Return how many times the typical duration passes until ``video`` is ready, as several are made at once."""
    if not queue_position:
        return 1
    return 1 + queue_position // (video.line_capacity or capacity(video.provider, now))


def time_waited(video: Video, last_finish: datetime | None, now: datetime) -> timedelta:
    """Return how long an unfinished video has been processing, or has waited in a queue that did not move."""
    since = video.started_at or video.created_at
    if video.status == Status.QUEUED and last_finish:
        since = max(since, last_finish)
    return max(now - since, timedelta(0))


def time_left(video: Video, typical: timedelta, elapsed: timedelta) -> timedelta:
    """Return the estimated time until ``video`` is ready: ``typical`` at first, and then from its own pace.

    A video that was requeued has kept its progress, but not the time that this progress took, so its pace is unknown.
    """
    left = max(typical - elapsed, timedelta(0))
    done = percent_of(video) / 100
    if video.status == Status.QUEUED or video.progress == 0 or video.was_requeued:
        return left
    trust = min(1.0, video.progress / PACE_KNOWN_AT)
    return trust * (elapsed * (1 - done) / done) + (1 - trust) * left


def duration_text(left: timedelta) -> str:
    """Return the time left in words, rounded to five seconds or to a minute."""
    if left < A_FEW_SECONDS:
        return _("a few seconds left")
    if left < timedelta(seconds=90):
        count = 5 * round(left.total_seconds() / 5)
        return ngettext("about %(count)d second left", "about %(count)d seconds left", count) % {"count": count}
    count = round(left.total_seconds() / 60)
    return ngettext("about %(count)d minute left", "about %(count)d minutes left", count) % {"count": count}


def cheer_of(video: Video, now: datetime) -> str:
    """Return the line to show now: each video begins with another one, and all follow in turn."""
    turn = int((now - video.created_at).total_seconds()) // CHEER_SECONDS
    return _(CHEERS[(video.seed + turn) % len(CHEERS)])


def poll_interval(video: Video, queue_position: int = 0) -> int:
    """Return the seconds between polls. A local rendering takes only seconds, so its page polls more often."""
    return 5 if video.is_remote or queue_position else 2


def title_of(video: Video) -> str:
    """Return the state of an unfinished video in two words, from its row alone, for the page title and the gallery."""
    state = state_of(video, 0, is_unavailable=False)
    if state != Status.PROCESSING.label:
        return state
    return _("%(state)s %(percent)d%%") % {"state": state, "percent": percent_of(video)}


def state_of(video: Video, queue_position: int, *, is_unavailable: bool) -> str:
    """Return the state of an unfinished video in a few words."""
    if is_unavailable:
        return _("Our video service is down. Your place in the queue is safe.")
    if video.status == Status.QUEUED or video.queued_at_provider:
        queued = str(Status.QUEUED.label)
        return f"{queued} · {queue_text(queue_position)}" if queue_position else queued
    return _(ADDING_MUSIC) if video.step == Step.STORING else str(Status.PROCESSING.label)


def queue_text(queue_position: int) -> str:
    if not queue_position:
        return _("You're next")
    text = ngettext("%(count)d video ahead", "%(count)d videos ahead", queue_position)
    return text % {"count": queue_position}


def percent_of(video: Video) -> int:
    """Return the overall progress of an unfinished video in percent."""
    return percent_at(video.progress)


def percent_at(progress: float) -> int:
    """Return the overall progress in percent. It never falls, because the stored progress never does."""
    return QUEUED_PERCENT + round((RENDERED_PERCENT - QUEUED_PERCENT) * progress)


def stages_of(video: Video, position: str) -> tuple[Stage, ...]:
    """Return the four stages, each with its state: done, now or next."""
    dancing = 0 if video.queued_at_provider else 2 if video.step == Step.STORING else 1
    reached = {Status.QUEUED: 0, Status.PROCESSING: dancing, Status.SUCCEEDED: 4}.get(Status(video.status), 0)
    rows = (
        (str(Status.QUEUED.label), "" if video.queued_at_provider else position),
        (str(Status.PROCESSING.label), ""),
        (_(ADDING_MUSIC), ""),
        (str(Status.SUCCEEDED.label), ""),
    )
    return tuple(
        Stage(name, "done" if i < reached else "now" if i == reached else "next", note)
        for i, (name, note) in enumerate(rows)
    )
