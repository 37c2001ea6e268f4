"""Steps of a video that a remote provider makes: queue, submit, poll, download.

Submitting is the only step that costs money and is not idempotent. It is counted and committed before the request,
so at most ``MAX_SUBMISSIONS`` tasks are paid for a video, whatever happens to the response. All other steps may be
repeated.
"""

from __future__ import annotations

from contextlib import suppress

from videos import clock
from videos.models import LeaseLost, Step, Video
from videos.worker.keepalive import MAX_ATTEMPTS, UNRESOLVABLE_DELAY, ShouldStop, backoff
from videos.worker.remote import polling, retries, submission


def advance(video: Video, should_stop: ShouldStop) -> None:
    """Advance a claimed video of a remote provider by one step."""
    if clock.now() >= video.promised_by:
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
    """Retry after an unexpected error until the promised time, since the task may have been paid for.

    After that time the step that failed was the one that ends the video, for example because its charge is missing.
    The video then waits for an operator.
    """
    now = clock.now()
    with suppress(LeaseLost):
        if now >= video.promised_by:
            video.update_claimed(due_at=now + UNRESOLVABLE_DELAY)
        else:
            retries.retry_with_backoff(video, backoff(video.consecutive_errors + 1))
