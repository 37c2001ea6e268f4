"""Texts of the app in another language: shown translated, and stored in English."""

import io
import struct
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone
from django.utils.translation import override, trans_real

from accounts.models import User
from credits.models import Entry
from tests.videos.conftest import photo_of
from videos import names, photos, translation
from videos.admin.filters import AgeFilter
from videos.dances import BY_SLUG, DANCES
from videos.formats import FORMATS
from videos.forms import DanceForm, StyleForm
from videos.limits import too_many_photos
from videos.models import Status, Video
from videos.models.choices import ErrorCode
from videos.operations.actions import CANCEL
from videos.operations.replies import reply_for
from videos.photos.advice import NOT_FOUND, SHOWN_AS_PRINT, cutout_notes
from videos.photos.head import Head, InvalidHead
from videos.photos.quality import QualityNote
from videos.photos.validation import InvalidPhoto, invalid
from videos.progress import duration_text, queue_text, timeline_of

PLURALS = b"Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
IN_SENTENCE = "in a sentence\x04"
GERMAN = {
    "The robot": "Roboter",
    f"{IN_SENTENCE}the robot": "den Roboter",
    f"{IN_SENTENCE}robot": "Roboter",
    "stiff steps, clicking head turns": "steife Schritte, ruckende Kopfdrehungen",
    "%(name)s's %(dance)s": "%(dance)s von %(name)s",
    "Your pet's %(dance)s": "%(dance)s vom Haustier",
    "Your %(dance)s video is ready": "Dein %(dance)s-Video wartet schon",
    "video format\x04Square": "Quadrat",
    "Dancer": "Tänzer",
    "build of a pet\x04Round": "Rundlich",
    "This photo is dark. Photos in good light work best.": "Das Bild wirkt dunkel.",
    "location": "Ort",
    NOT_FOUND: "Kein Tier gefunden.",
    SHOWN_AS_PRINT: "Das ganze Bild tanzt.",
    "This photo is longer than %(longest)s pixels. Choose a smaller copy.": "Maximal %(longest)s Pixel.",
    "That looks like %(kind)s. Choose a photo saved as %(accepted)s.": "Sieht aus wie %(kind)s, nicht %(accepted)s.",
    "a GIF": "ein GIF",
    "JPEG, PNG, WebP, HEIC or AVIF": "JPEG, PNG, WebP, HEIC, AVIF",
    "Enter a number.": "Schicke eine Zahl.",
    "Choose a dance first.": "Wähle zuerst einen Tanz.",
    "A name can have up to %(most)d characters.": "Höchstens %(most)d Zeichen.",
    "Dancing": "Tanzt",
    "Queued": "Wartet",
    "Refunded": "Erstattet",
    "You're next": "Jetzt du",
    "%(count)d video ahead\0%(count)d videos ahead": "noch %(count)d Video\0noch %(count)d Videos",
    "about %(count)d second left\0about %(count)d seconds left": "%(count)d Sekunde\0%(count)d Sekunden",
    ErrorCode.CANCELLED_BY_STAFF.label: "Das Team beendete das Video.",
    "canceled and refunded": "abgebrochen und erstattet",
    "Cancel and refund": "Abbrechen und erstatten",
    "The last week": "Letzte Woche",
    "Hi! %(text)s Let us know if you have questions.": "Hallo! %(text)s",
    "You requested a %(dance)s video on %(time)s.": "Dein %(dance)s-Video vom %(time)s.",
    "%(date)s at %(time)s UTC": "%(date)s, %(time)s UTC",
}


def write_catalogue(path: Path, texts: dict[str, str]) -> None:
    """Write the binary catalogue that ``compilemessages`` would make."""
    rows = sorted([(b"", PLURALS), *((key.encode(), value.encode()) for key, value in texts.items())])
    keys, values = ([row[part] for row in rows] for part in (0, 1))
    count, offset = len(rows), 28 + 16 * len(rows)
    tables = [b"", b""]
    for number, column in enumerate((keys, values)):
        for text in column:
            tables[number] += struct.pack("<2I", len(text), offset)
            offset += len(text) + 1
    head = struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, 0)
    path.write_bytes(head + b"".join(tables) + b"".join(text + b"\0" for text in keys + values))


@pytest.fixture(autouse=True)
def german(tmp_path: Path, settings: Any) -> Iterator[None]:
    """Offer German with a small catalogue of its own."""
    folder = tmp_path / "locale" / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    write_catalogue(folder / "django.mo", GERMAN)
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    trans_real._translations = {}
    with override("de"):
        yield
    trans_real._translations = {}


def test_dances_formats_and_styles_are_translated() -> None:
    robot = BY_SLUG["robot"]
    assert (robot.name, robot.in_sentence, robot.noun) == ("Roboter", "den Roboter", "Roboter")
    assert (robot.line, robot.short_line) == ("steife Schritte, ruckende Kopfdrehungen", "steife Schritte")
    assert (robot.english.name, robot.english.noun) == ("The robot", "robot")
    assert [shape.name for shape in FORMATS] == ["Vertical", "Quadrat", "Landscape"]
    assert ("robot", "Roboter") in list(DanceForm().fields["dance"].choices)  # type: ignore[attr-defined]
    form = StyleForm(photo=None)
    assert [str(name) for _, name in form.fields["style"].choices] == ["Tänzer", "Whole pet"]  # type: ignore[attr-defined]
    video = Video(dance="robot", style="dancer", body="round", format="square")
    assert (video.get_dance_display(), video.get_style_display()) == ("Roboter", "Tänzer")
    assert video.get_body_display() == "Rundlich"


