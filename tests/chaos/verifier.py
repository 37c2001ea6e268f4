"""Check rows, credits and files against the requests, the provider's journal and the sent notifications."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.utils import timezone

from credits import audit as credits_audit
from credits.models import Account, Entry
from tests.chaos.owners import Form, Owner
from tests.runway.fake_server.clips import picture_digest
from videos.models import Photo, Status, Video
from videos.operations import audit

NOTIFICATIONS = {Status.SUCCEEDED: "video_ready", Status.FAILED: "credit_refunded"}


class Verifier:
    """Find everything that a scenario lost, duplicated or mixed up.

    ``events`` is the provider's journal. ``rendered`` are the clips of the studio: the video's id and the digest of
    the coded pictures. ``pages`` maps each form to the page that it led to. ``message_ids`` are those of all sent
    e-mails. ``lost`` is the number of workers that may have died with a response that was not yet saved.
    """

    def __init__(
        self,
        events: list[dict[str, Any]],
        rendered: set[tuple[str, str]],
        pages: dict[Form, str],
        message_ids: list[str],
        lost: int,
    ) -> None:
        self.pages, self.rendered, self.message_ids = pages, rendered, Counter(message_ids)
        self.accepted = [event for event in events if event["event"] == "accepted"]
        self.served = {(event["task"], event["pictures"]) for event in events if event["event"] == "served"}
        self.deleted = {event["task"] for event in events if event["event"] == "deleted"}
        self.faults = count_faults(events)
        create_faults = [event for event in events if event["event"] == "fault" and event["on"] == "create"]
        self.lost = lost + sum(event["accepted"] or event["do"] == "short" for event in create_faults)
        self.videos = {video.pk: video for video in Video.objects.all()}

    def violations(self) -> list[str]:
        """Return a sentence for each violation."""
        violations = [f"{row.rule} {row.row}: {row.sentence}" for row in credits_audit.violations()]
        violations += [f"{row.rule} {row.row}: {row.sentence}" for row in audit.violations(timezone.now())]
        violations += [
            *self.check_forms(),
            *self.check_money(),
            *self.check_tasks(),
            *self.check_files(),
            *self.check_notifications(),
        ]
        if waiting := Photo.objects.exclude(due_at=None).count():
            violations.append(f"{waiting} photos were not cut out")
        return violations

    def check_forms(self) -> Iterator[str]:
        """I8: each form that led to a page has one video, of its owner, at that page. No other form has a video."""
        rows: dict[tuple[int, Any], list[Video]] = defaultdict(list)
        for video in self.videos.values():
            rows[video.user_id, video.idempotency_key].append(video)
        for form, page in self.pages.items():
            urls = [video.get_absolute_url() for video in rows.pop((form.owner.pk, form.key), [])]
            if urls != [page] * (page != ""):
                yield f"I8 form {form.key} of {form.owner.email} led to {page or 'no video'}, but its videos are {urls}"
        for videos in rows.values():
            yield f"I8 no form requested {', '.join(str(video.pk) for video in videos)}"

    def check_money(self) -> Iterator[str]:
        """I6: each owner's balance is the granted credits less one for each of the owner's forms with a ready video."""
        ready: Counter[int] = Counter()
        for form, page in self.pages.items():
            video = next((video for video in self.videos.values() if page and page == video.get_absolute_url()), None)
            ready[form.owner.pk] += video is not None and video.status == Status.SUCCEEDED
        owners: dict[int, Owner] = {form.owner.pk: form.owner for form in self.pages}
        for pk, owner in owners.items():
            balance = Account.objects.values_list("balance", flat=True).get(user=pk)
            if balance != owner.granted - ready[pk]:
                details = f"{owner.granted} credits granted, {ready[pk]} videos ready, balance {balance}"
                yield f"I6 {owner.email}: {details}"

    def check_tasks(self) -> Iterator[str]:
        """I11, I13 and I14: compare the tasks that the provider accepted with our counts and task ids."""
        accepted = Counter(event["seed"] for event in self.accepted)
        for video in self.videos.values():
            if accepted[video.seed] > video.submissions or video.submissions > 2:
                yield f"I11 {video.pk}: {accepted[video.seed]} tasks accepted, {video.submissions} counted"
            if video.status not in (Status.SUCCEEDED, Status.FAILED):
                yield f"I14 {video.pk} is still {video.status}"
        for seed in set(accepted) - {video.seed for video in self.videos.values()}:
            yield f"I11 a task with seed {seed} belongs to no video"
        ids = [video.provider_task_id for video in self.videos.values() if video.provider_task_id]
        if len(set(ids)) != len(ids):
            yield "I13 two videos have the same task"
        if len(self.orphans()) > self.lost:
            yield f"I11 {len(self.orphans())} tasks are orphaned, but only {self.lost} responses were lost"

    def orphans(self) -> set[str]:
        """Return the accepted tasks that were not deleted and whose ids no row has."""
        rows = self.videos.values()
        known = {task for video in rows for task in (video.provider_task_id, *video.previous_task_ids) if task}
        return {event["task"] for event in self.accepted} - known - self.deleted

    def check_files(self) -> Iterator[str]:
        """I15: each file is the verified one, and has the coded pictures that were served for this video."""
        seeds = {event["task"]: event["seed"] for event in self.accepted}
        for video in self.videos.values():
            if video.status != Status.SUCCEEDED:
                continue
            with default_storage.open(video.file.name) as file:
                data = file.read()
            if hashlib.sha256(data).hexdigest() != video.sha256:
                yield f"I15 {video.pk}: the file is not the one that was verified"
            pictures = picture_digest(data)
            by_task = (video.provider_task_id, pictures) in self.served and seeds[video.provider_task_id] == video.seed
            if not (by_task if video.is_remote else (str(video.pk), pictures) in self.rendered):
                yield f"I15 {video.pk}: its file belongs to another video"

    def check_notifications(self) -> Iterator[str]:
        """Each finished video has a notification of the right kind, and none of another kind."""
        sent: dict[str, set[str]] = defaultdict(set)
        for message_id in self.message_ids:
            video, _, kind = message_id.strip("<>").partition("@")[0].partition(".")
            sent[video].add(kind)
        for video in self.videos.values():
            if sent.pop(str(video.pk), set()) != {NOTIFICATIONS.get(Status(video.status))}:
                yield f"missing or wrong notification for {video.pk}, which is {video.status}"
        for video_id in sent:
            yield f"notification for {video_id}, which does not exist"

    def figures(self) -> dict[str, int]:
        """Return the figures of the result table."""
        states = Counter(video.status for video in self.videos.values())
        return {
            "requested": sum(page != "" for page in self.pages.values()),
            "videos": len(self.videos),
            "ready": states[Status.SUCCEEDED],
            "refunded": states[Status.FAILED],
            "rendered by the studio": sum(not video.is_remote for video in self.videos.values()),
            "forms without credits": sum(page == "" for page in self.pages.values()),
            "submissions counted": sum(video.submissions for video in self.videos.values()),
            "tasks accepted": len(self.accepted),
            "responses lost": self.lost,
            "orphaned tasks": len(self.orphans()),
            "faults": self.faults,
            "entries": Entry.objects.count(),
            "photos cut out": Photo.objects.count(),
            "notifications": sum(self.message_ids.values()),
            "duplicate notifications": sum(self.message_ids.values()) - len(self.message_ids),
        }


def count_faults(events: list[dict[str, Any]]) -> int:
    """Return the number of faults so far: failed calls, and accepted tasks with a bad outcome."""
    return sum(event["event"] == "fault" or bool(event.get("fate")) for event in events)


def message_ids(outbox: Path) -> list[str]:
    """Return the Message-ID of every e-mail in the outbox. A long one is folded onto the line after its name."""
    header = re.compile(r"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
    return [message_id for path in outbox.glob("*") for message_id in header.findall(path.read_text(errors="replace"))]
