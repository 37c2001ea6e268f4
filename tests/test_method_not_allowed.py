"""An address that only takes a form, opened by itself, is a page with a way out, and no blank one."""

import uuid

import pytest
from django.test import Client


@pytest.mark.parametrize("path", ["/credits/redeem/", f"/videos/{uuid.UUID(int=0)}/delete/"])
def test_page_says_that_nothing_was_sent(as_owner: Client, path: str) -> None:
    answer = as_owner.get(path)
    page = answer.content.decode()
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "Nothing was sent and nothing was spent." in page
    assert '<a class="button big" href="/">' in page


def test_other_clients_get_no_page(as_owner: Client) -> None:
    answer = as_owner.head("/credits/redeem/")
    assert (answer.status_code, answer.content) == (405, b"")
