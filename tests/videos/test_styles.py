"""How a pet dances: the owner's choice, the automatic style, and what videos and previews make of them."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from accounts.models import User
from credits import ledger
from tests.threads import ROUNDS, THREADS, all_at_once
from tests.videos.conftest import QuickStudio, photo_of, propose, video_of
from tests.videos.fake_cutout import add_cutout
from tests.videos.fake_finder import LEFT, Finder, finder
from videos import dances
from videos.models import Photo, Preview, Status, Video
from videos.models.leases import LeaseLost
from videos.operations.actions import retry
from videos.photos.head import FoundHead, HeadSource
from videos.privacy import export_videos
from videos.styles import Body, Style
from videos.subject import Subject
from videos.worker import cutouts, inputs, previews

__all__ = ["finder"]
pytestmark = [pytest.mark.django_db, pytest.mark.engine]
DISCO = dances.BY_SLUG["disco"]


@pytest.fixture
def with_head(photo: Photo) -> Photo:
    """A prepared photo with a head that is sure."""
    return propose(photo, LEFT, confidence=0.95)


@pytest.mark.parametrize(
    ("confidence", "choice", "style"),
    [
        (0.95, "", "dancer"),
        (0.95, "dancer", "dancer"),
        (0.95, "whole_pet", "whole_pet"),
        (0.5, "", "whole_pet"),
        (0.5, "dancer", "whole_pet"),
        (0.5, "whole_pet", "whole_pet"),
    ],
)
def test_style_follows_the_choice_and_the_head(photo: Photo, confidence: float, choice: str, style: str) -> None:
    propose(photo, LEFT, confidence=confidence)
    photo.set_style(choice, "")
    photo.refresh_from_db()
    assert photo.dance_style == style
    assert video_of(photo).style == style


def test_confirmed_head_makes_a_dancer(photo: Photo) -> None:
    propose(photo, LEFT, confidence=0.5)
    photo.set_head(LEFT)
    assert photo.dance_style is Style.DANCER
    photo.set_head(None)
    assert photo.dance_style is Style.WHOLE_PET


def test_video_keeps_the_style_that_it_was_requested_with(with_head: Photo) -> None:
    with_head.set_style("", "round")
    video = video_of(with_head)
    with_head.set_style("whole_pet", "")
    order = inputs.local_order(Video.objects.get())
    assert (order.subject.style, order.subject.body) == (Style.DANCER, Body.ROUND)
    assert (video.style, video.body) == ("dancer", "round")


def test_request_may_choose_for_itself(with_head: Photo) -> None:
    video = video_of(with_head, style=Style.WHOLE_PET, body=Body.BIRD)
    assert (video.style, video.body) == ("whole_pet", "bird")
    # The body is the dancer's.
    assert inputs.local_order(video).subject.body is None
    with_head.refresh_from_db()
    assert (with_head.style, with_head.body) == ("", "")


@pytest.mark.parametrize(
    ("choice", "confidence", "requested", "settled"),
    [
        (None, 0.9, "", "dancer"),
        (None, 0.5, "", "whole_pet"),
        (Style.DANCER, 0.9, "dancer", "dancer"),
        (Style.DANCER, 0.5, "dancer", "whole_pet"),
        (Style.WHOLE_PET, 0.9, "whole_pet", "whole_pet"),
    ],
)
def test_video_requested_before_the_preparation_gets_its_style_at_the_first_cutout(
    photo: Photo, finder: Finder, choice: Style | None, confidence: float, requested: str, settled: str
) -> None:
    finder.found = (FoundHead(LEFT, confidence, HeadSource.DETECTOR),)
    video = video_of(photo, style=choice)
    assert video.style == requested
    assert inputs.local_order(video).subject.style == settled
    assert Video.objects.get().style == settled
    # A retry after a crash shows the same, whatever the owner has changed since.
    video.photo.set_head(None if settled == "dancer" else LEFT)
    video.photo.set_style("whole_pet" if settled == "dancer" else "dancer", "")
    assert inputs.local_order(Video.objects.get()).subject.style == settled


def test_face_of_a_person_makes_no_dancer(photo: Photo) -> None:
    photo.set_head(LEFT)
    video = video_of(photo)
    assert video.style == "dancer"
    face = [[LEFT.x - 0.1, LEFT.y - 0.1, LEFT.x + 0.1, LEFT.y + 0.1]]
    Photo.objects.update(due_at=None, cutout_info={"mode": "print", "heads": [], "faces": face})
    order = inputs.local_order(Video.objects.get())
    subject = order.subject
    assert (subject.style, subject.head, subject.faces) == (Style.WHOLE_PET, None, (tuple(face[0]),))


def test_worker_that_lost_its_claim_settles_nothing(with_head: Photo) -> None:
    video = video_of(with_head)
    Video.objects.update(style="", claim=video.claim + 1)
    video.style = ""
    with pytest.raises(LeaseLost):
        video.settle_style()
    assert Video.objects.get().style == ""


def test_order_has_what_the_head_is_cut_out_of(photo: Photo, finder: Finder) -> None:
    add_cutout(photo, heads=(FoundHead(LEFT, 0.95, HeadSource.DETECTOR),))
    cutouts.prepare(photo)
    order = inputs.local_order(video_of(photo))
    assert order.subject.original == (cutouts.read(photo.image), cutouts.read(photo.mask))
    assert order.subject.whole == order.subject.original


def test_order_without_a_mask_has_the_photo(with_head: Photo) -> None:
    order = inputs.local_order(video_of(with_head))
    assert order.subject.original == (cutouts.read(with_head.image), None)


def test_local_provider_passes_the_style_on(with_head: Photo, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    from videos.providers.studio import Studio
    from videos.studio import render

    passed: list[Subject] = []
    monkeypatch.setattr(render, "render", lambda subject, **options: passed.append(subject))
    order = inputs.local_order(video_of(with_head, body=Body.SMALL))
    Studio().render(order, tmp_path / "clip.mp4", lambda progress: None)
    assert passed == [order.subject]
    assert (order.subject.style, order.subject.body) == (Style.DANCER, Body.SMALL)


def test_retry_by_staff_has_the_same_style(with_head: Photo, studio: QuickStudio) -> None:
    video = video_of(with_head, style=Style.WHOLE_PET, body=Body.SLIM)
    video.fail("studio", timezone.now())
    retry(video, timezone.now(), None)
    again = Video.objects.exclude(pk=video.pk).get()
    assert (again.status, again.style, again.body) == (Status.QUEUED, "whole_pet", "slim")


def test_previews_of_each_style_are_kept(with_head: Photo) -> None:
    now = timezone.now()

    def preview() -> Preview:
        return with_head.preview_of(DISCO, now)

    first = preview()
    Preview.objects.update(file="dancer.mp4", due_at=None)
    with_head.set_style("whole_pet", "")
    second = preview()
    assert (second.pk != first.pk, second.style, second.due_at) == (True, "whole_pet", now)
    with_head.set_style("dancer", "round")
    assert preview().body == "round"
    with_head.set_style("dancer", "")
    assert (preview().pk, preview().file.name) == (first.pk, "dancer.mp4")
    assert len({preview.storage_name for preview in Preview.objects.all()}) == 3


def rendered(preview: Preview, monkeypatch: pytest.MonkeyPatch) -> Subject:
    """Return what the studio gets when the worker renders the preview."""
    from videos.studio import render

    passed: list[Subject] = []

    def write(subject: Subject, *, into: Any, **options: Any) -> None:
        passed.append(subject)
        into.write_bytes(b"clip")

    monkeypatch.setattr(render, "preview", write)
    previews.make_preview(preview)
    return passed[0]


def test_preview_follows_the_style_of_the_photo(photo: Photo, finder: Finder, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was requested before the head was found."""
    preview = photo.preview_of(DISCO, timezone.now())
    assert preview.style == "whole_pet"
    passed = rendered(preview, monkeypatch)
    assert (passed.style, passed.head) == (Style.DANCER, LEFT)
    preview.refresh_from_db()
    assert (preview.style, Preview.objects.count()) == ("dancer", 1)


