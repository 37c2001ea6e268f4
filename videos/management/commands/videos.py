"""List and show videos on the command line, and perform the actions of staff on them."""

import json
import uuid
from argparse import ArgumentTypeError
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.addresses import normalize_email
from videos import clock
from videos.models import Status, Video
from videos.operations.actions import ACTIONS, Action, ActionNotAllowed, AlreadyDone
from videos.operations.replies import reply_for

FIELDS = ("created_at", "id", "owner", "dance", "status", "step", "error_code", "provider_task_id")
DETAIL_FIELDS = (
    "format",
    "style",
    "body",
    "seconds",
    "price",
    "progress",
    "promised_by",
    "provider",
    "submissions",
    "attempts",
    "due_at",
)
RESULT_FIELDS = ("error_message", "provider_failure", "provider_cost", "started_at", "finished_at", "deleted_at")
STATES = ("unfinished", "late", *Status.values)


class Command(BaseCommand):
    help = "List videos, show one, retry failed ones free of charge, refund some, or cancel unfinished ones."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        listing = verbs.add_parser("list", help="List videos, newest first.")
        listing.add_argument("--state", choices=STATES, help="late: unfinished and past the promised time.")
        listing.add_argument("--owner", metavar="EMAIL", help="List only videos of this owner.")
        listing.add_argument(
            "--limit", type=positive, default=20, metavar="N", help="List at most N videos. Default: 20."
        )
        listing.add_argument("--json", action="store_true", help="Print one JSON document.")
        show = verbs.add_parser("show", help="Show the details of a video.")
        show.add_argument("id", metavar="ID", type=uuid.UUID)
        show.add_argument("--json", action="store_true", help="Print one JSON document.")
        for action in ACTIONS.values():
            acting = verbs.add_parser(action.name, help=str(action.description))
            acting.add_argument("ids", nargs="+", metavar="ID", type=uuid.UUID)
            acting.add_argument("--dry-run", action="store_true", help="Print what would be done, and change nothing.")
            acting.add_argument("--json", action="store_true", help="Print one JSON document.")

    def handle(self, *, verb: str, **options: Any) -> None:
        if verb == "list":
            self.list_videos(**options)
        elif verb == "show":
            self.show(self.video(options["id"]), as_json=options["json"])
        else:
            self.perform_each(ACTIONS[verb], **options)

    def list_videos(self, *, state: str | None, owner: str | None, limit: int, **options: Any) -> None:
        videos = Video.objects.select_related("user").order_by("-created_at")
        if owner:
            videos = videos.filter(user__email=normalize_email(owner))
        if state == "late":
            videos = videos.overdue(clock.now())
        elif state:
            videos = videos.unfinished() if state == "unfinished" else videos.filter(status=state)
        rows = [field_values(video, FIELDS) for video in videos[:limit]]
        if options["json"]:
            self.dump(rows)
        elif not rows:
            self.stdout.write("No videos found.")
        else:
            self.table(rows)

    def table(self, rows: list[dict[str, Any]]) -> None:
        heads = list(rows[0])
        widths = {head: max(len(head), *(len(str(row[head] or "")) for row in rows)) for head in heads}
        for row in ({head: head for head in heads}, *rows):
            self.stdout.write("  ".join(str(row[head] or "").ljust(widths[head]) for head in heads).rstrip())

    def show(self, video: Video, *, as_json: bool) -> None:
        details = field_values(video, FIELDS + DETAIL_FIELDS + RESULT_FIELDS) | {
            "for_the_owner": reply_for(video, clock.now())
        }
        if as_json:
            self.dump(details)
            return
        for name, value in details.items():
            self.stdout.write(f"{name:18}{'' if value is None else value}".rstrip())

    def perform_each(self, action: Action, *, ids: list[uuid.UUID], dry_run: bool, **options: Any) -> None:
        results, failed = [], 0
        for pk in ids:
            try:
                message, succeeded = self.perform_one(self.video(pk), action, dry_run=dry_run), True
            except AlreadyDone as error:
                message, succeeded = str(error), True
            except (ActionNotAllowed, CommandError) as error:
                message, succeeded = str(error), False
            failed += not succeeded
            results.append({"id": str(pk), "done": succeeded and not dry_run, "message": message})
            if not options["json"]:
                self.stdout.write(f"{pk}  {message}")
        if options["json"]:
            self.dump(results)
        if failed:
            raise CommandError(f"{failed} of {len(ids)} failed.")

    def perform_one(self, video: Video, action: Action, *, dry_run: bool) -> str:
        with transaction.atomic():
            result = action.perform(video.pk, clock.now(), None)
            # A dry run meets every obstacle of the real one, such as an unavailable provider, and changes nothing.
            transaction.set_rollback(dry_run)
        return f"would be {action.outcome}" if dry_run else str(result)

    def video(self, pk: uuid.UUID) -> Video:
        video = Video.objects.select_related("user", "photo").filter(pk=pk).first()
        if video is None:
            raise CommandError(f"There is no video {pk}. List all: python manage.py videos list")
        return video

    def dump(self, data: Any) -> None:
        self.stdout.write(json.dumps(data, indent=1, default=str))


def positive(text: str) -> int:
    """Return the number that an argument gives. Raises ArgumentTypeError if it is not at least 1."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is not a number of at least 1.")
    return int(text)


def field_values(video: Video, names: tuple[str, ...]) -> dict[str, Any]:
    """Return the named fields of a video, with times in UTC."""
    values = {}
    for name in names:
        value = video.user.email if name == "owner" else getattr(video, name)
        values[name] = f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else value
    return values | {"id": str(video.pk)}
