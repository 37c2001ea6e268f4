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

from accounts import farewell
from credits import audit as credits_audit
from credits import ledger
from credits.ledger import InsufficientCredits, ReferenceTaken
from credits.models import Account, Entry, Kind
from tests.conftest import person
from tests.environment import VAR
from tests.machine.purse import FIRST, Purse
from tests.machine.studio import CREATE, FATES, LOST, NOT_TAKEN, Studio
from tests.videos.conftest import jpeg
from videos import amends, audit, dances, formats, lookout, photos, points
from videos.leftovers import Leftover
from videos.letters import Letter
from videos.line import LONGEST_LOOK, Line
from videos.models import Photo, Status, StudioClosed, Video
from videos.offer import request_video
from videos.rubbish import Rubbish
from videos.steps import work_once
from videos.uploads import keep_photo
from videos.watch import MAX_ATTEMPTS

PEOPLE = itertools.count()
MOST_VIDEOS = 6
NOWHERE = ""
WHILE_ASKING = (NOWHERE, "request: charged", "request: committed")
WHILE_WORKING = (NOWHERE, "end: failing", "order: answered", "order: counted", "files: stored", "letter: sent")
WHILE_STOPPING = (NOWHERE, "end: failing", "end: failed")

whose = st.integers(0, 1)
which = st.integers(0, MOST_VIDEOS - 1)


@cache
def small_photo() -> photos.Normalised:
    """A photo as small as one may be: a new owner needs one, and nobody looks at it."""
    return photos.normalise(jpeg(210, 280))


class Crash(BaseException):
    """The process dies here."""


def paid() -> set[uuid.UUID]:
    """The videos that cost their owner a credit: those that are ready or in the making."""
    return set(Video.objects.exclude(status=Status.FAILED).values_list("pk", flat=True))


