"""Every route, walked: looking changes nothing, and nothing is changed without the form's own token."""

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
    """Every address of the site, with the ids of a photo, a video, a user where it takes one."""
    video: Video = request_video()
    found = set()
    for route in ALL:
        pk = prepared.pk if "photos/" in route.path else video.pk if "video" in route.path else prepared.user_id
        found.add(route.filled().replace(NOBODY, str(pk)))
    return sorted(found)


@pytest.fixture
def visitors(owner: User, staff: User) -> list[Client]:
    return [browser_of(owner), browser_of(staff), Client()]


def plain_refusal(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Replace the error page, since rendering it nine hundred times costs more than everything else here."""
    return HttpResponse(status=403)


@pytest.mark.parametrize(
    "method", ["get", pytest.param("head", marks=pytest.mark.slow), pytest.param("options", marks=pytest.mark.slow)]
)
def test_get_changes_nothing(paths: list[str], visitors: list[Client], method: str) -> None:
    before, writes = all_rows(), {}
    for number, client in enumerate(visitors):
        for path in paths:
            with recorded_writes() as statements:
                answer = getattr(client, method)(path)
                # Nobody works here, which is for /readyz to say.
                assert answer.status_code < 500 or path == "/readyz", path
                b"".join(answer.streaming_content if answer.streaming else [])
            if statements:
                writes[number, path] = statements
    assert writes == {}
    assert all_rows() == before


def test_a_write_is_recorded(as_owner: Client, owner: User) -> None:
    """The negative control."""
    with recorded_writes() as statements:
        as_owner.get("/videos/")
        assert statements == []
        as_owner.force_login(owner)
    assert [statement.partition(" SET")[0] for statement in statements] == ['UPDATE "accounts_user"']


def test_nothing_is_changed_without_a_csrf_token(paths: list[str], owner: User, staff: User, settings) -> None:
    settings.CSRF_FAILURE_VIEW = f"{__name__}.plain_refusal"
    clients = [Client(enforce_csrf_checks=True) for _ in (owner, staff)]
    for client, user in zip(clients, (owner, staff), strict=True):
        client.force_login(user)
    before = all_rows()
    for client in clients:
        for path in paths:
            for method in (client.post, client.put, client.patch, client.delete):
                answer = method(path, {"sure": "yes"} if method == client.post else "")
                allowed = {401, 403, 404, 405, 415, 422} if path.startswith("/api/") else {403}
                assert answer.status_code in allowed, (method.__name__, path, answer.status_code)
    assert all_rows() == before


def test_csrf_failure_page_says_what_to_do(owner: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    answer = client.post("/photos/")
    assert (answer.status_code, "<h1>" in answer.content.decode()) == (403, True)
