"""Signing up and logging in, as a browser does it."""

import re

from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.test import Client

ENTRANCE, CONFIRM, BY_PASSWORD = "/account/login/", "/account/login/code/confirm/", "/account/login/password/"


def code_in(mail: EmailMessage) -> str:
    """Return the code, which is alone on its line."""
    [code] = re.findall(r"^([0-9]{6})$", str(mail.body), re.MULTILINE)
    return code


def ask_for_code(client: Client, email: str, **fields: str) -> HttpResponse:
    return client.post(ENTRANCE, {"email": email, **fields})


def enter_code(client: Client, mail: EmailMessage, **fields: str) -> HttpResponse:
    return client.post(CONFIRM, {"code": code_in(mail), **fields})
