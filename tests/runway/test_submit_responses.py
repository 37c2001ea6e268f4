"""Each response to a create: accepted, temporarily rejected, unknown, rejected, or account unavailable."""

from typing import Any

import pytest
import responses

from tests.runway.orders import a_client, an_order
from videos.providers.base import (
    AccountUnavailable,
    OrderRejected,
    OutcomeUnknown,
    ProviderError,
    RejectionCode,
    Submission,
    TemporarilyRejected,
)

CREATE = "https://api.dev.runwayml.com/v1/image_to_video"
TASK_ID = "17f20503-6c24-4c16-946b-35dbbce2af2f"
PAGE = "<html><body><h1>502 Bad Gateway</h1></body></html>"


def submitted(**response: Any) -> Submission:
    """Return the client's result for one response. A second request would get none and fail the test."""
    with responses.RequestsMock() as api:
        api.post(CREATE, **response)
        return a_client().submit(an_order())


@pytest.mark.parametrize(
    ("body", "cost"),
    [
        ({"id": TASK_ID, "estimatedCost": {"credits": 25}}, 25),
        ({"id": TASK_ID, "estimatedCost": {"credits": 12.5}}, 13),
        ({"id": TASK_ID}, None),
        ({"id": TASK_ID, "estimatedCost": None}, None),
        ({"id": TASK_ID, "estimatedCost": {"credits": "many"}}, None),
        ({"id": TASK_ID, "estimatedCost": {"credits": True}}, None),
    ],
)
def test_task_id_is_a_submission_with_or_without_cost(body: dict[str, Any], cost: int | None) -> None:
    assert submitted(json=body) == Submission(TASK_ID, cost)


def test_any_2xx_with_an_id_is_a_submission() -> None:
    assert submitted(json={"id": TASK_ID}, status=201) == Submission(TASK_ID)


@pytest.mark.parametrize(
    "response",
    [
        {"json": {}},
        {"json": {"id": ""}},
        {"json": {"id": None}},
        {"json": {"id": 7}},
        {"json": {"id": "../organization"}},
        {"json": {"id": "a" * 101}},
        {"json": {"task_id": TASK_ID}},
        {"json": [{"id": TASK_ID}]},
        {"json": "ok"},
        {"body": PAGE, "content_type": "text/html"},
        {"body": b""},
        {"body": b"\xff\xfe\x00"},
        {"body": "[" * 100_000},
        {"body": '{"id": "' + TASK_ID + '", "filler": "' + "x" * 1024 * 1024 + '"}'},
        {"body": b"", "status": 204},
        {"body": PAGE, "status": 500},
        {"json": {"error": "Internal error"}, "status": 500},
        {"body": PAGE, "status": 502},
        {"body": PAGE, "status": 504},
        {"json": {"error": "?"}, "status": 599},
        {"json": {"error": "Timeout"}, "status": 408},
        {"json": {"error": "Conflict"}, "status": 409},
    ],
)
def test_ambiguous_response_is_unknown(response: dict[str, Any]) -> None:
    with pytest.raises(OutcomeUnknown):
        submitted(**response)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("body", ['{"error": "Too many requests"}', PAGE, ""])
def test_429_and_503_are_temporary_rejections(status: int, body: str) -> None:
    with pytest.raises(TemporarilyRejected) as rejected:
        submitted(body=body, status=status, headers={"Retry-After": "17"})
    assert rejected.value.retry_after == 17.0


@pytest.mark.parametrize(
    "error",
    ["You do not have enough credits to run this task.", "Not ENOUGH CREDITS"],
)
def test_account_without_credits_is_unavailable(error: str) -> None:
    with pytest.raises(AccountUnavailable, match="400: "):
        submitted(json={"error": error}, status=400)


@pytest.mark.parametrize("status", [401, 402, 403, 404, 405, 410, 301, 302, 307, 308])
@pytest.mark.parametrize("body", ['{"error": "no"}', PAGE])
def test_key_and_account_errors_make_it_unavailable(status: int, body: str) -> None:
    with pytest.raises(AccountUnavailable, match=f"{status}: "):
        submitted(body=body, status=status, headers={"Location": CREATE})


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, {"error": "Invalid asset: promptImage could not be decoded"}, RejectionCode.BAD_PHOTO),
        (400, {"error": "Validation of body failed", "issues": [{"path": ["promptImage"]}]}, RejectionCode.BAD_PHOTO),
        (400, {"error": "Validation of body failed", "issues": [{"path": ["promptText"]}]}, RejectionCode.BAD_PROMPT),
        (400, {"error": "Invalid parameter 'promptText'"}, RejectionCode.BAD_PROMPT),
        (400, {"error": "Validation of body failed", "issues": [{"path": ["ratio"]}]}, RejectionCode.BAD_REQUEST),
        (400, {"error": "Bad", "issues": "none"}, RejectionCode.BAD_REQUEST),
        (400, {"error": "Bad", "issues": [None, {"path": []}, {"path": None}]}, RejectionCode.BAD_REQUEST),
        (400, {"error": {"message": "enough"}}, RejectionCode.BAD_REQUEST),
        (400, {}, RejectionCode.BAD_REQUEST),
        (413, {"error": "Request entity too large"}, RejectionCode.BAD_PHOTO),
        (422, {"error": "Unprocessable"}, RejectionCode.BAD_REQUEST),
    ],
)
def test_invalid_input_is_rejected_with_a_code(status: int, body: dict[str, Any], code: RejectionCode) -> None:
    with pytest.raises(OrderRejected) as rejected:
        submitted(json=body, status=status)
    assert rejected.value.code == code


def test_400_and_413_from_a_proxy_are_rejections() -> None:
    for status in (400, 413):
        with pytest.raises(OrderRejected):
            submitted(body=PAGE, status=status)


@pytest.mark.parametrize(
    "message",
    [
        "see https://dnznrvs05pmza.cloudfront.net/clip.mp4?_jwt=secret",
        "got data:image/jpeg;base64,/9j/4AAQSkZJRg",
        "key_0123456789abcdef0123456789abcdef is disabled",
        "write to owner@example.com",
        "bytes " + "A" * 80,
        "runway://ephemeral/secret",
    ],
)
def test_reason_quotes_runway_without_urls_images_or_keys(message: str) -> None:
    reason = reason_of(message)
    assert "(removed)" in reason
    assert not any(word in reason for word in ("secret", "4AAQ", "0123", "example.com", "AAAA"))


def test_reason_quotes_runway_on_one_short_line() -> None:
    reason = reason_of("line\r\nbreak\x1b[31m\x00 and " + "more " * 200)
    assert reason.startswith("400: line break [31m and more more")
    assert reason.isprintable()
    assert len(reason) < 250


def test_reason_that_quotes_the_prompt_is_withheld() -> None:
    assert reason_of(f"promptText is bad: {an_order().prompt}").startswith("400: (withheld")


def reason_of(message: str) -> str:
    with pytest.raises(ProviderError) as error:
        submitted(json={"error": message}, status=400)
    return error.value.reason
