"""The verifier accepts a correct scenario, and reports lost, duplicate and mixed-up data."""

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
    """Two videos of the studio, one ready and one refunded, recorded as in a chaos scenario."""

    def __init__(self, owner: User, ready: Video, refunded: Video, pictures: str) -> None:
        self.ready, self.refunded = ready, refunded
        form_owner = Owner(owner.pk, owner.email, 5, "", "")
        self.pages = {Form(form_owner, video.idempotency_key): video.get_absolute_url() for video in (ready, refunded)}
        self.rendered = {(str(ready.pk), pictures)}
        self.message_ids = [f"<{ready.pk}.video_ready@localhost>", f"<{refunded.pk}.credit_refunded@localhost>"]

    def violations(self) -> list[str]:
        return Verifier([], self.rendered, self.pages, self.message_ids, 0).violations()


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


def test_correct_scenario_has_no_violations(scenario: Scenario) -> None:
    assert (scenario.ready.status, scenario.refunded.status) == ("succeeded", "failed")
    assert scenario.violations() == []


def test_form_without_its_video_is_reported(scenario: Scenario) -> None:
    owner = next(iter(scenario.pages)).owner
    lost = Form(owner, uuid.uuid4())
    scenario.pages[lost] = "/videos/lost/"
    assert scenario.violations() == [
        f"I8 form {lost.key} of owner@example.org led to /videos/lost/, but its videos are []"
    ]


def test_video_without_a_form_is_reported(scenario: Scenario, request_video: Callable[..., Video]) -> None:
    extra = request_video()
    assert f"I8 no form requested {extra.pk}" in scenario.violations()


def test_video_of_an_unpaid_form_is_reported(scenario: Scenario) -> None:
    scenario.pages[next(iter(scenario.pages))] = ""
    assert scenario.violations()[0].startswith("I8 form")


def test_credit_on_the_wrong_account_is_reported(scenario: Scenario, stranger: User) -> None:
    ledger.adjust(stranger, -1, reason="Debit", by=None)
    ledger.grant(User.objects.get(pk=scenario.ready.user_id), 1, reason="Credit", by=None)
    assert [sentence[:3] for sentence in scenario.violations()] == ["I6 "]
    assert Account.objects.count() == 2


def test_file_of_another_video_is_reported(scenario: Scenario, clip: bytes) -> None:
    other = stamp_clip(clip, str(scenario.refunded.pk))
    default_storage.save(scenario.ready.file.name, ContentFile(other))
    Video.objects.filter(pk=scenario.ready.pk).update(size=len(other), sha256=hashlib.sha256(other).hexdigest())
    assert scenario.violations() == [f"I15 {scenario.ready.pk}: its file belongs to another video"]


@pytest.mark.parametrize("fault", ["missing", "another kind", "both kinds", "unknown video"])
def test_wrong_notification_is_reported(scenario: Scenario, fault: str) -> None:
    wrong = f"<{scenario.ready.pk}.credit_refunded@localhost>"
    scenario.message_ids = {
        "missing": scenario.message_ids[1:],
        "another kind": [wrong, *scenario.message_ids[1:]],
        "both kinds": [wrong, *scenario.message_ids],
        "unknown video": [f"<{uuid.uuid4()}.video_ready@localhost>", *scenario.message_ids],
    }[fault]
    assert [sentence.split(" for")[0] for sentence in scenario.violations()] == [
        "notification" if fault == "unknown video" else "missing or wrong notification"
    ]
