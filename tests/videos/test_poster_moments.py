"""The poster of a finished video is taken while its pet is upright and its face is seen, however it dances."""

import uuid

import pytest

from tests.videos.conftest import QuickStudio, propose, render_video, video_of
from tests.videos.fake_finder import LEFT
from videos.models import Photo
from videos.studio import moments
from videos.studio.encoding import poster
from videos.styles import Body, Style

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("style", "body"),
    [(Style.DANCER, ""), (Style.DANCER, Body.SMALL), (Style.WHOLE_PET, ""), (Style.WHOLE_PET, Body.BIRD)],
)
def test_moments_are_those_of_the_video(
    photo: Photo, studio: QuickStudio, monkeypatch: pytest.MonkeyPatch, style: Style, body: str
) -> None:
    propose(photo, LEFT, confidence=0.95)
    taken: list[list[float]] = []
    real = poster.poster
    monkeypatch.setattr(poster, "poster", lambda file, at: taken.append(at) or real(file, at))
    video = render_video(video_of(photo, style=style, body=body, idempotency_key=uuid.uuid4()))
    expected = moments.poster_moments(
        video.catalogue_dance, 5, style, Body(body) if style is Style.DANCER and body else None
    )
    assert taken == [expected]
