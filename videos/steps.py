"""The state machine: claim one due row, do one step of it, record the outcome.

Everything slow (rendering, HTTP, storage) happens outside any transaction, under a lease that ``Watch`` keeps alive.
Whoever lost the lease stops and writes nothing.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string

from videos import letters, lookout, making, points, remote, rubbish, tidying
from videos.delivery import store
from videos.leases import Leased, LeaseLost
from videos.leftovers import Leftover
from videos.letters import Letter
from videos.line import Line
from videos.makers import REMOTE
from videos.models import Photo, Preview, Step, Video
from videos.providers.base import Interrupted, LocalProvider
from videos.rubbish import Rubbish
from videos.storage import StorageAway
from videos.watch import MAX_ATTEMPTS, UNENDABLE, Overdue, Stopping, Watch, wait_after

log = logging.getLogger(__name__)

# Those that render on this machine, by their name in a row: a provider, or the path of its class. A class is imported
# when its first video is made, by the worker alone, as it is heavy.
PROVIDERS: dict[str, LocalProvider | str] = {"studio": "videos.providers.studio.Studio"}

LANES = ("all", "api", "render")

Row = Video | Preview | Photo | Line | Letter | Rubbish | Leftover


def provider_named(name: str) -> LocalProvider:
    provider = PROVIDERS[name]
    if isinstance(provider, str):
        PROVIDERS[name] = provider = import_string(provider)()
    return provider


def work_once(stopping: Stopping = lambda: False, lane: str = "all", turn: int = 0) -> bool:
    """Claim whatever is due the longest in the lane and advance it by one step; False when nothing is due.

    ``turn`` says which kind of work is asked first: a worker that counts it up lets none starve behind another.
    """
    now = timezone.now()
    kinds = queues(lane)
    first = turn % len(kinds)
    for queue, advance in kinds[first:] + kinds[:first]:
        if row := queue.claim_next(now, settings.LEASE):
            points.at("claimed")
            attempt(row, advance, stopping)
            return True
    return False


def queues(lane: str) -> tuple[tuple[Any, Callable[..., None]], ...]:
    """What a worker of this lane looks after, the most urgent first."""
    remotely, here = Video.objects.filter(provider__in=REMOTE), Video.objects.exclude(provider__in=REMOTE)
    mail, tidy = (Letter.objects, letters.send), (Rubbish.objects, rubbish.empty)
    tasks = (Leftover.objects, tidying.tidy)
    everything: dict[str, tuple[tuple[Any, Callable[..., None]], ...]] = {
        "api": ((Line.objects, lookout.look), (remotely, advance_video), mail, tidy, tasks),
        "render": ((here, advance_video), (Preview.objects, advance_preview), (Photo.objects, advance_photo)),
    }
    everything["all"] = (
        everything["api"][0],
        (Video.objects, advance_video),
        *everything["api"][2:],
        *everything["render"][1:],
    )
    return everything[lane]


def attempt(row: Row, advance: Callable, stopping: Stopping) -> None:
    """One step of ``row``; whatever goes wrong ends in the row, never in the loop."""
    what: dict[str, object] = {str(row._meta.model_name): row.pk, "claim": row.claim, "attempt": row.attempts}
    try:
        advance(row, stopping)
    except LeaseLost:
        log.warning("the lease was lost; this answer is dropped", extra=what)
        if isinstance(row, Video):
            Video.objects.filter(pk=row.pk).update(dropped=F("dropped") + 1)
    except Interrupted:
        log.info("interrupted; due again at once", extra=what)
        postpone(row, timedelta(0), attempts=max(0, row.attempts - 1))
    except Overdue:
        log.warning("not ready by the promised time", extra=what)
        give_up(row, "late")
    except (OperationalError, InterfaceError):
        log.exception("the database went away during the step", extra=what)
        connection.close()
        postpone(row, wait_after(row.attempts), attempts=max(0, row.attempts - 1))
    except Exception as error:
        log.exception("the step failed", extra=what)
        if isinstance(row, Video) and row.is_remote:
            remote.stumbled(row)
        elif not can_be_given_up(row) or isinstance(error, StorageAway):
            postpone(row, wait_after(row.attempts), attempts=min(row.attempts, MAX_ATTEMPTS - 1))
        elif row.attempts >= MAX_ATTEMPTS:
            give_up(row, "studio")
        else:
            postpone(row, wait_after(row.attempts), attempts=row.attempts)


def can_be_given_up(row: Row) -> bool:
    """Not a line or rubbish, which are looked at for ever, nor a leftover, which has an end of its own."""
    return not isinstance(row, Line | Rubbish | Leftover)


def postpone(row: Leased, wait: timedelta, *, attempts: int) -> None:
    """Give the claim back; the row is due again after ``wait``."""
    row.as_claimed.update(due_at=timezone.now() + wait, attempts=attempts)


def give_up(row: Row, code: str) -> None:
    """End a row that cannot go on: a video with its credit returned, a photo as a print, a preview without a file.

    One that cannot even be ended (its charge is missing, say) waits for somebody to look at it, and the rest go on.
    """
    what: dict[str, object] = {str(row._meta.model_name): row.pk}
    try:
        if isinstance(row, Video):
            row.fail(code, timezone.now())
            log.warning("failed; the credit is back", extra={"video": row.pk, "code": code})
        elif isinstance(row, Photo):
            row.record(due_at=None, attempts=0, cut={"mode": "print"})
        else:
            row.record(due_at=None, attempts=0)
    except LeaseLost:
        log.warning("the lease was lost before it could be ended", extra=what)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("it could not be ended", extra=what)
        postpone(row, UNENDABLE, attempts=row.attempts)


def advance_video(video: Video, stopping: Stopping) -> None:
    """Take a claimed video one step on. Raises what ``attempt`` knows how to record."""
    if video.is_remote:
        remote.advance(video, stopping)
        return
    if timezone.now() >= video.promised_by:
        raise Overdue
    if video.attempts > MAX_ATTEMPTS:
        # Five workers claimed it and none came back to say why: it is set aside, and the rest go on.
        log.error("set aside after too many claims", extra={"video": video.pk, "attempt": video.attempts})
        give_up(video, "studio")
        return
    if not video.step:
        video.start(Step.RENDERING, timezone.now())
    with tempfile.TemporaryDirectory(prefix="petgroove-") as folder:
        file = Path(folder) / "dance.mp4"
        watch = Watch(video, stopping, until=video.promised_by)
        order = making.order_for(video, lambda progress: watch(0.0))
        provider_named(video.provider).render(order, file, watch)
        store(video, file, video.seconds)


def advance_photo(photo: Photo, stopping: Stopping) -> None:
    if photo.attempts > MAX_ATTEMPTS:
        give_up(photo, "studio")
        return
    making.prepare(photo, Watch(photo, stopping))
    points.at("photo: prepared")
    photo.record(due_at=None, attempts=0)


def advance_preview(preview: Preview, stopping: Stopping) -> None:
    if preview.attempts > MAX_ATTEMPTS:
        give_up(preview, "studio")
        return
    preview.record(file=making.make_preview(preview, Watch(preview, stopping)), due_at=None, attempts=0)
