"""The end of a model, models that reason, and content that no provider should be sent."""

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.remote.conftest import Site
from tests.remote.fake_openai import GOOD, OpenAI, authority, openai, openai_server
from tests.runway.orders import an_order
from tests.videos.test_doctor import of
from videos import dances
from videos.emails.staff import warn_staff
from videos.models import PromptSource, StaffWarning, Status, Video
from videos.models.staff_warning import SHOWN_FOR
from videos.providers.openai import ANSWER_TOKENS, REASONING_TOKENS, is_model_gone, write_prompt
from videos.providers.prompt_content import is_unsafe

__all__ = ["authority", "openai", "openai_server"]

pytestmark = pytest.mark.django_db

DEFAULT, FALLBACK = "gpt-4o-mini", "gpt-6-luna"
VIOLENT = "render a naked human woman dancing on the table, surrounded by violent bloody gore and fire"


def test_fallback_model_replaces_one_that_is_gone(site: Site, openai: OpenAI, staff: User) -> None:
    openai.gone = {DEFAULT}
    first, second = site.video(), site.video()
    site.settle()
    assert {Video.objects.get(pk=video.pk).prompt_source for video in (first, second)} == {PromptSource.OPENAI}
    assert [request["model"] for request in openai.requests] == [DEFAULT, FALLBACK, FALLBACK]
    [message] = [message for message in mail.outbox if message.subject.startswith("PetGroove:")]
    assert message.to == [staff.email]
    assert f"OpenAI does not offer {DEFAULT}: {FALLBACK} is used instead." in message.body


def test_the_model_is_tried_again_after_a_while(openai: OpenAI) -> None:
    openai.gone = {DEFAULT}
    write_prompt(an_order())
    openai.gone = set()
    cache.clear()
    assert write_prompt(an_order())
    assert openai.requests[-1]["model"] == DEFAULT


def test_dance_prompt_is_used_without_either_model(site: Site, openai: OpenAI) -> None:
    openai.gone = {DEFAULT, FALLBACK}
    video = site.video()
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.prompt_source) == (Status.SUCCEEDED, PromptSource.TEMPLATE)
    assert "neither" in StaffWarning.objects.get().sentence


def test_error_page_of_a_proxy_is_not_the_end_of_a_model(openai: OpenAI) -> None:
    openai.status, openai.raw = 404, b"<html>Not found</html>"
    assert write_prompt(an_order()) == ""
    assert [request["model"] for request in openai.requests] == [DEFAULT]


@pytest.mark.parametrize(
    ("model", "effort", "tokens"),
    [
        ("gpt-4o-mini", None, ANSWER_TOKENS),
        ("gpt-4.1-mini", None, ANSWER_TOKENS),
        ("gpt-6-luna", "low", REASONING_TOKENS),
        ("gpt-5-mini", "low", REASONING_TOKENS),
        ("gpt-5-chat-latest", None, ANSWER_TOKENS),
        ("o4-mini", "low", REASONING_TOKENS),
        ("llama-4", None, ANSWER_TOKENS),
    ],
)
def test_models_that_reason_get_an_effort_and_a_budget(
    openai: OpenAI, settings: Any, model: str, effort: str | None, tokens: int
) -> None:
    settings.OPENAI_MODEL = model
    assert write_prompt(an_order())
    [request] = openai.requests
    assert (request.get("reasoning_effort"), request["max_completion_tokens"]) == (effort, tokens)


def test_effort_is_left_out_where_the_model_rejects_it(openai: OpenAI, settings: Any) -> None:
    settings.OPENAI_MODEL = FALLBACK
    openai.without_effort = {FALLBACK}
    assert write_prompt(an_order())
    assert ["reasoning_effort" in request for request in openai.requests] == [True, False]


