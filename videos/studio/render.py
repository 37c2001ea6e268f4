"""From a photo to a dance video: one frame after the other, straight into the encoder."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from videos.dances import Dance
from videos.formats import Format
from videos.studio.card import card_puppet
from videos.studio.colours import PALETTES, Bgr
from videos.studio.cutout import Mode, mode_of
from videos.studio.frames import Picture, decode, decode_mask, fitted
from videos.studio.gloves import PAIRS, glove
from videos.studio.layer import CLEAR, WHITE, Layer, lay
from videos.studio.moves import PHRASE_SECONDS, Pose, choreographed
from videos.studio.mp4 import Writer
from videos.studio.music import soundtrack
from videos.studio.puppet import Puppet, cut_puppet, soft_mask
from videos.studio.scratch import Scratch
from videos.studio.stage import Stage, shade
from videos.studio.wardrobe import HATS
from videos.studio.warp import Warp

FPS = 30
PREVIEW_FPS = 15
PREVIEW_SIDE = 240
PREVIEW_SECONDS = 2
PREVIEW_CRF = 28
REPORT_EVERY = 0.5


@dataclass(frozen=True, slots=True)
class Moment:
    """What frame ``number`` shows: ``cycle`` runs from 0 to 1 over the clip of ``rounds`` phrases, ``beat`` counts."""

    number: int
    cycle: float
    beat: float
    rounds: int
    pose: Pose


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
    scene = Scene(frame, mask, dance=dance, width=shape.width, height=shape.height, seed=seed, cutout=cutout)
    beat(0.02)
    sound = soundtrack(dance, seconds, seed)
    beat(0.05)
    rounds = max(1, seconds // PHRASE_SECONDS)
    frames, total = seconds * FPS, dance.beats(seconds / rounds)
    with Writer(into, shape.width, shape.height, FPS, sound) as writer:
        for number, moment in enumerate(scene.moments(frames, total, rounds)):
            scene.draw(writer.picture, moment)
            writer.push()
            beat(0.05 + 0.94 * (number + 1) / frames)
    try:
        report(1.0)
    except BaseException:
        into.unlink(missing_ok=True)
        raise


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
    scene = Scene(frame, mask, dance=dance, width=width, height=height, seed=seed, cutout=cutout)
    with Writer(into, width, height, PREVIEW_FPS, crf=PREVIEW_CRF) as writer:
        for moment in scene.moments(PREVIEW_SECONDS * PREVIEW_FPS, preview_beats(dance)):
            scene.draw(writer.picture, moment)
            writer.push()


def preview_beats(dance: Dance) -> int:
    """The beats of a preview: one bar, or two of a fast dance, so that it loops."""
    return dance.metre * 2 if dance.bpm > 150 else dance.metre


class Scene:
    """A pet on its stage, ready to be drawn at any moment."""

    def __init__(
        self, frame: bytes, mask: bytes | None, *, dance: Dance, width: int, height: int, seed: int, cutout: bool
    ) -> None:
        cv2.setNumThreads(1)
        picture = fitted(decode(frame), width, height)
        soft = fitted(decode_mask(mask), *_small(width, height)) if mask is not None else None
        mode = mode_of(soft) if soft is not None and cutout else Mode.PRINT
        hat, palette = HATS[dance.slug], PALETTES[dance.slug]
        alpha = None
        if soft is None or mode is Mode.PRINT:
            puppet = card_puppet(picture, soft, hat, palette.tiles[0])
        else:
            alpha = soft_mask(picture, soft)
            puppet = cut_puppet(picture, alpha, mode, hat)
        self.puppet: Puppet = puppet
        self._scratch = Scratch()
        self._dance = dance
        self._stage = Stage(picture, alpha, dance, seed)
        self._warp = Warp(puppet, width, height, self._scratch)
        self._shadow = Shadow(puppet)
        self._hands = Hands(puppet, dance, self._warp, palette.tiles[0], self._scratch)

    def moments(self, frames: int, total: int, rounds: int = 1) -> list[Moment]:
        """One moment a frame when ``frames`` hold ``rounds`` times ``total`` beats."""
        cycles = np.arange(frames) / frames
        beats = cycles * total * rounds
        mode = self.puppet.mode
        danced = choreographed(self._dance, beats, total)
        poses = danced.suited(cut_off=mode is Mode.BUST, flat=mode is Mode.PRINT).frames()
        return [
            Moment(number, cycle, beat, rounds, pose)
            for number, (cycle, beat, pose) in enumerate(zip(cycles.tolist(), beats.tolist(), poses, strict=True))
        ]

    def draw(self, picture: Picture, moment: Moment) -> None:
        """Draw the moment into the encoder's planes."""
        self._stage.draw(picture, moment.number, moment.cycle, moment.beat, moment.rounds)
        self._shadow.draw(picture, moment.pose)
        texture, scratch = self.puppet.texture, self._scratch
        for region, full, half in self._warp.at(moment.pose):
            luma = scratch.array("luma", full[0].shape)
            chroma = scratch.array("chroma", (*half[0].shape, 4))
            cv2.remap(texture.luma, *full, cv2.INTER_LINEAR, dst=luma, borderValue=WHITE)
            cv2.remap(texture.chroma, *half, cv2.INTER_LINEAR, dst=chroma, borderValue=CLEAR)
            lay(Layer(luma, chroma), picture, region.left, region.top, scratch)
        self._hands.draw(picture, moment.pose)
        self._stage.draw_front(picture)


