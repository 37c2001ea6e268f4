"""Opening a POST-only URL shows an error page with a link, not a blank page."""

import uuid

import pytest
from django.test import Client


@pytest.mark.parametrize("path", ["/credits/redeem/", f"/videos/{uuid.UUID(int=0)}/delete/"])
def test_page_says_that_nothing_was_sent(as_owner: Client, path: str) -> None:
    response = as_owner.get(path)
    page = response.content.decode()
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert "Nothing was sent or charged." in page
    assert '<a class="button big" href="/">' in page


def test_head_request_gets_no_body(as_owner: Client) -> None:
    response = as_owner.head("/credits/redeem/")
    assert (response.status_code, response.content) == (405, b"")
