"""Requests that Django rejects: the client is at fault, so the log has a warning without a traceback."""

import logging

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_too_many_files_are_logged_as_a_warning(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    part = '--x\r\nContent-Disposition: form-data; name="f{}"; filename="a"\r\n\r\nx\r\n'
    body = "".join(part.format(number) for number in range(120)) + "--x--\r\n"
    response = client.post(reverse("videos:photo"), body, content_type="multipart/form-data; boundary=x")
    assert response.status_code == 400
    (record,) = [record for record in caplog.records if record.name == "django.security.TooManyFilesSent"]
    assert record.levelno == logging.WARNING
    assert record.exc_info is None
