"""Train the head finder: ``python -m tools.head_finder.train FOLDER CACHE``.

It computes the backbone's maps of all photos that are not held out, and keeps them in CACHE. It trains our own layers
on them and writes the weights. It trains again on two thirds of the breeds at a time, to see how unseen breeds fare and
to fit the confidence. It rewrites the checksum and the calibration in ``heads.py``, and the tables in ``FIGURES.md``.
"""

import hashlib
import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import jax
import numpy as np

from tools.head_finder import graph, scores
from tools.head_finder.calibration import Result, fitted, judged
from tools.head_finder.features import cached, plan
from tools.head_finder.network import trained
from tools.head_finder.photos import folds, load
from videos.photos.head import SURE
from videos.studio.segmentation import heads

FIGURES = Path(__file__).parent / "FIGURES.md"
SEED = 1
EPOCHS = 3
# What the pictures count in the calibration. Those without a head count much: a sure head where there is none is worse
# than a question to the owner.
WEIGHTS = {"plain": 1.0, "harder": 0.5, "headless": 4.0, "drawn": 4.0}


def say(line: str) -> None:
    sys.stdout.write(f"{datetime.now(UTC):%H:%M:%S} {line}\n")
    sys.stdout.flush()


def main() -> int:
    start = time.monotonic()
    photos = [photo for photo in load(Path(sys.argv[1])) if not photo.held_out]
    jobs, features, boxes = cached(Path(sys.argv[2]), graph.backbone(), photos, plan(photos, SEED), say)
    say(f"training on all breeds: {len(jobs)} pictures")
    parameters = trained(features, boxes, np.arange(len(jobs)), SEED, EPOCHS, say)
    model = graph.finder(jax.tree.map(np.asarray, parameters))
    heads.MODEL.write_bytes(model)
    record(heads.CALIBRATION, hashlib.sha256(model).hexdigest())

    fold_of = folds(photos)
    results = []
    for fold in range(3):
        unseen = {number for number, photo in enumerate(photos) if fold_of[photo.breed] == fold}
        rows = np.array([number for number, job in enumerate(jobs) if job.photo not in unseen])
        say(f"training without the breeds of fold {fold + 1}: {len(rows)} pictures")
        parameters = trained(features, boxes, rows, SEED + 1 + fold, EPOCHS, say)
        results += judged(parameters, jobs, features, boxes, unseen)
        say(scores.row("so far", [score for job, _, score in results if job.kind == "plain"]))
    minutes = (time.monotonic() - start) / 60
    finish(results, hashlib.sha256(model).hexdigest(), Path(sys.argv[1]), minutes)
    say(f"done in {minutes:.0f} minutes; the weights take {len(model):,} bytes")
    return 0


def finish(results: list[Result], checksum: str, folder: Path, minutes: float) -> None:
    """Fit the confidence on the results of the folds, measure the held-out photos, and write the figures."""
    right = np.array([score.is_right for _, _, score in results])
    evidence = np.array([candidate.evidence for _, candidate, _ in results])
    calibration = fitted(evidence, right, np.array([WEIGHTS[job.kind] for job, _, _ in results]))
    heads.CALIBRATION = tuple(round(float(value), 3) for value in calibration)
    record(heads.CALIBRATION, checksum)
    by_kind = {
        kind: [
            scores.Score(score.distance, score.overlap, candidate.confidence)
            for job, candidate, score in results
            if job.kind == kind
        ]
        for kind in WEIGHTS
    }
    command = [sys.executable, "-m", "tools.head_finder.measure", str(folder)]
    held_out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    FIGURES.write_text(_figures(by_kind, held_out, minutes, heads.MODEL.stat().st_size))


def record(calibration: tuple[float, ...], checksum: str) -> None:
    """Write the calibration and the checksum into the module that uses them, and the checksum into NOTICE."""
    module = Path(heads.__file__)
    text = re.sub(r'(?m)^MODEL_SHA256 = ".*"$', f'MODEL_SHA256 = "{checksum}"', module.read_text())
    module.write_text(re.sub(r"(?m)^CALIBRATION = \(.*\)$", f"CALIBRATION = {calibration}", text))
    notice = heads.MODEL.with_name("NOTICE")
    notice.write_text(notice.read_text().replace(heads.MODEL_SHA256, checksum))
    heads.MODEL_SHA256 = checksum


def _figures(by_kind: dict[str, list[scores.Score]], held_out: str, minutes: float, size: int) -> str:
    names = {
        "plain": "breeds left out of training",
        "harder": "the same, made harder",
        "headless": "the same, without the head",
        "drawn": "noise and shapes",
    }
    rows = [scores.row(names[kind], by_kind[kind]) for kind in ("plain", "harder")]
    false = [
        f"{scores.sure(by_kind[kind], SURE)} These are {names[kind]}; there is nothing to find."
        for kind in ("headless", "drawn")
    ]
    lines = [
        "# Figures of the head finder's last training",
        "",
        f"Trained on {datetime.now(UTC):%Y-%m-%d}, seed {SEED}, {EPOCHS} epochs, in {minutes:.0f} minutes.",
        f"The weights take {size:,} bytes. `make train-head-finder` writes this file.",
        "",
        "## Photos that were held out",
        "",
        held_out.strip(),
        "",
        "## Breeds left out of training, in three folds",
        "",
        scores.HEADER,
        *rows,
        "",
        scores.reliability(by_kind["plain"]),
        "",
        scores.sure(by_kind["plain"], SURE),
        "",
        f"{scores.sure(by_kind['harder'], SURE)} These are {names['harder']}.",
        "",
        *[line for text in false for line in (text, "")],
    ]
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    sys.exit(main())
