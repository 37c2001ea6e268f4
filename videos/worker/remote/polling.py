"""Poll remote tasks, download their clips, and end videos at their promised time."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError

from videos import clock, failpoints
from videos.models import LeaseLost, PromptSource, ProviderStatus, Step, Video
from videos.models.choices import ErrorCode
from videos.models.provider_status import MAX_DOWNLOAD_FAILURES
from videos.providers import registry
from videos.providers.base import (
    AccountUnavailable,
    FailureKind,
    Interrupted,
    InvalidOutput,
    OutputNotAllowed,
    RemoteProvider,
    RequestFailed,
    Task,
    TaskState,
)
from videos.worker.delivery import download_and_complete
from videos.worker.keepalive import MAX_ATTEMPTS, DeadlineExceeded, ProgressReporter, ShouldStop
from videos.worker.remote import retries
from videos.worker.remote.submission import cost_fields

log = logging.getLogger(__name__)

# After this many unusable clips of a task, another one would be no better.
MAX_BAD_OUTPUTS = 3
FAILURE_ERROR_CODES = {
    FailureKind.MODERATED: "moderated",
    FailureKind.MODERATED_PHOTO: "moderated",
    FailureKind.BAD_PHOTO: "bad_photo",
    FailureKind.BAD_OUTPUT: "bad_output",
}


def poll_task(video: Video, should_stop: ShouldStop) -> None:
    """Poll the task and act on its state."""
    try:
        provider = registry.remote_provider(video.provider)
        task = provider.poll(video.provider_task_id or "")
        failpoints.hit("task: polled")
    except RequestFailed as error:
        log.warning("poll failed", extra={"video": video.pk, "reason": error.reason})
        retries.retry_with_backoff(video, retries.delay_with_retry_after(error, retries.poll_delay()))
        ProviderStatus.objects.schedule_check(video.provider, clock.now())
    except AccountUnavailable as error:
        # The task continues at the provider even if our key no longer works, so keep polling.
        log.error("provider unavailable", extra={"provider": video.provider, "reason": error.reason})
        ProviderStatus.objects.mark_unavailable(video.provider, error.reason, clock.now())
        retries.reschedule(video, retries.UNAVAILABLE_DELAY)
    else:
        handle_task(video, provider, task, should_stop)


def handle_task(video: Video, provider: RemoteProvider, task: Task, should_stop: ShouldStop) -> None:
    match task.state:
        case TaskState.WAITING:
            retries.reschedule(video, retries.poll_delay(), queued_at_provider=True)
        case TaskState.RUNNING:
            progress = max(video.progress, task.progress)
            retries.reschedule(video, retries.poll_delay(), queued_at_provider=False, progress=progress)
        case TaskState.SUCCEEDED:
            fetch_result(video, provider, task, should_stop)
        case TaskState.GONE | TaskState.FAILED | TaskState.CANCELLED:
            handle_failed_task(video, task)


def handle_failed_task(video: Video, task: Task) -> None:
    fields = outcome_fields(video, task)
    log.warning("task failed", extra={"video": video.pk, "failure": fields["provider_failure"]})
    code = error_code_for(video, task)
    if code == ErrorCode.PROMPT_REJECTED and video.prompt_source == PromptSource.OPENAI:
        fields |= {"prompt": video.catalogue_dance.prompt, "prompt_source": PromptSource.TEMPLATE}
        retries.resubmit_or_fail(video, code, retries.RESUBMIT_DELAY, **fields)
        return
    if code:
        video.fail(code, clock.now(), **fields)
    else:
        retries.resubmit_or_fail(video, "studio", retries.RESUBMIT_DELAY, **fields)
    if task.cost != 0 and code in ("", "cancelled", ErrorCode.PROMPT_REJECTED):
        reason = task.failure_code or f"its task is {task.state.value}"
        ProviderStatus.objects.record_failure(video.provider, reason, clock.now())


def error_code_for(video: Video, task: Task) -> str:
    """Return our error code if another task would not help; empty for the provider's own failures."""
    if task.state is TaskState.CANCELLED:
        return "cancelled"
    if task.state is not TaskState.FAILED:
        return ""
    return ErrorCode.PROMPT_REJECTED if is_prompt_to_blame(video, task) else FAILURE_ERROR_CODES.get(task.failure, "")


def is_prompt_to_blame(video: Video, task: Task) -> bool:
    """Whether the moderation rejected the words, or may have done so. They are never the owner's.

    A rejected result may be due to words that were written for this photo, but not to those of the dance, which are
    the same for every photo.
    """
    if task.failure is FailureKind.MODERATED:
        return video.prompt_source == PromptSource.OPENAI
    return task.failure is FailureKind.MODERATED_PROMPT


