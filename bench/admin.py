"""Benchmark the admin: ``python -m bench.admin [--full] [--days 30] [--keep]``.

It opens every page that the lists link to, each filter, ordering and kind of search among them, on PostgreSQL and on
SQLite. By default with 20,000 videos of 2,000 users, with ``--full`` a million of 100,000. The exit code is 1 if a page
takes longer than 300 ms (the median of three) or more than twelve queries. ``--keep`` measures the rows of the last run
again. The servers are those of ``bench.web``; the database ``petgroove_bench`` is recreated.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from bench.rows import NAME, create_database
from bench.web import prepare_environment
from tests.postgres import server

MAX_MILLISECONDS, MAX_QUERIES, TIMES, SHOWN = 300, 12, 3, 12
SMALL, FULL = 20_000, 1_000_000


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--full", action="store_true", help="a million videos instead of 20,000")
    options.add_argument("--days", type=int, default=365, help="how many days the videos are spread over")
    options.add_argument("--keep", action="store_true", help="measure the rows of the last run again")
    options.add_argument("--only", choices=["postgresql", "sqlite"])
    options.add_argument("--url", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.url:
        return measure(chosen.url, FULL if chosen.full else SMALL, chosen.days, chosen.keep)
    missed = 0
    with server() as default_url:
        file = Path(tempfile.gettempdir()) / f"{NAME}.sqlite3"
        for vendor in [chosen.only] if chosen.only else ["postgresql", "sqlite"]:
            url = f"sqlite:///{file}"
            if vendor == "postgresql":
                url = os.environ.get("BENCH_DATABASE_URL", "") or default_url
                if not url:
                    print("PostgreSQL is not available. Start it on port 5432, or set BENCH_DATABASE_URL.")
                    return 1
                url = url.rsplit("/", 1)[0] + f"/{NAME}" if chosen.keep else create_database(url)
            elif not chosen.keep:
                file.unlink(missing_ok=True)
            missed |= subprocess.run([sys.executable, "-m", "bench.admin", *sys.argv[1:], "--url", url]).returncode
    return missed


def measure(url: str, size: int, days: int, keep: bool) -> int:
    """Fill the database, open every page, and print the slowest ones and those that miss a target."""
    with tempfile.TemporaryDirectory() as folder:
        prepare_environment(url, folder)
        os.environ["STAFF_REQUIRE_MFA"] = "0"
        import django

        django.setup()
        from django.core.management import call_command

        from accounts.models import User
        from bench import crowd

        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        started = time.monotonic()
        if not keep:
            crowd.fill(size, days)
            User.objects.get_or_create(email="staff@example.org", is_staff=True, is_superuser=True)
        print(f"\n{url.split(':')[0]}: {size:,} videos, filled in {time.monotonic() - started:.0f} s")
        rows = [visit(address) for address in dict.fromkeys(addresses())]
    rows.sort(key=lambda row: (row.is_missed, min(row.cost, row.wall)), reverse=True)
    missed = sum(row.is_missed for row in rows)
    print(f"{len(rows)} pages; the slowest:\n{'cost ms':>9}{'wall ms':>9}{'queries':>9}")
    for row in rows[: max(SHOWN, missed)]:
        mark = "  missed" if row.is_missed else ""
        print(f"{row.cost:>9.0f}{row.wall:>9.0f}{row.queries:>9}  {row.address}{mark}")
    print(f"Most queries: {max(row.queries for row in rows)}. Missed: {missed}")
    return bool(missed)


def staff_client() -> Any:
    from django.test import Client

    from accounts.models import User

    client = Client(headers={"Host": "127.0.0.1"})
    client.force_login(User.objects.get(email="staff@example.org"))
    return client


class Row(NamedTuple):
    """``cost`` is in milliseconds of processor time of this process and of PostgreSQL's, ``wall`` by the clock."""

    cost: float
    wall: float
    queries: int
    address: str

    @property
    def is_missed(self) -> bool:
        # Other load on the machine lengthens the time by the clock, parallel queries the cost.
        return min(self.cost, self.wall) > MAX_MILLISECONDS or self.queries > MAX_QUERIES


def visit(address: str) -> Row:
    """Open a page three times. Return the mean cost, the median time, and the number of queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, walls, before = staff_client(), [], spent()
    for _ in range(TIMES):
        with CaptureQueriesContext(connection) as queries:
            started = time.perf_counter()
            response = client.get(address)
            walls.append(time.perf_counter() - started)
        if response.status_code != 200:
            raise RuntimeError(f"{address} returned status {response.status_code}")
    cost = (spent() - before) / TIMES
    return Row(cost * 1000, statistics.median(walls) * 1000, len(queries), address)


def spent() -> float:
    """Return the processor time of this process and of its connection to PostgreSQL, in seconds."""
    from django.db import connection

    backend = 0.0
    if connection.vendor == "postgresql" and connection.connection:
        # A server on another machine has no such file: the cost is then too low, and the clock decides.
        stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
        fields = stat.read_text().rpartition(")")[2].split() if stat.exists() else ["0"] * 13
        backend = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return time.process_time() + backend


def addresses() -> Iterator[str]:
    """Yield the front page, every list with its filters and orderings, searches, and the page of one row of each."""
    from django.contrib import admin
    from django.urls import reverse

    from bench.crowd import key_of

    client = staff_client()
    client.get("/admin/")
    yield "/admin/"
    terms = ["7@example.org", "@example", "Pet 77", "nothing here", "'", str(key_of("video", 77))]
    terms += [str(key_of("user", 7)), str(key_of("photo", 7)), f"video:{key_of('video', 77)}:charge", "a b c d e"]
    for model, model_admin in list(admin.site._registry.items()):
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        base = reverse(f"admin:{name}_changelist")
        page = model_admin.get_changelist_instance(client.get(base).wsgi_request)
        yield base
        yield f"{base}?p={page.paginator.num_pages}"
        for spec in page.filter_specs:
            yield from (f"{base}{choice['query_string']}" for choice in spec.choices(page))
        for number, column in enumerate(page.list_display):
            sorts = column in (page.sortable_by or ()) or page.sortable_by is None
            if sorts and page.get_ordering_field(column):
                yield from (f"{base}?o={sign}{number}" for sign in ("", "-"))
        if page.search_fields:
            yield from (f"{base}?q={term}" for term in terms)
        if row := model._default_manager.order_by("-pk").first():
            yield reverse(f"admin:{name}_change", args=[row.pk])
            yield reverse(f"admin:{name}_history", args=[row.pk])


if __name__ == "__main__":
    sys.exit(main())
