"""Confidence: the probability that a found head is right, fitted on breeds that the network had not seen."""

from collections.abc import Iterator

import numpy as np

from tools.head_finder.features import Features, Job
from tools.head_finder.network import Parameters, predicted
from tools.head_finder.scores import Score, compare
from videos.studio.segmentation.heads import Candidate, candidates

type Result = tuple[Job, Candidate, Score]

# A weak pull of all weights but the first two towards 0.
PENALTY = 1.0


def judged(
    parameters: Parameters, jobs: list[Job], features: Features, heads: np.ndarray, photos: set[int]
) -> Iterator[Result]:
    """Yield the hottest candidate of every picture of ``photos`` that is there mirrored as well, and its score."""
    numbers = {job: number for number, job in enumerate(jobs)}
    pairs = [
        (numbers[job], numbers[job._replace(mirrored=True)])
        for job in jobs
        if job.photo in photos and job._replace(mirrored=True) in numbers and not job.mirrored
    ]
    plain, mirrored = (predicted(parameters, features, np.array(rows)) for rows in zip(*pairs, strict=True))
    for (number, _), one, other in zip(pairs, plain, mirrored, strict=True):
        best = candidates(one, other)[0]
        real = heads[number]
        missing = real[0] < 0
        score = compare(None if missing else corner(best.box), corner(tuple(real)), best.confidence)
        yield jobs[number], best, score


def corner(box: tuple[float, ...]) -> tuple[float, float, float, float]:
    """Convert centre and size to left, top, width and height."""
    x, y, width, height = box
    return x - width / 2, y - height / 2, width, height


def fitted(evidence: np.ndarray, right: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the weights of a logistic regression, by Newton's method, with signs that make sense.

    A weight with the wrong sign (more heat may only help, disagreement only harm) is set to 0.
    """
    signs = np.array([0, 1, -1, -1, -1, -1])
    used = np.ones(len(signs), bool)
    while True:
        result = np.zeros(len(signs))
        result[used] = _newton(evidence[:, used], right, weights, np.array([0, 0.1, *4 * [PENALTY]])[used])
        wrong = (signs != 0) & (result * signs < 0)
        if not wrong.any():
            return result
        used &= ~wrong


def _newton(evidence: np.ndarray, right: np.ndarray, weights: np.ndarray, penalty: np.ndarray) -> np.ndarray:
    result = np.zeros(evidence.shape[1])
    for _ in range(50):
        likely = 1 / (1 + np.exp(-np.clip(evidence @ result, -30, 30)))
        gradient = evidence.T @ (weights * (likely - right)) + penalty * result
        curve = (evidence * (weights * likely * (1 - likely))[:, None]).T @ evidence + np.diag(penalty + 1e-6)
        step = np.linalg.solve(curve, gradient)
        result -= step / max(1.0, float(np.abs(step).max()) / 2)
    return result
