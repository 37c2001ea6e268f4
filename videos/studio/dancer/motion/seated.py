"""A sitting dancer: it sways and bobs on its haunches, and looks around instead of turning."""

import math

import numpy as np

SEAT = 0.30  # The height of the hip in U.
YAW, BEND, TURN = 30.0, 18.0, 60.0  # degrees, at most; of the body and of the head
UPRIGHT_HIP = 1.1


def seated(hip: np.ndarray, yaw: float, lean: float, pitch: float) -> tuple[np.ndarray, float, float, float]:
    """Return hip, yaw, lean and pitch of a dancer that sits, from those of one that stands."""
    turned = (yaw + 180) % 360 - 180
    lean, pitch = (BEND * math.tanh(angle / 2 / BEND) for angle in (lean, pitch))
    bob = 0.25 * (hip[1] - UPRIGHT_HIP)
    return np.array([0.35 * hip[0], SEAT + bob, 0.0]), YAW * math.sin(math.radians(turned)), lean, pitch


def seated_turn(turn: float) -> float:
    """Return how far the head of a dancer that sits turns, in degrees: its face is always seen."""
    return TURN * math.sin(math.radians(turn))
