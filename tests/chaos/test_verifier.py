"""The verifier of a scenario says nothing about a sound one, and names what was lost, doubled or mixed up."""

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
from tests.chaos.owners import Form, Owner
from tests.chaos.verifier import Verifier
from tests.runway.fake_server.clips import picture_digest, stamp_clip
from tests.videos.conftest import QuickStudio, clip, photo, prepared, request_video, studio
from videos.models import Photo, Video
from videos.worker.runner import work_once

__all__ = ["clip", "photo", "prepared", "request_video", "studio"]


class Scenario:
    """Two dances of our own studio, one ready and one returned, told as a scenario of chaos tells them."""

    def __init__(self, owner: User, ready: Video, returned: Video, made: str) -> None:
        self.ready, self.returned = ready, returned
        told = Owner(owner.pk, owner.email, 5, "", "")
        self.pages = {Form(told, video.idempotency_key): video.get_absolute_url() for video in (ready, returned)}
        self.made = {(str(ready.pk), made)}
        self.letters = [f"<{ready.pk}.video_ready@localhost>", f"<{returned.pk}.credit_refunded@localhost>"]

    def found(self) -> list[str]:
        return Verifier([], self.made, self.pages, self.letters, 0).violations()


@pytest.fixture
def scenario(request_video: Callable[..., Video], prepared: Photo, studio: QuickStudio, owner: User) -> Scenario:
    videos = [request_video(), request_video()]
    Video.objects.filter(pk=videos[1].pk).update(promised_by=timezone.now())
    studio.clip = stamp_clip(studio.clip, str(videos[0].pk))
    while work_once():
        pass
    for video in videos:
        video.refresh_from_db()
    return Scenario(owner, *videos, picture_digest(studio.clip))


def test_sound_scenario_has_no_violations(scenario: Scenario) -> None:
    assert (scenario.ready.status, scenario.returned.status) == ("succeeded", "failed")
    assert scenario.found() == []


def test_form_without_its_video_is_reported(scenario: Scenario) -> None:
    owner = next(iter(scenario.pages)).owner
    lost = Form(owner, uuid.uuid4())
    scenario.pages[lost] = "/videos/lost/"
    assert scenario.found() == [f"I8 form {lost.key} of owner@example.org led to /videos/lost/, there is []"]


def test_video_without_a_form_is_reported(scenario: Scenario, request_video: Callable[..., Video]) -> None:
    extra = request_video()
    assert f"I8 nobody asked for {extra.pk}" in scenario.found()


def test_video_of_a_refused_form_is_reported(scenario: Scenario) -> None:
    scenario.pages[next(iter(scenario.pages))] = ""
    assert scenario.found()[0].startswith("I8 form")


def test_credit_on_the_wrong_account_is_reported(scenario: Scenario, stranger: User) -> None:
    ledger.adjust(stranger, -1, reason="Taken", by=None)
    ledger.grant(User.objects.get(pk=scenario.ready.user_id), 1, reason="Given", by=None)
    assert [sentence[:3] for sentence in scenario.found()] == ["I6 "]
    assert Account.objects.count() == 2


def test_file_of_another_video_is_reported(scenario: Scenario, clip: bytes) -> None:
    other = stamp_clip(clip, str(scenario.returned.pk))
    default_storage.save(scenario.ready.file.name, ContentFile(other))
    Video.objects.filter(pk=scenario.ready.pk).update(size=len(other), sha256=hashlib.sha256(other).hexdigest())
    assert scenario.found() == [f"I15 {scenario.ready.pk}: its file was served for no task of its own"]


@pytest.mark.parametrize("how", ["missing", "another kind", "both kinds", "of nobody"])
def test_wrong_notification_is_reported(scenario: Scenario, how: str) -> None:
    wrong = f"<{scenario.ready.pk}.credit_refunded@localhost>"
    scenario.letters = {
        "missing": scenario.letters[1:],
        "another kind": [wrong, *scenario.letters[1:]],
        "both kinds": [wrong, *scenario.letters],
        "of nobody": [f"<{uuid.uuid4()}.video_ready@localhost>", *scenario.letters],
    }[how]
    assert [sentence.split(" about")[0] for sentence in scenario.found()] == [
        "a letter" if how == "of nobody" else "the letter"
    ]
