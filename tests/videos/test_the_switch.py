"""Cut out or as a print: what suits the photo at first, then what its owner switched to."""

import io
import uuid
from datetime import timedelta

import cv2
import pytest
from django.core.files.base import File
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import User
from tests.videos.looked_at import looked_at
from videos import dances, formats, making, photos
from videos.models import Line, Photo, Video
from videos.offer import request_video
from videos.photos import Focus
from videos.steps import work_once
from videos.storage import WholeFiles
from videos.studio.cutout import Mode
from videos.uploads import keep_photo


def test_the_switch_keeps_the_choice_and_drops_nonsense(as_owner: Client, prepared: Photo) -> None:
    switch, page = reverse("videos:switch_cutout", args=[prepared.pk]), prepared.get_absolute_url()
    sent = {"cutout": "off", "dance": "salsa", "format": "wide", "x": "0.3", "y": "0.7"}
    assert as_owner.post(switch, sent).headers["Location"] == f"{page}?dance=salsa&format=wide&x=0.3&y=0.7"
    prepared.refresh_from_db()
    assert prepared.cutout is False
    without = {"cutout": "on", "format": "wide", "x": "0.3", "y": "0.7"}
    assert as_owner.post(switch, without).headers["Location"] == f"{page}?format=wide&x=0.3&y=0.7"


@pytest.mark.parametrize(
    ("mode", "mask", "cutout", "offered"),
    [
        ("full", "mask.png", True, "Dance as a photo print instead"),
        ("bust", "mask.png", False, "Cut my pet out instead"),
        ("print", "mask.png", True, "Dance as a photo print instead"),
        ("print", "mask.png", False, "Cut my pet out instead"),
        ("print", "", True, ""),
    ],
)
def test_the_switch_is_offered_where_it_does_something(
    as_owner: Client, prepared: Photo, mode: str, mask: str, cutout: bool, offered: str
) -> None:
    Photo.objects.update(cut={"mode": mode}, mask=mask, cutout=cutout)
    for address in (prepared.get_absolute_url(), reverse("videos:photo_notes", args=[prepared.pk])):
        page = as_owner.get(address).content.decode()
        words = [said for said in ("Dance as a photo print instead", "Cut my pet out instead") if said in page]
        assert words == ([offered] if offered else [])


def test_where_a_remote_studio_dances_the_switch_would_change_nothing(
    as_owner: Client, prepared: Photo, settings
) -> None:
    Photo.objects.update(cut={"mode": "full"}, mask="mask.png")
    settings.VIDEO_PROVIDER = "runway"
    addresses = (prepared.get_absolute_url(), reverse("videos:photo_notes", args=[prepared.pk]))

    def offered() -> list[bool]:
        return ["Dance as a photo print instead" in as_owner.get(address).content.decode() for address in addresses]

    assert offered() == [False, False]
    settings.STUDIO_FALLBACK = True
    Line.objects.create(provider="runway", closed_since=timezone.now(), due_at=timezone.now())
    assert offered() == [True, True]


def test_a_photo_that_dances_as_a_print_is_shown_as_the_frame_keeps_it(as_owner: Client, prepared: Photo) -> None:
    Photo.objects.update(sticker="sticker.webp", mask="mask.png", cut={"mode": "print"}, cutout=False)
    assert "/frame/square.webp?x=0.5" in as_owner.get(prepared.get_absolute_url()).context["pet"]
    Photo.objects.update(cutout=True)
    sticker = reverse("videos:photo_sticker", args=[prepared.pk])
    assert as_owner.get(prepared.get_absolute_url()).context["pet"] == sticker


def ask_for_video(photo: Photo) -> Video:
    dance, shape = dances.BY_SLUG["disco"], formats.BY_SLUG["wide"]
    asked = {"user": photo.user, "photo": Photo.objects.get(pk=photo.pk), "dance": dance, "shape": shape}
    video = request_video(form_key=uuid.uuid4(), now=timezone.now(), **asked)
    Video.objects.filter(pk=video.pk).update(due_at=timezone.now() + timedelta(days=1))
    return video


@pytest.fixture
def uploaded(as_owner: Client, owner: User) -> Photo:
    """A photo of a real cat that nobody has looked at."""
    from skimage import data

    out = io.BytesIO()
    Image.fromarray(data.cat()).save(out, "JPEG")
    out.seek(0)
    out.name = "cat.jpg"
    as_owner.post("/photos/", {"image": out})
    return Photo.objects.get()


@pytest.fixture
def cat(uploaded: Photo) -> Photo:
    """A photo of a real cat, a face up to the edges, that the worker has prepared."""
    looked_at(uploaded, mode=Mode.PRINT)
    assert work_once()
    uploaded.refresh_from_db()
    return uploaded


@pytest.mark.slow
def test_the_first_look_sets_the_switch_to_what_suits(uploaded: Photo) -> None:
    """A face up to the edges of the photo: to be a print, but there is something to cut out."""
    assert work_once()
    cat = Photo.objects.get()
    assert (cat.cutout, cat.dances_as, cat.has_cutout, cat.cut["mode"]) == (False, "print", True, "print")