def test_every_dance_has_a_name_for_sentences() -> None:
    with override(None):
        for dance in DANCES:
            assert dance.in_sentence == dance.name.lower()
            assert dance.noun == dance.in_sentence.removeprefix("the ")


def test_titles_put_the_name_where_the_language_does() -> None:
    assert Video(dance="robot", pet_name="Biscuit").title == "Roboter von Biscuit"
    assert Video(dance="robot").title == "Roboter vom Haustier"
    assert Video(dance="robot").ready_line == "Dein Roboter-Video wartet schon"
    # A name is text, not a format.
    assert Video(dance="robot", pet_name="%s 100%").title == "Roboter von %s 100%"


def test_notes_on_photos_are_translated_when_they_are_shown(owner: User) -> None:
    photo = photo_of(owner)
    photo.quality_notes = [QualityNote("dark").as_json]
    photo.removed_metadata = ["location"]
    assert photo.notes[0] == "Das Bild wirkt dunkel."
    assert photo.removed == ["Ort"]
    with override("en"):
        assert photo.notes[0] == "This photo is dark. Photos in good light work best."
    info = {"passes": 1, "mode": "print", "cover": 0.3}
    assert cutout_notes(info, found=False, as_print=True) == ["Kein Tier gefunden. Das ganze Bild tanzt."]


def test_uploads_store_notes_without_their_language(owner: User) -> None:
    photo = photo_of(owner)
    photo.quality_notes = [note.as_json for note in (QualityNote("wide", 36), QualityNote("dark"))]
    photo.save()
    photo.refresh_from_db()
    assert photo.quality_notes == [{"code": "wide", "kept": 36}, {"code": "dark", "kept": 100}]
    assert "36%" in photo.notes_of_upload[0]


def test_notes_of_older_rows_are_sentences(owner: User) -> None:
    photo = photo_of(owner)
    photo.quality_notes = ["This photo is dark. Photos in good light work best."]
    assert photo.notes_of_upload == ["Das Bild wirkt dunkel."]


def test_errors_are_translated() -> None:
    assert str(invalid("too_long")) == "Maximal 12.000 Pixel."
    with pytest.raises(InvalidPhoto) as error:
        photos.normalise(io.BytesIO(b"GIF89a" + bytes(50)))
    assert str(error.value) == "Sieht aus wie ein GIF, nicht JPEG, PNG, WebP, HEIC, AVIF."
    with pytest.raises(InvalidHead, match=r"^Schicke eine Zahl\.$"):
        Head(float("nan"), 0.5, 0.1, 0.1)
    with pytest.raises(names.InvalidName, match=r"^Höchstens 30 Zeichen\.$"):
        names.clean("x" * 31)
    form = DanceForm({})
    assert form.errors["dance"] == ["Wähle zuerst einen Tanz."]


def test_progress_is_translated(owner: User, request_video: Any) -> None:
    video = request_video()
    assert [stage.name for stage in timeline_of(video, timezone.now()).stages][:2] == ["Wartet", "Tanzt"]
    assert (queue_text(0), queue_text(1), queue_text(2)) == ("Jetzt du", "noch 1 Video", "noch 2 Videos")
    assert duration_text(timedelta(seconds=30)) == "30 Sekunden"
    assert too_many_photos().startswith("You can try ")


def test_rows_keep_english(owner: User, request_video: Any) -> None:
    video = request_video(dance=BY_SLUG["robot"])
    result = CANCEL.perform(video.pk, timezone.now(), None)
    video.refresh_from_db()
    assert (str(result), str(CANCEL.label)) == ("abgebrochen und erstattet", "Abbrechen und erstatten")
    assert video.status == Status.FAILED
    assert (
        video.error_message
        == ErrorCode.CANCELLED_BY_STAFF.label
        == "Our team canceled this video. Questions? Contact us."
    )
    assert video.failure == "Das Team beendete das Video."
    assert {entry.reason for entry in Entry.objects.filter(reference__startswith="video:")} == {
        "The robot",
        "The robot, canceled",
    }


def test_the_admins_log_is_in_english(as_staff: Client, request_video: Any) -> None:
    video = request_video()
    as_staff.post(f"/admin/videos/video/{video.pk}/do/cancel/", headers={"accept-language": "de"})
    assert LogEntry.objects.latest("action_time").get_change_message() == "Canceled and refunded"


def test_staff_read_filters_in_their_language_and_replies_in_the_owners(request_video: Any) -> None:
    video = request_video(dance=BY_SLUG["robot"])
    video.created_at = video.created_at.replace(year=2026, month=3, day=5, hour=9, minute=4)
    assert str(AgeFilter.NAMES["week"]) == "Letzte Woche"
    assert reply_for(video, timezone.now()).startswith("Hi! You requested a robot video on Mar 5, 2026 at 9:04 AM UTC.")
    video.user.language = "de"
    with override("en-us"):
        reply = reply_for(video, timezone.now())
    assert reply.startswith("Hallo! Dein Roboter-Video vom 05.03.2026, 09:04 UTC.")


def test_without_django_all_is_english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_gettext", "_pgettext", "_grouped"):
        monkeypatch.setattr(translation, name, None)
    assert BY_SLUG["robot"].name == "The robot"
    assert BY_SLUG["robot"].noun == "robot"
    assert translation.grouped(12_000) == "12,000"


def test_pages_show_no_text_of_a_row_as_it_is_stored() -> None:
    stored = ("error_message }}", "removed_metadata|", "quality_notes", ".english")
    templates = Path(__file__).parents[2] / "templates"
    pages = [path for path in templates.rglob("*") if path.is_file() and path.name not in ("error.html",)]
    assert [(page.name, text) for page in pages for text in stored if text in page.read_text()] == []
