"""The cut-out toggle: a default that suits the photo, then the choice of its owner."""

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
from tests.videos.fake_cutout import add_cutout
from videos import dances, formats, photos
from videos.models import Photo, ProviderStatus, Video
from videos.ordering import request_video
from videos.photos import Focus
from videos.storage.local import AtomicFileSystemStorage
from videos.studio.segmentation.cutout import Mode
from videos.uploads import store_photo
from videos.worker import inputs
from videos.worker.runner import work_once


def test_toggle_keeps_the_choice_and_drops_invalid_values(as_owner: Client, prepared: Photo) -> None:
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
        ("full", "mask.png", True, "Keep the background"),
        ("bust", "mask.png", False, "Remove the background"),
        ("print", "mask.png", True, "Keep the background"),
        ("print", "mask.png", False, "Remove the background"),
        ("print", "", True, ""),
    ],
)
def test_toggle_is_offered_where_it_has_an_effect(
    as_owner: Client, prepared: Photo, mode: str, mask: str, cutout: bool, offered: str
) -> None:
    Photo.objects.update(cutout_info={"mode": mode}, mask=mask, cutout=cutout)
    for address in (prepared.get_absolute_url(), reverse("videos:photo_notes", args=[prepared.pk])):
        page = as_owner.get(address).content.decode()
        labels = [label for label in ("Keep the background", "Remove the background") if label in page]
        assert labels == ([offered] if offered else [])


def test_toggle_is_hidden_for_remote_providers(as_owner: Client, prepared: Photo, settings) -> None:
    Photo.objects.update(cutout_info={"mode": "full"}, mask="mask.png")
    settings.VIDEO_PROVIDER = "runway"
    addresses = (prepared.get_absolute_url(), reverse("videos:photo_notes", args=[prepared.pk]))

    def offered() -> list[bool]:
        return ["Keep the background" in as_owner.get(address).content.decode() for address in addresses]

    assert offered() == [False, False]
    settings.STUDIO_FALLBACK = True
    ProviderStatus.objects.create(provider="runway", unavailable_since=timezone.now(), due_at=timezone.now())
    assert offered() == [True, True]


def test_print_is_shown_as_the_frame(as_owner: Client, prepared: Photo) -> None:
    Photo.objects.update(sticker="sticker.webp", mask="mask.png", cutout_info={"mode": "print"}, cutout=False)
    assert "/frame/square.webp?x=0.5" in as_owner.get(prepared.get_absolute_url()).context["pet"]
    Photo.objects.update(cutout=True)
    sticker = reverse("videos:photo_sticker", args=[prepared.pk])
    assert as_owner.get(prepared.get_absolute_url()).context["pet"] == sticker


@pytest.mark.parametrize("is_due", [False, True])
def test_cards_never_show_the_frame_with_its_people(as_owner: Client, prepared: Photo, is_due: bool) -> None:
    info = {"mode": "print", "people": "touching", "faces": [[0.4, 0.3, 0.6, 0.5]]}
    due_at = timezone.now() if is_due else None
    Photo.objects.update(sticker="sticker.webp", cutout_info=info, cutout=False, due_at=due_at)
    page = as_owner.get(prepared.get_absolute_url())
    assert page.context["pet"] == reverse("videos:photo_sticker", args=[prepared.pk])
    assert not page.context["as_print"]
    # For the script, which takes the sticker of a photo that was prepared since.
    notes = as_owner.get(reverse("videos:photo_notes", args=[prepared.pk])).content.decode()
    assert "data-as-sticker" in notes


def video_for_later(photo: Photo) -> Video:
    """Request a video that is not due before tomorrow."""
    dance, shape = dances.BY_SLUG["disco"], formats.BY_SLUG["wide"]
    choice = {"user": photo.user, "photo": Photo.objects.get(pk=photo.pk), "dance": dance, "shape": shape}
    video = request_video(idempotency_key=uuid.uuid4(), now=timezone.now(), **choice)
    Video.objects.filter(pk=video.pk).update(due_at=timezone.now() + timedelta(days=1))
    return video


@pytest.fixture
def uploaded(as_owner: Client, owner: User) -> Photo:
    """Return a photo of a real cat, not yet prepared."""
    from skimage import data

    out = io.BytesIO()
    Image.fromarray(data.cat()).save(out, "JPEG")
    out.seek(0)
    out.name = "cat.jpg"
    as_owner.post("/photos/", {"image": out})
    return Photo.objects.get()


@pytest.fixture
def cat(uploaded: Photo) -> Photo:
    """Return a prepared photo of a real cat whose face fills it to the edges."""
    add_cutout(uploaded, mode=Mode.PRINT)
    assert work_once()
    uploaded.refresh_from_db()
    return uploaded


@pytest.mark.slow
def test_preparation_sets_the_default(uploaded: Photo) -> None:
    """A face that fills the photo defaults to a print, though it can be cut out."""
    assert work_once()
    cat = Photo.objects.get()
    assert (cat.cutout, cat.dances_as, cat.has_cutout, cat.cutout_info["mode"]) == (False, "print", True, "print")


def test_rendering_sets_the_default(uploaded: Photo) -> None:
    """The owner could not choose before the photo was prepared."""
    video = video_for_later(uploaded)
    assert video.cutout is True
    assert inputs.local_order(video).subject.cutout is False
    assert Video.objects.get().cutout is False
    cat = Photo.objects.get()
    assert (cat.cutout, cat.dances_as, cat.has_cutout, cat.cutout_info["mode"]) == (False, "print", True, "print")


