"""Photos made harder: turned, cut, recoloured and blurred copies, with the head's box that follows."""

from dataclasses import dataclass

import cv2
import numpy as np

from tools.head_finder.photos import Rectangle
from videos.studio.segmentation.heads import GREY, SIDE


@dataclass(frozen=True, slots=True)
class Sample:
    """A square picture (uint8, (SIDE, SIDE, 3), B, G, R) and its head: centre and size in pixels, or None."""

    picture: np.ndarray
    head: tuple[float, float, float, float] | None


def variant(bgr: np.ndarray, box: Rectangle, kind: str, random: np.random.Generator) -> Sample | None:
    """Return the photo as it is, made harder or without its head, or something drawn instead, by ``kind``.

    Returns None if too little is left without the head.
    """
    if kind == "harder":
        return harder(bgr, box, random)
    if kind == "headless":
        return headless(bgr, box, random)
    return drawn(random) if kind == "drawn" else plain(bgr, box)


def mirrored(sample: Sample) -> Sample:
    head = sample.head and (SIDE - sample.head[0], *sample.head[1:])
    return Sample(np.ascontiguousarray(sample.picture[:, ::-1]), head)


def plain(bgr: np.ndarray, box: Rectangle) -> Sample:
    """Return the photo as the finder sees it: centred in a grey square."""
    height, width = bgr.shape[:2]
    scale = SIDE / max(height, width)
    matrix = np.array([[scale, 0, (SIDE - scale * width) / 2], [0, scale, (SIDE - scale * height) / 2]])
    return _warped(bgr, box, matrix, scale)


def harder(bgr: np.ndarray, box: Rectangle, random: np.random.Generator) -> Sample:
    """Return a random variant that still shows at least 60 % of the head."""
    height, width = bgr.shape[:2]
    x, y, w, h = box
    bgr = recoloured(bgr, random)
    while True:
        size = np.exp(random.uniform(np.log(0.1), np.log(0.75))) * SIDE
        usual = SIDE / max(height, width) * max(w, h)
        # Half of the variants keep about the photo's own frame.
        size = usual * np.exp(random.normal(0, 0.18)) if random.random() < 0.5 else size
        scale = size / max(w, h)
        wide = random.random()
        angle = (
            random.normal(0, 12) if wide < 0.6 else random.normal(0, 40) if wide < 0.85 else random.uniform(-180, 180)
        )
        stretch = np.exp(random.normal(0, 0.1))
        turn = np.deg2rad(angle)
        linear = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        linear = linear @ np.diag([stretch, 1 / stretch])
        if random.random() < 0.5:
            linear = linear @ np.diag([-1, 1])
        at = linear @ (x + w / 2, y + h / 2)
        if random.random() < 0.5:
            middle = SIDE / 2 - linear @ (width / 2, height / 2) + random.normal(0, 0.1 * SIDE, 2)
        else:
            middle = random.uniform(0.02, 0.98, 2) * SIDE - at
        sample = _warped(bgr, box, np.column_stack([linear, middle]), scale)
        picture, (left, top, right, bottom) = _letterboxed(sample.picture, random)
        cx, cy, hw, hh = sample.head
        seen = (min(cx + hw / 2, right) - max(cx - hw / 2, left), min(cy + hh / 2, bottom) - max(cy - hh / 2, top))
        if min(seen) > 0 and seen[0] * seen[1] >= 0.6 * hw * hh and left <= cx < right and top <= cy < bottom:
            # The box that a person would draw ends at the photo's border.
            x0, y0 = max(cx - hw / 2, left), max(cy - hh / 2, top)
            head = (x0 + seen[0] / 2, y0 + seen[1] / 2, seen[0], seen[1])
            return Sample(picture, head)


def headless(bgr: np.ndarray, box: Rectangle, random: np.random.Generator) -> Sample | None:
    """Return a part of the photo beside the head, or None if too little is left beside it."""
    height, width = bgr.shape[:2]
    x, y, w, h = box
    parts = [(0, 0, x, height), (x + w, 0, width, height), (0, 0, width, y), (0, y + h, width, height)]
    parts = [part for part in parts if min(part[2] - part[0], part[3] - part[1]) >= 80]
    if not parts:
        return None
    left, top, right, bottom = (int(value) for value in parts[int(random.integers(len(parts)))])
    part = bgr[top:bottom, left:right]
    return Sample(plain(recoloured(part, random), (0, 0, 1, 1)).picture, None)


def drawn(random: np.random.Generator) -> Sample:
    """Return noise or a few coarse shapes: no head at all."""
    grain = int(random.integers(2, 64))
    picture = random.integers(0, 256, (grain, grain, 3)).astype(np.uint8)
    if random.random() < 0.6:
        picture[:] = random.integers(0, 256, 3)
    picture = cv2.resize(picture, (SIDE, SIDE), interpolation=int(random.choice([cv2.INTER_NEAREST, cv2.INTER_CUBIC])))
    for _ in range(int(random.integers(0, 12))):
        colour = random.integers(0, 256, 3).tolist()
        at, end = random.integers(0, SIDE, (2, 2)).tolist()
        thickness = int(random.choice([-1, 2, 8]))
        if random.random() < 0.5:
            cv2.rectangle(picture, at, end, colour, thickness)
        else:
            axes = random.integers(4, SIDE // 3, 2).tolist()
            cv2.ellipse(picture, at, axes, random.uniform(0, 180), 0, 360, colour, thickness)
    return Sample(recoloured(picture, random), None)


def recoloured(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return a random change of colour, light, sharpness and grain."""
    pixels = picture.astype(np.float32)
    grey = pixels.mean(axis=2, keepdims=True)
    saturation = 0.0 if random.random() < 0.08 else random.uniform(0.5, 1.5)
    pixels = grey + (pixels - grey) * saturation
    pixels = pixels * random.uniform(0.85, 1.15, 3) * random.uniform(0.65, 1.35)
    pixels = (pixels - pixels.mean()) * random.uniform(0.7, 1.3) + pixels.mean()
    if random.random() < 0.25:
        pixels = cv2.GaussianBlur(pixels, (0, 0), random.uniform(0.5, 2.5))
    if random.random() < 0.25:
        pixels += random.normal(0, random.uniform(2, 14), pixels.shape)
    return np.clip(pixels, 0, 255).astype(np.uint8)


def _warped(bgr: np.ndarray, box: Rectangle, matrix: np.ndarray, scale: float) -> Sample:
    if scale < 0.7:
        bgr = cv2.GaussianBlur(bgr, (0, 0), 0.4 / scale)
    picture = cv2.warpAffine(bgr, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderValue=(GREY,) * 3)
    x, y, w, h = box
    cx, cy = matrix @ (x + w / 2, y + h / 2, 1)
    # The box around the turned oval.
    across, along = np.hypot(*(matrix[:, :2] * (w, h)).T)
    return Sample(picture, (float(cx), float(cy), float(across), float(along)))


def _letterboxed(picture: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, tuple[int, int, int, int]]:
    """Return the picture with grey bands, as a tall or wide photo has them, and the box between them."""
    ratio = random.choice([1, 3 / 4, 2 / 3, 9 / 16], p=[0.15, 0.4, 0.35, 0.1])
    band = round(SIDE * (1 - ratio) / 2)
    box = (band, 0, SIDE - band, SIDE) if random.random() < 0.45 else (0, band, SIDE, SIDE - band)
    banded = np.full_like(picture, GREY)
    left, top, right, bottom = box
    banded[top:bottom, left:right] = picture[top:bottom, left:right]
    return banded, box
