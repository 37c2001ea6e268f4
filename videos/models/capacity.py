"""How many videos of a provider are made at the same time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Expression, IntegerField, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest

from videos.models.heartbeat import WorkerHeartbeat
from videos.models.provider_status import ProviderStatus
from videos.providers.registry import REMOTE, remote_provider


def capacity(provider: str, now: datetime) -> int:
    """Return how many videos of ``provider`` are made at a time, at least one.

    A remote provider runs as many tasks as the account allows. On our machines, each worker renders one video.
    """
    if provider in REMOTE:
        status = ProviderStatus.objects.filter(pk=provider).first()
        return max(1, status.capacity if status else remote_provider(provider).default_concurrency)
    return max(1, WorkerHeartbeat.objects.alive(now).rendering().count())


def capacity_of(provider: Any, now: datetime) -> Expression:
    """Return ``capacity`` as an expression for a query of videos. ``provider`` refers to their column."""
    integer = IntegerField()
    known = [When(provider=name, then=Value(remote_provider(name).default_concurrency)) for name in REMOTE]
    default = Case(*known, default=Value(1), output_field=integer)
    allowed = Case(
        When(half_open=True, then=Value(1)),
        default=Coalesce("max_concurrent_tasks", default, output_field=integer),
        output_field=integer,
    )
    remote = Subquery(ProviderStatus.objects.filter(pk=provider).values(allowed=allowed))
    alive = WorkerHeartbeat.objects.alive(now).rendering()
    workers = Subquery(alive.values(everyone=Value(1)).annotate(workers=Count("pk")).values("workers"))
    found = Case(
        When(provider__in=REMOTE, then=Coalesce(remote, default, output_field=integer)),
        default=Coalesce(workers, Value(1), output_field=integer),
        output_field=integer,
    )
    return Greatest(Value(1), found, output_field=integer)
