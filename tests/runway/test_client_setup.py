"""Validation of keys, models and base URLs."""

import pytest
import responses

from tests.runway.fixtures import GOOD_KEY
from videos.providers.runway.catalogue import clean_base_url
from videos.providers.runway.client import Runway


@pytest.mark.parametrize("model", ["gen3a_turbo", "veo3", "", "GEN4_TURBO"])
def test_unknown_model_is_rejected_with_a_list(model: str) -> None:
    with pytest.raises(ValueError, match=r"Choose one of: gen4_turbo, gen4\.5, veo3\.1, veo3\.1_fast$"):
        Runway(GOOD_KEY, model)


def test_spaces_around_the_model_are_ignored() -> None:
    assert Runway(GOOD_KEY, " gen4.5\n").model.id == "gen4.5"


@pytest.mark.parametrize("key", ["", " \n", "key_1 2", "key_1\nX-Other: 1", "key_ü", "key_\x00"])
def test_invalid_key_is_rejected_without_being_shown(key: str) -> None:
    with pytest.raises(ValueError, match="key is empty or contains invalid characters") as error:
        Runway(key)
    assert "key_" not in str(error.value)


def test_spaces_around_the_key_are_not_sent() -> None:
    with responses.RequestsMock() as api:
        api.get("https://api.dev.runwayml.com/v1/organization", json={"creditBalance": 1})
        Runway(f" {GOOD_KEY}\r\n").organization()
        assert api.calls[0].request.headers["Authorization"] == f"Bearer {GOOD_KEY}"


def test_repr_omits_the_key() -> None:
    assert repr(Runway(GOOD_KEY)) == "Runway(model='gen4_turbo', base_url='https://api.dev.runwayml.com')"


@pytest.mark.parametrize(
    ("given", "base"),
    [
        ("https://api.dev.runwayml.com", "https://api.dev.runwayml.com"),
        (" https://api.dev.runwayml.com/ ", "https://api.dev.runwayml.com"),
        ("https://api.dev.runwayml.com/v1", "https://api.dev.runwayml.com"),
        ("https://api.dev.runwayml.com/v1/\n", "https://api.dev.runwayml.com"),
        ("https://proxy.example.com/runway/v1", "https://proxy.example.com/runway"),
        ("http://127.0.0.1:8009/v1", "http://127.0.0.1:8009"),
        ("http://localhost:8009", "http://localhost:8009"),
    ],
)
def test_base_url_is_stripped_of_its_suffix(given: str, base: str) -> None:
    assert clean_base_url(given) == base


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("", "must start with https"),
        ("api.dev.runwayml.com", "must start with https"),
        ("ftp://api.dev.runwayml.com", "must start with https"),
        ("https://", "must start with https"),
        ("https://user:secret@api.dev.runwayml.com", "must not contain a user"),
        ("https://api.dev.runwayml.com?key=secret", "query"),
        ("https://api.dev.runwayml.com#secret", "fragment"),
        ("http://api.dev.runwayml.com", "unencrypted"),
        ("http://127.0.0.1.example.com", "unencrypted"),
        ("https://api.runwayml.com", r"https://api\.dev\.runwayml\.com, not"),
        ("https://api.runwayml.com/v1", r"https://api\.dev\.runwayml\.com, not"),
        ("https://api.dev.runwayml.com:port", "Port"),
    ],
)
def test_invalid_base_url_is_rejected_with_the_reason(given: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as error:
        clean_base_url(given)
    assert "secret" not in str(error.value)
