"""One scenario of chaos: the processes, the deeds done to them, and the table at the end."""

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

# Seconds within which the first process must die at a named point; it takes five on two quiet cores.
FIRST_DEATH_TIMEOUT = 120
# Seconds between two lines of progress.
REPORT_INTERVAL = 30


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def redirect_logs(log: Path) -> None:
    """What this process logs goes where the others' lines are: on the screen are progress and tables."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(log.open("a", buffering=1))


class Scenario:
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

    # The cast

    def set_up(self) -> None:
        from tests.chaos import fake_studio

        call_command("migrate", verbosity=0)
        fake_studio.prepare(self.folder)
        self.people = create_owners(self.options.videos)
        reach_moderation_limit(self.people[STUDIO_OWNER], self.browsers)

    def start_web(self) -> None:
        self.browsers.port = free_port()
        self.web = web(self.browsers.port, self.log)

    # The deeds

    def run(self) -> list[str]:
        """Returns what is wrong, in sentences; prints the table."""
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
        """Ask and kill until there was enough of all."""
        self.fake_server.control("POST", "settings", {"hang": 0.5})
        # A dance takes some six calls.
        rate = min(0.5, max(0.2, self.options.faults / (3 * max(1, self.options.videos))))
        limit = max(1, self.options.faults)
        self.fake_server.control("POST", "mixture", {"seed": self.seed, "rate": rate, "limit": limit})
        began = told = time.monotonic()
        deadline = began + 60 * self.options.minutes
        lacking = ["everything"]
        for turn in count():
            if turn % 10 == 0:
                lacking = self.lacking()
            if not lacking and not self.browsers.pending:
                return
            if time.monotonic() - told > REPORT_INTERVAL:
                told = time.monotonic()
                say(f"{told - began:5.0f} s  {self.progress()}")
            silent = time.monotonic() - began > FIRST_DEATH_TIMEOUT and not self.targets.deaths()
            assert not silent, f"{self.describe_state()}\nnobody dies at a named point"
            assert time.monotonic() < deadline, f"there is no end, for want of {lacking}; {self.describe_state()}"
            self.send_forms()
            for worker in self.workers:
                if worker.is_dead:
                    self.restart_worker(worker)
                elif worker.kill_if_overdue():
                    self.random_kills[worker.queue] += 1
                else:
                    self.feed(worker)
            time.sleep(0.05)

    def describe_state(self) -> str:
        """How it stands, for whoever has to find out why there is no end."""
        from videos.models import Video

        living = list(Video.objects.unfinished().values_list("provider", "status", "step", "attempts", "submissions"))
        armed = {worker.role: worker.armed for worker in self.workers if worker.order.exists()}
        log = (self.folder / "log").read_text()[-4000:]
        return f"living {living}, armed {armed}, kills {self.kills()}, answers {self.browsers.answers}\n{log}"

    def lacking(self) -> list[str]:
        """What there was not enough of yet, in words."""
        wanted = {
            "kills": (self.kills(), self.options.kills),
            "videos": (self.browsers.video_count(), self.options.videos),
            "faults": (self.fault_count(), self.options.faults),
        }
        found = [f"{name}: {had} of {enough}" for name, (had, enough) in wanted.items() if had < enough]
        return found + self.targets.lacking()

    def progress(self) -> str:
        """How far the scenario is, for whoever waits for its end."""
        counted = {"kills": self.kills(), "videos": self.browsers.video_count(), "faults": self.fault_count()}
        return ", ".join(f"{name} {had} of {getattr(self.options, name)}" for name, had in counted.items())

    def kills(self) -> int:
        return len(self.targets.deaths()) + self.random_kills.total()

    def restart_worker(self, worker: Worker) -> None:
        """Start a worker, to die at the point that was hit the least."""
        if self.kills() >= self.options.kills and not self.targets.lacking():
            worker.start()
            return
        worker.start(*self.targets.next(worker.points, {one.armed for one in self.workers if one is not worker}))

    def feed(self, worker: Worker) -> None:
        """Now and then see to it that a worker has something to do at its point."""
        from videos.models import Photo, Video
        from videos.providers.registry import STUDIO

        if time.monotonic() - worker.fed_at < 1 or not worker.order.exists():
            return
        worker.fed_at, home = time.monotonic(), self.people[STUDIO_OWNER]
        if worker.armed in ("end: failing", "end: failed"):
            fault = {"on": "create", "do": "answer", "status": 400, "error": "Invalid asset: promptImage"}
            self.fake_server.control("POST", "faults", [fault])
        elif worker.armed == "photo: prepared" and not Photo.objects.exclude(due_at=None).exists():
            add_photo(home)
        elif worker.armed == "rendering" and not Video.objects.unfinished().filter(provider=STUDIO).exists():
            self.ask(home)

    def send_forms(self) -> None:
        """Send what got no answer again; then a new form, if it is time for one."""
        forms, self.browsers.pending = self.browsers.pending, []
        for form in forms:
            self.browsers.send(form)
        if self.wants_more_videos():
            self.ask(self.rng.choice(self.people))
            if self.rng.random() < 0.1:
                self.ask(self.people[OWNER_WITHOUT_CREDITS])

    def ask(self, owner: Any) -> None:
        """A new form, on which the web may die."""
        order, hits = self.folder / "web", self.targets.hits()
        # So many web kills for each video that no point is left over at the end.
        due = (
            max(self.options.min_hits, self.options.kills // 16)
            * self.browsers.video_count()
            // max(1, self.options.videos)
        )
        nth, point = self.targets.next(WEB_POINTS, set())
        if hits[point] <= due and not order.exists() and self.rng.random() < 0.3:
            order.write_text(f"{nth} {point}")
        self.browsers.send(Form(owner, uuid.uuid4()))

    def fault_count(self) -> int:
        """How many faults have hit a call or a task so far."""
        from tests.chaos.verifier import count_faults

        journal = self.folder / "journal.jsonl"
        lines = journal.read_text().splitlines(keepends=True) if journal.exists() else []
        return count_faults([json.loads(line) for line in lines if line.endswith("\n")])

    def wants_more_videos(self) -> bool:
        """So many videos for each kill that both run out together, and then more until nothing is lacking."""
        from videos.models import Video

        asked, kills, living = self.browsers.video_count(), self.kills(), Video.objects.unfinished().count()
        if asked < self.options.videos:
            # Where the machine is slow, a line of hundreds that ask for their turn would leave no time for a dance.
            return living < 3 * OWNERS and asked * self.options.kills <= self.options.videos * (kills + 2)
        return living < OWNERS

    def drain(self) -> None:
        """No more faults and no more kills: everything must come to its end by itself."""
        from videos.models import Photo, Video, VideoNotification

        self.fake_server.control("POST", "mixture", {"seed": self.seed, "rate": 0.0, "limit": 0})
        (self.folder / "web").unlink(missing_ok=True)
        for worker in self.workers:
            worker.order.unlink(missing_ok=True)
        deadline = time.monotonic() + 60 * self.options.minutes
        due = [model.objects.exclude(due_at=None) for model in (Video, VideoNotification, Photo)]
        while any(rows.exists() for rows in due):
            assert time.monotonic() < deadline, f"{Video.objects.unfinished().count()} videos do not end"
            for worker in self.workers:
                if worker.is_dead:
                    worker.start()
            time.sleep(0.2)

    def stop(self) -> None:
        """Everybody ends as at a deployment, and whoever does not is killed."""
        for worker in self.workers:
            if not worker.is_dead:
                worker.signalled(signal.SIGTERM)
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

    # The verifier

    def verify(self) -> list[str]:
        from tests.chaos.verifier import Verifier, message_ids

        hits, made = self.targets.hits(), self.folder / "made"
        verifier = Verifier(
            self.fake_server.control("GET", "journal"),
            {tuple(line.split()) for line in made.read_text().splitlines()} if made.exists() else set(),
            self.browsers.pages,
            message_ids(self.folder / "var" / "outbox"),
            self.random_kills["api"] + hits["order: answered"],
        )
        found, lacking = verifier.violations(), self.lacking()
        facts = verifier.facts() | {"kills": self.kills(), "of them anywhere": self.random_kills.total()}
        facts |= {f"killed at {point}": hits[point] for point in (*WEB_POINTS, *WORKER_POINTS, *RENDER_POINTS)}
        facts |= {f"the web answered {answer}": number for answer, number in sorted(self.browsers.answers.items())}
        self.print_table(facts | {"violations": len(found)}, found, lacking)
        return found + lacking

    def print_table(self, facts: dict[str, int], found: list[str], lacking: list[str]) -> None:
        from django.db import connection

        lines = [f"on {connection.display_name}", *(f"{name:36}{value:>8}" for name, value in facts.items())]
        lines += [f"VIOLATION {sentence}" for sentence in found] + [f"TOO FEW {sentence}" for sentence in lacking]
        if found:
            lines.append((self.folder / "log").read_text()[-4000:])
        say("\n".join(lines))
