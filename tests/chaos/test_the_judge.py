"""The judge of a play says nothing about a sound one, and names what was lost, doubled or mixed up."""

import hashlib
import uuid
from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import User
from credits import ledger
from credits.models import Account
from tests.chaos.judge import Judge
from tests.chaos.owners import Form, Owner
from tests.runway.stand_in.clips import pictures, stamped
from tests.videos.conftest import QuickStudio, clip, photo, prepared, request_video, studio
from videos.models import Photo, Video
from videos.worker.runner import work_once

__all__ = ["clip", "photo", "prepared", "request_video", "studio"]


class Play:
    """Two dances of our own studio, one ready and one returned, told as a play of chaos tells them."""

    def __init__(self, owner: User, ready: Video, returned: Video, made: str) -> None:
        self.ready, self.returned = ready, returned
        told = Owner(owner.pk, owner.email, 5, "", "")
        self.pages = {Form(told, video.idempotency_key): video.get_absolute_url() for video in (ready, returned)}
        self.made = {(str(ready.pk), made)}
        self.letters = [f"<{ready.pk}.video_ready@localhost>", f"<{returned.pk}.credit_refunded@localhost>"]

    def found(self) -> list[str]:
        return Judge([], self.made, self.pages, self.letters, 0).verdict()


@pytest.fixture
def play(request_video: Callable[..., Video], prepared: Photo, studio: QuickStudio, owner: User) -> Play:
    videos = [request_video(), request_video()]
    Video.objects.filter(pk=videos[1].pk).update(promised_by=timezone.now())
    studio.clip = stamped(studio.clip, str(videos[0].pk))
    while work_once():
        pass
    for video in videos:
        video.refresh_from_db()
    return Play(owner, *videos, pictures(studio.clip))


def test_a_sound_play_is_sound(play: Play) -> None:
    assert (play.ready.status, play.returned.status) == ("succeeded", "failed")
    assert play.found() == []


def test_a_form_that_led_to_a_page_without_a_video_is_named(play: Play) -> None:
    owner = next(iter(play.pages)).owner
    lost = Form(owner, uuid.uuid4())
    play.pages[lost] = "/videos/lost/"
    assert play.found() == [f"I8 form {lost.key} of owner@example.org led to /videos/lost/, there is []"]


def test_a_video_that_nobody_asked_for_is_named(play: Play, request_video: Callable[..., Video]) -> None:
    extra = request_video()
    assert f"I8 nobody asked for {extra.pk}" in play.found()


def test_a_form_without_a_credit_that_has_a_video_is_named(play: Play) -> None:
    play.pages[next(iter(play.pages))] = ""
    assert play.found()[0].startswith("I8 form")


def test_a_credit_on_the_wrong_account_is_named_although_the_sum_is_right(play: Play, stranger: User) -> None:
    ledger.adjust(stranger, -1, reason="Taken", by=None)
    ledger.grant(User.objects.get(pk=play.ready.user_id), 1, reason="Given", by=None)
    assert [sentence[:3] for sentence in play.found()] == ["I6 "]
    assert Account.objects.count() == 2


def test_the_file_of_another_video_is_named(play: Play, clip: bytes) -> None:
    other = stamped(clip, str(play.returned.pk))
    default_storage.save(play.ready.file.name, ContentFile(other))
    Video.objects.filter(pk=play.ready.pk).update(size=len(other), sha256=hashlib.sha256(other).hexdigest())
    assert play.found() == [f"I15 {play.ready.pk}: its file was served for no task of its own"]


@pytest.mark.parametrize("how", ["missing", "another kind", "both kinds", "of nobody"])
def test_a_letter_that_is_missing_or_another_one_is_named(play: Play, how: str) -> None:
    wrong = f"<{play.ready.pk}.credit_refunded@localhost>"
    play.letters = {
        "missing": play.letters[1:],
        "another kind": [wrong, *play.letters[1:]],
        "both kinds": [wrong, *play.letters],
        "of nobody": [f"<{uuid.uuid4()}.video_ready@localhost>", *play.letters],
    }[how]
    assert [sentence.split(" about")[0] for sentence in play.found()] == [
        "a letter" if how == "of nobody" else "the letter"
    ]