def test_toggle_remakes_the_sticker_and_applies_to_the_next_video(as_owner: Client, cat: Photo) -> None:
    def sticker() -> Image.Image:
        content = b"".join(as_owner.get(reverse("videos:photo_sticker", args=[cat.pk])).streaming_content)
        return Image.open(io.BytesIO(content)).convert("RGBA")

    def puppet() -> str:
        """Return how the next video shows the pet."""
        order = inputs.local_order(video_for_later(cat))
        from videos.studio.render import Scene

        scene = Scene(order.subject, dance=order.dance, width=160, height=160, seed=1)
        return scene.performer.puppet.mode.value

    print_sticker = sticker()
    assert puppet() == "print"
    for position, corner_alpha, mode in (("on", 0, "bust"), ("", 255, "print")):
        response = as_owner.post(reverse("videos:switch_cutout", args=[cat.pk]), {"cutout": position})
        assert response.headers["Location"] == cat.get_absolute_url()
        assert work_once(queue="render") is True
        cat.refresh_from_db()
        assert cat.dances_as == ("cutout" if position else "print")
        assert puppet() == mode
        alpha = sticker().getchannel("A")
        assert alpha.getpixel((alpha.width // 2, 3 * alpha.height // 4)) == 255
        assert alpha.getpixel((4, alpha.height // 2)) > 250 if corner_alpha else alpha.getextrema()[0] == 0
    assert sticker().tobytes() == print_sticker.tobytes()


@pytest.fixture
def photo_without_pet(owner: User) -> Photo:
    """Return a photo of a plain gradient."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((400, 300)).convert("RGB").save(out, "JPEG")
    return store_photo(owner, photos.normalise(out.getvalue()), timezone.now())


@pytest.mark.slow
def test_no_toggle_without_a_cutout(photo_without_pet: Photo) -> None:
    assert (photo_without_pet.dances_as, photo_without_pet.has_cutout) == ("", False)
    assert work_once(queue="render") is True
    photo_without_pet.refresh_from_db()
    assert (photo_without_pet.dances_as, photo_without_pet.has_cutout, photo_without_pet.cutout) == (
        "print",
        False,
        False,
    )


@pytest.mark.slow
def test_video_requested_before_preparation_uses_the_default(photo_without_pet: Photo) -> None:
    """The owner could not choose before the photo was prepared."""
    video = video_for_later(photo_without_pet)
    assert video.cutout is True
    assert inputs.local_order(video).subject.cutout is False
    assert Video.objects.get().cutout is False


def test_preparation_keeps_a_matching_default(photo: Photo) -> None:
    video = video_for_later(photo)
    assert inputs.local_order(video).subject.cutout is True
    photo.refresh_from_db()
    assert (photo.dances_as, photo.cutout_info["mode"]) == ("cutout", "full")


def test_focus_remakes_the_sticker_with_several_pets(photo: Photo) -> None:
    cutout_info = {"mode": "full", "cover": 0.2, "passes": 1}
    for parts, due in ((1, False), (2, True)):
        Photo.objects.update(due_at=None, cutout_info=cutout_info | {"parts": parts}, focus_x=0.5, focus_y=0.42)
        photo.refresh_from_db()
        photo.set_focus(photo.focus)
        photo.refresh_from_db()
        assert photo.due_at is None
        photo.set_focus(Focus(0.9, 0.2))
        photo.refresh_from_db()
        assert ((photo.focus_x, photo.focus_y), photo.due_at is not None) == ((0.9, 0.2), due)


def test_model_runs_once_per_photo(cat: Photo, monkeypatch) -> None:
    # A run of the model leaves no trace, so replace OpenCV, which loads it for each run.
    monkeypatch.setattr(cv2.dnn, "readNetFromONNX", lambda *args: pytest.fail("the model ran again"))
    cutout_info = cat.cutout_info
    cat.switch_cutout(False)
    assert work_once() is True
    cat.refresh_from_db()
    assert (cat.cutout_info, cat.due_at) == (cutout_info, None)


class ToggleDuringSave(AtomicFileSystemStorage):
    """A storage during whose first save of a sticker the owner uses the toggle."""

    def save(self, name: str, content: File, max_length: int | None = None) -> str:
        photo = Photo.objects.get()
        if name.endswith("sticker.webp") and photo.cutout:
            photo.switch_cutout(False)
        return super().save(name, content, max_length)


@pytest.mark.parametrize("has_mask", [True, pytest.param(False, marks=pytest.mark.slow)], ids=["before", "now"])
def test_toggle_during_preparation_is_not_lost(photo: Photo, has_mask: bool, settings) -> None:
    """The toggle works before and during the first run of the model on a photo."""
    if has_mask:
        add_cutout(photo)
    slow = settings.STORAGES["default"] | {"BACKEND": f"{__name__}.ToggleDuringSave"}
    settings.STORAGES = settings.STORAGES | {"default": slow}
    work_once()
    photo.refresh_from_db()
    assert photo.due_at is not None
    assert work_once() is True
    photo.refresh_from_db()
    assert (photo.cutout, photo.due_at) == (False, None)
