"""Runway as the settings describe it. The client, which loads an HTTP library, is imported at the first request."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from videos.formats import FORMATS, Format
from videos.providers.base import (
    Account,
    AccountUnavailable,
    Offer,
    Order,
    RemoteProvider,
    Report,
    RequestFailed,
    Submission,
    Task,
)
from videos.providers.runway.catalogue import BASE_URL, get_model, is_loopback

if TYPE_CHECKING:
    from videos.providers.runway.answers import Organization
    from videos.providers.runway.client import Runway


class RunwayProvider(RemoteProvider):
    """The ``RemoteProvider`` of Runway. It holds no connection: each call uses the current settings."""

    name = "runway"
    label = "Runway"
    account_url = "https://dev.runwayml.com/"
    key_variable = "RUNWAY_API_KEY"
    default_duration = timedelta(seconds=60)

    @property
    def is_configured(self) -> bool:
        return bool(settings.RUNWAY_API_KEY)

    @property
    def formats(self) -> tuple[Format, ...]:
        ratios = get_model(settings.RUNWAY_MODEL_ID).ratios
        return tuple(shape for shape in FORMATS if shape.slug in ratios)

    @property
    def submit_timeout(self) -> timedelta:
        return timedelta(seconds=settings.RUNWAY_TIMEOUT)

    @property
    def default_concurrency(self) -> int:
        return settings.RUNWAY_CONCURRENCY

    def offer(self, shape: Format, seconds: int) -> Offer | None:
        model = get_model(settings.RUNWAY_MODEL_ID)
        made, price = model.seconds(seconds), model.price(seconds)
        return None if model.ratio(shape) is None or made is None or price is None else Offer(model.id, made, price)

    def client(self) -> Runway:
        """Return a client built from the settings. Raises AccountUnavailable if there is no key."""
        if not settings.RUNWAY_API_KEY:
            raise AccountUnavailable("RUNWAY_API_KEY is not set")
        from videos.providers.runway.client import Runway

        return Runway(
            settings.RUNWAY_API_KEY,
            settings.RUNWAY_MODEL_ID,
            settings.RUNWAY_BASE_URL,
            settings.RUNWAY_DOWNLOAD_HOSTS,
            allow_loopback=is_loopback(settings.RUNWAY_BASE_URL),
            read_timeout=settings.RUNWAY_TIMEOUT,
        )

    def account(self) -> Account:
        organization = self.client().organization()
        return Account(
            balance=max(0, organization.balance),
            max_concurrent_tasks=settings.RUNWAY_MAX_CONCURRENCY
            if organization.unlimited
            else organization.max_concurrent,
            is_unlimited=organization.unlimited,
            trouble=organization_trouble(organization),
            daily_limit_reached=organization.daily_limit_reached,
        )

    def submit(self, order: Order) -> Submission:
        return self.client().submit(order)

    def poll(self, task_id: str) -> Task:
        return self.client().poll(task_id)

    def fetch(self, task: Task, into: Path, report: Report) -> None:
        self.client().fetch(task, into, report)

    def cancel(self, task_id: str) -> None:
        self.client().cancel(task_id)

    def describe(self) -> str:
        return settings.RUNWAY_MODEL_ID

    def explain(self, error: AccountUnavailable | RequestFailed) -> tuple[str, str]:
        if isinstance(error, AccountUnavailable) and error.reason.startswith("403"):
            hint = f"Check at {self.account_url} whether the account is suspended, or contact Runway's support."
            return f"accepts the key but denies access: {error.reason}", hint
        if isinstance(error, AccountUnavailable):
            hint = f"Create a key at {self.account_url} and set RUNWAY_API_KEY."
            return f"rejects the key: {error.reason}", hint
        if error.reason.startswith(("2", "3", "404")):
            message = f"unexpected response from {settings.RUNWAY_BASE_URL}: {error.reason}"
            return message, f"Check RUNWAY_BASE_URL. Unless you use a proxy, set it to {BASE_URL}."
        hint = f"Check that this machine can reach {settings.RUNWAY_BASE_URL}."
        return f"cannot be reached: {error.reason}", hint


def organization_trouble(organization: Organization) -> str:
    """Return the reason for staff why the organization accepts no orders now, apart from its balance."""
    if organization.daily_limit_reached:
        return f"the daily limit of {organization.max_daily} videos is reached"
    if organization.max_concurrent == 0:
        return f"the account may not use {settings.RUNWAY_MODEL_ID}"
    return ""