def test_preview_keeps_its_style_if_the_other_one_exists(with_head: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    dancer = with_head.preview_of(DISCO, timezone.now())
    with_head.set_style("whole_pet", "")
    with_head.preview_of(DISCO, timezone.now())
    assert rendered(Preview.objects.get(pk=dancer.pk), monkeypatch).style is Style.DANCER
    assert sorted(Preview.objects.values_list("style", flat=True)) == ["dancer", "whole_pet"]
    # Without the head, there is no dancer to show.
    with_head.set_head(None)
    assert rendered(Preview.objects.get(pk=dancer.pk), monkeypatch).style is Style.WHOLE_PET


def test_preparation_stores_the_colours_and_the_place_of_the_head(photo: Photo, finder: Finder) -> None:
    cutouts.prepare(photo)
    assert set(photo.fur) == {"main", "second"}
    assert all(len(colour) == 7 and int(colour[1:], 16) >= 0 for colour in photo.fur.values())
    assert set(photo.head_place) == {"height", "x", "crown", "chin", "skull"}
    assert all(0 <= value < 3 for value in photo.head_place.values())
    photo.set_head(None)
    cutouts.prepare(photo)
    assert (photo.fur, photo.head_place, photo.head_sticker.name) == (None, None, "")


def test_colours_are_written_as_css() -> None:
    assert cutouts.css_colour((0, 128, 255)) == "#ff8000"


def test_export_and_erasure(with_head: Photo, owner: User) -> None:
    with_head.set_style("dancer", "bird")
    Photo.objects.update(fur={"main": "#aa5500", "second": "#ffffff"})
    video_of(with_head)
    rows = export_videos(owner)[0]
    assert [(row["style"], row["body"]) for row in (*rows["photos"], *rows["videos"])] == [("dancer", "bird")] * 2
    Video.objects.all().delete()
    with_head.erase(timezone.now())
    with_head.refresh_from_db()
    assert (with_head.fur, with_head.head_place) == (None, None)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_migration_leaves_every_video_as_it_was(owner: User) -> None:
    executor = MigrationExecutor(connection)
    latest = executor.loader.graph.leaf_nodes()
    photo = propose(photo_of(owner), LEFT, confidence=0.95)
    video_of(photo)
    photo.preview_of(DISCO, timezone.now())
    try:
        executor.migrate([("videos", "0003_dance_choices")])
        MigrationExecutor(connection).migrate(latest)
        assert [*Video.objects.values_list("style", "body")] == [("whole_pet", "")]
        assert [*Preview.objects.values_list("style", "body")] == [("whole_pet", "")]
        assert [*Photo.objects.values_list("style", "body")] == [("", "")]
        # New rows are not.
        assert video_of(Photo.objects.get(), idempotency_key=uuid.uuid4()).style == "dancer"
    finally:
        MigrationExecutor(connection).migrate(latest)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_choices_racing_previews_and_preparations_all_end(owner: User, finder: Finder) -> None:
    """The worker moves a preview to another style while the page requests one in that style."""
    ledger.grant(owner, ROUNDS * THREADS, reason="For the tests", by=None)
    for _ in range(ROUNDS):
        photo = add_cutout(photo_of(owner), heads=None)
        photo.preview_of(DISCO, timezone.now())

        def act(number: int, photo: Photo = photo) -> object:
            copy = Photo.objects.get(pk=photo.pk)
            if number % 4 == 0:
                return copy.set_style("whole_pet" if number % 8 else "dancer", "")
            if number % 4 == 1:
                return copy.preview_of(DISCO, timezone.now())
            if number % 4 == 2:
                return cutouts.prepare(copy)
            preview = Preview.objects.filter(photo=copy).order_by("pk").first()
            assert preview
            try:
                return preview.follow_photo()
            except LeaseLost:
                return None

        results = all_at_once(act)
        assert [result for result in results if isinstance(result, Exception)] == []
        looks = [*Preview.objects.filter(photo=photo).values_list("style", "body")]
        assert len(looks) == len(set(looks))
