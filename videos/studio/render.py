"""Rendering of a photo as a dance video, frame by frame, straight into the encoder."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np

from videos.formats import Format
from videos.photos.head import Head
from videos.studio.audio.hits import Hit
from videos.studio.audio.music import soundtrack
from videos.studio.choreography import PHRASE_SECONDS
from videos.studio.dance import Dance
from videos.studio.dancer.art.body_fur import WhiteParts, white_parts
from videos.studio.dancer.build import build_of
from videos.studio.dancer.performer import Dancer
from videos.studio.encoding.mp4 import Writer
from videos.studio.puppet.whole_pet import WholePet
from videos.studio.raster.mattes import smoothstep
from videos.studio.raster.picture import Picture, crop_to_fill, decode, decode_mask
from videos.studio.scene.floor import Ground
from videos.studio.scene.stage import Podium, Stage
from videos.studio.segmentation.head_cutout import HeadCutout, segmented_head
from videos.studio.segmentation.head_view import MAX_RADIUS
from videos.styles import Body, Style
from videos.subject import Subject

FPS = 30
PREVIEW_FPS = 15
PREVIEW_SIDE = 240
PREVIEW_SECONDS = 2
PREVIEW_CRF = 28
REPORT_EVERY = 0.5


@dataclass(frozen=True, slots=True)
class FrameTime:
    """The position of frame ``number`` in the clip.

    ``cycle`` runs from 0 to 1 over the clip, which has ``phrases`` phrases. ``beat`` counts beats. ``pose`` is what the
    performer draws.
    """

    number: int
    cycle: float
    beat: float
    phrases: int
    pose: Any


def render(
    subject: Subject,
    *,
    dance: Dance,
    shape: Format,
    seconds: int,
    seed: int,
    into: Path,
    report: Callable[[float], None],
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Render ``seconds`` of ``dance`` in ``shape`` as an MP4 with music at ``into``.

    ``report`` receives the progress (0 to 1) at least once a second by ``clock``. It may raise, and then no file is
    left at ``into``. Raises InvalidImage.
    """
    beat = _ProgressThrottle(report, clock)
    scene = Scene(subject, dance=dance, width=shape.width, height=shape.height, seed=seed)
    beat(0.02)
    phrases = max(1, seconds // PHRASE_SECONDS)
    frames, total = seconds * FPS, dance.beats(seconds / phrases)
    sound = soundtrack(dance, seconds, seed, scene.performer.hits(total, phrases))
    beat(0.05)
    with Writer(into, shape.width, shape.height, FPS, sound) as writer:
        for number, frame_time in enumerate(scene.frame_times(frames, total, phrases)):
            scene.draw(writer.picture, frame_time)
            writer.push()
            beat(0.05 + 0.94 * (number + 1) / frames)
    try:
        report(1.0)
    except BaseException:
        into.unlink(missing_ok=True)
        raise


def preview(
    subject: Subject,
    *,
    dance: Dance,
    shape: Format,
    seed: int,
    into: Path,
    report: Callable[[float], None] = lambda progress: None,
) -> None:
    """Render two silent seconds of ``dance`` as a looping MP4: 240 pixels on the short side, 15 frames per second.

    ``report`` is as in ``render``.
    """
    beat = _ProgressThrottle(report)
    scale = PREVIEW_SIDE / min(shape.width, shape.height)
    width, height = round(shape.width * scale / 2) * 2, round(shape.height * scale / 2) * 2
    scene = Scene(subject, dance=dance, width=width, height=height, seed=seed)
    frames = PREVIEW_SECONDS * PREVIEW_FPS
    with Writer(into, width, height, PREVIEW_FPS, crf=PREVIEW_CRF) as writer:
        for number, frame_time in enumerate(scene.frame_times(frames, dance.loop_beats)):
            scene.draw(writer.picture, frame_time)
            writer.push()
            beat((number + 1) / frames)


class Performer(Protocol):
    """What dances on the stage. ``podium`` is what it stands on."""

    podium: Podium | None
    is_cut_out: bool

    def poses(self, beats: np.ndarray, total: int, phrases: int = 1) -> Sequence[Any]:
        """Return what to draw at each of ``beats``. The dance repeats every ``total`` beats ``phrases`` times."""
        ...

    def hits(self, total: int, phrases: int = 1) -> Sequence[Hit]:
        """Return what is heard of its steps."""
        ...

    def ground(self, pose: Any) -> Ground | None:
        """Return how the camera sees the floor in one of ``poses``, or None if it does not move."""
        ...

    def draw(self, picture: Picture, pose: Any) -> None:
        """Draw one of ``poses`` into the encoder's planes."""
        ...


class Scene:
    """A pet on its stage, ready to be drawn at any moment."""

    def __init__(self, subject: Subject, *, dance: Dance, width: int, height: int, seed: int) -> None:
        cv2.setNumThreads(1)
        picture = crop_to_fill(decode(subject.frame), width, height)
        mask = subject.mask
        soft = crop_to_fill(decode_mask(mask), *_small(width, height)) if mask is not None else None
        self.performer: Performer
        if subject.style is Style.DANCER and subject.head is not None:
            head, body, white = cut_dancer(subject, subject.head)
            self.performer = Dancer(head, dance=dance, body=body, seed=seed, width=width, height=height, white=white)
        else:
            self.performer = WholePet(picture, soft, subject, dance)
        alpha = smoothstep(soft, 0.35, 0.75) if self.performer.is_cut_out and soft is not None else None
        moves = isinstance(self.performer, Dancer)
        self._stage = Stage(picture, alpha, dance, seed, self.performer.podium, camera_moves=moves)

    def frame_times(self, frames: int, total: int, phrases: int = 1) -> list[FrameTime]:
        """Return the position of each of ``frames`` frames that hold ``phrases`` times ``total`` beats."""
        cycles = np.arange(frames) / frames
        beats = cycles * total * phrases
        poses = self.performer.poses(beats, total, phrases)
        return [
            FrameTime(number, cycle, beat, phrases, pose)
            for number, (cycle, beat, pose) in enumerate(zip(cycles.tolist(), beats.tolist(), poses, strict=True))
        ]

    def draw(self, picture: Picture, frame_time: FrameTime) -> None:
        """Draw the frame into the encoder's planes."""
        at, ground = frame_time, self.performer.ground(frame_time.pose)
        self._stage.draw(picture, at.number, at.cycle, at.beat, at.phrases, ground)
        self.performer.draw(picture, frame_time.pose)
        self._stage.draw_front(picture)


def cut_dancer(subject: Subject, head: Head) -> tuple[HeadCutout, Body, WhiteParts]:
    """Return the pet's head alone, the build of its body, and what is white below the head.

    They come from a picture no larger than the head needs.
    """
    photo, mask = subject.head_photo
    picture = decode(photo, math.ceil(1.2 * MAX_RADIUS / max(head.rx, head.ry)))
    soft = None if mask is None else decode_mask(mask)
    alone = segmented_head(picture, soft, head, subject.faces)
    return alone, subject.body or build_of(head, soft), white_parts(picture, soft, head)


def _small(width: int, height: int) -> tuple[int, int]:
    scale = min(1.0, 640 / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


class _ProgressThrottle:
    """Pass progress on at most every half second."""

    def __init__(self, report: Callable[[float], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._report, self._clock = report, clock
        self._next = 0.0

    def __call__(self, progress: float) -> None:
        now = self._clock()
        if now >= self._next:
            self._next = now + REPORT_EVERY
            self._report(progress)