def test_the_first_look_for_a_video_sets_the_switch_to_what_suits(uploaded: Photo) -> None:
    """The video's owner could not choose yet."""
    video = ask_for_video(uploaded)
    assert video.cutout is True
    assert making.order_for(video).cutout is False
    assert Video.objects.get().cutout is False
    cat = Photo.objects.get()
    assert (cat.cutout, cat.dances_as, cat.has_cutout, cat.cut["mode"]) == (False, "print", True, "print")


def test_the_switch_makes_the_sticker_anew_and_is_kept_with_the_next_video(as_owner: Client, cat: Photo) -> None:
    def sticker() -> Image.Image:
        content = b"".join(as_owner.get(reverse("videos:photo_sticker", args=[cat.pk])).streaming_content)
        return Image.open(io.BytesIO(content)).convert("RGBA")

    def puppet() -> str:
        """How the next video shows the pet."""
        order = making.order_for(ask_for_video(cat))
        from videos.studio.render import Scene

        options = {"dance": order.dance, "width": 160, "height": 160, "seed": 1, "cutout": order.cutout}
        return Scene(order.frame, order.mask, whole=order.whole, **options).puppet.mode.value

    framed = sticker()
    assert puppet() == "print"
    for position, corner, mode in (("on", 0, "bust"), ("", 255, "print")):
        answer = as_owner.post(reverse("videos:switch_cutout", args=[cat.pk]), {"cutout": position})
        assert answer.headers["Location"] == cat.get_absolute_url()
        assert work_once(lane="render") is True
        cat.refresh_from_db()
        assert cat.dances_as == ("cutout" if position else "print")
        assert puppet() == mode
        alpha = sticker().getchannel("A")
        assert alpha.getpixel((alpha.width // 2, 3 * alpha.height // 4)) == 255
        assert alpha.getpixel((4, alpha.height // 2)) > 250 if corner else alpha.getextrema()[0] == 0
    assert sticker().tobytes() == framed.tobytes()


@pytest.fixture
def fog(owner: User) -> Photo:
    """A photo without anything in it."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((400, 300)).convert("RGB").save(out, "JPEG")
    return keep_photo(owner, photos.normalise(out.getvalue()), timezone.now())


@pytest.mark.slow
def test_where_nothing_was_found_there_is_no_switch(fog: Photo) -> None:
    assert (fog.dances_as, fog.has_cutout) == ("", False)
    assert work_once(lane="render") is True
    fog.refresh_from_db()
    assert (fog.dances_as, fog.has_cutout, fog.cutout) == ("print", False, False)


@pytest.mark.slow
def test_a_video_asked_for_before_the_first_look_dances_as_suits(fog: Photo) -> None:
    """Its owner could not choose yet."""
    video = ask_for_video(fog)
    assert video.cutout is True
    assert making.order_for(video).cutout is False
    assert Video.objects.get().cutout is False


def test_the_first_look_leaves_a_pet_that_suits_as_it_is(photo: Photo) -> None:
    video = ask_for_video(photo)
    assert making.order_for(video).cutout is True
    photo.refresh_from_db()
    assert (photo.dances_as, photo.cut["mode"]) == ("cutout", "full")


def test_the_focus_makes_the_sticker_anew_where_there_are_several_pets(photo: Photo) -> None:
    found = {"mode": "full", "cover": 0.2, "passes": 1}
    for parts, due in ((1, False), (2, True)):
        Photo.objects.update(due_at=None, cut=found | {"parts": parts}, focus_x=0.5, focus_y=0.42)
        photo.refresh_from_db()
        photo.look_at(photo.focus)
        photo.refresh_from_db()
        assert photo.due_at is None
        photo.look_at(Focus(0.9, 0.2))
        photo.refresh_from_db()
        assert ((photo.focus_x, photo.focus_y), photo.due_at is not None) == ((0.9, 0.2), due)


def test_the_model_runs_once_for_a_photo_however_often_it_is_prepared(cat: Photo, monkeypatch) -> None:
    # The model leaves no trace of a run: OpenCV, which loads it for each, is replaced.
    monkeypatch.setattr(cv2.dnn, "readNetFromONNX", lambda *args: pytest.fail("the model ran again"))
    figures = cat.cut
    cat.switch_cutout(False)
    assert work_once() is True
    cat.refresh_from_db()
    assert (cat.cut, cat.due_at) == (figures, None)


class Switched(WholeFiles):
    """A storage whose first sticker takes so long that its owner switches meanwhile."""

    def save(self, name: str, content: File, max_length: int | None = None) -> str:
        photo = Photo.objects.get()
        if name.endswith("sticker.webp") and photo.cutout:
            photo.switch_cutout(False)
        return super().save(name, content, max_length)


@pytest.mark.parametrize("looked", [True, pytest.param(False, marks=pytest.mark.slow)], ids=["before", "now"])
def test_a_switch_in_the_middle_of_the_preparation_is_not_lost(photo: Photo, looked: bool, settings) -> None:
    """Whether the photo was looked at before, or is looked at now."""
    if looked:
        looked_at(photo)
    slow = settings.STORAGES["default"] | {"BACKEND": f"{__name__}.Switched"}
    settings.STORAGES = settings.STORAGES | {"default": slow}
    work_once()
    photo.refresh_from_db()
    assert photo.due_at is not None
    assert work_once() is True
    photo.refresh_from_db()
    assert (photo.cutout, photo.due_at) == (False, None)
