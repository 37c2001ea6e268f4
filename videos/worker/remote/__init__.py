"""The steps of a video that a remote studio makes: in line, sent, watched from afar, brought home.

Sending is the one deed that cannot be undone or asked about. It is counted and committed before, so whatever becomes of
the answer, at most ``MAX_SUBMISSIONS`` tasks are paid for a video. Everything else may be repeated at will.
"""

from __future__ import annotations

from contextlib import suppress

from django.utils import timezone

from videos.models import LeaseLost, Step, Video
from videos.worker.keepalive import MAX_ATTEMPTS, UNRESOLVABLE_DELAY, ShouldStop, backoff
from videos.worker.remote import polling, retries, submission


def advance(video: Video, should_stop: ShouldStop) -> None:
    """Take a claimed video of a remote provider one step on."""
    if timezone.now() >= video.promised_by:
        polling.finish_overdue(video, should_stop)
    elif video.attempts > MAX_ATTEMPTS:
        polling.fail_poisoned(video)
    elif video.provider_task_id:
        polling.poll_task(video, should_stop)
    elif video.step == Step.SUBMITTING:
        submission.handle_lost_answer(video)
    else:
        submission.try_submit(video)


def handle_unexpected_error(video: Video) -> None:
    """A step of it raised what nobody foresaw: it is tried again until the promised time, since it may be paid for.

    After that time the step was its end. Its charge is missing, say: it waits for somebody to look at it.
    """
    now = timezone.now()
    with suppress(LeaseLost):
        if now >= video.promised_by:
            video.update_claimed(due_at=now + UNRESOLVABLE_DELAY)
        else:
            retries.retry_with_backoff(video, backoff(video.consecutive_errors + 1))
