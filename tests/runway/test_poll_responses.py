"""Responses to polls, cancellations and account requests: every status and every malformed response."""

import json
from typing import Any

import pytest
import responses

from tests.runway.orders import a_client
from videos.providers.base import AccountUnavailable, FailureKind, RequestFailed, Task, TaskState
from videos.providers.runway.answers import Organization

ID = "17f20503-6c24-4c16-946b-35dbbce2af2f"
TASK = f"https://api.dev.runwayml.com/v1/tasks/{ID}"
ACCOUNT = "https://api.dev.runwayml.com/v1/organization"
PAGE = "<html><body><h1>Not here</h1></body></html>"
URL = "https://dnznrvs05pmza.cloudfront.net/clip.mp4?_jwt=secret"

UNUSABLE: list[dict[str, Any]] = [
    {"body": PAGE},
    {"body": ""},
    {"json": []},
    {"json": {}},
    {"json": {"error": "Not Found"}, "status": 404},
    {"body": "", "status": 404},
    *[{"body": PAGE, "status": status} for status in (302, 400, 404, 408, 429, 500, 502, 503, 504)],
]


def polled(**answer: Any) -> Task:
    with responses.RequestsMock() as api:
        api.get(TASK, **answer)
        return a_client().poll(ID)


def cancelled(**answer: Any) -> None:
    with responses.RequestsMock() as api:
        api.delete(TASK, **answer)
        a_client().cancel(ID)


def organization(**answer: Any) -> Organization:
    with responses.RequestsMock() as api:
        api.get(ACCOUNT, **answer)
        return a_client().organization()


def account(**fields: Any) -> Organization:
    return organization(json=fields)


def polled_with(**fields: Any) -> Task:
    return polled(json={"id": ID, "createdAt": "2026-10-01T10:00:00.000Z", **fields})


@pytest.mark.parametrize(
    ("fields", "task"),
    [
        ({"status": "PENDING", "estimatedCost": {"credits": 25}}, Task(ID, TaskState.WAITING)),
        ({"status": "THROTTLED", "estimatedCost": {"credits": 25}}, Task(ID, TaskState.WAITING)),
        ({"status": "RUNNING", "progress": 0.42}, Task(ID, TaskState.RUNNING, progress=0.42)),
        ({"status": "RUNNING"}, Task(ID, TaskState.RUNNING)),
        (
            {"status": "SUCCEEDED", "output": [URL], "cost": {"credits": 25}},
            Task(ID, TaskState.SUCCEEDED, progress=1.0, cost=25, output_url=URL),
        ),
        (
            {"status": "FAILED", "failure": "No", "failureCode": "SAFETY.INPUT.IMAGE", "cost": {"credits": 25}},
            Task(ID, TaskState.FAILED, failure=FailureKind.MODERATED_PHOTO, failure_code="SAFETY.INPUT.IMAGE", cost=25),
        ),
        ({"status": "FAILED", "failure": "No", "cost": {"credits": 0}}, Task(ID, TaskState.FAILED, cost=0)),
        ({"status": "CANCELLED", "cost": {"credits": 5}}, Task(ID, TaskState.CANCELLED, cost=5)),
        ({"status": "CANCELED"}, Task(ID, TaskState.CANCELLED)),
        ({"status": "REVIEWING", "progress": 0.5}, Task(ID, TaskState.RUNNING, progress=0.5)),
        ({"status": ""}, Task(ID, TaskState.RUNNING)),
        ({"status": "running"}, Task(ID, TaskState.RUNNING)),
    ],
)
def test_each_status_maps_to_a_state(fields: dict[str, Any], task: Task) -> None:
    assert polled_with(**fields) == task


@pytest.mark.parametrize(
    ("given", "progress"),
    [(-0.5, 0.0), (1.7, 1.0), (1, 1.0), ("0.5", 0.0), (True, 0.0), (None, 0.0), ([], 0.0)],
)
def test_progress_is_between_zero_and_one(given: Any, progress: float) -> None:
    assert polled_with(status="RUNNING", progress=given).progress == progress


