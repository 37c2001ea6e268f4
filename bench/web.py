"""Benchmark the pages: ``python -m bench.web [videos ...]``, by default with 1,000, 100,000 and 1,000,000 videos.

One gunicorn process with the threads of ``gunicorn.conf.py`` is pinned to one core; PostgreSQL and the clients share
another. Only the ratios are comparable between machines. They relate each cost to a baseline of the same run: the full
middleware stack without the database. The exit code is 1 if a figure misses its target. The server is that of
BENCH_DATABASE_URL, by default that of the tests; the database ``petgroove_bench`` on it is recreated.
"""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from bench.rows import create_database, fill, issue_tokens, paths_and_cookies
from bench.visitors import PORT, Row, hit, p95_of, photo_of_twelve_megapixels, run_all, upload
from tests.postgres import server

ROOT = Path(__file__).parent.parent
SECONDS, UPLOADS = 4.0, 20
RATES = {"poll": "204", "naive": "200", "page": "200", "gallery": "200", "upload": "200"}
# The maximum number of queries for each page.
QUERIES = {"poll": 1, "page": 4, "gallery": 4, "upload": 3, "upload POST": 8, "admin videos": 12, "admin users": 12}
# The minimum speed at the largest size relative to the smallest, each as a ratio to its baseline. 1 is constant.
FLAT = 0.8


class Table:
    """Print each figure with its target, and collect the missed ones."""

    def __init__(self) -> None:
        self.missed: list[str] = []
        print(f"{'videos':>9}  {'figure':32}{'per s':>8}{'p95 ms':>8}{'value':>9}{'target':>9}")

    def add(self, size: int, name: str, value: float, target: str = "", row: Row | None = None) -> None:
        """Print a row. ``target`` looks like ``>= 0.45`` or ``<= 30``."""
        rates = f"{row.rate:>8.0f}{row.p95:>8.1f}" if row else " " * 16
        shown = f"{value:.2f}" if value < 10 and value != int(value) else f"{value:.0f}"
        sign, _, limit = target.partition(" ")
        is_met = not target or (value >= float(limit) if sign == ">=" else value <= float(limit))
        print(f"{size:>9,}  {name:32}{rates}{shown:>9}{target:>9}{'' if is_met else '  missed'}", flush=True)
        if not is_met:
            self.missed.append(f"{name} at {size:,} videos ({shown}, target {target})")


def main(sizes: list[int]) -> int:
    with server() as default_url, tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("BENCH_DATABASE_URL", "") or default_url
        if not url:
            print("PostgreSQL is not available. Start it on port 5432, or set BENCH_DATABASE_URL.")
            return 1
        prepare_environment(create_database(url), folder)
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        table, shares = Table(), []
        for size in sizes:
            fill(size)
            with gunicorn() as process:
                idle = resident(process)
                shares.append(rates(table, size, process))
                if size == sizes[0]:
                    table.add(size, "web process, idle, MB", idle, "<= 110")
                    uploads(table, size)
            pages(table, size)
        for name in ("poll", "gallery"):
            table.add(sizes[-1], f"{name}, against {sizes[0]:,}", shares[-1][name] / shares[0][name], f">= {FLAT}")
    print("Missed: " + "; ".join(table.missed) if table.missed else "All targets are met.")
    return 1 if table.missed else 0


def prepare_environment(url: str, folder: str) -> None:
    os.environ |= {
        "DATABASE_URL": url,
        "VAR_DIR": folder,
        "DEBUG": "0",
        "SECRET_KEY": "only-for-the-bench-" + "0" * 40,
        "SITE_URL": f"http://127.0.0.1:{PORT}",
        "ALLOWED_HOSTS": "127.0.0.1",
        "EMAIL_URL": "file:",
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "WEB_CONCURRENCY": "1",
        "UPLOADS_PER_HOUR": "100000",
        "UPLOADS_PER_HOUR_PER_IP": "100000",
        "VIDEOS_PER_HOUR_PER_IP": "100000",
        "REDIS_URL": "",
        "CACHE_URL": "",
        "RUNWAY_API_KEY": "",
    }


