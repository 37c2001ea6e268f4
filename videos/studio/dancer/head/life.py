"""The life of a head: lids, a jaw, and ears that lag behind."""

import cv2
import numpy as np

from videos.studio.dancer.head.face import Eye
from videos.studio.dancer.head.placed import PlacedHead
from videos.studio.raster.colours import Bgr
from videos.studio.raster.mattes import extend_colours, smoothstep

# Lids.
LID = 1.28  # A lid's radii, in those of the eye.
LASH: Bgr = (30, 22, 26)
LASH_WIDTH = 0.02  # In U.
# The jaw. Lengths are shares of the distance of the eyes unless they say otherwise.
MOUTH_BELOW = 0.3  # The mouth is this far below the middle of the nose.
MOUTH_HALF = 0.8  # Half the mouth's width.
# This much of the jaw is seen below the mouth. More is a long muzzle, whose mouth is lower, or a neck.
MIN_JAW, MAX_JAW = 0.26, 0.75
SMILE = 0.14  # How far its corners rise.
JAW_DROP = 0.06  # In U.
MAX_ROLL = 8.0  # In degrees. A jaw drops straight down, so the face must be upright.
MAX_OFF_AXIS = 0.16  # How far the nose is from the middle of the eyes.
MAX_ASIDE = 0.09  # How far the nose is from the middle of the skull, in skull widths: farther in a face turned aside.
NOSE_BELOW = 0.55  # A nose that is nearer to the eyes is only the bridge of one.
INSIDE: Bgr = (38, 22, 52)
TONGUE: Bgr = (128, 112, 226)
# Ears turn around the middle of the skull, not at all within the first share of its radius, and fully from the second.
EARS_FROM, EARS_TO = 0.92, 1.7
LOWEST_EAR = 0.25  # Ears below the middle of the skull by more than this share of its radius hang still.
EAR_LAG = 9.0  # In degrees.


def can_open(head: PlacedHead) -> bool:
    """Whether a jaw looks right: on an upright face that is seen straight from the front and has its mouth shut."""
    face = head.face
    if face is None or not face.shut:
        return False
    left, right = face.eyes
    off = abs(face.nose[0] - (left.x + right.x) / 2)
    below = face.nose[1] - (left.y + right.y) / 2
    straight = abs(face.roll) < MAX_ROLL and off < MAX_OFF_AXIS * face.apart and below > NOSE_BELOW * face.apart
    straight = straight and abs(face.nose[0] - head.skull.x) < MAX_ASIDE * head.skull.width
    jaw = (head.chin - face.nose[1]) / face.apart - MOUTH_BELOW
    return bool(straight and MIN_JAW < jaw < MAX_JAW)


def close_eyes(picture: np.ndarray, head: PlacedHead, share: float) -> None:
    """Draw lids over this ``share`` (0 to 1) of both eyes into ``picture``, the premultiplied head (uint8 BGRA)."""
    if head.face is None or share <= 0:
        return
    for eye in head.face.eyes:
        _close(picture, eye, head.face.roll, share, head.unit)


def _close(picture: np.ndarray, eye: Eye, roll: float, share: float, unit: float) -> None:
    """Draw one lid: an ellipse of the fur around the eye with a dark lower edge."""
    reach = int(2.2 * LID * eye.rx) + 2
    top, left = max(0, round(eye.y) - reach), max(0, round(eye.x) - reach)
    box = picture[top : round(eye.y) + reach + 1, left : round(eye.x) + reach + 1]
    part = box[..., :3].astype(np.float32)
    y, x = np.mgrid[: part.shape[0], : part.shape[1]].astype(np.float32)
    x, y = x - (eye.x - left), y - (eye.y - top)
    cos, sin = float(np.cos(np.radians(roll))), float(np.sin(np.radians(roll)))
    u, v = (x * cos + y * sin) / (LID * eye.rx), (y * cos - x * sin) / (LID * eye.ry)
    far = np.hypot(u, v)
    around = smoothstep(far, 1.15, 1.5) * (box[..., 3] > 250)
    fur = cv2.GaussianBlur(extend_colours(part, around.astype(np.float32)), (0, 0), 0.15 * eye.ry + 0.3)
    # The edge of the lid is an arc that goes from the upper edge of the eye to the lower one.
    edge = (2 * share - 1) * 0.62 * np.sqrt(np.clip(1 - u**2, 0, 1)) + 0.1
    soft = 1.2 / (LID * eye.ry)
    lid = smoothstep(1.12 - far, 0, 0.22) * (1 if share >= 1 else smoothstep(edge - v, -soft, soft))
    half = LASH_WIDTH * unit / 2 / (LID * eye.ry)
    lash = smoothstep(half + soft / 2 - np.abs(v - edge), 0, soft) * smoothstep(0.92 - np.abs(u), 0, 0.25)
    shown = part * (1 - lid[..., None]) + fur * lid[..., None]
    shown = shown * (1 - lash[..., None]) + np.array(LASH, np.float32) * lash[..., None]
    box[..., :3] = np.minimum(shown + 0.5, box[..., 3:])


