"""The body of a create request: picture, prompt, ratio, length and seed, within Runway's limits."""

from base64 import b64decode
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.runway.orders import a_client, an_order, frame
from videos.providers.base import OrderRejected, RejectionCode
from videos.providers.runway.catalogue import MODELS
from videos.providers.runway.payload import MAX_URI_LENGTH, create_body, data_uri, truncate_prompt

SIZES = {"tall": "720:1280", "square": "960:960", "wide": "1280:720"}


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize("shape", ["tall", "square", "wide"])
def test_body_has_six_keys_and_the_unchanged_frame(shape: str) -> None:
    order = an_order(shape, seed=7, seconds=5, prompt="  The pet hops. ")
    body = create_body(order, MODELS["gen4_turbo"])
    head, _, picture = body.pop("promptImage").partition(",")
    assert body == {
        "model": "gen4_turbo",
        "promptText": "The pet hops.",
        "ratio": SIZES[shape],
        "duration": 5,
        "seed": 7,
    }
    assert head == "data:image/jpeg;base64"
    assert b64decode(picture) == order.subject.frame


def test_models_with_sound_are_ordered_without_sound() -> None:
    assert {model.id: create_body(an_order(), model).get("audio") for model in MODELS.values()} == {
        "gen4_turbo": None,
        "gen4.5": None,
        "veo3.1": False,
        "veo3.1_fast": False,
    }


def test_empty_prompt_falls_back_to_the_dance_prompt() -> None:
    order = an_order(prompt=" \n")
    assert create_body(order, MODELS["gen4.5"])["promptText"] == order.dance.prompt


@pytest.mark.parametrize(
    ("model", "requested", "sent"),
    [("gen4_turbo", 5, 5), ("gen4_turbo", 10, 10), ("gen4.5", 10, 10), ("veo3.1", 5, 6), ("veo3.1_fast", 8, 8)],
)
def test_length_is_the_shortest_that_fits_the_dance(model: str, requested: int, sent: int) -> None:
    assert create_body(an_order(seconds=requested), MODELS[model])["duration"] == sent


@pytest.mark.parametrize(
    ("model", "changes", "reason"),
    [
        ("veo3.1", {"shape": "square"}, "veo3.1 does not make square videos"),
        ("veo3.1_fast", {"shape": "square"}, "veo3.1_fast does not make square videos"),
        ("veo3.1", {"seconds": 10}, "veo3.1 does not make videos of 10 seconds"),
        ("gen4_turbo", {"seconds": 11}, "gen4_turbo does not make videos of 11 seconds"),
    ],
)
def test_unsupported_order_is_rejected_before_sending(model: str, changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(OrderRejected) as rejected:
        a_client(model=model).submit(an_order(**changes))
    assert (rejected.value.reason, rejected.value.code) == (reason, RejectionCode.NOT_OFFERED)


@pytest.mark.parametrize(
    ("model", "seconds", "credits"),
    [("gen4_turbo", 5, 25), ("gen4.5", 5, 60), ("veo3.1", 5, 120), ("veo3.1_fast", 5, 60), ("veo3.1", 10, None)],
)
def test_price_is_that_of_the_ordered_length(model: str, seconds: int, credits: int | None) -> None:
    assert MODELS[model].price(seconds) == credits


@pytest.mark.parametrize(
    ("text", "limit", "kept"),
    [
        ("hop hop", 7, "hop hop"),
        ("hop hop hop", 8, "hop hop"),
        ("hop hop hop", 7, "hop hop"),
        ("hop hop hop", 10, "hop hop"),
        ("hopping", 3, "hop"),
        ("🐈🐈", 4, "🐈🐈"),
        ("🐈🐈", 3, "🐈"),
        ("a 🐈", 3, "a"),
        ("🐈", 1, ""),
    ],
)
def test_prompt_is_cut_at_a_word_within_utf_16_units(text: str, limit: int, kept: str) -> None:
    assert truncate_prompt(text, limit) == kept


@pytest.mark.parametrize("word", ["hop ", "🐈 ", "hüpf ", "🐈", "x"])
def test_long_prompt_is_cut_to_a_thousand_units(word: str) -> None:
    sent = create_body(an_order(prompt=word * 1001), MODELS["gen4_turbo"])["promptText"]
    assert 990 <= units(sent) <= 1000


def test_prompt_of_a_thousand_units_is_sent_whole() -> None:
    assert create_body(an_order(prompt="🐈" * 500), MODELS["gen4_turbo"])["promptText"] == "🐈" * 500


def test_large_frame_is_recompressed_at_the_same_size() -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 256, (2200, 2200, 3), dtype=np.uint8))
    file = BytesIO()
    noise.save(file, "JPEG", quality=97, subsampling=0)
    assert len(file.getvalue()) > MAX_URI_LENGTH
    uri = data_uri(file.getvalue())
    assert 0 < len(uri) < MAX_URI_LENGTH
    with Image.open(BytesIO(b64decode(uri.partition(",")[2]))) as sent:
        assert (sent.format, sent.size) == ("JPEG", (2200, 2200))


def test_size_limit_applies_to_the_whole_uri() -> None:
    largest = (MAX_URI_LENGTH - len("data:image/jpeg;base64,")) // 4 * 3
    filled = frame(720, 1280).ljust(largest, b"\0")
    assert len(data_uri(filled)) == MAX_URI_LENGTH - 1
    assert len(data_uri(filled + b"\0")) < len(data_uri(filled)) // 10


def test_undecodable_large_frame_is_rejected() -> None:
    with pytest.raises(OrderRejected, match="the frame is not a usable JPEG") as rejected:
        data_uri(b"\xff\xd8" + b"\0" * MAX_URI_LENGTH)
    assert rejected.value.code == RejectionCode.BAD_PHOTO
