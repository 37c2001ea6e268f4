"""A state machine over credits and videos: two owners, staff, one worker, an unreliable provider, and crashes."""

import hashlib
import itertools
import shutil
import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from functools import cache
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from credits import audit as credits_audit
from credits import ledger
from credits.ledger import InsufficientCredits, ReferenceTaken
from credits.models import Account, Entry, Kind
from tests.conftest import person
from tests.environment import VAR
from tests.stateful.fake_provider import CREATE, FATES, LOST, REJECTED, FakeProvider
from tests.stateful.ledger_model import INITIAL_CREDITS, OwnerModel
from tests.videos.conftest import jpeg
from videos import dances, failpoints, formats, photos
from videos.models import (
    Photo,
    ProviderStatus,
    ProviderTaskDeletion,
    ProviderUnavailable,
    Status,
    StoredFileDeletion,
    Video,
    VideoNotification,
)
from videos.models.provider_status import MAX_RECHECK_INTERVAL
from videos.operations import actions, audit
from videos.ordering import request_video
from videos.privacy import close_account
from videos.providers import registry
from videos.uploads import store_photo
from videos.worker.keepalive import MAX_ATTEMPTS
from videos.worker.runner import work_once

PEOPLE = itertools.count()
MAX_VIDEOS = 6
NO_CRASH = ""
REQUEST_POINTS = (NO_CRASH, "request: charged", "request: committed")
WORKER_POINTS = (NO_CRASH, "end: failing", "order: answered", "order: counted", "files: stored", "notification: sent")
CANCEL_POINTS = (NO_CRASH, "end: failing", "end: failed")

owner_indexes = st.integers(0, 1)
video_numbers = st.integers(0, MAX_VIDEOS - 1)


@cache
def small_photo() -> photos.Normalised:
    """Return a photo of the minimum size. Each new owner needs one, and its content does not matter."""
    return photos.normalise(jpeg(210, 280))


class Crash(BaseException):
    """Simulate the death of the process."""


def charged_videos() -> set[uuid.UUID]:
    """Return the ids of the ready and unfinished videos, which each cost their owner a credit."""
    return set(Video.objects.exclude(status=Status.FAILED).values_list("pk", flat=True))


