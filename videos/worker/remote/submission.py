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
from videos.models import Line, PromptSource, Step, Video
from videos.models.choices import StoodIn
from videos.providers import openai, registry
from videos.providers.base import Closed, NotAccepted, NotReached, Order, Refused, Submission, Unknown
from videos.providers.runway.answers import Refusal
from videos.providers.runway.catalogue import model_named
from videos.providers.runway.client import Runway
from videos.worker import inputs
from videos.worker.keepalive import wait_after
from videos.worker.remote import retries
from videos.worker.remote.admission import enter, turn_after

log = logging.getLogger(__name__)

# How long the id of a task is held while the database is away, in seconds.
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)

REFUSALS = {Refusal.BAD_PHOTO: "bad_photo", Refusal.NOT_OFFERED: "not_offered"}


def take_turn(video: Video) -> None:
    """Go in when there is a place, the studio is open and everybody before has gone in; else ask again later."""
    now = timezone.now()
    line = Line.objects.of(video.provider, now)
    if why := stand_in_for(video, line, now):
        video.hand_to_studio(why, now)
        return
    if is_too_late(video, now):
        log.warning("not sent: it could not be ready in time", extra={"video": video.pk})
        video.fail("late", now)
        return
    places = 0 if line.is_closed else line.places_behind(video)
    if places < 0:
        order = ready_order(video)
        places = enter(video, timezone.now(), submission_lease(), **what_is_ordered(video))
        if places < 0:
            failpoints.at("order: counted")
            send(video, order)
            return
    # To wait is no proof that it goes well now: one that went wrong again and again still holds nobody up.
    retries.again(video, retries.CLOSED_TURN if line.is_closed else turn_after(places), troubles=video.troubles)


def stand_in_for(video: Video, line: Line, now: datetime) -> StoodIn:
    """Why the embedded studio is to dance this one instead; NO when it is not."""
    if Video.objects.struck_out(video.user, now):
        return StoodIn.STRIKES
    if not settings.RUNWAY_API_KEY or (line.is_closed and settings.STUDIO_FALLBACK):
        return StoodIn.CLOSED
    return StoodIn.BUSY if settings.STUDIO_FALLBACK and is_too_late(video, now) else StoodIn.NO


def is_too_late(video: Video, now: datetime) -> bool:
    """Whether an order that is sent now would be paid for a video that comes after its time."""
    return now + Video.objects.typical_time(video.provider) > video.promised_by


def what_is_ordered(video: Video) -> dict[str, Any]:
    """The model and length of the order, and what it costs when the studio does not tell; for ``Video.submit``."""
    model = model_named(settings.RUNWAY_MODEL_ID)
    return {"model": model.id, "seconds": model.seconds(video.seconds), "estimate": model.price(video.seconds) or 0}


def submission_lease() -> timedelta:
    """Longer than the connection, the wait for an answer and the reading of it may take together."""
    return max(settings.LEASE, timedelta(seconds=2 * settings.RUNWAY_TIMEOUT + 15))


def ready_order(video: Video) -> Order:
    """The order, in words written for this very photo where that is wanted: asked for once, whatever comes of it."""
    order = inputs.order_from_afar(video)
    if video.prompt_source == PromptSource.WANTED:
        video.keep(timezone.now(), settings.LEASE, prompt_source=PromptSource.TEMPLATE)
        if written := openai.written_for(order):
            video.record(prompt=written, prompt_source=PromptSource.OPENAI)
            order = replace(order, prompt=written)
    return order


# Sent


