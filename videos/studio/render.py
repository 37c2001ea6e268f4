"""From a photo to a dance video: one frame after the other, straight into the encoder."""

import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from videos.dances import Dance
from videos.formats import Format
from videos.studio.cutout import Mode, mode_of
from videos.studio.frames import Picture, decode, decode_mask, fitted
from videos.studio.moves import Pose, choreographed
from videos.studio.mp4 import Writer
from videos.studio.music import soundtrack
from videos.studio.puppet import Puppet, cut_puppet, print_puppet, soft_mask
from videos.studio.stage import Stage
from videos.studio.warp import Warp

FPS = 30
PREVIEW_FPS = 15
PREVIEW_SIDE = 240
PREVIEW_SECONDS = 2
REPORT_EVERY = 0.5


def render(
    frame: bytes,
    mask: bytes | None,
    *,
    dance: Dance,
    shape: Format,
    seconds: int,
    seed: int,
    cutout: bool,
    into: Path,
    report: Callable[[float], None],
) -> None:
    """Render ``seconds`` of ``dance`` in ``shape`` as an MP4 with music at ``into``.

    ``frame`` is a picture (fitted to the shape when it is not), ``mask`` a grey picture of the same view (255 is pet).
    ``cutout`` False, no mask or one that is no good gives the photo as a dancing card. ``report`` hears the progress
    (0 to 1) at least once a second and may raise: then nothing is left at ``into``. Raises NotAPicture.
    """
    beat = _Pacer(report)
    scene = Scene(frame, mask, dance=dance, width=shape.width, height=shape.height, cutout=cutout)
    beat(0.02)
    sound = soundtrack(dance, seconds, seed)
    beat(0.05)
    frames, total = seconds * FPS, dance.beats(seconds)
    with Writer(into, shape.width, shape.height, FPS, sound) as writer:
        for number, (at, pose) in enumerate(scene.moments(frames, total)):
            scene.draw(writer.picture, at, pose)
            writer.push()
            beat(0.05 + 0.94 * (number + 1) / frames)
    report(1.0)


def preview(
    frame: bytes,
    mask: bytes | None,
    *,
    dance: Dance,
    shape: Format,
    seed: int,
    cutout: bool,
    into: Path,
) -> None:
    """Two silent seconds of ``dance``, 240 pixels on the short side, 15 frames a second, as a looping MP4."""
    scale = PREVIEW_SIDE / min(shape.width, shape.height)
    width, height = round(shape.width * scale / 2) * 2, round(shape.height * scale / 2) * 2
    scene = Scene(frame, mask, dance=dance, width=width, height=height, cutout=cutout)
    with Writer(into, width, height, PREVIEW_FPS) as writer:
        for at, pose in scene.moments(PREVIEW_SECONDS * PREVIEW_FPS, 4 if dance.metre == 4 else 3):
            scene.draw(writer.picture, at, pose)
            writer.push()


class Scene:
    """A pet on its stage, ready to be drawn at any beat."""

    def __init__(
        self, frame: bytes, mask: bytes | None, *, dance: Dance, width: int, height: int, cutout: bool
    ) -> None:
        cv2.setNumThreads(1)
        picture = fitted(decode(frame), width, height)
        alpha = None
        mode = Mode.PRINT
        if cutout and mask is not None:
            soft = fitted(decode_mask(mask), *_small(width, height))
            mode = mode_of(soft)
            alpha = soft_mask(picture, soft) if mode is not Mode.PRINT else None
        self.puppet: Puppet = print_puppet(picture) if alpha is None else cut_puppet(picture, alpha, mode)
        self._dance = dance
        self._stage = Stage(picture, alpha, dance)
        self._warp = Warp(self.puppet, width, height)

    def moments(self, frames: int, total: int) -> list[tuple[float, Pose]]:
        """Beat and pose of each frame when ``frames`` hold ``total`` beats."""
        beats = np.arange(frames) * (total / frames)
        return list(zip(beats.tolist(), choreographed(self._dance, beats, total).frames(), strict=True))

    def draw(self, picture: Picture, beat: float, pose: Pose) -> None:
        """Draw the moment into the encoder's planes."""
        self._stage.draw(picture, beat)
        seen = self._warp.at(pose)
        if seen is not None:
            region, full, half = seen
            box = (slice(region.top, region.bottom), slice(region.left, region.right))
            small = (slice(region.top // 2, region.bottom // 2), slice(region.left // 2, region.right // 2))
            _lay(cv2.remap(self.puppet.luma, full, None, cv2.INTER_LINEAR), picture.y[box])
            texture = cv2.remap(self.puppet.chroma, half, None, cv2.INTER_LINEAR)
            _lay(texture[..., 0::2], picture.u[small])
            _lay(texture[..., 1:], picture.v[small])


def _lay(texture: np.ndarray, under: np.ndarray) -> None:
    """Lay a premultiplied texture (value, alpha) over ``under``, in place."""
    rest = cv2.multiply(under, 255 - texture[..., 1], scale=1 / 255)
    under[:] = cv2.add(rest, np.ascontiguousarray(texture[..., 0]))


def _small(width: int, height: int) -> tuple[int, int]:
    scale = min(1.0, 640 / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


class _Pacer:
    """Passes progress on at most every half second."""

    def __init__(self, report: Callable[[float], None]) -> None:
        self._report = report
        self._next = 0.0

    def __call__(self, progress: float) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + REPORT_EVERY
            self._report(progress)
