"""In line, and sent: the one deed that costs money and cannot be undone or asked about."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from videos import failpoints
from videos.models import PromptSource, ProviderStatus, Step, Video
from videos.models.choices import FallbackReason
from videos.providers import openai, registry
from videos.providers.base import (
    AccountUnavailable,
    ConnectionFailed,
    Order,
    OrderRejected,
    OutcomeUnknown,
    Submission,
    TemporarilyRejected,
)
from videos.providers.runway.answers import RejectionCode
from videos.providers.runway.catalogue import get_model
from videos.providers.runway.client import Runway
from videos.worker import inputs
from videos.worker.keepalive import backoff
from videos.worker.remote import retries
from videos.worker.remote.admission import admit, places_behind, retry_delay

log = logging.getLogger(__name__)

# How long the id of a task is held while the database is away, in seconds.
DATABASE_RETRY_PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)

REJECTION_ERROR_CODES = {RejectionCode.BAD_PHOTO: "bad_photo", RejectionCode.NOT_OFFERED: "not_offered"}


def try_submit(video: Video) -> None:
    """Go in when there is a place, the studio is open and everybody before has gone in; else ask again later."""
    now = timezone.now()
    status = ProviderStatus.objects.for_provider(video.provider, now)
    if fallback := fallback_reason_for(video, status, now):
        video.fall_back_to_studio(fallback, now)
        return
    if would_be_late(video, now):
        log.warning("not submitted: it would be late", extra={"video": video.pk})
        video.fail("late", now)
        return
    position = places_behind(video, status)
    if position < 0:
        order = prepare_order(video)
        position = admit(video, timezone.now(), submission_lease(), **order_parameters(video))
        if position < 0:
            failpoints.hit("order: counted")
            submit(video, order)
            return
    # To wait is no proof that it goes well now: one that went wrong again and again still holds nobody up.
    retries.reschedule(
        video,
        retry_delay(position) if status.is_available else retries.UNAVAILABLE_DELAY,
        consecutive_errors=video.consecutive_errors,
    )


def fallback_reason_for(video: Video, status: ProviderStatus, now: datetime) -> FallbackReason:
    """Why the embedded studio is to dance this one instead; NO when it is not."""
    if Video.objects.is_moderation_limited(video.user, now):
        return FallbackReason.MODERATION
    if not settings.RUNWAY_API_KEY or (not status.is_available and settings.STUDIO_FALLBACK):
        return FallbackReason.UNAVAILABLE
    return FallbackReason.BUSY if settings.STUDIO_FALLBACK and would_be_late(video, now) else FallbackReason.NONE


def would_be_late(video: Video, now: datetime) -> bool:
    """Whether an order that is sent now would be paid for a video that comes after its time."""
    return now + Video.objects.typical_duration(video.provider) > video.promised_by


def order_parameters(video: Video) -> dict[str, Any]:
    """The model and length of the order, and what it costs when the studio does not tell; for ``Video.submit``."""
    model = get_model(settings.RUNWAY_MODEL_ID)
    return {"model": model.id, "seconds": model.seconds(video.seconds), "estimate": model.price(video.seconds) or 0}


def submission_lease() -> timedelta:
    """Longer than the connection, the wait for an answer and the reading of it may take together."""
    return max(settings.LEASE_DURATION, timedelta(seconds=2 * settings.RUNWAY_TIMEOUT + 15))


def prepare_order(video: Video) -> Order:
    """The order, in words written for this very photo where that is wanted: asked for once, whatever comes of it."""
    order = inputs.remote_order(video)
    if video.prompt_source == PromptSource.WANTED:
        video.heartbeat(timezone.now(), settings.LEASE_DURATION, prompt_source=PromptSource.TEMPLATE)
        if written := openai.write_prompt(order):
            video.update_claimed(prompt=written, prompt_source=PromptSource.OPENAI)
            order = replace(order, prompt=written)
    return order


# Sent


def submit(video: Video, order: Order) -> None:
    """Send the order, which is counted already, and keep the task's id. Raises LeaseLost."""
    try:
        provider = registry.runway_client()
        submission = provider.submit(order)
        failpoints.hit("order: answered")
    except TemporarilyRejected as error:
        log.warning("order not accepted, requeued", extra={"video": video.pk, "reason": error.reason})
        consecutive_errors = video.consecutive_errors + 1
        requeue_unsent(
            video,
            retries.delay_with_retry_after(error, backoff(consecutive_errors)),
            consecutive_errors=consecutive_errors,
        )
        ProviderStatus.objects.schedule_check(video.provider, timezone.now())
        if not isinstance(error, ConnectionFailed):
            ProviderStatus.objects.record_rejection(video.provider, error.reason, timezone.now())
    except AccountUnavailable as error:
        log.error("provider unavailable", extra={"provider": video.provider, "reason": error.reason})
        requeue_unsent(video, retries.UNAVAILABLE_DELAY)
        ProviderStatus.objects.mark_unavailable(
            video.provider, error.reason, timezone.now(), required_balance=task_price(video)
        )
    except OrderRejected as error:
        log.warning("order rejected", extra={"video": video.pk, "reason": error.reason})
        handle_rejection(video, error)
    except OutcomeUnknown as error:
        # It stays as it is: a claim that finds it submitted, without a task, knows what to do.
        log.warning("response lost", extra={"video": video.pk, "reason": error.reason})
        retries.reschedule(video, retries.RESUBMIT_DELAY)
        ProviderStatus.objects.record_accepted(video.provider)
        ProviderStatus.objects.record_failure(video.provider, error.reason, timezone.now())
    else:
        save_task_id(video, provider, submission)