def open_jaw(picture: np.ndarray, head: PlacedHead, share: float) -> None:
    """Open the mouth by a ``share`` (0 to 1) of its largest drop in ``picture``, as in ``close_eyes``."""
    face = head.face
    if face is None or share <= 0 or not can_open(head):
        return
    drop, half = JAW_DROP * head.unit * share, MOUTH_HALF * face.apart
    lip_y = face.nose[1] + MOUTH_BELOW * face.apart
    top, left = max(0, int(lip_y - SMILE * face.apart) - 2), max(0, int(face.nose[0] - half))
    box = picture[top:, left : int(face.nose[0] + half) + 2]
    y, x = np.mgrid[: box.shape[0], : box.shape[1]].astype(np.float32)
    u = (x + left - face.nose[0]) / half
    below = y + top - (lip_y - SMILE * face.apart * u**2)
    moved = drop * np.cos(np.clip(u, -1, 1) * np.pi / 2) ** 2
    # What is above the lip stays, what is below it moves down, and the gap between repeats the lip.
    source = y - np.clip(below, 0, moved)
    shown = cv2.remap(box, x, source.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    gap = (smoothstep(np.minimum(below, moved - below), -0.5, 1.0) * (moved > 0.5))[..., None]
    tongue = smoothstep(1 - np.hypot(u / 0.42, (below - moved) / max(0.7 * drop, 1)), 0, 0.3)[..., None]
    inside = np.array(INSIDE, np.float32) * (1 - tongue) + np.array(TONGUE, np.float32) * tongue
    alpha = shown[..., 3:].astype(np.float32)
    box[..., :3] = np.minimum(shown[..., :3] * (1 - gap) + inside * (alpha / 255) * gap + 0.5, alpha)
    box[..., 3] = shown[..., 3]


def ear_lag_map(head: PlacedHead, share: float) -> tuple[np.ndarray, np.ndarray]:
    """Return where the pixels of the upper rows come from with ears bent by ``share`` (-1 to 1) to the right.

    The maps are for ``cv2.remap``. What is above the middle of the skull turns around it, the more the farther out. The
    face stays, and so do all rows below.
    """
    radius = head.skull.width / 2
    middle_x, middle_y = head.skull.at(0, 0.5)
    rows, columns = min(head.cover.shape[0], round(middle_y + LOWEST_EAR * radius)), head.cover.shape[1]
    y, x = np.mgrid[:rows, :columns].astype(np.float32)
    right, down = x - middle_x, y - middle_y
    far = np.hypot(right, down) / radius
    upper = smoothstep(-down / radius, -LOWEST_EAR, 0.45)
    angle = np.radians(EAR_LAG) * share * smoothstep(far, EARS_FROM, EARS_TO) * upper
    cos, sin = np.cos(angle), np.sin(angle)
    from_x = middle_x + right * cos + down * sin
    from_y = middle_y - right * sin + down * cos
    maps = cv2.convertMaps(from_x.astype(np.float32), from_y.astype(np.float32), cv2.CV_16SC2)
    return maps[0], maps[1]