def outcome_fields(video: Video, task: Task) -> dict[str, Any]:
    """Return the outcome of a finished task for staff. A cost that is reported twice counts once."""
    failure = "" if task.state is TaskState.SUCCEEDED else task.failure_code or task.state.value
    return {"provider_failure": failure} | ({} if task.cost is None else cost_fields(video, task.cost))


# Download


def fetch_result(video: Video, provider: RemoteProvider, task: Task, should_stop: ShouldStop) -> None:
    """Download the clip. After an error, retry with a fresh URL; after unusable clips, order another one."""
    try:
        fetch_and_store(video, provider, task, should_stop)
    except RequestFailed as error:
        log.warning("download failed", extra={"video": video.pk, "reason": error.reason})
        retries.retry_with_backoff(video, retries.download_delay(video, error))
        if video.consecutive_errors == MAX_DOWNLOAD_FAILURES:
            ProviderStatus.objects.record_failure(video.provider, error.reason, clock.now())
    except InvalidOutput as error:
        log.warning("unusable clip", extra={"video": video.pk, "reason": error.reason})
        handle_bad_output(video, error)


def handle_bad_output(video: Video, error: InvalidOutput) -> None:
    """Fetch the clip again after an unusable one. After the third, order another clip while that is allowed."""
    fields = bad_output_fields(video, error)
    if fields["bad_outputs"] % MAX_BAD_OUTPUTS:
        retries.retry_with_backoff(video, retries.download_delay(video, error), **fields)
        return
    if isinstance(error, OutputNotAllowed):
        video.fail(ErrorCode.BAD_CLIP, clock.now(), **fields)
    else:
        retries.resubmit_or_fail(video, ErrorCode.BAD_CLIP, retries.RESUBMIT_DELAY, **fields)
    ProviderStatus.objects.record_failure(video.provider, error.reason, clock.now())


def bad_output_fields(video: Video, error: InvalidOutput) -> dict[str, Any]:
    return {"bad_outputs": video.bad_outputs + 1, "provider_failure": f"clip: {error.reason}"[:100]}


def fetch_and_store(video: Video, provider: RemoteProvider, task: Task, should_stop: ShouldStop) -> None:
    if video.step != Step.STORING:
        now = clock.now()
        fields = outcome_fields(video, task) | {"queued_at_provider": False, "progress": 1.0}
        video.enter(Step.STORING, now, due_at=now + settings.LEASE_DURATION, **fields)
    until = max(video.promised_by, clock.now()) + retries.DOWNLOAD_GRACE
    report = ProgressReporter(video, should_stop, deadline=until, reports_progress=False)
    download_and_complete(video, provider, task, report, video.ordered_seconds or video.seconds)
    ProviderStatus.objects.record_success(video.provider)


# Overdue and poisoned videos


def finish_overdue(video: Video, should_stop: ShouldStop) -> None:
    """End a video at its promised time: download a finished clip, or refund the credit.

    The task is polled one last time. Without a response or a clip the credit is refunded, as promised to the owner.
    """
    task, fields = None, {}
    if video.provider_task_id:
        try:
            provider = registry.remote_provider(video.provider)
            task = provider.poll(video.provider_task_id)
            if task.state is TaskState.SUCCEEDED and video.attempts <= MAX_ATTEMPTS:
                fetch_and_store(video, provider, task, should_stop)
                return
        except (LeaseLost, Interrupted, OperationalError, InterfaceError):
            raise
        except InvalidOutput as error:
            log.warning("unusable clip", extra={"video": video.pk, "reason": error.reason})
            fields = bad_output_fields(video, error)
        except (RequestFailed, AccountUnavailable, DeadlineExceeded) as error:
            log.warning("final poll failed", extra={"video": video.pk, "reason": str(error)})
        except Exception:
            log.exception("final download failed", extra={"video": video.pk})
    fail_and_refund(video, task, fields)


def fail_and_refund(video: Video, task: Task | None, fields: dict[str, Any]) -> None:
    """Fail a late video and refund its credit. ``task`` is its last known state, if any."""
    is_clip_bad = bool(video.bad_outputs or fields)
    code = (error_code_for(video, task) if task else "") or (ErrorCode.BAD_CLIP if is_clip_bad else ErrorCode.LATE)
    ended = task is not None and task.state in (TaskState.FAILED, TaskState.CANCELLED, TaskState.GONE)
    video.fail(code, clock.now(), **(outcome_fields(video, task) if task and ended else fields))
    if task and code in (ErrorCode.LATE, ErrorCode.BAD_CLIP) and task.cost != 0:
        ProviderStatus.objects.record_failure(video.provider, "not ready by its promised time", clock.now())


def fail_poisoned(video: Video) -> None:
    """Fail a video that ``MAX_ATTEMPTS`` workers claimed without reporting back."""
    log.error("failed after too many attempts", extra={"video": video.pk, "attempt": video.attempts})
    video.fail("studio", clock.now())
