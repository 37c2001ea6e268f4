"""The mutants: each is a way to write it wrongly that reads well enough."""

import hashlib
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from credits import ledger
from credits.models import Account, Entry, Kind
from tests.machine.studio import Studio
from videos import points
from videos.letters import Letter
from videos.models import Status, Step, Video
from videos.providers.base import Order, Submission, Task, Unknown


def charge_outside(self: Any, *, user: Any, photo: Any, dance: Any, shape: Any, form_key: Any, now: datetime) -> Video:
    """Charges first, and puts the video in line after."""
    if video := self.filter(user=user, form_key=form_key).first():
        return video
    video = Video(
        user=user, photo=photo, dance=dance.slug, format=shape.slug, focus_x=0.5, focus_y=0.5, prompt=dance.prompt,
        provider="runway", form_key=form_key, created_at=now, due_at=now, promised_by=now + timedelta(minutes=15),
    )  # fmt: skip
    ledger.charge(user, 1, video.subject, reason=video.title)
    points.at("request: charged")
    try:
        video.save(force_insert=True)
    except IntegrityError:
        return self.get(user=user, form_key=form_key)
    points.at("request: committed")
    return video


def refund_outside(self: Video, code: str, now: datetime, *, by: User | None = None, **fields: object) -> None:
    """Ends the video first, and gives the credit back after."""
    ended = {"status": Status.FAILED, "step": Step.NONE, "due_at": None, "error_code": code, "finished_at": now}
    self.record(**ended, **fields)
    points.at("end: failing")
    with transaction.atomic():
        ledger.refund(self.subject, reason="It did not work out", by=by)
        self.leave_task(now)
        Letter.objects.write(self, now)
    points.at("end: failed")


def refund_to_the_first_account(subject: str, *, reason: str, by: User | None = None) -> Entry:
    """Gives back what was charged, once, and to the first account that ever paid."""
    charged = Entry.objects.get(reference=f"{subject}:charge")
    account = Account.objects.filter(entries__kind=Kind.CHARGE).earliest("entries__pk")
    return ledger.append_once(account, -charged.amount, Kind.REFUND, f"{subject}:refund", reason=reason, by=by)


def bring_home_unchecked(video: Video, provider: Any, task: Task, watch: Any, seconds: int) -> None:
    """Takes whatever came for the video, and stores it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "clip.mp4"
        provider.fetch(task, file, watch)
        data = file.read_bytes()
    name = default_storage.save(video.name_of("dance.mp4"), ContentFile(data))
    facts = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    video.succeed(file=name, poster=name, now=timezone.now(), **facts)


class Resending(Studio):
    """Sends an order again when its answer was lost, as HTTP libraries like to do."""

    def submit(self, order: Order) -> Submission:
        try:
            return super().submit(order)
        except Unknown:
            return super().submit(order)
