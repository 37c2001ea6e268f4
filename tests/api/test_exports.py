"""Exports in the API: request, list, download."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from credits import ledger
from tests.api.client import problem_of
from tests.videos.conftest import ready
from tests.xmp import STUDIO, source_type
from videos.models import Video, VideoExport
from videos.worker.runner import work_once

__all__ = ["ready"]


def request(program: Client, video: Video, kind: str) -> Any:
    return program.post(f"/api/videos/{video.pk}/exports", {"kind": kind}, content_type="application/json")


@pytest.mark.engine
def test_a_file_is_requested_listed_and_downloaded(program: Client, owner: User, ready: Video) -> None:
    path = f"/api/videos/{ready.pk}/exports"
    assert program.get(path).json() == {"exports": [], "possible": ["sticker", "gif", "still", "square", "wide"]}
    response = request(program, ready, "still")
    pending = {"kind": "still", "status": "pending", "fileUrl": None, "bytes": None}
    assert (response.status_code, response.json()) == (202, pending)
    assert program.get(path).json()["exports"] == [pending]
    assert program.get(f"{path}/still").status_code == 404
    assert work_once(queue="render") is True
    (export,) = program.get(path).json()["exports"]
    assert export["status"] == "ready"
    file = program.get(export["fileUrl"])
    content = b"".join(file.streaming_content)
    assert (file.headers["Content-Type"], len(content)) == ("image/png", export["bytes"])
    assert source_type(content) == STUDIO
    assert request(program, ready, "still").json() == export
    assert ledger.balance_of(owner) == 4


def test_what_cannot_be_made_is_refused(program: Client, ready: Video) -> None:
    assert problem_of(request(program, ready, "tall"))[0] == 422
    assert problem_of(request(program, ready, "film"))[0] == 422
    Video.objects.update(provider="runway")
    assert problem_of(request(program, ready, "sticker"))[0] == 422
    assert not VideoExport.objects.exists()


def test_an_unfinished_video_has_no_exports(program: Client, request_video: Any) -> None:
    video = request_video()
    assert request(program, video, "still").status_code == 404
    assert program.get(f"/api/videos/{video.pk}/exports").json() == {"exports": [], "possible": []}


def test_a_stranger_sees_nothing(foreign_program: Client, program: Client, ready: Video) -> None:
    request(program, ready, "still")
    work_once(queue="render")
    path = f"/api/videos/{ready.pk}/exports"
    assert [foreign_program.get(url).status_code for url in (path, f"{path}/still")] == [404, 404]
    assert request(foreign_program, ready, "gif").status_code == 404
    assert VideoExport.objects.count() == 1


def test_requests_are_limited(program: Client, ready: Video, settings: Any) -> None:
    settings.PREVIEWS_PER_HOUR = 1
    assert [request(program, ready, kind).status_code for kind in ("still", "gif")] == [202, 429]
