"""The backbone's maps of all training photos and their harder variants, computed once through OpenCV."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple, Self

import cv2
import numpy as np

from tools.head_finder import augment
from tools.head_finder.photos import Photo

OUTPUTS = ("fine", "middle", "coarse")
KINDS = ("plain", "headless", "drawn", "harder")
COPIES, FREQUENT_COPIES, FREQUENT = 8, 3, 30  # a breed with more photos than this gets fewer copies of each


class Features(NamedTuple):
    """Maps of 8, 16 and 32 pixels a cell: (n, 40, 40, 40), (n, 112, 20, 20) and (n, 192, 10, 10)."""

    fine: Any
    middle: Any
    coarse: Any

    def take(self, rows: np.ndarray) -> Self:
        return type(self)(*(part[rows] for part in self))


class Job(NamedTuple):
    """One picture to compute: the photo's number, the kind of variant, its seed, and whether it is mirrored."""

    photo: int
    kind: str
    seed: int
    mirrored: bool = False


def plan(photos: list[Photo], seed: int) -> list[Job]:
    """Return the pictures to compute: each photo as it is, made harder several times, and without its head.

    Some are there mirrored, too, so that two passes can be averaged as at run time.
    """
    count = Counter(photo.breed for photo in photos)
    jobs = []
    for number, photo in enumerate(photos):
        copies = FREQUENT_COPIES if count[photo.breed] > FREQUENT else COPIES
        for kind, amount, pairs in (
            ("plain", 1, 1),
            ("headless", 1, 1),
            ("drawn", int(number % 3 == 0), 1),
            ("harder", copies, 2),
        ):
            for copy in range(amount):
                jobs += [Job(number, kind, seed + copy, side) for side in (False, True)[: 1 + (copy < pairs)]]
    return jobs


def cached(
    cache: Path, backbone: bytes, photos: list[Photo], jobs: list[Job], say: Callable[[str], None]
) -> tuple[list[Job], Features, np.ndarray]:
    """Return what ``extract`` does, from the folder ``cache`` if the same was computed before."""
    key = hashlib.sha256(backbone + repr(jobs).encode() + repr([photo.box for photo in photos]).encode()).hexdigest()
    names = (*OUTPUTS, "heads")
    if not (cache / "key").is_file() or (cache / "key").read_text() != key:
        done, features, heads = extract(backbone, photos, jobs, say)
        cache.mkdir(parents=True, exist_ok=True)
        for name, values in zip(names, (*features, heads), strict=True):
            np.save(cache / f"{name}.npy", values)
        (cache / "jobs.json").write_text(json.dumps(done))
        (cache / "key").write_text(key)
    done = [Job(*job) for job in json.loads((cache / "jobs.json").read_text())]
    *features, heads = (np.load(cache / f"{name}.npy") for name in names)
    return done, Features(*features), heads


def extract(
    backbone: bytes, photos: list[Photo], jobs: list[Job], say: Callable[[str], None], processes: int = 2
) -> tuple[list[Job], Features, np.ndarray]:
    """Compute the jobs. Returns those that have a result, their maps (float16), and their heads (n, 4) or -1."""
    done, maps, heads = [], [], []
    with get_context("spawn").Pool(processes, _start, (backbone, photos)) as pool:
        for number, (job, result) in enumerate(zip(jobs, pool.imap(_computed, jobs, chunksize=16), strict=True)):
            if number % 1000 == 0:
                say(f"{number} of {len(jobs)} pictures")
            if result is not None:
                done.append(job)
                maps.append(result[0])
                heads.append(result[1])
    return done, Features(*(np.stack(part) for part in zip(*maps, strict=True))), np.array(heads, np.float32)


_worker: dict[str, Any] = {}


def _start(backbone: bytes, photos: list[Photo]) -> None:
    cv2.setNumThreads(1)
    net = cv2.dnn.readNetFromONNX(np.frombuffer(backbone, np.uint8), cv2.dnn.ENGINE_CLASSIC)
    _worker.update(net=net, photos=photos)


def _computed(job: Job) -> tuple[list[np.ndarray], Iterable[float]] | None:
    photo = _worker["photos"][job.photo]
    sample = augment.variant(
        photo.pixels(), photo.box, job.kind, np.random.default_rng([job.photo, job.seed, KINDS.index(job.kind)])
    )
    if sample is None:
        return None
    if job.mirrored:
        sample = augment.mirrored(sample)
    rgb = (sample.picture[..., ::-1].astype(np.float32) - 127.5) / 127.5
    _worker["net"].setInput(np.ascontiguousarray(rgb.transpose(2, 0, 1)[None]))
    maps = _worker["net"].forward(list(OUTPUTS))
    return [part[0].astype(np.float16) for part in maps], sample.head or (-1.0,) * 4
