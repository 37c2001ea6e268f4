"""Is the process alive, and could it serve? Asked by whatever keeps it running and by whatever sends it visitors."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_safe

from videos.models import WorkerHeartbeat

HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class HealthCheckMiddleware:
    """Answers both questions before anybody looks at the host or the scheme: load balancers ask by bare address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        endpoint = ENDPOINTS.get(request.path_info)
        return endpoint(request) if endpoint else self.get_response(request)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain", headers=HEADERS)


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Each part asked for real: 200 when all are well, else 503. What is wrong with one, the doctor tells."""
    results = {name: "ok" if is_healthy(check) else "wrong" for name, check in CHECKS.items()}
    return JsonResponse(results, status=200 if set(results.values()) == {"ok"} else 503, headers=HEADERS)


def is_healthy(check: Callable[[], Any]) -> bool:
    try:
        return bool(check())
    except Exception:
        # Whatever it is, it is not well; an address that anybody may ask tells no more.
        return False


def database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def storage() -> bool:
    """The bucket is there and lets us in, or the folder may be written to; nothing is."""
    check: Callable[[], None] = default_storage.check  # type: ignore[attr-defined]  # both of ours have it
    check()
    return True


def shared_cache() -> bool:
    """Keeps what it is told: one that is away forgets, and limits do not hold."""
    marker = get_random_string(12)
    cache.set(f"ready:{marker}", marker, 10)
    return cache.get(f"ready:{marker}") == marker


def static_files() -> bool:
    """Collected, where pages name them by their hash: without, every page would be an error."""
    if settings.DEBUG or not isinstance(staticfiles_storage, ManifestFilesMixin):
        return True
    return bool(staticfiles_storage.hashed_files)


def worker() -> bool:
    """Somebody makes the videos."""
    return WorkerHeartbeat.objects.alive(timezone.now()).exists()


CHECKS = {
    "database": database,
    "migrations": migrated,
    "storage": storage,
    "cache": shared_cache,
    "static": static_files,
    "worker": worker,
}
ENDPOINTS: dict[str, Callable[[HttpRequest], HttpResponseBase]] = {"/healthz": healthz, "/readyz": readyz}
