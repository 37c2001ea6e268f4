"""Watched from afar and brought home, or ended when the promised time has come."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from videos import failpoints
from videos.models import LeaseLost, Line, Step, Video
from videos.models.provider_status import UNDELIVERABLE
from videos.providers import registry
from videos.providers.base import BadOutput, Closed, Interrupted, Task, TaskState, Unreachable
from videos.providers.runway.client import Runway
from videos.providers.runway.failures import FailureKind, failure_kind
from videos.worker.delivery import bring_home
from videos.worker.keepalive import MAX_ATTEMPTS, Overdue, Stopping, Watch, wait_after
from videos.worker.remote import retries
from videos.worker.remote.submission import cost_of

log = logging.getLogger(__name__)

FAILURES = {
    FailureKind.MODERATED: "moderated",
    FailureKind.BAD_PHOTO: "bad_photo",
    FailureKind.BAD_OUTPUT: "bad_output",
}


def look(video: Video, stopping: Stopping) -> None:
    """Ask how the task stands, and act on it."""
    try:
        provider = registry.runway()
        task = provider.poll(video.provider_task_id or "")
        failpoints.at("task: asked")
    except Unreachable as error:
        log.warning("no word of the task", extra={"video": video.pk, "reason": error.reason})
        retries.stumble(video, retries.retry_wait(error, retries.next_poll()))
        Line.objects.look_soon(video.provider, timezone.now())
    except Closed as error:
        # The task goes on at the studio whatever became of our key, and so do we.
        log.error("the studio is closed", extra={"line": video.provider, "reason": error.reason})
        Line.objects.close(video.provider, error.reason, timezone.now())
        retries.again(video, retries.CLOSED_TURN)
    else:
        react(video, provider, task, stopping)


def react(video: Video, provider: Runway, task: Task, stopping: Stopping) -> None:
    match task.state:
        case TaskState.WAITING:
            retries.again(video, retries.next_poll(), provider_waits=True)
        case TaskState.RUNNING:
            progress = max(video.progress, task.progress)
            retries.again(video, retries.next_poll(), provider_waits=False, progress=progress)
        case TaskState.SUCCEEDED:
            collect(video, provider, task, stopping)
        case TaskState.GONE | TaskState.FAILED | TaskState.CANCELLED:
            came_to_nothing(video, task)


def came_to_nothing(video: Video, task: Task) -> None:
    facts = outcome(video, task)
    log.warning("the task came to nothing", extra={"video": video.pk, "failure": facts["provider_failure"]})
    code = verdict(task)
    if code:
        video.fail(code, timezone.now(), **facts)
    else:
        retries.send_again_or_fail(video, "studio", retries.SECOND_TRY, **facts)
    if task.cost != 0 and code in ("", "cancelled"):
        why = task.failure_code or f"its task is {task.state.value}"
        Line.objects.lost_one(video.provider, why, timezone.now())


def verdict(task: Task) -> str:
    """Our code for a task that another one would not better; empty for the studio's own troubles."""
    if task.state is TaskState.CANCELLED:
        return "cancelled"
    return FAILURES.get(failure_kind(task.failure_code), "") if task.state is TaskState.FAILED else ""


def outcome(video: Video, task: Task) -> dict[str, Any]:
    """What staff read of a task that has ended; told twice, its cost counts once."""
    failure = "" if task.state is TaskState.SUCCEEDED else task.failure_code or task.state.value
    return {"provider_failure": failure} | ({} if task.cost is None else cost_of(video, task.cost))


# Brought home


def collect(video: Video, provider: Runway, task: Task, stopping: Stopping) -> None:
    """Bring the clip home; what goes wrong on the way is tried again with a fresh address."""
    try:
        deliver(video, provider, task, stopping)
    except (Unreachable, BadOutput) as error:
        log.warning("the clip did not arrive", extra={"video": video.pk, "reason": error.reason})
        retries.stumble(video, retries.retry_wait(error, wait_after(video.troubles + 1)))
        if video.troubles == UNDELIVERABLE:
            Line.objects.lost_one(video.provider, error.reason, timezone.now())


def deliver(video: Video, provider: Runway, task: Task, stopping: Stopping) -> None:
    if video.step != Step.STORING:
        now = timezone.now()
        facts = outcome(video, task) | {"provider_waits": False, "progress": 1.0}
        video.enter(Step.STORING, now, due_at=now + settings.LEASE, **facts)
    until = max(video.promised_by, timezone.now()) + retries.LAST_STRETCH
    watch = Watch(video, stopping, until=until, tells=False)
    bring_home(video, provider, task, watch, video.ordered_seconds or video.seconds)
    Line.objects.brought_one(video.provider)


# Not in time, or not at all


def end_late(video: Video, stopping: Stopping) -> None:
    """The promised time has come: a video that is made already is brought home, any other gives its credit back.

    There is one last look. Without an answer, or a clip, the credit comes back all the same: the owner has our word.
    """
    task = None
    if video.provider_task_id:
        try:
            provider = registry.runway()
            task = provider.poll(video.provider_task_id)
            if task.state is TaskState.SUCCEEDED and video.attempts <= MAX_ATTEMPTS:
                deliver(video, provider, task, stopping)
                return
        except (LeaseLost, Interrupted, OperationalError, InterfaceError):
            raise
        except (Unreachable, BadOutput, Closed, Overdue) as error:
            log.warning("nothing to be had at the last look", extra={"video": video.pk, "reason": str(error)})
        except Exception:
            log.exception("nothing could be brought home at the last look", extra={"video": video.pk})
    give_back(video, task)


def give_back(video: Video, task: Task | None) -> None:
    """The credit of a late video; ``task`` is how its task stands, where that is known."""
    code = (verdict(task) if task else "") or "late"
    ended = task is not None and task.state in (TaskState.FAILED, TaskState.CANCELLED, TaskState.GONE)
    video.fail(code, timezone.now(), **(outcome(video, task) if task and ended else {}))
    if task and code == "late" and task.cost != 0:
        Line.objects.lost_one(video.provider, "not ready by its promised time", timezone.now())


def set_aside(video: Video) -> None:
    """So many workers claimed it and none came back to say why."""
    log.error("set aside after too many claims", extra={"video": video.pk, "attempt": video.attempts})
    video.fail("studio", timezone.now())
