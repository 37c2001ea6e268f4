"""What a program asks the API for, and the problem in what it is told."""

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


def problem_of(answer: Any) -> tuple[int, str]:
    assert answer.headers["Content-Type"] == PROBLEM
    assert answer.json()["status"] == answer.status_code
    return answer.status_code, answer.json()["type"].removeprefix("urn:petgroove:")
