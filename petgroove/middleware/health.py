"""Liveness (``/healthz``) and readiness (``/readyz``) endpoints, for process managers and load balancers."""

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
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_safe

from videos import clock
from videos.models import WorkerHeartbeat

HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class HealthCheckMiddleware:
    """Answer health checks before the host and scheme are checked: load balancers use the bare IP address and HTTP."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        endpoint = ENDPOINTS.get(request.path_info)
        return endpoint(request) if endpoint else self.get_response(request)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Return 200 whenever the process can answer; check no dependency."""
    return HttpResponse("ok\n", content_type="text/plain", headers=HEADERS)


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Check every dependency. Return 200 if all are healthy, otherwise 503. Run ``doctor`` for details."""
    results = {name: "ok" if is_healthy(check) else "wrong" for name, check in CHECKS.items()}
    return JsonResponse(results, status=200 if set(results.values()) == {"ok"} else 503, headers=HEADERS)


def is_healthy(check: Callable[[], Any]) -> bool:
    try:
        return bool(check())
    except Exception:
        # Any error means unhealthy. The endpoint is public, so it gives no details.
        return False


def database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def storage() -> bool:
    """Return True if the bucket is accessible or the folder is writable. Nothing is written."""
    check: Callable[[], None] = default_storage.check  # type: ignore[attr-defined]  # defined by both storage classes
    check()
    return True


def shared_cache() -> bool:
    """Return True if the cache keeps a value: an unavailable one fails open and does not enforce rate limits."""
    marker = get_random_string(12)
    cache.set(f"ready:{marker}", marker, 10)
    return cache.get(f"ready:{marker}") == marker


def static_files() -> bool:
    """Return True if static files are collected. With hashed names, every page would fail without the manifest."""
    if settings.DEBUG or not isinstance(staticfiles_storage, ManifestFilesMixin):
        return True
    return bool(staticfiles_storage.hashed_files)


def worker() -> bool:
    """Return True if at least one worker has a recent heartbeat."""
    return WorkerHeartbeat.objects.alive(clock.now()).exists()


CHECKS = {
    "database": database,
    "migrations": migrated,
    "storage": storage,
    "cache": shared_cache,
    "static": static_files,
    "worker": worker,
}
ENDPOINTS: dict[str, Callable[[HttpRequest], HttpResponseBase]] = {"/healthz": healthz, "/readyz": readyz}
