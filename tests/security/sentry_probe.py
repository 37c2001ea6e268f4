"""A site with Sentry and a failing view, run as a script by its test. It prints everything that Sentry would receive.

There is a secret in each place that Sentry collects data from. The secret is assembled at run time, because Sentry also
sends source lines.
"""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import django
import requests
import sentry_sdk
from django.contrib.auth.decorators import login_not_required
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from petgroove import sentry

SECRET = "sec" + "ret"
# Libraries that Sentry can instrument and that no web process needs.
HEAVY = ("openai", "boto3")


class RecordingTransport(Transport):
    def capture_envelope(self, envelope: Envelope) -> None:
        sys.stdout.write(envelope.serialize().decode())


class Handler(BaseHTTPRequestHandler):
    """Another host, requested by the failing view."""

    port = 0

    def do_GET(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        """Log nothing."""


@csrf_exempt
@login_not_required
def failing_view(request: HttpRequest, token: str) -> HttpResponse:
    local = f"{SECRET} of a variable"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s, '{SECRET} of a statement'", [f"{SECRET} of a query"])
    requests.get(f"http://127.0.0.1:{Handler.port}/{SECRET}-of-a-path?key={SECRET}", timeout=5)
    raise ValueError(f"it broke with {len(local)} letters")


def main() -> None:
    # Replace Sentry's network transport. start() has no parameter for it, so patch init().
    init = sentry_sdk.init
    sentry_sdk.init = lambda **options: init(transport=RecordingTransport(), **options)  # type: ignore[assignment]
    sentry.start("https://key@sentry.example/1", "test")
    django.setup()
    from petgroove import urls

    urls.urlpatterns.append(path("breaks/<slug:token>/", failing_view))
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as host:
        Handler.port = host.server_port
        Thread(target=host.serve_forever, args=[0.05]).start()
        send_request()
        host.shutdown()
    sentry_sdk.flush()
    print([name for name in HEAVY if name in sys.modules])  # noqa: T201


def send_request() -> None:
    """Call the WSGI application with a secret in each part of the request."""
    factory = RequestFactory(headers={"Authorization": f"Bearer {SECRET}", "Host": "localhost"})
    factory.cookies["other"] = f"{SECRET}-of-a-cookie"
    request = factory.post(f"/breaks/{SECRET}-link/?q={SECRET}", {"password": SECRET, "other": SECRET})
    response = get_wsgi_application()(request.environ, lambda status, headers: None)
    b"".join(response)
    response.close()


if __name__ == "__main__":
    main()
