"""The verdict from outside: rows, money and bytes against what was asked, what was served and what was sent."""

import hashlib
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

PARTS = {Status.SUCCEEDED: "video_ready", Status.FAILED: "credit_refunded"}


class Verifier:
    """``events`` is the provider's journal, ``made`` what our own studio handed out (video and coded pictures),
    ``pages`` where each form led, ``letters`` the Message-IDs of all mail, ``lost`` how many workers died where they
    may have held an answer that nobody else knows.
    """

    def __init__(
        self,
        events: list[dict[str, Any]],
        made: set[tuple[str, str]],
        pages: dict[Form, str],
        letters: list[str],
        lost: int,
    ) -> None:
        self.pages, self.made, self.letters = pages, made, Counter(letters)
        self.accepted = [event for event in events if event["event"] == "accepted"]
        self.served = {(event["task"], event["pictures"]) for event in events if event["event"] == "served"}
        self.deleted = {event["task"] for event in events if event["event"] == "deleted"}
        self.faults = count_faults(events)
        create_faults = [event for event in events if event["event"] == "fault" and event["on"] == "create"]
        self.lost = lost + sum(event["accepted"] or event["do"] == "short" for event in create_faults)
        self.videos = {video.pk: video for video in Video.objects.all()}

    def violations(self) -> list[str]:
        """What is wrong, in sentences."""
        found = [f"{row.rule} {row.row}: {row.sentence}" for row in credits_audit.violations()]
        found += [f"{row.rule} {row.row}: {row.sentence}" for row in audit.violations(timezone.now())]
        found += [
            *self.check_forms(),
            *self.check_money(),
            *self.check_tasks(),
            *self.check_files(),
            *self.check_notifications(),
        ]
        if waiting := Photo.objects.exclude(due_at=None).count():
            found.append(f"{waiting} photos were never cut out")
        return found

    def check_forms(self) -> Iterator[str]:
        """I8: each form that was answered with a page has one video, of its owner, at that page; no other has one."""
        rows: dict[tuple[int, Any], list[Video]] = defaultdict(list)
        for video in self.videos.values():
            rows[video.user_id, video.idempotency_key].append(video)
        for form, page in self.pages.items():
            there = [video.get_absolute_url() for video in rows.pop((form.owner.pk, form.key), [])]
            if there != [page] * (page != ""):
                yield f"I8 form {form.key} of {form.owner.email} led to {page or 'no video'}, there is {there}"
        for videos in rows.values():
            yield f"I8 nobody asked for {', '.join(str(video.pk) for video in videos)}"

    def check_money(self) -> Iterator[str]:
        """Each owner has what was given, less one credit for each own form that became a video."""
        ready: Counter[int] = Counter()
        for form, page in self.pages.items():
            video = next((video for video in self.videos.values() if page and page == video.get_absolute_url()), None)
            ready[form.owner.pk] += video is not None and video.status == Status.SUCCEEDED
        owners: dict[int, Owner] = {form.owner.pk: form.owner for form in self.pages}
        for pk, owner in owners.items():
            balance = Account.objects.values_list("balance", flat=True).get(user=pk)
            if balance != owner.granted - ready[pk]:
                told = f"{owner.granted} credits were given, {ready[pk]} became videos, {balance} are left"
                yield f"I6 {owner.email}: {told}"

    def check_tasks(self) -> Iterator[str]:
        """I11, I13 and I14: what the provider took against what we counted and know."""
        taken = Counter(event["seed"] for event in self.accepted)
        for video in self.videos.values():
            if taken[video.seed] > video.submissions or video.submissions > 2:
                yield f"I11 {video.pk}: {taken[video.seed]} tasks accepted, {video.submissions} counted"
            if video.status not in (Status.SUCCEEDED, Status.FAILED):
                yield f"I14 {video.pk} is still {video.status}"
        for seed in set(taken) - {video.seed for video in self.videos.values()}:
            yield f"I11 a task of seed {seed} belongs to no video"
        ids = [video.provider_task_id for video in self.videos.values() if video.provider_task_id]
        if len(set(ids)) != len(ids):
            yield "I13 two videos have the same task"
        if len(self.orphans()) > self.lost:
            yield f"I11 {len(self.orphans())} tasks are known to nobody, {self.lost} answers were lost"

    def orphans(self) -> set[str]:
        """The tasks whose ids no row has and that were not deleted."""
        rows = self.videos.values()
        known = {task for video in rows for task in (video.provider_task_id, *video.previous_task_ids) if task}
        return {event["task"] for event in self.accepted} - known - self.deleted

    def check_files(self) -> Iterator[str]:
        """I15: each file is what was checked, and has the coded pictures that were served for this very video."""
        seeds = {event["task"]: event["seed"] for event in self.accepted}
        for video in self.videos.values():
            if video.status != Status.SUCCEEDED:
                continue
            with default_storage.open(video.file.name) as file:
                data = file.read()
            if hashlib.sha256(data).hexdigest() != video.sha256:
                yield f"I15 {video.pk}: the file is not the one that was checked"
            shown = picture_digest(data)
            by_task = (video.provider_task_id, shown) in self.served and seeds[video.provider_task_id] == video.seed
            if not (by_task if video.is_remote else (str(video.pk), shown) in self.made):
                yield f"I15 {video.pk}: its file was served for no task of its own"

    def check_notifications(self) -> Iterator[str]:
        """Each end has its letter, of the right kind and of no other."""
        sent: dict[str, set[str]] = defaultdict(set)
        for letter in self.letters:
            video, _, part = letter.strip("<>").partition("@")[0].partition(".")
            sent[video].add(part)
        for video in self.videos.values():
            if sent.pop(str(video.pk), set()) != {PARTS.get(Status(video.status))}:
                yield f"the letter about {video.pk}, which {video.status}, is missing or another one"
        for video_id in sent:
            yield f"a letter about {video_id}, which is no video"

    def facts(self) -> dict[str, int]:
        """The figures of the table."""
        states = Counter(video.status for video in self.videos.values())
        return {
            "asked": sum(page != "" for page in self.pages.values()),
            "videos": len(self.videos),
            "ready": states[Status.SUCCEEDED],
            "credits back": states[Status.FAILED],
            "made by our own studio": sum(not video.is_remote for video in self.videos.values()),
            "forms without a credit": sum(page == "" for page in self.pages.values()),
            "orders counted": sum(video.submissions for video in self.videos.values()),
            "tasks accepted": len(self.accepted),
            "answers lost": self.lost,
            "tasks known to nobody": len(self.orphans()),
            "faults": self.faults,
            "entries": Entry.objects.count(),
            "photos cut out": Photo.objects.count(),
            "letters": sum(self.letters.values()),
            "letters sent twice": sum(self.letters.values()) - len(self.letters),
        }


def count_faults(events: list[dict[str, Any]]) -> int:
    """How many faults have hit so far: calls that went wrong, and tasks that were taken with a bad fate."""
    return sum(event["event"] == "fault" or bool(event.get("fate")) for event in events)


def message_ids(outbox: Path) -> list[str]:
    """The Message-ID of every mail that was sent."""
    found = []
    for path in outbox.glob("*"):
        for line in path.read_text(errors="replace").splitlines():
            if line.lower().startswith("message-id:"):
                found.append(line.split(":", 1)[1].strip())
    return found
