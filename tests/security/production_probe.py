"""With production settings, run the deployment checks, request some pages, and print the results as JSON."""

import io
import json
import os
import sys
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver

import petgroove.wsgi

settings.STORAGES = settings.STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
# The web server loads the first two at start, and monitoring requests the third. Check for heavy modules before
# anything else is imported.
assert petgroove.wsgi.application
assert get_resolver().url_patterns
assert Client().get("/readyz").json()
HEAVY = ("cv2", "av", "numpy", "openai", "requests", "pillow_heif", "boto3", "sentry_sdk")
LOADED = [name for name in HEAVY if name in sys.modules]

from allauth.account.models import EmailAddress  # noqa: E402
from django.apps import apps  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from credits import ledger  # noqa: E402
from videos import dances, formats, photos  # noqa: E402
from videos.models import Video  # noqa: E402
from videos.operations import demo  # noqa: E402
from videos.ordering import request_video  # noqa: E402
from videos.uploads import store_photo  # noqa: E402

HOST = "petgroove.example"
PAGES = {
    "home": "/",
    "login": "/account/login/",
    "password": "/account/login/password/",
    "404": "/nowhere/",
    "admin": "/admin/login/",
    "gallery": "/videos/",
    "photo": "/photos/",
    "account": "/account/data/",
}
PRIVATE = ("gallery", "photo", "account", "waiting page")


def main() -> None:
    os.umask(0o077)
    checks = io.StringIO()
    call_command("check", deploy=True, fail_level="WARNING", stdout=checks)
    # For speed, create the tables without migrations, and use a fast password hasher.
    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    call_command("migrate", run_syncdb=True, verbosity=0)
    user = User.objects.create_user("owner@example.org", "a good long password")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    host = {"HTTP_HOST": HOST, "secure": True}
    client = Client(raise_request_exception=False)
    results = {
        "loaded": {"heavy": LOADED},
        "checks": {"output": checks.getvalue()},
        "plain": summary(client.get("/", HTTP_HOST=HOST)),
    }
    results["evil host"] = summary(client.get("/", HTTP_HOST="evil.example", secure=True))
    for name, path in PAGES.items():
        results[name] = summary(Client(raise_request_exception=False).get(path, **host))
    scored = {name: visit(Client(), PAGES[name]) for name in ("home", "login", "404", "admin")}
    form = {"login": user.email, "password": "a good long password"}
    results["logged in"] = summary(client.post("/account/login/password/", form, **host))
    paths = PAGES | {"waiting page": queued_video(user).get_absolute_url()}
    for name in PRIVATE:
        results[name] = summary(client.get(paths[name], **host))
        scored[name] = visit(client, paths[name])
    print(json.dumps(results | {"scored": scored}))  # noqa: T201


def queued_video(user: User) -> Video:
    """Return an unfinished video."""
    ledger.grant(user, 1, reason="For the tests", by=None)
    now = timezone.now()
    return request_video(
        user=user,
        photo=store_photo(user, photos.normalise(demo.SAMPLE.read_bytes()), now),
        dance=dances.DANCES[0],
        shape=formats.BY_SLUG["tall"],
        idempotency_key=uuid.uuid4(),
        now=now,
    )


def summary(response: object) -> dict:
    cookies = {name: dict(morsel) for name, morsel in response.cookies.items()}
    return {"status": response.status_code, "headers": dict(response.headers), "cookies": cookies}


def visit(client: Client, path: str) -> dict:
    """Return the responses that the Observatory needs: the page after redirects, plain HTTP, and a CORS preflight."""
    response = client.get(path, HTTP_HOST=HOST, secure=True, follow=True)
    steps = [(path, response.redirect_chain[0][1] if response.redirect_chain else response.status_code)]
    steps += [(to, response.status_code) for to, _ in response.redirect_chain]
    chain = [{"url": absolute_url(to), "status": status} for to, status in steps]
    preflight = {"HTTP_ORIGIN": "https://elsewhere.example", "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "GET"}
    return {
        "url": chain[-1]["url"],
        "chain": chain,
        "plain": {"url": f"http://{HOST}{path}", "status": client.get(path, HTTP_HOST=HOST).status_code},
        "page": with_body(response),
        "options": with_body(client.options(path, HTTP_HOST=HOST, secure=True, **preflight)),
    }


def absolute_url(path: str) -> str:
    return path if path.startswith("https:") else f"https://{HOST}{path}"


def with_body(response: object) -> dict:
    cookies = [morsel.OutputString() for morsel in response.cookies.values()]
    return {
        "status": response.status_code,
        "headers": dict(response.headers),
        "cookies": cookies,
        "body": response.content.decode(),
    }


main()
