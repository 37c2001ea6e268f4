"""A sitting dancer: it sways and bobs on its haunches, and looks around instead of turning."""

import numpy as np

SEAT = 0.30  # The height of the hip in U.
YAW, BEND, TURN = 30.0, 18.0, 60.0  # degrees, at most; of the body and of the head
UPRIGHT_HIP = 1.1


def seated(
    hip: np.ndarray, yaw: np.ndarray, lean: np.ndarray, pitch: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return hip (n, 3), yaw, lean and pitch (n) of a dancer that sits, from those of one that stands."""
    turned = (yaw + 180) % 360 - 180
    lean, pitch = (BEND * np.tanh(angle / 2 / BEND) for angle in (lean, pitch))
    height = SEAT + 0.25 * (hip[:, 1] - UPRIGHT_HIP)
    seat = np.stack([0.35 * hip[:, 0], height, np.zeros(len(hip))], axis=1)
    return seat, YAW * np.sin(np.radians(turned)), lean, pitch


def seated_turn(turn: np.ndarray) -> np.ndarray:
    """Return how far the head of a dancer that sits turns, in degrees: its face is always seen."""
    return TURN * np.sin(np.radians(turn))