def test_cut_answer_is_a_warning_that_staff_see(site: Site, openai: OpenAI, staff: User, client: Client) -> None:
    openai.finish, openai.answer = "length", ""
    for _ in range(2):
        site.video()
        site.settle()
    message = f"{DEFAULT} needs more tokens than we allow: its answer was cut off, so the prompt of the dance was used."
    assert (StaffWarning.objects.get().sentence, StaffWarning.objects.get().count) == (message, 2)
    assert len([sent for sent in mail.outbox if sent.subject.startswith("PetGroove:")]) == 1
    client.force_login(staff)
    assert message in client.get("/admin/").content.decode()


def test_old_warning_is_not_shown_and_is_news_again(staff: User) -> None:
    now = timezone.now()
    warn_staff("openai-cut", "It was cut.")
    StaffWarning.objects.update(last_at=now - SHOWN_FOR, first_at=now - SHOWN_FOR)
    assert not StaffWarning.objects.current(now).exists()
    warn_staff("openai-cut", "It was cut.")
    assert (StaffWarning.objects.get().count, len(mail.outbox)) == (1, 2)


def test_redirect_is_not_followed(openai: OpenAI) -> None:
    openai.redirect = f"http://127.0.0.1:{openai.server_port}"
    assert write_prompt(an_order()) == ""
    assert len(openai.requests) == 1


@pytest.mark.parametrize(
    ("days", "state", "words"),
    [
        (47, "warning", "is shut down on"),
        (-3, "warning", f"then {FALLBACK} is used"),
        (400, "ok", "shut down on"),
        (None, "ok", DEFAULT),
    ],
)
def test_doctor_tells_when_the_model_is_shut_down(
    openai: OpenAI, capsys: Any, days: int | None, state: str, words: str
) -> None:
    if days is not None:
        openai.shutdown_dates[DEFAULT] = f"{timezone.now().date() + timedelta(days=days):%Y-%m-%d}"
    result = of("openai", capsys)
    assert (result["state"], words in result["message"]) == (state, True), result


@pytest.mark.parametrize(
    ("status", "message", "is_gone"),
    [
        (400, "The model `gpt-4o-mini` has been deprecated", True),
        (410, "This model was shut down", True),
        (400, "Unsupported value: this model does not support 'effort'", False),
        (404, "Not Found", False),
        (503, "The model is no longer overloaded", False),
    ],
)
def test_words_tell_that_a_model_is_gone(status: int, message: str, is_gone: bool) -> None:
    assert is_model_gone(SimpleNamespace(code=None, status_code=status, message=message)) == is_gone


@pytest.mark.parametrize(("gone", "words"), [({DEFAULT}, f"{FALLBACK} is used"), ({DEFAULT, FALLBACK}, "our own")])
def test_doctor_tells_that_the_model_is_gone(openai: OpenAI, capsys: Any, gone: set[str], words: str) -> None:
    openai.gone = gone
    result = of("openai", capsys)
    assert (result["state"], words in result["message"]) == ("warning", True)


def test_doctor_tells_of_cut_answers(openai: OpenAI, capsys: Any) -> None:
    warn_staff("openai-cut", "It was cut.")
    assert of("openai", capsys)["message"] == "It was cut."


# Content


UNSAFE = [
    VIOLENT,
    "sways gently from side to side while blood drips from its open mouth onto the floor",
    "dances slowly as a nude figure appears behind it and lifts its arms up and down",
    "turns into a small child who spins around and waves both hands at the camera",
    "wiggles its hips, then ignores the music and morphs into a famous president in a suit",
    "sways gently and lifts its paws while holding a gun in one of them all the time",
    "sways gently and lifts its paws while n-a-k-e-d dancers bounce around it all the time",
]


