"""Requests of an API client, and the problem in a response."""

import io
from typing import Any

from django.test import Client

from tests.videos.conftest import jpeg

PROBLEM = "application/problem+json"


def upload(program: Client, data: bytes | None = None) -> Any:
    return program.post("/api/upload", {"file": io.BytesIO(jpeg() if data is None else data)})


def generate(program: Client, key: str = "", **payload: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return program.post("/api/videos/generate", payload, content_type="application/json", headers=headers)


def status(program: Client, pk: Any) -> Any:
    return program.get("/api/videos/status", {"videoId": str(pk)})


def problem_of(response: Any) -> tuple[int, str]:
    assert response.headers["Content-Type"] == PROBLEM
    assert response.json()["status"] == response.status_code
    return response.status_code, response.json()["type"].removeprefix("urn:petgroove:")
