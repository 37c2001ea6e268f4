"""A chaos scenario: its processes, the load, the kills and faults, and the result table."""

import argparse
import json
import logging
import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from itertools import count
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command

from tests.chaos.kill_targets import RENDER_POINTS, WEB_POINTS, WORKER_POINTS, Targets
from tests.chaos.owners import (
    OWNER_WITHOUT_CREDITS,
    OWNERS,
    STUDIO_OWNER,
    Browsers,
    Form,
    add_photo,
    create_owners,
    reach_moderation_limit,
)
from tests.chaos.processes import Server, Worker, WorkerPool, free_port, web

# Seconds within which the first process must die at a failpoint. It takes five on two idle cores.
FIRST_DEATH_TIMEOUT = 120
# Seconds between progress lines.
REPORT_INTERVAL = 30


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def redirect_logs(log: Path) -> None:
    """Log to the file that the other processes log to. The screen shows only progress and tables."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(log.open("a", buffering=1))


class Scenario:
    """Owners, web, workers and the fake provider of one run."""

    def __init__(self, folder: Path, rng: random.Random, seed: int, options: argparse.Namespace) -> None:
        self.folder, self.rng, self.seed, self.options = folder, rng, seed, options
        self.fake_server = Server(folder)
        key = "key_" + "0" * 128
        os.environ.update({"RUNWAY_BASE_URL": self.fake_server.base, "RUNWAY_API_KEY": key})
        django.setup()
        self.log = (folder / "log").open("ab")
        redirect_logs(folder / "log")
        queues = [(f"worker-{number}", "api") for number in range(options.workers)] + [("render", "render")]
        self.pool = WorkerPool(folder, self.log)
        self.workers = [Worker(folder, role, queue, self.pool) for role, queue in queues]
        self.targets = Targets(folder, options.min_hits, rng)
        self.web: subprocess.Popen[bytes] | None = None
        self.browsers, self.random_kills = Browsers(), Counter[str]()

    # Setup

    def set_up(self) -> None:
        from tests.chaos import fake_studio

        call_command("migrate", verbosity=0)
        fake_studio.prepare(self.folder)
        self.owners = create_owners(self.options.videos)
        reach_moderation_limit(self.owners[STUDIO_OWNER], self.browsers)

    def start_web(self) -> None:
        self.browsers.port = free_port()
        self.web = web(self.browsers.port, self.log)

    # Load, kills and faults

    def run(self) -> list[str]:
        """Run the scenario and print the table. Return a sentence for each violation and shortfall."""
        try:
            try:
                self.set_up()
                self.start_web()
                self.run_load()
                self.drain()
            finally:
                self.stop()
            return self.verify()
        finally:
            self.fake_server.process.kill()

    def run_load(self) -> None:
        """Send forms and kill processes until nothing falls short of its target."""
        self.fake_server.control("POST", "settings", {"hang": 0.5})
        # A video takes about six calls.
        rate = min(0.5, max(0.2, self.options.faults / (3 * max(1, self.options.videos))))
        limit = max(1, self.options.faults)
        self.fake_server.control("POST", "mixture", {"seed": self.seed, "rate": rate, "limit": limit})
        began = reported_at = time.monotonic()
        deadline = began + 60 * self.options.minutes
        shortfalls = ["everything"]
        for turn in count():
            if turn % 10 == 0:
                shortfalls = self.shortfalls()
            if not shortfalls and not self.browsers.pending:
                return
            if time.monotonic() - reported_at > REPORT_INTERVAL:
                reported_at = time.monotonic()
                say(f"{reported_at - began:5.0f} s  {self.progress()}")
            no_deaths = time.monotonic() - began > FIRST_DEATH_TIMEOUT and not self.targets.deaths()
            assert not no_deaths, f"{self.describe_state()}\nno process died at a failpoint"
            assert time.monotonic() < deadline, f"not finished: {shortfalls}; {self.describe_state()}"
            self.send_forms()
            for worker in self.workers:
                if worker.is_dead:
                    self.restart_worker(worker)
                elif worker.kill_if_overdue():
                    self.random_kills[worker.queue] += 1
                else:
                    self.provide_work(worker)
            time.sleep(0.05)

    def describe_state(self) -> str:
        """Return details that help to find out why the scenario does not finish."""
        from videos.models import Video

        unfinished = list(
            Video.objects.unfinished().values_list("provider", "status", "step", "attempts", "submissions")
        )
        armed = {worker.role: worker.armed for worker in self.workers if worker.trigger.exists()}
        log = (self.folder / "log").read_text()[-4000:]
        return (
            f"unfinished {unfinished}, armed {armed}, kills {self.kills()}, responses {self.browsers.responses}\n{log}"
        )

    def shortfalls(self) -> list[str]:
        """Describe each figure that has not reached its target."""
        targets = {
            "kills": (self.kills(), self.options.kills),
            "videos": (self.browsers.video_count(), self.options.videos),
            "faults": (self.fault_count(), self.options.faults),
        }
        too_low = [f"{name}: {number} of {target}" for name, (number, target) in targets.items() if number < target]
        return too_low + self.targets.shortfalls()

    def progress(self) -> str:
        """Describe how far the scenario is."""
        counts = {"kills": self.kills(), "videos": self.browsers.video_count(), "faults": self.fault_count()}
        return ", ".join(f"{name} {number} of {getattr(self.options, name)}" for name, number in counts.items())

    def kills(self) -> int:
        return len(self.targets.deaths()) + self.random_kills.total()

    def restart_worker(self, worker: Worker) -> None:
        """Start a worker, armed with the failpoint that has the fewest hits while kills are needed."""
        if self.kills() >= self.options.kills and not self.targets.shortfalls():
            worker.start()
            return
        worker.start(*self.targets.next(worker.points, {other.armed for other in self.workers if other is not worker}))

    def provide_work(self, worker: Worker) -> None:
        """Make sure, at most once a second, that a worker has work that leads to its failpoint."""
        from videos.models import Photo, Video
        from videos.providers.registry import STUDIO

        if time.monotonic() - worker.work_provided_at < 1 or not worker.trigger.exists():
            return
        worker.work_provided_at, studio_owner = time.monotonic(), self.owners[STUDIO_OWNER]
        if worker.armed in ("end: failing", "end: failed"):
            fault = {"on": "create", "do": "answer", "status": 400, "error": "Invalid asset: promptImage"}
            self.fake_server.control("POST", "faults", [fault])
        elif worker.armed == "photo: prepared" and not Photo.objects.exclude(due_at=None).exists():
            add_photo(studio_owner)
        elif worker.armed == "rendering" and not Video.objects.unfinished().filter(provider=STUDIO).exists():
            self.send_form(studio_owner)

    def send_forms(self) -> None:
        """Send the forms without a response again, then a new form if more videos are needed."""
        forms, self.browsers.pending = self.browsers.pending, []
        for form in forms:
            self.browsers.send(form)
        if self.wants_more_videos():
            self.send_form(self.rng.choice(self.owners))
            if self.rng.random() < 0.1:
                self.send_form(self.owners[OWNER_WITHOUT_CREDITS])

    def send_form(self, owner: Any) -> None:
        """Send a new form, and sometimes arm the web process to die during it."""
        trigger, hits = self.folder / "web", self.targets.hits()
        # Spread the web kills evenly over the videos, so that no point is left over at the end.
        due = (
            max(self.options.min_hits, self.options.kills // 16)
            * self.browsers.video_count()
            // max(1, self.options.videos)
        )
        nth, point = self.targets.next(WEB_POINTS, set())
        if hits[point] <= due and not trigger.exists() and self.rng.random() < 0.3:
            trigger.write_text(f"{nth} {point}")
        self.browsers.send(Form(owner, uuid.uuid4()))

    def fault_count(self) -> int:
        """Return the number of faults in calls and tasks so far."""
        from tests.chaos.verifier import count_faults

        journal = self.folder / "journal.jsonl"
        lines = journal.read_text().splitlines(keepends=True) if journal.exists() else []
        return count_faults([json.loads(line) for line in lines if line.endswith("\n")])

    def wants_more_videos(self) -> bool:
        """Spread the videos evenly over the kills, then request more until nothing falls short of its target."""
        from videos.models import Video

        requested, kills, unfinished = self.browsers.video_count(), self.kills(), Video.objects.unfinished().count()
        if requested < self.options.videos:
            # On a slow machine, polling a queue of hundreds would leave no time to process a video.
            return unfinished < 3 * OWNERS and requested * self.options.kills <= self.options.videos * (kills + 2)
        return unfinished < OWNERS

    def drain(self) -> None:
        """Stop the faults and kills, and wait until all work is done."""
        from videos.models import Photo, Video, VideoNotification

        self.fake_server.control("POST", "mixture", {"seed": self.seed, "rate": 0.0, "limit": 0})
        (self.folder / "web").unlink(missing_ok=True)
        for worker in self.workers:
            worker.trigger.unlink(missing_ok=True)
        deadline = time.monotonic() + 60 * self.options.minutes
        due = [model.objects.exclude(due_at=None) for model in (Video, VideoNotification, Photo)]
        while any(rows.exists() for rows in due):
            assert time.monotonic() < deadline, f"{Video.objects.unfinished().count()} videos do not finish"
            for worker in self.workers:
                if worker.is_dead:
                    worker.start()
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop all processes with SIGTERM, as a deployment does, and kill a web process that does not exit."""
        for worker in self.workers:
            if not worker.is_dead:
                worker.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and not all(worker.is_dead for worker in self.workers):
            time.sleep(0.1)
        self.pool.process.communicate()
        if self.web:
            self.web.terminate()
            try:
                self.web.wait(20)
            except subprocess.TimeoutExpired:
                self.web.kill()

    # Verification

    def verify(self) -> list[str]:
        from tests.chaos.verifier import Verifier, message_ids

        hits, rendered = self.targets.hits(), self.folder / "made"
        verifier = Verifier(
            self.fake_server.control("GET", "journal"),
            {tuple(line.split()) for line in rendered.read_text().splitlines()} if rendered.exists() else set(),
            self.browsers.pages,
            message_ids(self.folder / "var" / "outbox"),
            self.random_kills["api"] + hits["order: answered"],
        )
        violations, shortfalls = verifier.violations(), self.shortfalls()
        figures = verifier.figures() | {"kills": self.kills(), "random kills": self.random_kills.total()}
        figures |= {f"killed at {point}": hits[point] for point in (*WEB_POINTS, *WORKER_POINTS, *RENDER_POINTS)}
        figures |= {
            f"web responses, status {status}": number for status, number in sorted(self.browsers.responses.items())
        }
        self.print_table(figures | {"violations": len(violations)}, violations, shortfalls)
        return violations + shortfalls

    def print_table(self, figures: dict[str, int], violations: list[str], shortfalls: list[str]) -> None:
        from django.db import connection

        lines = [f"on {connection.display_name}", *(f"{name:36}{value:>8}" for name, value in figures.items())]
        lines += [f"VIOLATION {sentence}" for sentence in violations] + [
            f"TOO FEW {sentence}" for sentence in shortfalls
        ]
        if violations:
            lines.append((self.folder / "log").read_text()[-4000:])
        say("\n".join(lines))
