"""Runway's SDK against the fake server, and our requests against the SDK's: these tests detect a changed SDK."""

import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any, Literal, Required, get_args, get_origin, get_type_hints

import httpx
import pytest
import responses
import runwayml
from runwayml import RunwayML
from runwayml.types import (
    ImageToVideoCreateResponse,
    OrganizationRetrieveResponse,
    image_to_video_create_params,
    task_retrieve_response,
)

from tests.runway.fake_server import contract
from tests.runway.fixtures import GOOD_KEY, FakeServer
from tests.runway.orders import a_client, an_order, frame
from videos.providers.base import Order
from videos.providers.runway.catalogue import MODELS
from videos.providers.runway.payload import data_uri

SDK_PARAMS = {
    "gen4_turbo": image_to_video_create_params.Gen4Turbo,
    "gen4.5": image_to_video_create_params.Gen4_5,
    "veo3.1": image_to_video_create_params.Veo3_1,
    "veo3.1_fast": image_to_video_create_params.Veo3_1Fast,
}
OFFERS = [(model.id, shape) for model in MODELS.values() for shape in model.ratios]


@pytest.fixture(scope="module")
def runway_sdk(runway_server: FakeServer) -> Iterator[RunwayML]:
    with httpx.Client(trust_env=False) as http:
        yield RunwayML(
            api_key=GOOD_KEY,
            base_url=runway_server.base,
            max_retries=0,
            http_client=http,
            _strict_response_validation=True,
        )


@pytest.fixture
def sdk(fake_server: FakeServer, runway_sdk: RunwayML) -> RunwayML:
    """Runway's own client, connected to a fake server in its initial state."""
    return runway_sdk


def arguments(order: Order, model: str) -> dict[str, Any]:
    """Return the SDK's arguments for an order."""
    arguments: dict[str, Any] = {
        "model": model,
        "prompt_image": data_uri(order.subject.frame),
        "prompt_text": order.prompt,
        "ratio": f"{order.format.width}:{order.format.height}",
        "duration": MODELS[model].seconds(order.seconds),
        "seed": order.seed,
    }
    return arguments | ({"audio": False} if model.startswith("veo") else {})


def created(sdk: RunwayML, model: str = "gen4_turbo", **changes: Any) -> Any:
    return sdk.image_to_video.create(**(arguments(an_order(), model) | changes))


@pytest.mark.parametrize(("model", "shape"), OFFERS)
def test_our_body_equals_the_sdk_body(model: str, shape: str) -> None:
    order, sent = an_order(shape), []

    def record(request: httpx.Request) -> httpx.Response:
        sent.append((request.method, request.url.path, json.loads(request.content)))
        return httpx.Response(200, json={"id": "t", "estimatedCost": {"credits": 1}})

    with httpx.Client(transport=httpx.MockTransport(record)) as http:
        RunwayML(api_key=GOOD_KEY, http_client=http).image_to_video.create(**arguments(order, model))
    with responses.RequestsMock() as api:
        api.post(f"{RunwayML(api_key=GOOD_KEY).base_url}/v1/image_to_video", json={"id": "t"})
        a_client(model=model).submit(order)
        ours = api.calls[0].request
    assert sent == [(ours.method, ours.path_url, json.loads(ours.body or b""))]


def test_our_headers_equal_the_sdk_headers() -> None:
    wanted = RunwayML(api_key=GOOD_KEY)
    with responses.RequestsMock() as api:
        api.get(f"{wanted.base_url}/v1/organization", json={"creditBalance": 1})
        a_client().organization()
        ours = api.calls[0].request.headers
    theirs = {name: str(value) for name, value in (wanted.default_headers | wanted.auth_headers).items()}
    for name in ("Authorization", "X-Runway-Version"):
        assert ours[name] == theirs[name]


def choices(params: Any, key: str) -> set[Any]:
    """Return the values that the SDK's type allows for a parameter; empty if any value is allowed."""
    hint = get_type_hints(params)[key]
    while get_origin(hint) not in (None, Literal):
        hint = get_args(hint)[0]
    return set(get_args(hint))


@pytest.mark.parametrize("model", list(MODELS))
def test_our_models_match_the_sdk_types(model: str) -> None:
    params, ours = SDK_PARAMS[model], MODELS[model]
    assert choices(params, "model") == {model}
    assert set(ours.ratios.values()) <= choices(params, "ratio")
    durations = choices(params, "duration")
    assert set(ours.durations) == durations if durations else ours.durations == tuple(range(2, 11))
    assert ours.makes_sound == ("audio" in get_type_hints(params))


@pytest.mark.parametrize("model", list(MODELS))
def test_fake_server_rules_match_the_sdk(model: str) -> None:
    params, rules = SDK_PARAMS[model], contract.MODELS[model]
    known, needed = set(), set()
    for key, hint in get_type_hints(params, include_extras=True).items():
        inner = get_args(hint)[0] if get_origin(hint) is Required else hint
        alias = next((extra.alias for extra in getattr(inner, "__metadata__", ())), key)
        known.add(alias)
        needed |= {alias} if get_origin(hint) is Required else set()
    assert (needed, known) == (set(rules.needed), set(rules.known))
    assert set(rules.ratios) == choices(params, "ratio")


@pytest.mark.parametrize("model", list(MODELS))
def test_sdk_creates_a_task_of_each_model(sdk: RunwayML, model: str) -> None:
    raw = sdk.image_to_video.with_raw_response.create(**arguments(an_order(), model))
    answer = ImageToVideoCreateResponse.model_validate_json(raw.text(), strict=True)
    assert answer.estimated_cost.credits == MODELS[model].price(5)
    assert sdk.tasks.retrieve(answer.id).id == answer.id


