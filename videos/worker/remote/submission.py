"""Queue and submit remote tasks. Submitting is the only step that costs money and is not idempotent."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction

from videos import clock, failpoints
from videos.emails.staff import warn_staff
from videos.models import PromptSource, ProviderStatus, Step, Video
from videos.models.choices import ErrorCode, FallbackReason
from videos.providers import openai, registry
from videos.providers.base import (
    AccountUnavailable,
    ConnectionFailed,
    Order,
    OrderRejected,
    OutcomeUnknown,
    RejectionCode,
    RemoteProvider,
    Submission,
    TemporarilyRejected,
)
from videos.worker import inputs
from videos.worker.keepalive import backoff
from videos.worker.remote import retries
from videos.worker.remote.admission import admit, give_way, queue_position, retry_delay

log = logging.getLogger(__name__)

# Seconds between attempts to save a task id while the database is unavailable.
DATABASE_RETRY_PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)

REJECTION_ERROR_CODES = {
    RejectionCode.BAD_PHOTO: "bad_photo",
    RejectionCode.MODERATED_PHOTO: "moderated",
    RejectionCode.BAD_PROMPT: "prompt",
    RejectionCode.NOT_OFFERED: "not_offered",
}


def try_submit(video: Video) -> None:
    """Submit if a slot is free, the provider is available and it is the video's turn. Otherwise try again later."""
    now = clock.now()
    status = ProviderStatus.objects.for_provider(video.provider, now)
    if fallback := fallback_reason_for(video, status, now):
        video.fall_back_to_studio(fallback, now)
        return
    if would_be_late(video, now):
        log.warning("not submitted, would be late", extra={"video": video.pk})
        video.fail(ErrorCode.BAD_CLIP if video.bad_outputs else ErrorCode.LATE, now)
        return
    position = queue_position(video, status)
    if position < 0:
        if due_at := give_way(video, status, now):
            retries.reschedule(video, due_at - now, consecutive_errors=video.consecutive_errors)
            return
        order = prepare_order(video)
        position = admit(video, clock.now(), submission_lease(video.provider), **order_parameters(video))
        if position < 0:
            failpoints.hit("order: counted")
            submit(video, order)
            return
    # Waiting proves nothing, so keep consecutive_errors: a video that fails repeatedly must not block the others.
    retries.reschedule(
        video,
        retry_delay(position) if status.is_available else retries.UNAVAILABLE_DELAY,
        consecutive_errors=video.consecutive_errors,
    )


def fallback_reason_for(video: Video, status: ProviderStatus, now: datetime) -> FallbackReason:
    """Return why the embedded studio should make this video instead; ``NONE`` if it should not."""
    if Video.objects.is_moderation_limited(video.user, now):
        return FallbackReason.MODERATION
    is_configured = registry.remote_provider(video.provider).is_configured
    if not is_configured or (not status.is_available and settings.STUDIO_FALLBACK):
        return FallbackReason.UNAVAILABLE
    return FallbackReason.BUSY if settings.STUDIO_FALLBACK and would_be_late(video, now) else FallbackReason.NONE


def would_be_late(video: Video, now: datetime) -> bool:
    """Return whether an order sent now would be paid for a video that finishes after its promised time."""
    return now + Video.objects.typical_duration(video.provider) > video.promised_by


def order_parameters(video: Video) -> dict[str, Any]:
    """Return the arguments of ``Video.submit``: model, length, and the cost to assume if the provider reports none."""
    offer = registry.remote_provider(video.provider).offer(video.shape, video.seconds)
    return {"model": offer.model, "seconds": offer.seconds, "estimate": offer.price} if offer else {}


def submission_lease(provider: str) -> timedelta:
    """Return a lease that outlasts connecting, waiting for the response and reading it."""
    return max(settings.LEASE_DURATION, 2 * registry.remote_provider(provider).submit_timeout + timedelta(seconds=15))


def prepare_order(video: Video) -> Order:
    """Return the order. If wanted, request a prompt written for this photo, once, whatever the outcome."""
    order = inputs.remote_order(video)
    if video.prompt_source == PromptSource.WANTED:
        video.heartbeat(clock.now(), settings.LEASE_DURATION, prompt_source=PromptSource.TEMPLATE)
        if written := openai.write_prompt(order, warn=warn_staff):
            video.update_claimed(prompt=written, prompt_source=PromptSource.OPENAI)
            order = replace(order, prompt=written)
    return order


# Submission


