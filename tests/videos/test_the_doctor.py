"""The doctor says the truth about each part, and how to mend it."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import openai
import pytest
import responses
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from tests.videos.conftest import NO_MAIL_SERVER, no_room_for
from videos.models import Line, Pulse, Video
from videos.studio.encoding import codecs
from videos.studio.segmentation import segmenter

RUNWAY = "https://api.dev.runwayml.com/v1/organization"


def of(part: str, capsys: Any) -> dict[str, str]:
    """What the doctor tells of one part, as JSON."""
    with suppress(CommandError):
        call_command("doctor", "--json")
    return next(row for row in json.loads(capsys.readouterr().out) if row["part"] == part)


@pytest.fixture(autouse=True)
def _well(db: None, settings: Any) -> None:
    settings.DEBUG = True
    Pulse.objects.beat("here:1", "all", timezone.now())


def test_all_is_well_and_the_exit_code_says_so(capsys: Any) -> None:
    call_command("doctor")
    told = capsys.readouterr().out
    assert "wrong" not in told
    assert {line.split()[1] for line in told.splitlines() if not line.startswith(" ")} == {
        "database",
        "migrations",
        "clock",
        "worker",
        "line",
        "site",
        "storage",
        "cache",
        "mail",
        "studio",
        "runway",
        "openai",
    }
    assert list(default_storage.everything("videos/doctor/")) == []


def test_without_a_worker_it_is_wrong_and_says_how_to_start_one(capsys: Any) -> None:
    Pulse.objects.update(seen_at=timezone.now() - timedelta(minutes=6))
    with pytest.raises(CommandError, match="1 part is not well"):
        call_command("doctor")
    told = capsys.readouterr().out
    assert "nothing is made" in told
    assert "python manage.py work" in told


def test_a_lane_that_nobody_works_in_is_told(capsys: Any) -> None:
    Pulse.objects.update(lane="api")
    assert of("worker", capsys)["told"] == "nobody works in the lane render"


def test_a_late_video_is_told(request_video: Any, capsys: Any) -> None:
    request_video()
    Video.objects.update(promised_by=timezone.now() - timedelta(minutes=1))
    assert of("line", capsys)["told"] == "1 of 1 living videos are beyond their promised time"


def test_a_storage_that_cannot_be_written_to_is_told(capsys: Any) -> None:
    with no_room_for("videos"):
        told = of("storage", capsys)
    assert told | {"mend": ""} == {
        "part": "storage",
        "state": "wrong",
        "told": "WholeFiles: NotADirectoryError on writing or reading",
        "mend": "",
    }


def test_mail_that_is_not_sent_is_wrong_in_production(capsys: Any, settings: Any) -> None:
    settings.DEBUG = False
    told = of("mail", capsys)
    assert told["state"] == "wrong"
    assert "EMAIL_URL" in told["mend"]


def test_a_mail_server_that_does_not_answer_is_told(capsys: Any, settings: Any) -> None:
    settings.MAILERS = NO_MAIL_SERVER
    assert of("mail", capsys)["state"] == "wrong"


def forget_migrations(count: int) -> None:
    """Let the database say that the last migrations of this app were never applied."""
    applied = MigrationRecorder(connection).migration_qs.filter(app="videos").order_by("-name")
    MigrationRecorder(connection).migration_qs.filter(pk__in=[row.pk for row in applied[:count]]).delete()


def test_migrations_that_are_missing_are_told(capsys: Any) -> None:
    forget_migrations(2)
    assert of("migrations", capsys)["told"] == "2 are not applied"


def test_before_the_first_migration_no_table_is_asked(capsys: Any) -> None:
    forget_migrations(2)
    with suppress(CommandError):
        call_command("doctor", "--json")
    parts = {row["part"] for row in json.loads(capsys.readouterr().out)}
    assert "clock" in parts
    assert not {"worker", "line"} & parts


def test_a_database_that_is_away_leaves_the_rest_to_be_asked(capsys: Any) -> None:
    def away(*arguments: Any) -> None:
        raise OperationalError("connection refused")

    with connection.execute_wrapper(away):
        told, storage = of("database", capsys), of("storage", capsys)
    assert (told["state"], told["told"]) == ("wrong", "does not answer: connection refused")
    assert storage["state"] == "ok"


@pytest.fixture
def key(settings: Any) -> None:
    settings.RUNWAY_API_KEY, settings.VIDEO_PROVIDER = "key_of_a_test", "runway"


def account(credits: int = 100) -> dict[str, Any]:
    limits = {"maxConcurrentGenerations": 3, "maxDailyGenerations": 100}
    return {
        "creditBalance": credits,
        "tier": {"maxMonthlyCreditSpend": 1000, "models": {"gen4_turbo": limits}},
        "usage": {"models": {"gen4_turbo": {"dailyGenerations": 1}}},
    }


@responses.activate
def test_a_runway_account_that_is_well_is_told_with_its_credits(key: None, capsys: Any) -> None:
    responses.get(RUNWAY, json=account())
    told = of("runway", capsys)
    assert (told["state"], told["told"]) == ("ok", "gen4_turbo, 100 credits, 3 at a time")


@responses.activate
def test_a_wrong_key_is_told_without_the_key(key: None, capsys: Any) -> None:
    responses.get(RUNWAY, status=401, json={"error": "invalid key"})
    told = of("runway", capsys)
    assert told["state"] == "wrong"
    assert told["told"].startswith("does not take the key")
    assert "key_of_a_test" not in json.dumps(told)


@responses.activate
def test_no_way_to_runway_is_told(key: None, capsys: Any) -> None:
    told = of("runway", capsys)
    assert told["state"] == "wrong"
    assert told["told"].startswith("cannot be reached")


@responses.activate
def test_a_suspended_account_is_told_apart_from_a_wrong_key(key: None, capsys: Any) -> None:
    responses.get(RUNWAY, status=403, json={"error": "Account suspended"})
    told = of("runway", capsys)
    assert (told["state"], told["told"].split(" (call")[0]) == (
        "wrong",
        "knows the key, and refuses: 403: Account suspended",
    )
    assert "suspended" in told["mend"]


@responses.activate
@pytest.mark.parametrize(
    "answer", [{"status": 404, "json": {"error": "Not Found"}}, {"body": "<html>"}, {"status": 302}]
)
def test_an_address_that_is_not_runways_is_told(key: None, capsys: Any, answer: dict[str, Any]) -> None:
    responses.get(RUNWAY, **answer)
    told = of("runway", capsys)
    assert told["state"] == "wrong"
    assert told["told"].startswith("is not what answers at https://api.dev.runwayml.com: ")
    assert "RUNWAY_BASE_URL" in told["mend"]


@responses.activate
def test_an_account_without_a_limit_is_told_with_ours(key: None, capsys: Any, settings: Any) -> None:
    settings.RUNWAY_MOST_AT_A_TIME = 7
    facts = account()
    facts["tier"]["models"]["gen4_turbo"]["maxConcurrentGenerations"] = None
    responses.get(RUNWAY, json=facts)
    told = of("runway", capsys)
    assert told["told"] == "gen4_turbo, 100 credits, 7 at a time, as the account knows no limit"


def test_a_key_that_was_taken_away_under_videos_is_told(request_video: Any, capsys: Any) -> None:
    video = request_video()
    assert of("runway", capsys)["state"] == "ok"
    Video.objects.filter(pk=video.pk).update(provider="runway", status="processing", step="rendering")
    told = of("runway", capsys)
    assert (told["state"], told["told"]) == (
        "wrong",
        "no key, and 1 of its videos are on the way: they cannot be fetched",
    )


@responses.activate
def test_an_empty_account_is_told(key: None, capsys: Any) -> None:
    responses.get(RUNWAY, json=account(credits=3))
    assert of("runway", capsys)["told"].endswith("the account holds 3 credits, a video costs 25")


@responses.activate
def test_a_line_that_is_still_closed_is_told(key: None, capsys: Any) -> None:
    responses.get(RUNWAY, json=account())
    Line.objects.close("runway", "no credits", timezone.now())
    told = of("runway", capsys)
    assert (told["state"], "our line is still closed: no credits" in told["told"]) == ("look", True)


@responses.activate
def test_a_key_that_is_not_used_is_told(key: None, capsys: Any, settings: Any) -> None:
    settings.VIDEO_PROVIDER = "studio"
    responses.get(RUNWAY, json=account())
    assert of("runway", capsys)["told"] == "gen4_turbo, 100 credits, not used"


def test_a_studio_without_an_encoder_or_with_half_a_model_is_told(
    capsys: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    half = tmp_path / "model.onnx"
    # The model is a file of the package, which a test must not move.
    monkeypatch.setattr(segmenter, "MODEL", half)
    assert of("studio", capsys)["told"] == "the cut-out model is missing"
    half.write_bytes(b"half")
    assert of("studio", capsys)["told"] == "the cut-out model is not the one that we know"
    # The encoders are compiled into PyAV, so the studio asks for one that does not exist.
    monkeypatch.setattr(codecs, "NEEDED", (("libx264", "w"), ("nonsense", "w"), ("nonsense", "r")))
    told = of("studio", capsys)
    assert (told["state"], told["told"]) == (
        "wrong",
        "PyAV was built without nonsense (encoder), nonsense (decoder)",
    )


@pytest.mark.postgresql
@pytest.mark.parametrize(("ahead", "state"), [(0, "ok"), (60, "wrong"), (-60, "wrong")])
def test_a_clock_that_is_off_is_told(capsys: Any, later: Callable[[timedelta], None], ahead: int, state: str) -> None:
    later(timedelta(seconds=ahead))
    assert of("clock", capsys)["state"] == state


def test_no_key_is_no_trouble(capsys: Any) -> None:
    assert of("runway", capsys)["told"] == "no key: the embedded studio makes the videos"
    assert of("openai", capsys)["told"] == "no key: our own words for each dance"


def test_openai_out_of_reach_is_told_and_stops_nothing(capsys: Any, settings: Any) -> None:
    settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL = "key_of_a_test", "http://127.0.0.1:1/v1"
    told = of("openai", capsys)
    assert told["state"] == "look"
    assert told["told"].startswith("cannot be reached")
    assert openai.__name__


def test_a_part_that_cannot_even_be_asked_is_wrong(capsys: Any) -> None:
    def fail(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        return 1 / 0 if 'FROM "videos_pulse"' in sql else execute(sql, *more)

    with connection.execute_wrapper(fail):
        assert of("worker", capsys)["told"] == "could not be asked: ZeroDivisionError"