class Shadow:
    """The soft shadow at the puppet's feet; it shrinks and pales when the puppet leaves the floor."""

    def __init__(self, puppet: Puppet) -> None:
        self._puppet = puppet
        x, y = np.meshgrid(np.linspace(-1.6, 1.6, 96, dtype=np.float32), np.linspace(-1.6, 1.6, 32, dtype=np.float32))
        self._dark = (165 * np.exp(-((x * x + y * y) ** 1.3))).astype(np.uint8)

    def draw(self, picture: Picture, pose: Pose) -> None:
        if self._puppet.mode is Mode.BUST:
            return
        lift = min(max(pose.ty, 0.0) * 3, 0.7)
        wide = self._puppet.sole * 2 * (1 - 0.5 * lift) * max(abs(pose.flip), 0.35)
        tall = max(16.0, 0.21 * self._puppet.sole) * (1 - 0.4 * lift)
        dark = cv2.resize(self._dark, (max(4, round(wide)), max(4, round(tall))))
        left = self._puppet.stand[0] + pose.tx * self._puppet.height - dark.shape[1] / 2
        through = cv2.addWeighted(dark, lift - 1, dark, 0, 255)
        shade(picture, through, round(left), round(self._puppet.stand[1] - dark.shape[0] * 0.5))


class Hands:
    """The pair of gloves that dance along."""

    def __init__(self, puppet: Puppet, dance: Dance, warp: Warp, cuff: Bgr, scratch: Scratch) -> None:
        self._puppet, self._warp, self._scratch = puppet, warp, scratch
        self._size = (0.22 if puppet.mode is Mode.BUST else 0.26) * puppet.height
        self._size = min(self._size, 0.3 * warp.width)
        self._pair = [glove(kind, self._size, cuff) for kind in PAIRS[dance.slug]]
        self._half = puppet.width / 2 if puppet.mode is Mode.PRINT else min(puppet.width / 2, 0.46 * puppet.height)

    def draw(self, picture: Picture, pose: Pose) -> None:
        h = self._puppet.height
        for number, (side, out, up, angle) in enumerate(
            ((-1, pose.lx, pose.ly, pose.la), (1, pose.rx, pose.ry, pose.ra))
        ):
            x, y = self._warp.seen_at(pose, side * (self._half + out * h), up * h)
            edge = 0.42 * self._size
            x = min(max(x, edge), self._warp.width - edge)
            facing = side * (1 if pose.flip >= 0 else -1)
            turn = facing * angle + pose.rot + 360 * pose.whirl
            self._pair[number].draw(picture, x, y, turn, facing < 0, self._scratch)


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