class VideoMachine(RuleBasedStateMachine):
    """Two owners with four credits each, one worker, an unreliable provider, and crashes where credits are at stake."""

    clip = b""

    def __init__(self) -> None:
        super().__init__()
        # Empty the database and storage, so that one example's damage does not fail the next.
        call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
        ContentType.objects.clear_cache()
        shutil.rmtree(VAR / "media", ignore_errors=True)
        self.provider = FakeProvider(self.clip)
        registry.remote_provider = lambda name: self.provider
        self.crash_at = ""
        failpoints.hook = self.hit_failpoint
        self.staff = person(f"staff-{next(PEOPLE)}@example.org", is_staff=True)
        self.owners = [self.new_owner(), self.new_owner()]
        self.former_owners: list[OwnerModel] = []
        self.keys = [uuid.uuid4() for _ in range(MAX_VIDEOS)]
        self.grants: dict[str, tuple[int, int]] = {}

    def new_owner(self) -> OwnerModel:
        user = person(f"machine-{next(PEOPLE)}@example.org", credits=INITIAL_CREDITS)
        photo = store_photo(user, small_photo(), timezone.now())
        Photo.objects.filter(pk=photo.pk).update(due_at=None, cutout_info={"mode": "print", "heads": []})
        return OwnerModel(user, photo)

    def hit_failpoint(self, point: str) -> None:
        """Raise Crash, once, if the process must crash at this point."""
        if point == self.crash_at:
            self.crash_at = ""
            raise Crash(point)

    def known_videos(self) -> dict[uuid.UUID, Any]:
        """Map the id of each requested video to its owner's id."""
        return {pk: owner.user.pk for owner in (*self.former_owners, *self.owners) for pk in owner.videos.values()}

    def pick_video(self, number: int) -> Video:
        """Return a requested video. Numbers beyond the last video wrap around."""
        known = list(self.known_videos())
        return Video.objects.get(pk=known[number % len(known)])

    # Owners

    @rule(
        owner_index=owner_indexes,
        key=video_numbers,
        crash=st.sampled_from(REQUEST_POINTS),
        faults=st.lists(st.sampled_from(CREATE), max_size=1),
        fates=st.lists(st.sampled_from(FATES), max_size=1),
    )
    def request_dance(self, owner_index: int, key: int, crash: str, faults: list[str], fates: list[str]) -> None:
        """Request a video while the provider has faults. A repeated key is the same form sent again."""
        self.crash_at = crash
        self.provider.faults.extend(faults)
        self.provider.fates.extend(fates)
        owner, form = self.owners[owner_index], self.keys[key]
        owed = owner.owed(charged_videos())
        try:
            video = request_video(
                user=owner.user,
                photo=owner.photo,
                dance=dances.BY_SLUG["disco"],
                shape=formats.BY_SLUG["tall"],
                idempotency_key=form,
                now=timezone.now(),
            )
            assert owner.videos.setdefault(form, video.pk) == video.pk, f"form {form} led to two videos"
        except ProviderUnavailable:
            pass
        except InsufficientCredits:
            assert owed == 0, f"{owed} credits were owed, but the balance was zero"
        except Crash as crashed:
            if str(crashed) == "request: committed":
                owner.videos[form] = (
                    Video.objects.filter(idempotency_key=form).exclude(pk__in=self.known_videos()).get().pk
                )
        self.crash_at = NO_CRASH

    @precondition(known_videos)
    @rule(number=video_numbers)
    def owner_deletes_video(self, number: int) -> None:
        """An owner can delete a finished video with its files, but not an unfinished one. No credits change."""
        video = self.pick_video(number)
        is_deletable = not video.is_unfinished and video.deleted_at is None
        assert video.delete_by_owner(timezone.now()) == is_deletable

    @precondition(lambda self: any(owner.videos for owner in self.owners))
    @rule(owner_index=owner_indexes)
    def owner_leaves(self, owner_index: int) -> None:
        """An owner closes the account: unfinished videos are refunded and the balance is forfeited. Another joins."""
        close_account(self.owners[owner_index].user, timezone.now())
        self.owners[owner_index].is_closed = True
        self.former_owners.append(self.owners[owner_index])
        self.owners[owner_index] = self.new_owner()

    # Staff

    @precondition(known_videos)
    @rule(number=video_numbers, crash=st.sampled_from(CANCEL_POINTS))
    def staff_stop_video(self, number: int, crash: str) -> None:
        """Staff cancel a video, and the process may crash. A finished video does not change."""
        self.crash_at = crash
        video = self.pick_video(number)
        with suppress(Crash):
            try:
                actions.CANCEL.perform(video.pk, timezone.now(), self.staff)
            except actions.ActionNotAllowed:
                assert not video.is_unfinished
            else:
                assert video.is_unfinished
        self.crash_at = NO_CRASH

    @rule(owner_index=owner_indexes, amount=st.integers(1, 2), reference_number=st.integers(0, 3))
    def staff_grant(self, owner_index: int, amount: int, reference_number: int) -> None:
        """Staff grant credits. The same grant counts once per reference; a different one is rejected."""
        owner, reference = self.owners[owner_index], f"grant:machine-{reference_number}"
        known = self.grants.setdefault(reference, (owner.user.pk, amount))
        is_new = not ledger.is_known(reference)
        try:
            ledger.grant(owner.user, amount, reason="A gift", by=self.staff, reference=reference)
        except ReferenceTaken:
            assert known != (owner.user.pk, amount)
        else:
            assert known == (owner.user.pk, amount)
            owner.granted += amount * is_new

    @rule(owner_index=owner_indexes, amount=st.sampled_from((-3, -1, 1)))
    def staff_adjust(self, owner_index: int, amount: int) -> None:
        """Staff correct a balance. A correction below zero changes nothing."""
        owner = self.owners[owner_index]
        owed = owner.owed(charged_videos())
        try:
            ledger.adjust(owner.user, amount, reason="A correction", by=self.staff)
        except InsufficientCredits:
            assert owed + amount < 0, f"{owed} credits were owed, but the balance was lower"
        else:
            owner.granted += amount

    # Time

    @rule(
        crash=st.sampled_from(WORKER_POINTS),
        truncated_clips=st.sampled_from((1, 0, 2)),
        lost_polls=st.integers(0, MAX_ATTEMPTS + 2),
    )
    def time_passes(self, crash: str = NO_CRASH, truncated_clips: int = 0, lost_polls: int = 0) -> None:
        """All queued work becomes due, and the worker does it. Clips may be truncated, polls may fail."""
        self.crash_at, self.provider.truncated_clips, self.provider.lost_polls = crash, truncated_clips, lost_polls
        now = timezone.now()
        # Distinct times keep the order of work the same each time that an example runs.
        for position, video in enumerate(Video.objects.unfinished().order_by("created_at")):
            Video.objects.filter(pk=video.pk).update(due_at=now - timedelta(seconds=100 - position))
        # End the cooldown of an unavailable provider. Checking an available one would change nothing.
        ProviderStatus.objects.exclude(unavailable_since=None).update(
            unavailable_since=now - MAX_RECHECK_INTERVAL, due_at=now
        )
        for rows in (VideoNotification, StoredFileDeletion, ProviderTaskDeletion):
            rows.objects.exclude(due_at=None).update(due_at=now)
        for _ in range(12):
            try:
                if not work_once(queue="api"):
                    break
            except Crash:
                # The dead worker's lease expires.
                Video.objects.unfinished().update(due_at=timezone.now())
        self.crash_at = NO_CRASH

    @rule(owner_index=owner_indexes, key=video_numbers, truncated_clips=st.sampled_from((2, 1, 0)))
    def dance_succeeds(self, owner_index: int, key: int, truncated_clips: int) -> None:
        """The provider renders a video immediately, and its clip may be truncated."""
        self.provider.faults.clear()
        self.provider.fates.clear()
        self.request_dance(owner_index, key, NO_CRASH, [], [])
        for _ in range(3):
            self.time_passes(truncated_clips=truncated_clips)

    @rule(
        owner_index=owner_indexes,
        key=video_numbers,
        fault=st.sampled_from(REJECTED),
        crash=st.sampled_from(WORKER_POINTS),
    )
    def dance_is_rejected(self, owner_index: int, key: int, fault: str, crash: str) -> None:
        """The provider rejects a submission, and the worker may crash at any failpoint."""
        self.submission_fails(owner_index, key, fault, crash)

    @rule(
        owner_index=owner_indexes, key=video_numbers, fault=st.sampled_from(LOST), crash=st.sampled_from(WORKER_POINTS)
    )
    def dance_loses_its_response(self, owner_index: int, key: int, fault: str, crash: str) -> None:
        """The response to a submission is lost, and the worker may crash at any failpoint."""
        self.submission_fails(owner_index, key, fault, crash)

    def submission_fails(self, owner_index: int, key: int, fault: str, crash: str) -> None:
        self.provider.faults.clear()
        self.request_dance(owner_index, key, NO_CRASH, [fault], [])
        for failpoint in (crash, crash, NO_CRASH):
            self.time_passes(failpoint)

    @rule(
        owner_index=owner_indexes, key=video_numbers, crash=st.sampled_from(("request: charged", "request: committed"))
    )
    def crash_while_requesting(self, owner_index: int, key: int, crash: str) -> None:
        """The web process crashes during a request, and the form is sent again."""
        for failpoint in (crash, NO_CRASH):
            self.request_dance(owner_index, key, failpoint, [], [])

    @rule(owner_index=owner_indexes, key=video_numbers, crash=st.sampled_from(("end: failing", "end: failed")))
    def crash_while_failing(self, owner_index: int, key: int, crash: str) -> None:
        """The provider rejects a submission, and the worker crashes while it fails the video."""
        self.provider.faults.clear()
        self.request_dance(owner_index, key, NO_CRASH, ["rejected"], [])
        for failpoint in (crash, NO_CRASH):
            self.time_passes(failpoint)

    @precondition(lambda self: Video.objects.unfinished().exists())
    @rule()
    def dance_misses_its_deadline(self) -> None:
        """The oldest unfinished video reaches its deadline."""
        oldest = Video.objects.unfinished().earliest("created_at")
        Video.objects.filter(pk=oldest.pk).update(promised_by=timezone.now())

    # Invariants

    @invariant()
    def check_all(self) -> None:
        audited = [*credits_audit.violations(), *audit.violations(timezone.now())]
        violations = [
            *self.check_balances(),
            *self.check_videos(),
            *(f"{row.rule} {row.row}: {row.sentence}" for row in audited),
        ]
        assert violations == [], violations

    def check_balances(self) -> Iterator[str]:
        """Each owner's balance equals the model's, so no charge or refund reached another owner."""
        cost, balances = charged_videos(), dict(Account.objects.values_list("user", "balance"))
        for owner in (*self.former_owners, *self.owners):
            owed, balance = owner.owed(cost), balances.get(owner.user.pk, 0)
            if owed != balance:
                yield f"{owner.user} is owed {owed} credits, but the balance is {balance}"

    def check_videos(self) -> Iterator[str]:
        """Each video has its owner, at most two submissions, a refund only if it failed, and the provider's bytes."""
        owners = self.known_videos()
        refunds = set(Entry.objects.filter(kind=Kind.REFUND).values_list("reference", flat=True))
        for video in Video.objects.all():
            if owners.pop(video.pk, None) != video.user_id:
                yield f"video {video.pk} belongs to another owner, or was not requested"
            accepted = self.provider.accepted[video.seed]
            if not accepted <= video.submissions <= 2:
                yield f"video {video.pk}: {accepted} tasks accepted, {video.submissions} counted"
            is_refunded = f"{video.ledger_subject}:refund" in refunds
            if is_refunded != (video.status == Status.FAILED):
                yield f"video {video.pk} is {video.status} and {'refunded' if is_refunded else 'not refunded'}"
            if video.status == Status.SUCCEEDED and (error := self.check_file(video)):
                yield f"video {video.pk}: {error}"
        if owners:
            yield f"no row for {', '.join(map(str, owners))}"

    def check_file(self, video: Video) -> str:
        """Describe the error in a ready video's file. Empty if there is none."""
        if video.deleted_at:
            return "deleted, but still stored" if default_storage.exists(video.storage_name("dance.mp4")) else ""
        with default_storage.open(video.file.name) as file:
            is_equal = hashlib.sha256(file.read()).digest() == hashlib.sha256(self.clip).digest()
        return "" if is_equal else "the file differs from the provider's clip"

    def teardown(self) -> None:
        """Stop the faults. All work must finish."""
        try:
            self.provider.faults.clear()
            unfinished = (
                Video.objects.unfinished(),
                StoredFileDeletion.objects.all(),
                ProviderTaskDeletion.objects.all(),
            )
            for _ in range(40):
                if not any(rows.exists() for rows in unfinished):
                    break
                self.time_passes()
            assert not [row for rows in unfinished for row in rows.all()], "work remains"
            self.check_all()
        finally:
            failpoints.hook = None
