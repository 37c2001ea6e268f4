"""Keys, models and base addresses: what is understood and what stops the start with a clear sentence."""

import pytest
import responses

from tests.runway.fixtures import GOOD_KEY
from videos.providers.runway.catalogue import clean_base_url
from videos.providers.runway.client import Runway


@pytest.mark.parametrize("model", ["gen3a_turbo", "veo3", "", "GEN4_TURBO"])
def test_an_unknown_model_is_refused_with_the_known_ones(model: str) -> None:
    with pytest.raises(ValueError, match=r"known are gen4_turbo, gen4\.5, veo3\.1, veo3\.1_fast$"):
        Runway(GOOD_KEY, model)


def test_spaces_around_the_model_are_ignored() -> None:
    assert Runway(GOOD_KEY, " gen4.5\n").model.id == "gen4.5"


@pytest.mark.parametrize("key", ["", " \n", "key_1 2", "key_1\nX-Other: 1", "key_ü", "key_\x00"])
def test_an_impossible_key_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(ValueError, match="Runway's key is empty or holds spaces") as error:
        Runway(key)
    assert "key_" not in str(error.value)


def test_spaces_around_the_key_are_not_sent() -> None:
    with responses.RequestsMock() as api:
        api.get("https://api.dev.runwayml.com/v1/organization", json={"creditBalance": 1})
        Runway(f" {GOOD_KEY}\r\n").organization()
        assert api.calls[0].request.headers["Authorization"] == f"Bearer {GOOD_KEY}"


def test_a_client_does_not_show_its_key() -> None:
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
def test_a_base_address_loses_its_end(given: str, base: str) -> None:
    assert clean_base_url(given) == base


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("", "must begin with https"),
        ("api.dev.runwayml.com", "must begin with https"),
        ("ftp://api.dev.runwayml.com", "must begin with https"),
        ("https://", "must begin with https"),
        ("https://user:secret@api.dev.runwayml.com", "no user"),
        ("https://api.dev.runwayml.com?key=secret", "query"),
        ("https://api.dev.runwayml.com#secret", "fragment"),
        ("http://api.dev.runwayml.com", "in the clear"),
        ("http://127.0.0.1.example.com", "in the clear"),
        ("https://api.runwayml.com", r"https://api\.dev\.runwayml\.com, not"),
        ("https://api.runwayml.com/v1", r"https://api\.dev\.runwayml\.com, not"),
        ("https://api.dev.runwayml.com:port", "Port"),
    ],
)
def test_a_wrong_base_address_is_refused_with_the_reason(given: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as error:
        clean_base_url(given)
    assert "secret" not in str(error.value)