@pytest.mark.parametrize("given", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_invalid_progress_counts_as_zero(given: str) -> None:
    body = json.dumps({"id": ID, "status": "RUNNING", "progress": 0.125}).replace("0.125", given)
    assert polled(body=body).progress == 0.0


@pytest.mark.parametrize("output", [None, [], [None], "https://a.cloudfront.net/clip.mp4", {}])
def test_success_without_output_has_no_url(output: Any) -> None:
    task = polled_with(status="SUCCEEDED", output=output)
    assert (task.state, task.output_url) == (TaskState.SUCCEEDED, "")


def test_output_url_is_not_in_the_repr() -> None:
    assert "secret" not in repr(polled_with(status="SUCCEEDED", output=[URL]))


def test_unknown_task_is_gone() -> None:
    assert polled(json={"error": "Could not find Task"}, status=404) == Task(ID, TaskState.GONE)


@pytest.mark.parametrize("status", [401, 403])
def test_rejected_key_makes_the_account_unavailable(status: int) -> None:
    with pytest.raises(AccountUnavailable, match=f"{status}: Key disabled"):
        polled(json={"error": "Key disabled"}, status=status)
    with pytest.raises(AccountUnavailable, match=f"{status}: Key disabled"):
        organization(json={"error": "Key disabled"}, status=status)


@pytest.mark.parametrize("answer", [*UNUSABLE, {"json": {"id": "another", "status": "FAILED"}}])
def test_invalid_response_changes_nothing(answer: dict[str, Any]) -> None:
    with pytest.raises(RequestFailed):
        polled(**answer)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_retry_after_of_a_poll_is_kept(status: int) -> None:
    with pytest.raises(RequestFailed) as error:
        polled(status=status, headers={"Retry-After": "30"})
    assert error.value.retry_after == 30.0


def test_invalid_id_is_never_sent() -> None:
    with responses.RequestsMock(), pytest.raises(ValueError, match="not a valid task id"):
        a_client().poll("../organization")


@pytest.mark.parametrize(("status", "body"), [(204, ""), (200, "{}"), (404, '{"error": "Could not find Task"}')])
def test_cancellation_of_a_missing_task_succeeds(status: int, body: str) -> None:
    cancelled(status=status, body=body)


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 429, 500, 502, 503, 504])
@pytest.mark.parametrize("body", [PAGE, '{"error": "Not Found"}'])
def test_unconfirmed_cancellation_is_a_failed_request(status: int, body: str) -> None:
    with pytest.raises(RequestFailed):
        cancelled(status=status, body=body)


def test_account_limits_are_those_of_the_current_model() -> None:
    limits = {"maxConcurrentGenerations": 1, "maxDailyGenerations": 50}
    result = account(
        creditBalance=120,
        tier={"maxMonthlyCreditSpend": 10000, "models": {"gen4.5": {}, "gen4_turbo": limits}},
        usage={"models": {"gen4_turbo": {"dailyGenerations": 50}}},
    )
    assert result == Organization(balance=120, max_concurrent=1, max_daily=50, used_today=50)
    assert result.daily_limit_reached


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"tier": None, "usage": []},
        {"tier": {"models": {"gen4.5": {"maxDailyGenerations": 1}}}},
        {"tier": {"models": {"gen4_turbo": {}}}},
    ],
)
def test_missing_limits_are_none(fields: dict[str, Any]) -> None:
    result = account(creditBalance=0, **fields)
    assert result == Organization(balance=0, max_concurrent=None, max_daily=None, used_today=0)
    assert not result.daily_limit_reached


def test_null_limits_mean_unlimited() -> None:
    limits = {"maxConcurrentGenerations": None, "maxDailyGenerations": None}
    result = account(creditBalance=0, tier={"models": {"gen4_turbo": limits}})
    assert result == Organization(balance=0, max_concurrent=None, max_daily=None, used_today=0, unlimited=True)
    assert not result.daily_limit_reached


@pytest.mark.parametrize("answer", UNUSABLE)
def test_invalid_account_response_is_a_failed_request(answer: dict[str, Any]) -> None:
    with pytest.raises(RequestFailed):
        organization(**answer)
