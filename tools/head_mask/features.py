"""The backbone's maps of all training photos and their harder variants, computed once through OpenCV."""

import hashlib
from collections import Counter
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple, Self

import cv2
import numpy as np

from tools.head_mask import augment
from tools.head_mask.photos import Photo

CELLS = (4, 8, 16, 32)  # the pixels a cell of the backbone's maps
COPIES, FREQUENT_COPIES, FREQUENT = 6, 3, 30  # a breed with more photos than this gets fewer copies of each


class Features(NamedTuple):
    """The backbone's maps (float16), the finest first, the pet, and what each pixel counts (uint8, (n, 128, 128))."""

    maps: tuple[Any, ...]
    pet: Any
    weight: Any

    def take(self, rows: np.ndarray) -> Self:
        return type(self)(tuple(part[rows] for part in self.maps), self.pet[rows], self.weight[rows])


class Job(NamedTuple):
    """One crop to compute: the photo's number, and the seed of a variant, or None for the crop as it is."""

    photo: int
    seed: int | None


def plan(photos: list[Photo], seed: int) -> list[Job]:
    """Return the crops to compute: each photo's as it is, and made harder several times."""
    count = Counter(photo.breed for photo in photos)
    return [
        Job(number, one)
        for number, photo in enumerate(photos)
        for one in (None, *range(seed, seed + (FREQUENT_COPIES if count[photo.breed] > FREQUENT else COPIES)))
    ]


def cached(cache: Path, backbone: bytes, photos: list[Photo], jobs: list[Job], say: Callable[[str], None]) -> Features:
    """Return what ``extract`` does, from the folder ``cache`` if the same was computed before."""
    key = hashlib.sha256(backbone + repr(jobs).encode() + repr(photos).encode()).hexdigest()
    names = [*(f"cells{cell}" for cell in CELLS), "pet", "weight"]
    if not (cache / "key").is_file() or (cache / "key").read_text() != key:
        features = extract(backbone, photos, jobs, say)
        cache.mkdir(parents=True, exist_ok=True)
        for name, values in zip(names, (*features.maps, features.pet, features.weight), strict=True):
            np.save(cache / f"{name}.npy", values)
        (cache / "key").write_text(key)
    *maps, pet, weight = (np.load(cache / f"{name}.npy") for name in names)
    return Features(tuple(maps), pet, weight)


def extract(
    backbone: bytes, photos: list[Photo], jobs: list[Job], say: Callable[[str], None], processes: int = 2
) -> Features:
    """Compute the jobs."""
    done = []
    with get_context("spawn").Pool(processes, _start, (backbone, photos)) as pool:
        for number, result in enumerate(pool.imap(_computed, jobs, chunksize=16)):
            if number % 1000 == 0:
                say(f"{number} of {len(jobs)} crops")
            done.append(result)
    *maps, pet, weight = (np.stack(part) for part in zip(*done, strict=True))
    return Features(tuple(maps), pet, weight)


_worker: dict[str, Any] = {}


def _start(backbone: bytes, photos: list[Photo]) -> None:
    cv2.setNumThreads(1)
    net = cv2.dnn.readNetFromONNX(np.frombuffer(backbone, np.uint8), cv2.dnn.ENGINE_CLASSIC)
    _worker.update(net=net, photos=photos)


def _computed(job: Job) -> tuple[np.ndarray, ...]:
    random = None if job.seed is None else np.random.default_rng([job.photo, job.seed])
    sample = augment.sample(_worker["photos"][job.photo], random)
    rgb = (sample.picture[..., ::-1].astype(np.float32) - 127.5) / 127.5
    _worker["net"].setInput(np.ascontiguousarray(rgb.transpose(2, 0, 1)[None]))
    maps = _worker["net"].forward([f"cells{cell}" for cell in CELLS])
    return *(part[0].astype(np.float16) for part in maps), sample.pet, sample.weight