def submit(video: Video, order: Order) -> None:
    """Send the order, which is already counted, and save the task id. Raises LeaseLost."""
    try:
        provider = registry.remote_provider(video.provider)
        submission = provider.submit(replace(order, key=f"{video.pk}-{video.submissions}"))
        failpoints.hit("order: answered")
    except TemporarilyRejected as error:
        log.warning("order not accepted, requeued", extra={"video": video.pk, "reason": error.reason})
        requeue_refused(video, error)
        ProviderStatus.objects.schedule_check(video.provider, clock.now())
    except AccountUnavailable as error:
        log.error("provider unavailable", extra={"provider": video.provider, "reason": error.reason})
        requeue_unsent(video, retries.UNAVAILABLE_DELAY)
        ProviderStatus.objects.mark_unavailable(
            video.provider, error.reason, clock.now(), required_balance=task_price(video)
        )
    except OrderRejected as error:
        log.warning("order rejected", extra={"video": video.pk, "reason": error.reason})
        handle_rejection(video, error)
    except OutcomeUnknown as error:
        # Keep the step: the next claim finds a submission without a task and calls ``handle_lost_answer``.
        log.warning("response lost", extra={"video": video.pk, "reason": error.reason})
        retries.reschedule(video, retries.RESUBMIT_DELAY)
        ProviderStatus.objects.record_accepted(video.provider)
        ProviderStatus.objects.record_failure(video.provider, error.reason, clock.now())
    else:
        save_task_id(video, provider, submission)


def requeue_refused(video: Video, error: TemporarilyRejected) -> None:
    """Requeue a video that the provider did not take, after the provider's back-off. Raises LeaseLost.

    It keeps its place. Only if the provider takes other orders in between, the rejection counts as the video's own
    error.
    """
    statuses, own_errors = ProviderStatus.objects, video.consecutive_errors
    if isinstance(error, ConnectionFailed):
        failures = statuses.record_connection_failure(video.provider)
    else:
        earlier = statuses.for_provider(video.provider, clock.now()).consecutive_rejections
        own_errors += not earlier
        failures = max(own_errors, earlier + 1)
        statuses.record_rejection(video.provider, error.reason, clock.now())
    wait = retries.delay_with_retry_after(error, backoff(failures))
    requeue_unsent(video, wait, consecutive_errors=own_errors)


def requeue_unsent(video: Video, wait: timedelta, **fields: Any) -> None:
    """Requeue a video whose order certainly created no task; it neither counts nor costs. Raises LeaseLost."""
    fields |= cost_without_current_task(video) | {"submissions": video.submissions - 1, "attempts": 0}
    video.requeue(clock.now(), retries.capped_due_at(video, wait), **fields)


def cost_without_current_task(video: Video) -> dict[str, Any]:
    """Return the cost fields without the current order, which created no task."""
    earlier = (video.provider_cost or 0) - video.current_task_cost
    return {"provider_cost": earlier if video.submissions > 1 else None, "current_task_cost": 0}


def task_price(video: Video) -> int:
    """Return the price of this video in the provider's credits; 0 if it is not offered."""
    offer = registry.remote_provider(video.provider).offer(video.shape, video.seconds)
    return offer.price if offer else 0


def handle_rejection(video: Video, error: OrderRejected) -> None:
    ProviderStatus.objects.record_accepted(video.provider)
    if error.code == RejectionCode.BAD_PROMPT and video.prompt_source == PromptSource.OPENAI:
        fields = {"prompt": video.catalogue_dance.prompt, "prompt_source": PromptSource.TEMPLATE}
        requeue_unsent(video, timedelta(0), **fields)
        return
    video.fail(
        REJECTION_ERROR_CODES.get(error.code, "studio"),
        clock.now(),
        **cost_without_current_task(video),
    )


def save_task_id(video: Video, provider: RemoteProvider, submission: Submission) -> None:
    """Save the task id, retrying while the database is unavailable.

    A task whose id cannot be saved is cancelled, since nobody could find it again.
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
        # Another row waits for this task, so do not cancel it.
        log.error("provider returned the id of another task", extra={"video": video.pk, "task": submission.task_id})
        retries.reschedule(video, retries.RESUBMIT_DELAY)
        ProviderStatus.objects.record_failure(video.provider, "it returned the id of another task", clock.now())
    except Exception:
        retries.cancel_task(provider, video, submission.task_id)
        raise
    else:
        ProviderStatus.objects.record_accepted(video.provider)


def write_task_id(video: Video, fields: dict[str, Any]) -> None:
    now = clock.now()
    with transaction.atomic():
        video.update_claimed(step=Step.RENDERING, due_at=now + retries.poll_delay(), updated_at=now, **fields)
    failpoints.hit("order: saved")


def cost_fields(video: Video, cost: int) -> dict[str, Any]:
    """Return the cost fields with ``cost``, in the provider's credits, in place of the current order's earlier cost."""
    return {"provider_cost": (video.provider_cost or 0) - video.current_task_cost + cost, "current_task_cost": cost}


def handle_lost_answer(video: Video) -> None:
    """Resubmit, if still allowed, a video that may have been submitted but has no known task."""
    log.warning("submitted, task id unknown", extra={"video": video.pk, "submissions": video.submissions})
    retries.resubmit_or_fail(video, "lost", timedelta(0))
