"""Two-bone inverse kinematics, and the projection of the dancer's world onto the picture."""

import math

import numpy as np

# The camera looks down a little: a point is drawn lower by this share of its distance towards the viewer.
TILT = 0.10
NEAREST = 0.12  # A limb that is folded further, in U, would turn its joint inside out.


def project(points: np.ndarray) -> np.ndarray:
    """Return the picture's x (right) and y (up) of a point (x, y, z) in U, or of points (n, 3)."""
    if points.ndim == 1:
        return np.array([points[0], points[1] - TILT * points[2]])
    return np.stack([points[:, 0], points[:, 1] - TILT * points[:, 2]], axis=1)


def turn_in_picture(vectors: np.ndarray, degrees: float | np.ndarray) -> np.ndarray:
    """Return vectors (x, y, z), one or (n, 3), turned clockwise in the picture."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    x, y = vectors[..., 0], vectors[..., 1]
    return np.stack([x * cos + y * sin, y * cos - x * sin, vectors[..., 2]], axis=-1)


def solve_limb(
    start: np.ndarray, goal: np.ndarray, upper: float, lower: float, pole: np.ndarray, stretch: float
) -> tuple[np.ndarray, np.ndarray, float]:
    """Return the middle joint and the end of a limb of two bones, and its reach.

    The limb starts at ``start``, ends at ``goal`` if that is near enough, and bends towards ``pole``. A limb that is
    too short grows by at most ``stretch``. The reach is the goal's distance as a share of the limb's length.
    """
    way = goal - start
    distance, length = math.hypot(*way), upper + lower
    reach, along = distance / length, way / max(distance, 1e-6)
    if distance > 0.999 * length:
        longer = min(reach, stretch)
        return start + along * upper * longer, start + along * length * longer, reach
    end = goal if distance > NEAREST else start + along * NEAREST
    distance = max(distance, NEAREST)
    foot = (upper * upper - lower * lower + distance * distance) / (2 * distance)
    bend = pole - along * (pole @ along)
    size = math.hypot(*bend)
    if size < 1e-5:
        bend = np.array([0.0, 0.0, -1.0])
        bend = bend - along * (bend @ along)
        size = math.hypot(*bend)
    return start + along * foot + bend / size * math.sqrt(max(upper * upper - foot * foot, 0)), end, reach


def solve_limbs(
    starts: np.ndarray, goals: np.ndarray, upper: float, lower: float, poles: np.ndarray, stretch: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what ``solve_limb`` does for each of n limbs, whose points and poles are (n, 3)."""
    ways = goals - starts
    distances, length = np.linalg.norm(ways, axis=1)[:, None], upper + lower
    reach, along = distances / length, ways / np.maximum(distances, 1e-6)
    ends = np.where(distances > NEAREST, goals, starts + along * NEAREST)
    near = np.maximum(distances, NEAREST)
    foot = (upper * upper - lower * lower + near * near) / (2 * near)
    bends = poles - along * (poles * along).sum(axis=1, keepdims=True)
    unsure = np.linalg.norm(bends, axis=1) < 1e-5
    if unsure.any():
        back = np.array([0.0, 0.0, -1.0])
        bends[unsure] = back - along[unsure] * (along[unsure] @ back)[:, None]
    sizes = np.linalg.norm(bends, axis=1)[:, None]
    middles = starts + along * foot + bends / sizes * np.sqrt(np.maximum(upper * upper - foot * foot, 0))
    longer = np.minimum(reach, stretch)
    straight = distances > 0.999 * length
    middles = np.where(straight, starts + along * upper * longer, middles)
    return middles, np.where(straight, starts + along * length * longer, ends), reach[:, 0]
