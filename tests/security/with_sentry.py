"""A site with Sentry on which a page breaks; printed is whatever Sentry would be told. Run by its test, on its own.

A secret lies wherever Sentry looks by itself. Each is put together while it runs, as lines of the source are told.
"""

import sys

import django
import requests
import sentry_sdk
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from petgroove import sentry

SECRET = "sec" + "ret"
# Libraries that Sentry could watch, and that no web process needs.
HEAVY = ("openai", "boto3")


class Listens(Transport):
    def capture_envelope(self, envelope: Envelope) -> None:
        sys.stdout.write(envelope.serialize().decode())


@csrf_exempt
@login_not_required
def breaks(request: HttpRequest, token: str) -> HttpResponse:
    local = f"{SECRET} of a variable"
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s", [f"{SECRET} of a query"])
    try:
        requests.get(f"http://127.0.0.1:9/{SECRET}-of-a-path?key={SECRET}", timeout=5)
    except requests.ConnectionError:
        raise ValueError(f"it broke with {len(local)} letters") from None
    return HttpResponse()


def main() -> None:
    # Sentry's own transport would send to the network; start() takes none, so init() gets one here.
    init = sentry_sdk.init
    sentry_sdk.init = lambda **options: init(transport=Listens(), **options)  # type: ignore[assignment]
    sentry.start("https://key@sentry.example/1", "test")
    django.setup()
    from petgroove import urls

    urls.urlpatterns.append(path("breaks/<slug:token>/", breaks))
    client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {SECRET}"})
    client.cookies["other"] = f"{SECRET}-of-a-cookie"
    client.post(f"/breaks/{SECRET}-link/?q={SECRET}", {"password": SECRET}, headers={"Host": "localhost"})
    sentry_sdk.flush()
    print([name for name in HEAVY if name in sys.modules])  # noqa: T201


if __name__ == "__main__":
    main()
