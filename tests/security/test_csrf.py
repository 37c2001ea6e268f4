"""On every route, safe methods change nothing, and unsafe methods require a CSRF token."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client

from accounts.models import User
from tests.conftest import browser_of
from tests.routes import ALL, NOBODY
from tests.security.rows import all_rows, recorded_writes
from videos.models import Photo, Video

pytestmark = pytest.mark.django_db


@pytest.fixture
def paths(request_video, prepared: Photo) -> list[str]:
    """The paths of all routes, filled with the ids of a photo, a video or a user."""
    video: Video = request_video()
    filled = set()
    for route in ALL:
        pk = prepared.pk if "photos/" in route.path else video.pk if "video" in route.path else prepared.user_id
        filled.add(route.filled().replace(NOBODY, str(pk)))
    return sorted(filled)


@pytest.fixture
def visitors(owner: User, staff: User) -> list[Client]:
    return [browser_of(owner), browser_of(staff), Client()]


def plain_refusal(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Replace the error page: rendering it 900 times would take longer than the rest of the test."""
    return HttpResponse(status=403)


@pytest.mark.parametrize(
    "method", ["get", pytest.param("head", marks=pytest.mark.slow), pytest.param("options", marks=pytest.mark.slow)]
)
def test_get_changes_nothing(paths: list[str], visitors: list[Client], method: str) -> None:
    before, writes = all_rows(), {}
    for number, client in enumerate(visitors):
        for path in paths:
            with recorded_writes() as statements:
                response = getattr(client, method)(path)
                # /readyz returns 503 because no worker runs.
                assert response.status_code < 500 or path == "/readyz", path
                b"".join(response.streaming_content if response.streaming else [])
            if statements:
                writes[number, path] = statements
    assert writes == {}
    assert all_rows() == before


def test_writes_are_recorded(as_owner: Client, owner: User) -> None:
    """The negative control."""
    with recorded_writes() as statements:
        as_owner.get("/videos/")
        assert statements == []
        as_owner.force_login(owner)
    assert [statement.partition(" SET")[0] for statement in statements] == ['UPDATE "accounts_user"']


# Mail programs send no CSRF token; the signed token in the URL stands for it.
EXEMPT = "/notifications/off/"


def test_nothing_changes_without_a_csrf_token(paths: list[str], owner: User, staff: User, settings) -> None:
    settings.CSRF_FAILURE_VIEW = f"{__name__}.plain_refusal"
    clients = [Client(enforce_csrf_checks=True) for _ in (owner, staff)]
    for client, user in zip(clients, (owner, staff), strict=True):
        client.force_login(user)
    before = all_rows()
    for client in clients:
        for path in paths:
            for method in (client.post, client.put, client.patch, client.delete):
                response = method(path, {"sure": "yes"} if method == client.post else "")
                allowed = {401, 403, 404, 405, 415, 422} if path.startswith("/api/") else {403}
                if path.startswith(EXEMPT):
                    allowed = {404, 405}
                assert response.status_code in allowed, (method.__name__, path, response.status_code)
    assert all_rows() == before


def test_csrf_failure_page_says_what_to_do(owner: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    response = client.post("/photos/")
    assert (response.status_code, "<h1>" in response.content.decode()) == (403, True)