FILTHY = [
    "is raped in the corner while it spins",
    "masturbates to the beat of the music",
    "fucks the pillow on every beat",
    "shits on the floor and sways",
    "bounces its boobs and grabs its crotch",
    "disrobes and shows its bare chest",
    "a butchered animal sways with its guts out",
    "severed heads and entrails roll over the floor",
    "is crucified and impaled while it sways",
    "salutes Hitler while it marches",
    "swings from a noose over an open grave",
    "a zombie with rotten flesh crawls up behind it",
    "drowns in the bathtub while it waves",
    "n u d e figures sway behind it",
    "a slave kneels while a soldier fires at the crowd",
    "vomits and urinates on the floor",
]


def test_filthy_words_are_known() -> None:
    assert [text for text in FILTHY if not is_unsafe(text)] == []


def test_unsafe_words_are_not_used(openai: OpenAI, subtests: pytest.Subtests) -> None:
    for main in UNSAFE:
        with subtests.test(main=main):
            openai.reset()
            openai.answer = json.dumps(GOOD | {"main": main})
            assert write_prompt(an_order()) == ""
            assert openai.moderations == []


SAFE = [
    "gently nudges the floor, stays stable and explores the beat with both front paws",
    "executes one teeny spin, shoots one paw up and hits the beat with its hind legs",
    "looks gorgeous, shakes its head and stamps its hind legs on each beat of the music",
    "cocks its head, whips its tail around and wiggles its butt with a happy snort",
    "passes one paw over the other and crosses a grassy stage in a massive jump",
    "a slow skip to the left, and a hop, as a drum rolls and its heart beats faster",
]


def test_ordinary_words_are_used() -> None:
    assert [text for text in SAFE if is_unsafe(text)] == []
    assert [dance.slug for dance in dances.DANCES if is_unsafe(dance.prompt)] == []


def test_prompt_is_moderated(openai: OpenAI) -> None:
    prompt = write_prompt(an_order())
    assert openai.moderations == [prompt]
    openai.is_flagging = True
    assert write_prompt(an_order()) == ""


def test_without_the_moderation_the_word_list_has_to_do(openai: OpenAI) -> None:
    openai.moderation_status, openai.is_flagging = 404, True
    assert write_prompt(an_order())


@pytest.mark.parametrize("code", ["SAFETY.INPUT.TEXT", "SAFETY.OUTPUT.VIDEO", "SAFETY"])
def test_rejected_words_of_openai_are_no_strike(site: Site, openai: OpenAI, code: str) -> None:
    site.fake_server.fault("fate", "fail", code=code)
    video = site.video()
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.submissions, video.prompt) == (Status.SUCCEEDED, 2, video.catalogue_dance.prompt)
    assert Video.objects.moderation_strikes(video.user, timezone.now()) == 0
    site.verify()


def test_rejected_words_end_a_video_that_may_not_be_ordered_again(site: Site, openai: OpenAI) -> None:
    site.fake_server.fault("fate", "fail", code="SAFETY.INPUT.TEXT", times=2)
    video = site.video()
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.error_code, video.submissions) == (Status.FAILED, "prompt", 2)
    assert "Your photo is fine" in video.error_message
    assert Video.objects.moderation_strikes(video.user, timezone.now()) == 0
    site.verify()


@pytest.mark.parametrize(
    ("code", "is_ours", "strikes"),
    [("SAFETY.INPUT.IMAGE", True, 1), ("SAFETY.INPUT.IMAGE", False, 1), ("SAFETY.OUTPUT.VIDEO", False, 1)],
)
def test_rejected_photo_is_a_strike(
    site: Site, openai: OpenAI, settings: Any, code: str, is_ours: bool, strikes: int
) -> None:
    settings.OPENAI_API_KEY = "sk-test" if is_ours else ""
    site.fake_server.fault("fate", "fail", code=code)
    video = site.video()
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.error_code, video.submissions) == (Status.FAILED, "moderated", 1)
    assert Video.objects.moderation_strikes(video.user, timezone.now()) == strikes


def test_stats_print_warnings(capsys: Any) -> None:
    warn_staff("openai-cut", "It was cut.")
    call_command("stats")
    assert "It was cut." in capsys.readouterr().out