@pytest.mark.parametrize(
    ("fate", "after", "kind"),
    [
        (None, 0, task_retrieve_response.Pending),
        (None, 3, task_retrieve_response.Running),
        (None, 9, task_retrieve_response.Succeeded),
        ("throttled", 9, task_retrieve_response.Throttled),
        ("fail", 9, task_retrieve_response.Failed),
        ("cancelled", 9, task_retrieve_response.Cancelled),
    ],
)
def test_sdk_reads_a_task_in_every_status(
    sdk: RunwayML, fake_server: FakeServer, fate: str | None, after: float, kind: type[Any]
) -> None:
    if fate:
        fake_server.fault("fate", fate, **({"code": "INTERNAL.BAD_OUTPUT.CODE01"} if fate == "fail" else {}))
    task_id = created(sdk).id
    fake_server.advance(after)
    task: Any = sdk.tasks.retrieve(task_id)
    assert task.created_at.tzinfo == UTC
    data = task.to_dict(mode="json")
    assert kind.model_validate(data, strict=False).to_dict(mode="json") == data
    assert {field for field, info in kind.model_fields.items() if info.is_required()} <= task.model_fields_set


def test_sdk_deletes_a_task(sdk: RunwayML) -> None:
    task_id = created(sdk).id
    assert sdk.tasks.with_raw_response.delete(task_id).status_code == 204
    with pytest.raises(runwayml.NotFoundError) as gone:
        sdk.tasks.retrieve(task_id)
    assert gone.value.body == {"error": "Could not find Task"}


def test_sdk_reads_the_account(sdk: RunwayML, fake_server: FakeServer) -> None:
    fake_server.settings(concurrency=1, daily=50)
    created(sdk)
    account = sdk.organization.retrieve()
    assert isinstance(account, OrganizationRetrieveResponse)
    assert account.credit_balance == 4975
    limits = account.tier.models["gen4_turbo"]
    assert (limits.max_concurrent_generations, limits.max_daily_generations) == (1, 50)
    assert account.usage.models["gen4_turbo"].daily_generations == 1


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"ratio": "720:1281"}, "ratio"),
        ({"ratio": "1080:1920"}, "ratio"),
        ({"duration": 11}, "duration"),
        ({"duration": 1}, "duration"),
        ({"duration": 5.5}, "duration"),
        ({"seed": -1}, "seed"),
        ({"seed": 4294967296}, "seed"),
        ({"prompt_text": ""}, "promptText"),
        ({"prompt_text": "🐈" * 501}, "promptText"),
        ({"prompt_image": "https://example.com/pet.jpg"}, "promptImage"),
        ({"prompt_image": "data:image/gif;base64,R0lGODlh"}, "promptImage"),
        ({"prompt_image": "data:image/jpeg;base64,/9j/4AAQ"}, "promptImage"),
        ({"prompt_image": "data:image/jpeg;base64,***"}, "promptImage"),
        ({"prompt_image": "data:image/jpeg;base64," + "A" * 5 * 1024 * 1024}, "promptImage"),
        ({"extra_body": {"aspect_ratio": "9:16"}}, "aspect_ratio"),
        ({"extra_body": {"audio": False}}, "audio"),
        ({"extra_body": {"model": "gen3a_turbo"}}, "model"),
    ],
)
def test_invalid_body_gets_a_runway_error(
    sdk: RunwayML, fake_server: FakeServer, changes: dict[str, Any], key: str
) -> None:
    with pytest.raises(runwayml.BadRequestError) as rejected:
        created(sdk, **changes)
    body: Any = rejected.value.body
    assert set(body) == {"error", "issues", "docUrl"}
    assert [issue["path"] for issue in body["issues"]] == [[key]]
    assert set(body["issues"][0]) == {"code", "path", "message"}
    assert fake_server.tasks() == []


@pytest.mark.parametrize(
    ("width", "height", "accepted"), [(400, 800, True), (399, 800, False), (800, 400, True), (800, 399, False)]
)
def test_picture_with_an_extreme_aspect_ratio_is_rejected(width: int, height: int, accepted: bool) -> None:
    body = {"model": "gen4_turbo", "ratio": "720:1280", "promptImage": data_uri(frame(width, height))}
    if accepted:
        assert contract.parse_request(body).duration == 10
    else:
        with pytest.raises(contract.BadRequest):
            contract.parse_request(body)


@pytest.mark.parametrize("key", ["key_123", "KEY_" + "0" * 128, "key_" + "0" * 127, "key_" + "G" * 128])
def test_malformed_key_is_unauthorized(fake_server: FakeServer, key: str) -> None:
    with httpx.Client(trust_env=False) as http:
        client = RunwayML(api_key=key, base_url=fake_server.base, max_retries=0, http_client=http)
        with pytest.raises(runwayml.AuthenticationError):
            client.organization.retrieve()


@pytest.mark.parametrize("version", ["", "2023-01-01"])
def test_call_without_the_version_is_a_400(sdk: RunwayML, version: str) -> None:
    with pytest.raises(runwayml.BadRequestError, match="X-Runway-Version"):
        sdk.organization.retrieve(extra_headers={"X-Runway-Version": version})


def test_unknown_path_is_404_and_missing_key_is_401(fake_server: FakeServer) -> None:
    with httpx.Client(trust_env=False) as http:
        for path in ("/v1/image-to-video", "/image_to_video", "/v1/tasks", "/"):
            assert http.post(fake_server.base + path, json={}).status_code == 404
        assert http.get(fake_server.base + "/v1/organization").status_code == 401