def requeue_unsent(video: Video, wait: timedelta, **fields: Any) -> None:
    """Surely nothing was made of the order: it counts and costs nothing. Raises LeaseLost."""
    fields |= cost_without_current_task(video) | {"submissions": video.submissions - 1, "attempts": 0}
    video.requeue(timezone.now(), retries.capped_due_at(video, wait), **fields)


def cost_without_current_task(video: Video) -> dict[str, Any]:
    """The cost without that of this order, of which nothing was made."""
    earlier = (video.provider_cost or 0) - video.current_task_cost
    return {"provider_cost": earlier if video.submissions > 1 else None, "current_task_cost": 0}


def task_price(video: Video) -> int:
    try:
        return registry.runway_client().model.price(video.seconds) or 0
    except AccountUnavailable:
        return 0


def handle_rejection(video: Video, error: OrderRejected) -> None:
    ProviderStatus.objects.record_accepted(video.provider)
    if error.code == RejectionCode.BAD_PROMPT and video.prompt_source == PromptSource.OPENAI:
        fields = {"prompt": video.style.prompt, "prompt_source": PromptSource.TEMPLATE}
        requeue_unsent(video, timedelta(0), **fields)
        return
    video.fail(
        REJECTION_ERROR_CODES.get(RejectionCode(error.code), "studio"),
        timezone.now(),
        **cost_without_current_task(video),
    )


def save_task_id(video: Video, provider: Runway, submission: Submission) -> None:
    """Write the task's id into the row, also when the database is away for a while.

    A task that no row can hold is cancelled, since nobody would ever find it again.
    """
    fields: dict[str, Any] = {
        "provider_task_id": submission.task_id,
        "attempts": 0,
        "consecutive_errors": 0,
        "progress": 0.0,
    }
    if submission.cost is not None:
        fields |= cost_fields(video, submission.cost)
    try:
        for pause in (*DATABASE_RETRY_PAUSES, None):
            try:
                write_task_id(video, fields)
                break
            except (OperationalError, InterfaceError):
                if pause is None:
                    raise
                log.warning("database unavailable", extra={"video": video.pk, "task": submission.task_id})
                connection.close()
                time.sleep(pause)
    except IntegrityError:
        # A row names this task already, and somebody waits for it: it is not ours to cancel.
        log.error("provider returned the id of another task", extra={"video": video.pk, "task": submission.task_id})
        retries.reschedule(video, retries.RESUBMIT_DELAY)
        ProviderStatus.objects.record_failure(video.provider, "an id that another task has", timezone.now())
    except Exception:
        retries.cancel_task(provider, video, submission.task_id)
        raise
    else:
        ProviderStatus.objects.record_accepted(video.provider)


def write_task_id(video: Video, fields: dict[str, Any]) -> None:
    now = timezone.now()
    with transaction.atomic():
        video.update_claimed(step=Step.RENDERING, due_at=now + retries.poll_delay(), updated_at=now, **fields)
    failpoints.hit("order: saved")


def cost_fields(video: Video, cost: int) -> dict[str, Any]:
    """What ``cost``, in the studio's credits, makes of the row: it takes the place of what the order counted so far."""
    return {"provider_cost": (video.provider_cost or 0) - video.current_task_cost + cost, "current_task_cost": cost}


def handle_lost_answer(video: Video) -> None:
    """It was sent, or was about to be, and nobody knows the task: once more, while that is allowed."""
    log.warning("submitted, but no task id known", extra={"video": video.pk, "submissions": video.submissions})
    retries.resubmit_or_fail(video, "lost", timedelta(0))
