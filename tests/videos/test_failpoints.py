"""A crash while a video is requested or failed changes neither the balance nor the video."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from credits import ledger
from videos import failpoints
from videos.models import Photo, Video


class Crash(BaseException):
    """Stands for the death of the process."""


@pytest.fixture
def crash_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that lets the process die at a named point."""

    def arm(name: str) -> None:
        def hook(point: str) -> None:
            if point == name:
                raise Crash

        # This hook exists for such tests. Killing a real process would take seconds.
        monkeypatch.setattr(failpoints, "hook", hook)

    return arm


def test_crashed_request_charges_nothing(
    request_video: Callable[[], Video], owner: User, crash_at: Callable[[str], None]
) -> None:
    crash_at("request: charged")
    with pytest.raises(Crash):
        request_video()
    assert (Video.objects.count(), ledger.balance_of(owner)) == (0, 5)


def test_crash_while_failing_leaves_the_video_due(
    request_video: Callable[[], Video], prepared: Photo, owner: User, crash_at: Callable[[str], None]
) -> None:
    request_video()
    video = Video.objects.claim_next(timezone.now(), timedelta(minutes=1))
    crash_at("end: failing")
    with pytest.raises(Crash):
        video.fail("late", timezone.now())
    video.refresh_from_db()
    assert (video.status, ledger.balance_of(owner)) == ("queued", 4)