def send(video: Video, order: Order) -> None:
    """Send the order, which is counted already, and keep the task's id. Raises LeaseLost."""
    try:
        provider = registry.runway()
        made = provider.submit(order)
        failpoints.at("order: answered")
    except NotAccepted as error:
        log.warning("not taken; in line again", extra={"video": video.pk, "reason": error.reason})
        troubles = video.troubles + 1
        take_back(video, retries.retry_wait(error, wait_after(troubles)), troubles=troubles)
        Line.objects.look_soon(video.provider, timezone.now())
        if not isinstance(error, NotReached):
            Line.objects.turned_one_away(video.provider, error.reason, timezone.now())
    except Closed as error:
        log.error("the studio is closed", extra={"line": video.provider, "reason": error.reason})
        take_back(video, retries.CLOSED_TURN)
        Line.objects.close(video.provider, error.reason, timezone.now(), needed=price_of(video))
    except Refused as error:
        log.warning("refused", extra={"video": video.pk, "reason": error.reason})
        refused(video, error)
    except Unknown as error:
        # It stays as it is: a claim that finds it submitted, without a task, knows what to do.
        log.warning("the answer is lost", extra={"video": video.pk, "reason": error.reason})
        retries.again(video, retries.SECOND_TRY)
        Line.objects.took_one(video.provider)
        Line.objects.lost_one(video.provider, error.reason, timezone.now())
    else:
        keep_task(video, provider, made)


def take_back(video: Video, wait: timedelta, **fields: Any) -> None:
    """Surely nothing was made of the order: it counts and costs nothing. Raises LeaseLost."""
    fields |= unpaid(video) | {"submissions": video.submissions - 1, "attempts": 0}
    video.requeue(timezone.now(), retries.due_after(video, wait), **fields)


def unpaid(video: Video) -> dict[str, Any]:
    """The cost without that of this order, of which nothing was made."""
    earlier = (video.provider_cost or 0) - video.order_cost
    return {"provider_cost": earlier if video.submissions > 1 else None, "order_cost": 0}


def price_of(video: Video) -> int:
    try:
        return registry.runway().model.price(video.seconds) or 0
    except Closed:
        return 0


def refused(video: Video, error: Refused) -> None:
    Line.objects.took_one(video.provider)
    if error.code == Refusal.BAD_PROMPT and video.prompt_source == PromptSource.OPENAI:
        words = {"prompt": video.style.prompt, "prompt_source": PromptSource.TEMPLATE}
        take_back(video, timedelta(0), **words)
        return
    video.fail(REFUSALS.get(Refusal(error.code), "studio"), timezone.now(), **unpaid(video))


def keep_task(video: Video, provider: Runway, made: Submission) -> None:
    """Write the task's id into the row, also when the database is away for a while.

    A task that no row can hold is cancelled, since nobody would ever find it again.
    """
    fields: dict[str, Any] = {"provider_task_id": made.task_id, "attempts": 0, "troubles": 0, "progress": 0.0}
    if made.cost is not None:
        fields |= cost_of(video, made.cost)
    try:
        for pause in (*PAUSES, None):
            try:
                write_task(video, fields)
                break
            except (OperationalError, InterfaceError):
                if pause is None:
                    raise
                log.warning("the database is away", extra={"video": video.pk, "task": made.task_id})
                connection.close()
                time.sleep(pause)
    except IntegrityError:
        # A row names this task already, and somebody waits for it: it is not ours to cancel.
        log.error("the studio gave the id of another task", extra={"video": video.pk, "task": made.task_id})
        retries.again(video, retries.SECOND_TRY)
        Line.objects.lost_one(video.provider, "an id that another task has", timezone.now())
    except Exception:
        retries.forget(provider, video, made.task_id)
        raise
    else:
        Line.objects.took_one(video.provider)


def write_task(video: Video, fields: dict[str, Any]) -> None:
    now = timezone.now()
    with transaction.atomic():
        video.record(step=Step.RENDERING, due_at=now + retries.next_poll(), updated_at=now, **fields)
    failpoints.at("order: kept")


def cost_of(video: Video, cost: int) -> dict[str, Any]:
    """What ``cost``, in the studio's credits, makes of the row: it takes the place of what the order counted so far."""
    return {"provider_cost": (video.provider_cost or 0) - video.order_cost + cost, "order_cost": cost}


def answer_lost(video: Video) -> None:
    """It was sent, or was about to be, and nobody knows the task: once more, while that is allowed."""
    log.warning("sent, and no task is known", extra={"video": video.pk, "submissions": video.submissions})
    retries.send_again_or_fail(video, "lost", timedelta(0))