@contextmanager
def gunicorn() -> Iterator[subprocess.Popen]:
    """Start one web process on the first core, and wait until it answers."""
    command = [sys.executable, "-m", "gunicorn", "bench.wsgi", "--bind", f"127.0.0.1:{PORT}", "--log-level", "error"]
    process = subprocess.Popen([*command, "--max-requests", "0"], cwd=ROOT, stderr=subprocess.DEVNULL)
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(process.pid, {cores[0]})
    os.sched_setaffinity(0, set(cores[1:]) or {cores[0]})
    try:
        # gunicorn listens before its worker has started; a response comes from the worker.
        for _ in range(600):
            try:
                urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def rates(table: Table, size: int, process: subprocess.Popen) -> dict[str, float]:
    """Return the cost of the baseline relative to each page's.

    Costs are CPU seconds of the web process per request, so other load on the machine changes only the printed rates.
    """
    paths, cookies = paths_and_cookies()

    def cost(requests: list[tuple[str, str]], seconds: float, status: str) -> tuple[float, Row]:
        before = spent_by(process)
        row = hit(requests, seconds, expect=status.encode())
        return (spent_by(process) - before) / (row.rate * seconds), row

    hit([("/bench/floor", cookies[0])], 1.0)
    floor, shown = cost([("/bench/floor", cookie) for cookie in cookies], SECONDS, "204")
    table.add(size, "baseline, no database", 1, row=shown)
    shares = {}
    for name, status in RATES.items():
        each, shown = cost(list(zip(paths[name], cookies, strict=True)), SECONDS, status)
        shares[name] = floor / each
        table.add(size, f"baseline / {name}", shares[name], ">= 0.45" if name == "poll" else "", shown)
    table.add(size, "poll / naive", shares["poll"] / shares["naive"], ">= 3")
    return shares


def worker_of(process: subprocess.Popen) -> str:
    return Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0]


def spent_by(process: subprocess.Popen) -> float:
    """Return the CPU seconds that the web process has used so far."""
    fields = Path(f"/proc/{worker_of(process)}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def uploads(table: Table, size: int) -> None:
    """Measure uploads of 12 megapixels, one at a time, then the poll during four concurrent uploads."""
    body, kind = photo_of_twelve_megapixels()
    tokens = issue_tokens(4)
    upload(tokens[0], body, kind)
    one = [upload(tokens[number % 4], body, kind) for number in range(UPLOADS)]
    table.add(size, f"upload, 12 megapixels, p95 ms of {UPLOADS}", p95_of(one), "<= 1000")
    stop, (paths, cookies) = threading.Event(), paths_and_cookies()

    def keep_uploading(token: str) -> None:
        while not stop.is_set():
            upload(token, body, kind)

    def poll() -> None:
        time.sleep(0.5)
        try:
            busy = hit(list(zip(paths["poll"], cookies, strict=True)), SECONDS, visitors=1, pause=0.02)
            table.add(size, "poll, during 4 uploads, p95 ms", busy.p95, "<= 100", busy)
        finally:
            stop.set()

    run_all([poll, *(lambda token=token: keep_uploading(token) for token in tokens)])


def pages(table: Table, size: int) -> None:
    """Count the queries of each page and measure the size of a full gallery, within this process."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from accounts.models import User

    paths, cookies = paths_and_cookies()
    owner, staff = client_with(cookies[0]), Client(headers={"Host": "127.0.0.1"})
    staff.force_login(User.objects.get_or_create(email="staff@example.org", is_staff=True, is_superuser=True)[0])
    body, kind = photo_of_twelve_megapixels()
    form = {"data": body.replace(b'name="file"', b'name="image"'), "content_type": kind}
    requests: dict[str, Any] = {name: lambda name=name: owner.get(paths[name][0]) for name in QUERIES if name in paths}
    requests["poll"] = lambda: owner.get(paths["poll"][0], headers={"HX-Request": "true"})
    requests["upload POST"] = lambda: owner.post("/photos/", **form)
    requests["admin videos"] = lambda: staff.get("/admin/videos/video/")
    requests["admin users"] = lambda: staff.get("/admin/accounts/user/")
    for name, send in requests.items():
        with CaptureQueriesContext(connection) as queries:
            response = send()
        if response.status_code not in (200, 204, 302):
            raise RuntimeError(f"{name} returned status {response.status_code}")
        table.add(size, f"{name}, queries", len(queries), f"<= {QUERIES[name]}")
    gallery = owner.get("/videos/", headers={"Accept-Encoding": "gzip"})
    table.add(size, "gallery of 24, kB on the wire", len(gallery.content) / 1000, "<= 30")
    connection.close()


def client_with(cookie: str) -> Any:
    from django.test import Client

    client = Client(headers={"Host": "127.0.0.1"})
    name, value = cookie.split("=", 1)
    client.cookies[name] = value
    return client


def resident(process: subprocess.Popen) -> float:
    """Return the resident memory of the web process in MiB, including shared pages."""
    rollup = Path(f"/proc/{worker_of(process)}/smaps_rollup").read_text()
    return int(rollup.split("Rss:")[1].split()[0]) / 1024


if __name__ == "__main__":
    sys.exit(main([int(size) for size in sys.argv[1:]] or [1_000, 100_000, 1_000_000]))
