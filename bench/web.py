"""What a page costs: ``python -m bench.web [videos ...]`` prints a table; 1,000, 100,000 and 1,000,000 unless told.

One gunicorn process with the threads of ``gunicorn.conf.py``, pinned to one core; PostgreSQL and the visitors share
another. Only the ratios travel: each cost stands beside the floor of the same run, which is all middlewares and no
database. Each figure that has a bar shows it, and the exit code is 1 when one is missed. The server is the one of
BENCH_DATABASE_URL, or the tests'; the database ``petgroove_bench`` is made anew in it.
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

from bench.rows import fill, fresh, tokens_of, who_asks
from bench.visitors import PORT, Row, hit, p95_of, photo_of_twelve_megapixels, run_all, upload
from tests.postgres import server

ROOT = Path(__file__).parent.parent
SECONDS, UPLOADS = 4.0, 20
RATES = {"poll": "204", "naive": "200", "page": "200", "gallery": "200", "upload": "200"}
# Queries of each page at most.
QUERIES = {"poll": 1, "page": 4, "gallery": 4, "upload": 3, "upload POST": 8, "admin videos": 12, "admin users": 12}
# What a page still does of its share of the floor, at the largest size against the smallest: 1 is flat.
FLAT = 0.8


class Table:
    """Prints each figure beside its bar, and remembers what was missed."""

    def __init__(self) -> None:
        self.missed: list[str] = []
        print(f"{'videos':>9}  {'figure':32}{'per s':>8}{'p95 ms':>8}{'value':>9}{'bar':>9}")

    def told(self, size: int, name: str, value: float, bar: str = "", row: Row | None = None) -> None:
        """``bar`` is such as ``>= 0.45`` or ``<= 30``."""
        rates = f"{row.rate:>8.0f}{row.p95:>8.1f}" if row else " " * 16
        shown = f"{value:.2f}" if value < 10 and value != int(value) else f"{value:.0f}"
        sign, _, most = bar.partition(" ")
        well = not bar or (value >= float(most) if sign == ">=" else value <= float(most))
        print(f"{size:>9,}  {name:32}{rates}{shown:>9}{bar:>9}{'' if well else '  missed'}", flush=True)
        if not well:
            self.missed.append(f"{name} at {size:,} videos ({shown}, bar {bar})")


def main(sizes: list[int]) -> int:
    with server() as found, tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("BENCH_DATABASE_URL", "") or found
        if not url:
            print("No PostgreSQL is to be had. Start one on port 5432, or name one in BENCH_DATABASE_URL.")
            return 1
        prepare_environment(fresh(url), folder)
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
                    table.told(size, "web process, idle, MB", idle, "<= 110")
                    uploads(table, size)
            pages(table, size)
        for name in ("poll", "gallery"):
            table.told(sizes[-1], f"{name}, against {sizes[0]:,}", shares[-1][name] / shares[0][name], f">= {FLAT}")
    print("Missed: " + "; ".join(table.missed) if table.missed else "Every bar is reached.")
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
    """One web process on the first core, ready to answer."""
    command = [sys.executable, "-m", "gunicorn", "bench.wsgi", "--bind", f"127.0.0.1:{PORT}", "--log-level", "error"]
    process = subprocess.Popen([*command, "--max-requests", "0"], cwd=ROOT, stderr=subprocess.DEVNULL)
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(process.pid, {cores[0]})
    os.sched_setaffinity(0, set(cores[1:]) or {cores[0]})
    try:
        # It listens before its web process is there; whoever is answered speaks to that one.
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
    """The floor's cost against each page's: seconds of the web process's own CPU for a request, so that a machine
    which is busy with something else changes the rates beside them, and not the verdict.
    """
    paths, cookies = who_asks()

    def cost(asked: list[tuple[str, str]], seconds: float, status: str) -> tuple[float, Row]:
        before = spent_by(process)
        row = hit(asked, seconds, expect=status.encode())
        return (spent_by(process) - before) / (row.rate * seconds), row

    hit([("/bench/floor", cookies[0])], 1.0)
    floor, shown = cost([("/bench/floor", cookie) for cookie in cookies], SECONDS, "204")
    table.told(size, "floor, no database", 1, row=shown)
    shares = {}
    for name, status in RATES.items():
        each, shown = cost(list(zip(paths[name], cookies, strict=True)), SECONDS, status)
        shares[name] = floor / each
        table.told(size, f"{name}, of the floor", shares[name], ">= 0.45" if name == "poll" else "", shown)
    table.told(size, "poll / naive", shares["poll"] / shares["naive"], ">= 3")
    return shares


def worker_of(process: subprocess.Popen) -> str:
    return Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0]


def spent_by(process: subprocess.Popen) -> float:
    """CPU seconds of the web process so far."""
    fields = Path(f"/proc/{worker_of(process)}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def uploads(table: Table, size: int) -> None:
    """The upload of 12 megapixels, one at a time; then the poll while four of them run."""
    body, kind = photo_of_twelve_megapixels()
    tokens = tokens_of(4)
    upload(tokens[0], body, kind)
    one = [upload(tokens[number % 4], body, kind) for number in range(UPLOADS)]
    table.told(size, f"upload, 12 megapixels, p95 ms of {UPLOADS}", p95_of(one), "<= 1000")
    stop, (paths, cookies) = threading.Event(), who_asks()

    def keep_uploading(token: str) -> None:
        while not stop.is_set():
            upload(token, body, kind)

    def poll() -> None:
        time.sleep(0.5)
        try:
            busy = hit(list(zip(paths["poll"], cookies, strict=True)), SECONDS, visitors=1, pause=0.02)
            table.told(size, "poll, during 4 uploads, p95 ms", busy.p95, "<= 100", busy)
        finally:
            stop.set()

    run_all([poll, *(lambda token=token: keep_uploading(token) for token in tokens)])


def pages(table: Table, size: int) -> None:
    """Queries of each page, and the weight of a full gallery, asked within this process."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from accounts.models import User

    paths, cookies = who_asks()
    owner, staff = client_with(cookies[0]), Client(headers={"Host": "127.0.0.1"})
    staff.force_login(User.objects.get_or_create(email="staff@example.org", is_staff=True, is_superuser=True)[0])
    body, kind = photo_of_twelve_megapixels()
    form = {"data": body.replace(b'name="file"', b'name="image"'), "content_type": kind}
    asked: dict[str, Any] = {name: lambda name=name: owner.get(paths[name][0]) for name in QUERIES if name in paths}
    asked["poll"] = lambda: owner.get(paths["poll"][0], headers={"HX-Request": "true"})
    asked["upload POST"] = lambda: owner.post("/photos/", **form)
    asked["admin videos"] = lambda: staff.get("/admin/videos/video/")
    asked["admin users"] = lambda: staff.get("/admin/accounts/user/")
    for name, ask in asked.items():
        with CaptureQueriesContext(connection) as queries:
            answer = ask()
        if answer.status_code not in (200, 204, 302):
            raise RuntimeError(f"{name} was answered with {answer.status_code}")
        table.told(size, f"{name}, queries", len(queries), f"<= {QUERIES[name]}")
    gallery = owner.get("/videos/", headers={"Accept-Encoding": "gzip"})
    table.told(size, "gallery of 24, kB on the wire", len(gallery.content) / 1000, "<= 30")
    connection.close()


def client_with(cookie: str) -> Any:
    from django.test import Client

    client = Client(headers={"Host": "127.0.0.1"})
    name, value = cookie.split("=", 1)
    client.cookies[name] = value
    return client


def resident(process: subprocess.Popen) -> float:
    """Megabytes of the web process, with all that it shares."""
    rollup = Path(f"/proc/{worker_of(process)}/smaps_rollup").read_text()
    return int(rollup.split("Rss:")[1].split()[0]) / 1024


if __name__ == "__main__":
    sys.exit(main([int(size) for size in sys.argv[1:]] or [1_000, 100_000, 1_000_000]))
