"""A state machine over money and videos: two owners, staff, one worker, a moody studio, and crashes."""

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

from accounts import privacy
from credits import audit as credits_audit
from credits import ledger
from credits.ledger import InsufficientCredits, ReferenceTaken
from credits.models import Account, Entry, Kind
from tests.conftest import person
from tests.environment import VAR
from tests.stateful.fake_studio import CREATE, FATES, LOST, REJECTED, FakeStudio
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

owner_numbers = st.integers(0, 1)
numbers = st.integers(0, MAX_VIDEOS - 1)


@cache
def small_photo() -> photos.Normalised:
    """A photo as small as one may be: a new owner needs one, and nobody looks at it."""
    return photos.normalise(jpeg(210, 280))


class Crash(BaseException):
    """The process dies here."""


def charged_videos() -> set[uuid.UUID]:
    """The videos that cost their owner a credit: those that are ready or in the making."""
    return set(Video.objects.exclude(status=Status.FAILED).values_list("pk", flat=True))


class VideoMachine(RuleBasedStateMachine):
    """Two owners with four credits each, one worker, a moody studio, and crashes where money is at stake."""

    clip = b""

    def __init__(self) -> None:
        super().__init__()
        # Each example starts with an empty database and storage: what one of them broke is not another one's fault.
        call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
        ContentType.objects.clear_cache()
        shutil.rmtree(VAR / "media", ignore_errors=True)
        self.studio = FakeStudio(self.clip)
        registry.runway_client = lambda: self.studio
        self.crash_at = ""
        failpoints.hook = self.hit_failpoint
        self.staff = person(f"staff-{next(PEOPLE)}@example.org", is_staff=True)
        self.owners = [self.new_owner(), self.new_owner()]
        self.gone: list[OwnerModel] = []
        self.keys = [uuid.uuid4() for _ in range(MAX_VIDEOS)]
        self.grants: dict[str, tuple[int, int]] = {}

    def new_owner(self) -> OwnerModel:
        user = person(f"machine-{next(PEOPLE)}@example.org", credits=INITIAL_CREDITS)
        photo = store_photo(user, small_photo(), timezone.now())
        Photo.objects.filter(pk=photo.pk).update(due_at=None, cutout_info={"mode": "print"})
        return OwnerModel(user, photo)

    def hit_failpoint(self, point: str) -> None:
        if point == self.crash_at:
            self.crash_at = ""
            raise Crash(point)

    def known_videos(self) -> dict[uuid.UUID, Any]:
        """Every video that was asked for, and whose it is."""
        return {pk: owner.user.pk for owner in (*self.gone, *self.owners) for pk in owner.videos.values()}

    def pick_video(self, number: int) -> Video:
        """Some video that was asked for, counted round and round."""
        known = list(self.known_videos())
        return Video.objects.get(pk=known[number % len(known)])

    # What owners do

    @rule(
        who=owner_numbers,
        key=numbers,
        crash=st.sampled_from(REQUEST_POINTS),
        faults=st.lists(st.sampled_from(CREATE), max_size=1),
        fates=st.lists(st.sampled_from(FATES), max_size=1),
    )
    def request_dance(self, who: int, key: int, crash: str, faults: list[str], fates: list[str]) -> None:
        """Ask for a video, while the studio is in some mood; the same key again is the same form sent again."""
        self.crash_at = crash
        self.studio.faults.extend(faults)
        self.studio.fates.extend(fates)
        owner, form = self.owners[who], self.keys[key]
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
            assert owed == 0, f"{owed} credits were owed, and none was there"
        except Crash as crashed:
            if str(crashed) == "request: committed":
                owner.videos[form] = (
                    Video.objects.filter(idempotency_key=form).exclude(pk__in=self.known_videos()).get().pk
                )
        self.crash_at = NO_CRASH

    @precondition(known_videos)
    @rule(number=numbers)
    def owner_deletes_video(self, number: int) -> None:
        """An ended dance goes, with its files; a living one stays, and nobody's credits move."""
        video = self.pick_video(number)
        is_there = not video.is_unfinished and video.deleted_at is None
        assert video.delete_by_owner(timezone.now()) == is_there

    @precondition(lambda self: any(owner.videos for owner in self.owners))
    @rule(who=owner_numbers)
    def owner_leaves(self, who: int) -> None:
        """The account is closed: what is in the making is paid back and all of it lapses. Somebody else comes."""
        privacy.close_account(self.owners[who].user, timezone.now())
        self.owners[who].is_closed = True
        self.gone.append(self.owners[who])
        self.owners[who] = self.new_owner()

    # What staff do

    @precondition(known_videos)
    @rule(number=numbers, crash=st.sampled_from(CANCEL_POINTS))
    def staff_stop_video(self, number: int, crash: str) -> None:
        """Staff end a dance, and the process may die of it; an ended one stays as it is."""
        self.crash_at = crash
        video = self.pick_video(number)
        was_unfinished = video.is_unfinished
        with suppress(Crash):
            assert actions.cancel(video, timezone.now(), self.staff) == was_unfinished
        self.crash_at = NO_CRASH

    @rule(who=owner_numbers, amount=st.integers(1, 2), voucher=st.integers(0, 3))
    def staff_grant(self, who: int, amount: int, voucher: int) -> None:
        """A gift under a name: told again it counts once, and another one under its name is refused."""
        owner, name = self.owners[who], f"grant:machine-{voucher}"
        known = self.grants.setdefault(name, (owner.user.pk, amount))
        is_new = not ledger.is_known(name)
        try:
            ledger.grant(owner.user, amount, reason="A gift", by=self.staff, reference=name)
        except ReferenceTaken:
            assert known != (owner.user.pk, amount)
        else:
            assert known == (owner.user.pk, amount)
            owner.given += amount * is_new

    @rule(who=owner_numbers, amount=st.sampled_from((-3, -1, 1)))
    def staff_adjust(self, who: int, amount: int) -> None:
        """A correction; one below nought moves nothing."""
        owner = self.owners[who]
        owed = owner.owed(charged_videos())
        try:
            ledger.adjust(owner.user, amount, reason="A correction", by=self.staff)
        except InsufficientCredits:
            assert owed + amount < 0, f"{owed} credits were owed, and not so many were there"
        else:
            owner.given += amount

    # What time does

    @rule(
        crash=st.sampled_from(WORKER_POINTS),
        truncated_clips=st.sampled_from((1, 0, 2)),
        lost_polls=st.integers(0, MAX_ATTEMPTS + 2),
    )
    def time_passes(self, crash: str = NO_CRASH, truncated_clips: int = 0, lost_polls: int = 0) -> None:
        """Whatever waits is due, and the worker does it; clips may be cut short, polls not be answered."""
        self.crash_at, self.studio.truncated_clips, self.studio.lost_polls = crash, truncated_clips, lost_polls
        now = timezone.now()
        # One after the other, so that the same example goes the same way again.
        for place, video in enumerate(Video.objects.unfinished().order_by("created_at")):
            Video.objects.filter(pk=video.pk).update(due_at=now - timedelta(seconds=100 - place))
        # A line that closed for lost orders has had its rest. A look at an open one finds nothing new.
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
                # The lease of the dead runs out.
                Video.objects.unfinished().update(due_at=timezone.now())
        self.crash_at = NO_CRASH

    @rule(who=owner_numbers, key=numbers, truncated_clips=st.sampled_from((2, 1, 0)))
    def dance_succeeds(self, who: int, key: int, truncated_clips: int) -> None:
        """A dance that the studio makes at once, and whose clip comes over a bad line."""
        self.studio.faults.clear()
        self.studio.fates.clear()
        self.request_dance(who, key, NO_CRASH, [], [])
        for _ in range(3):
            self.time_passes(truncated_clips=truncated_clips)

    @rule(who=owner_numbers, key=numbers, fault=st.sampled_from(REJECTED), crash=st.sampled_from(WORKER_POINTS))
    def dance_is_rejected(self, who: int, key: int, fault: str, crash: str) -> None:
        """The studio does not take the order of a dance, and the worker dies somewhere."""
        self.order_goes_wrong(who, key, fault, crash)

    @rule(who=owner_numbers, key=numbers, fault=st.sampled_from(LOST), crash=st.sampled_from(WORKER_POINTS))
    def dance_loses_its_answer(self, who: int, key: int, fault: str, crash: str) -> None:
        """The answer to the order of a dance is lost, and the worker dies somewhere."""
        self.order_goes_wrong(who, key, fault, crash)

    def order_goes_wrong(self, who: int, key: int, fault: str, crash: str) -> None:
        self.studio.faults.clear()
        self.request_dance(who, key, NO_CRASH, [fault], [])
        for at in (crash, crash, NO_CRASH):
            self.time_passes(at)

    @rule(who=owner_numbers, key=numbers, crash=st.sampled_from(("request: charged", "request: committed")))
    def crash_while_requesting(self, who: int, key: int, crash: str) -> None:
        """The web process dies of a form, which is sent again."""
        for at in (crash, NO_CRASH):
            self.request_dance(who, key, at, [], [])

    @rule(who=owner_numbers, key=numbers, crash=st.sampled_from(("end: failing", "end: failed")))
    def crash_while_failing(self, who: int, key: int, crash: str) -> None:
        """A dance that the studio refuses at once, while the worker dies of ending it."""
        self.studio.faults.clear()
        self.request_dance(who, key, NO_CRASH, ["refused"], [])
        for at in (crash, NO_CRASH):
            self.time_passes(at)

    @precondition(lambda self: Video.objects.unfinished().exists())
    @rule()
    def dance_misses_its_deadline(self) -> None:
        first = Video.objects.unfinished().earliest("created_at")
        Video.objects.filter(pk=first.pk).update(promised_by=timezone.now())

    # What must hold

    @invariant()
    def check_all(self) -> None:
        audited = [*credits_audit.violations(), *audit.violations(timezone.now())]
        found = [
            *self.check_balances(),
            *self.check_videos(),
            *(f"{row.rule} {row.row}: {row.sentence}" for row in audited),
        ]
        assert found == [], found

    def check_balances(self) -> Iterator[str]:
        """Every owner has what the machine says, whoever else was charged or paid back."""
        cost, balances = charged_videos(), dict(Account.objects.values_list("user", "balance"))
        for owner in (*self.gone, *self.owners):
            owed, has = owner.owed(cost), balances.get(owner.user.pk, 0)
            if owed != has:
                yield f"{owner.user} is owed {owed} credits and has {has}"

    def check_videos(self) -> Iterator[str]:
        """No video of nobody, none ordered or paid back too often, and every one made of the studio's bytes."""
        owners = self.known_videos()
        refunds = set(Entry.objects.filter(kind=Kind.REFUND).values_list("reference", flat=True))
        for video in Video.objects.all():
            if owners.pop(video.pk, None) != video.user_id:
                yield f"video {video.pk} is another owner's, or nobody asked for it"
            accepted = self.studio.accepted[video.seed]
            if not accepted <= video.submissions <= 2:
                yield f"video {video.pk}: {accepted} tasks accepted, {video.submissions} counted"
            is_refunded = f"{video.ledger_subject}:refund" in refunds
            if is_refunded != (video.status == Status.FAILED):
                yield f"video {video.pk} is {video.status} and {'refunded' if is_refunded else 'not refunded'}"
            if video.status == Status.SUCCEEDED and (wrong := self.check_file(video)):
                yield f"video {video.pk}: {wrong}"
        if owners:
            yield f"no row for {', '.join(map(str, owners))}"

    def check_file(self, video: Video) -> str:
        """What is wrong with the file of a video that was ready; empty when there is nothing."""
        if video.deleted_at:
            return "deleted, and still stored" if default_storage.exists(video.storage_name("dance.mp4")) else ""
        with default_storage.open(video.file.name) as file:
            well = hashlib.sha256(file.read()).digest() == hashlib.sha256(self.clip).digest()
        return "" if well else "these are not the studio's bytes"

    def teardown(self) -> None:
        """No more faults: everything must come to its end."""
        try:
            self.studio.faults.clear()
            unended = (Video.objects.unfinished(), StoredFileDeletion.objects.all(), ProviderTaskDeletion.objects.all())
            for _ in range(40):
                if not any(rows.exists() for rows in unended):
                    break
                self.time_passes()
            assert not [row for rows in unended for row in rows.all()], "there is no end"
            self.check_all()
        finally:
            failpoints.hook = None