class Machine(RuleBasedStateMachine):
    """Two owners with four credits each, one worker, a moody studio, and crashes where money is at stake."""

    clip = b""

    def __init__(self) -> None:
        super().__init__()
        # Each example starts with an empty database and storage: what one of them broke is not another one's fault.
        call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
        ContentType.objects.clear_cache()
        shutil.rmtree(VAR / "media", ignore_errors=True)
        self.studio = Studio(self.clip)
        lookout.runway = lambda: self.studio
        self.crash_at = ""
        points.hook = self.come_by
        self.staff = person(f"staff-{next(PEOPLE)}@example.org", is_staff=True)
        self.purses = [self.newcomer(), self.newcomer()]
        self.gone: list[Purse] = []
        self.keys = [uuid.uuid4() for _ in range(MOST_VIDEOS)]
        self.grants: dict[str, tuple[int, int]] = {}

    def newcomer(self) -> Purse:
        user = person(f"machine-{next(PEOPLE)}@example.org", credits=FIRST)
        photo = keep_photo(user, small_photo(), timezone.now())
        Photo.objects.filter(pk=photo.pk).update(due_at=None, cut={"mode": "print"})
        return Purse(user, photo)

    def come_by(self, point: str) -> None:
        if point == self.crash_at:
            self.crash_at = ""
            raise Crash(point)

    def known(self) -> dict[uuid.UUID, Any]:
        """Every video that was asked for, and whose it is."""
        return {pk: purse.user.pk for purse in (*self.gone, *self.purses) for pk in purse.videos.values()}

    def one_of_all(self, number: int) -> Video:
        """Some video that was asked for, counted round and round."""
        known = list(self.known())
        return Video.objects.get(pk=known[number % len(known)])

    # What owners do

    @rule(
        who=whose,
        key=which,
        crash=st.sampled_from(WHILE_ASKING),
        faults=st.lists(st.sampled_from(CREATE), max_size=1),
        fates=st.lists(st.sampled_from(FATES), max_size=1),
    )
    def ask(self, who: int, key: int, crash: str, faults: list[str], fates: list[str]) -> None:
        """Ask for a video, while the studio is in some mood; the same key again is the same form sent again."""
        self.crash_at = crash
        self.studio.faults.extend(faults)
        self.studio.fates.extend(fates)
        purse, form = self.purses[who], self.keys[key]
        owed = purse.owed(paid())
        try:
            video = request_video(
                user=purse.user,
                photo=purse.photo,
                dance=dances.BY_SLUG["disco"],
                shape=formats.BY_SLUG["tall"],
                form_key=form,
                now=timezone.now(),
            )
            assert purse.videos.setdefault(form, video.pk) == video.pk, f"form {form} led to two videos"
        except StudioClosed:
            pass
        except InsufficientCredits:
            assert owed == 0, f"{owed} credits were owed, and none was there"
        except Crash as crashed:
            if str(crashed) == "request: committed":
                purse.videos[form] = Video.objects.filter(form_key=form).exclude(pk__in=self.known()).get().pk
        self.crash_at = NOWHERE

    @precondition(known)
    @rule(number=which)
    def an_owner_deletes(self, number: int) -> None:
        """An ended dance goes, with its files; a living one stays, and nobody's credits move."""
        video = self.one_of_all(number)
        is_there = not video.is_living and video.deleted_at is None
        assert video.delete_by_owner(timezone.now()) == is_there

    @precondition(lambda self: any(purse.videos for purse in self.purses))
    @rule(who=whose)
    def an_owner_leaves(self, who: int) -> None:
        """The account is closed: what is in the making is paid back and all of it lapses. Somebody else comes."""
        farewell.close(self.purses[who].user, timezone.now())
        self.purses[who].is_closed = True
        self.gone.append(self.purses[who])
        self.purses[who] = self.newcomer()

    # What staff do

    @precondition(known)
    @rule(number=which, crash=st.sampled_from(WHILE_STOPPING))
    def staff_stop(self, number: int, crash: str) -> None:
        """Staff end a dance, and the process may die of it; an ended one stays as it is."""
        self.crash_at = crash
        video = self.one_of_all(number)
        was_living = video.is_living
        with suppress(Crash):
            assert amends.cancel(video, timezone.now(), self.staff) == was_living
        self.crash_at = NOWHERE

    @rule(who=whose, amount=st.integers(1, 2), voucher=st.integers(0, 3))
    def staff_grant(self, who: int, amount: int, voucher: int) -> None:
        """A gift under a name: told again it counts once, and another one under its name is refused."""
        purse, name = self.purses[who], f"grant:machine-{voucher}"
        known = self.grants.setdefault(name, (purse.user.pk, amount))
        is_new = not ledger.is_known(name)
        try:
            ledger.grant(purse.user, amount, reason="A gift", by=self.staff, reference=name)
        except ReferenceTaken:
            assert known != (purse.user.pk, amount)
        else:
            assert known == (purse.user.pk, amount)
            purse.given += amount * is_new

    @rule(who=whose, amount=st.sampled_from((-3, -1, 1)))
    def staff_adjust(self, who: int, amount: int) -> None:
        """A correction; one below nought moves nothing."""
        purse = self.purses[who]
        owed = purse.owed(paid())
        try:
            ledger.adjust(purse.user, amount, reason="A correction", by=self.staff)
        except InsufficientCredits:
            assert owed + amount < 0, f"{owed} credits were owed, and not so many were there"
        else:
            purse.given += amount

    # What time does

    @rule(
        crash=st.sampled_from(WHILE_WORKING), spoilt=st.sampled_from((1, 0, 2)), deaf=st.integers(0, MAX_ATTEMPTS + 2)
    )
    def time_goes_by(self, crash: str = NOWHERE, spoilt: int = 0, deaf: int = 0) -> None:
        """Whatever waits is due, and the worker does it; clips may be cut short, polls not be answered."""
        self.crash_at, self.studio.spoilt, self.studio.deaf = crash, spoilt, deaf
        now = timezone.now()
        # One after the other, so that the same example goes the same way again.
        for place, video in enumerate(Video.objects.living().order_by("created_at")):
            Video.objects.filter(pk=video.pk).update(due_at=now - timedelta(seconds=100 - place))
        # A line that closed for lost orders has had its rest. A look at an open one finds nothing new.
        Line.objects.exclude(closed_since=None).update(closed_since=now - LONGEST_LOOK, due_at=now)
        for rows in (Letter, Rubbish, Leftover):
            rows.objects.exclude(due_at=None).update(due_at=now)
        for _ in range(12):
            try:
                if not work_once(lane="api"):
                    break
            except Crash:
                # The lease of the dead runs out.
                Video.objects.living().update(due_at=timezone.now())
        self.crash_at = NOWHERE

    @rule(who=whose, key=which, spoilt=st.sampled_from((2, 1, 0)))
    def a_whole_life(self, who: int, key: int, spoilt: int) -> None:
        """A dance that the studio makes at once, and whose clip comes over a bad line."""
        self.studio.faults.clear()
        self.studio.fates.clear()
        self.ask(who, key, NOWHERE, [], [])
        for _ in range(3):
            self.time_goes_by(spoilt=spoilt)

    @rule(who=whose, key=which, fault=st.sampled_from(NOT_TAKEN), crash=st.sampled_from(WHILE_WORKING))
    def a_hard_life(self, who: int, key: int, fault: str, crash: str) -> None:
        """The studio does not take the order of a dance, and the worker dies somewhere."""
        self.an_order_goes_wrong(who, key, fault, crash)

    @rule(who=whose, key=which, fault=st.sampled_from(LOST), crash=st.sampled_from(WHILE_WORKING))
    def a_lost_answer(self, who: int, key: int, fault: str, crash: str) -> None:
        """The answer to the order of a dance is lost, and the worker dies somewhere."""
        self.an_order_goes_wrong(who, key, fault, crash)

    def an_order_goes_wrong(self, who: int, key: int, fault: str, crash: str) -> None:
        self.studio.faults.clear()
        self.ask(who, key, NOWHERE, [fault], [])
        for at in (crash, crash, NOWHERE):
            self.time_goes_by(at)

    @rule(who=whose, key=which, crash=st.sampled_from(("request: charged", "request: committed")))
    def a_bad_start(self, who: int, key: int, crash: str) -> None:
        """The web process dies of a form, which is sent again."""
        for at in (crash, NOWHERE):
            self.ask(who, key, at, [], [])

    @rule(who=whose, key=which, crash=st.sampled_from(("end: failing", "end: failed")))
    def a_bad_end(self, who: int, key: int, crash: str) -> None:
        """A dance that the studio refuses at once, while the worker dies of ending it."""
        self.studio.faults.clear()
        self.ask(who, key, NOWHERE, ["refused"], [])
        for at in (crash, NOWHERE):
            self.time_goes_by(at)

    @precondition(lambda self: Video.objects.living().exists())
    @rule()
    def a_promise_passes(self) -> None:
        first = Video.objects.living().earliest("created_at")
        Video.objects.filter(pk=first.pk).update(promised_by=timezone.now())

    # What must hold

    @invariant()
    def nothing_is_lost(self) -> None:
        audited = [*credits_audit.violations(), *audit.violations(timezone.now())]
        found = [*self.of_purses(), *self.of_videos(), *(f"{row.rule} {row.row}: {row.sentence}" for row in audited)]
        assert found == [], found

    def of_purses(self) -> Iterator[str]:
        """Every owner has what the machine says, whoever else was charged or paid back."""
        cost, balances = paid(), dict(Account.objects.values_list("user", "balance"))
        for purse in (*self.gone, *self.purses):
            owed, has = purse.owed(cost), balances.get(purse.user.pk, 0)
            if owed != has:
                yield f"{purse.user} is owed {owed} credits and has {has}"

    def of_videos(self) -> Iterator[str]:
        """No video of nobody, none ordered or paid back too often, and every one made of the studio's bytes."""
        owners = self.known()
        refunds = set(Entry.objects.filter(kind=Kind.REFUND).values_list("reference", flat=True))
        for video in Video.objects.all():
            if owners.pop(video.pk, None) != video.user_id:
                yield f"video {video.pk} is another owner's, or nobody asked for it"
            accepted = self.studio.accepted[video.seed]
            if not accepted <= video.submissions <= 2:
                yield f"video {video.pk}: {accepted} tasks accepted, {video.submissions} counted"
            is_refunded = f"{video.subject}:refund" in refunds
            if is_refunded != (video.status == Status.FAILED):
                yield f"video {video.pk} is {video.status} and {'refunded' if is_refunded else 'not refunded'}"
            if video.status == Status.SUCCEEDED and (wrong := self.of_its_file(video)):
                yield f"video {video.pk}: {wrong}"
        if owners:
            yield f"no row for {', '.join(map(str, owners))}"

    def of_its_file(self, video: Video) -> str:
        """What is wrong with the file of a video that was ready; empty when there is nothing."""
        if video.deleted_at:
            return "deleted, and still stored" if default_storage.exists(video.name_of("dance.mp4")) else ""
        with default_storage.open(video.file.name) as file:
            well = hashlib.sha256(file.read()).digest() == hashlib.sha256(self.clip).digest()
        return "" if well else "these are not the studio's bytes"

    def teardown(self) -> None:
        """No more faults: everything must come to its end."""
        try:
            self.studio.faults.clear()
            unended = (Video.objects.living(), Rubbish.objects.all(), Leftover.objects.all())
            for _ in range(40):
                if not any(rows.exists() for rows in unended):
                    break
                self.time_goes_by()
            assert not [row for rows in unended for row in rows.all()], "there is no end"
            self.nothing_is_lost()
        finally:
            points.hook = None
