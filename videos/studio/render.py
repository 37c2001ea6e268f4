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
from videos.studio.dancer.build import build_of
from videos.studio.dancer.performer import Dancer
from videos.studio.encoding.mp4 import Writer
from videos.studio.puppet.whole_pet import WholePet
from videos.studio.raster.mattes import smoothstep
from videos.studio.raster.picture import Picture, crop_to_fill, decode, decode_mask
from videos.studio.scene.stage import Podium, Stage
from videos.studio.segmentation.faces import Box
from videos.studio.segmentation.head_cutout import MAX_RADIUS, HeadCutout, segmented_head
from videos.styles import Body, Style

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
    whole: tuple[bytes, bytes] | None = None,
    head: Head | None = None,
    style: Style = Style.WHOLE_PET,
    body: Body | None = None,
    faces: Sequence[Box] = (),
    original: tuple[bytes, bytes | None] | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Render ``seconds`` of ``dance`` in ``shape`` as an MP4 with music at ``into``.

    ``frame`` is a picture, cropped to the shape if necessary. ``mask`` is a grey picture of the same view (255 is pet).
    ``whole`` is the photo that the frame was cut from, and its mask. The pet is then taken from the photo, with feet
    that the frame may lack, and the frame serves as the background. ``head`` is the pet's known head in the whole photo
    (in the frame without ``whole``). Without one the pet wears no hat.

    ``cutout`` requests the pet if a mask shows one. If it is False, or there is no usable mask, the frame dances as a
    card. ``style``, ``body``, ``faces`` and ``original`` are those of an ``Order``. ``report`` receives the progress
    (0 to 1) at least once a second by ``clock``. It may raise, and then no file is left at ``into``. Raises
    InvalidImage.
    """
    beat = _ProgressThrottle(report, clock)
    size = {"width": shape.width, "height": shape.height}
    scene = Scene(
        frame,
        mask,
        dance=dance,
        seed=seed,
        cutout=cutout,
        whole=whole,
        head=head,
        style=style,
        body=body,
        faces=faces,
        original=original,
        **size,
    )
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
    frame: bytes,
    mask: bytes | None,
    *,
    dance: Dance,
    shape: Format,
    seed: int,
    cutout: bool,
    into: Path,
    whole: tuple[bytes, bytes] | None = None,
    head: Head | None = None,
    style: Style = Style.WHOLE_PET,
    body: Body | None = None,
    faces: Sequence[Box] = (),
    original: tuple[bytes, bytes | None] | None = None,
    report: Callable[[float], None] = lambda progress: None,
) -> None:
    """Render two silent seconds of ``dance`` as a looping MP4: 240 pixels on the short side, 15 frames per second.

    ``whole``, ``head``, ``report`` and what a dancer needs are as in ``render``.
    """
    beat = _ProgressThrottle(report)
    scale = PREVIEW_SIDE / min(shape.width, shape.height)
    width, height = round(shape.width * scale / 2) * 2, round(shape.height * scale / 2) * 2
    size = {"width": width, "height": height}
    scene = Scene(
        frame,
        mask,
        dance=dance,
        seed=seed,
        cutout=cutout,
        whole=whole,
        head=head,
        style=style,
        body=body,
        faces=faces,
        original=original,
        **size,
    )
    frames = PREVIEW_SECONDS * PREVIEW_FPS
    with Writer(into, width, height, PREVIEW_FPS, crf=PREVIEW_CRF) as writer:
        for number, frame_time in enumerate(scene.frame_times(frames, preview_beats(dance))):
            scene.draw(writer.picture, frame_time)
            writer.push()
            beat((number + 1) / frames)


def preview_beats(dance: Dance) -> int:
    """Return the beats of a preview: one bar, or two of a fast dance, so that it loops."""
    return dance.metre * 2 if dance.bpm > 150 else dance.metre


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

    def draw(self, picture: Picture, pose: Any) -> None:
        """Draw one of ``poses`` into the encoder's planes."""
        ...


class Scene:
    """A pet on its stage, ready to be drawn at any moment."""

    def __init__(
        self,
        frame: bytes,
        mask: bytes | None,
        *,
        dance: Dance,
        width: int,
        height: int,
        seed: int,
        cutout: bool,
        whole: tuple[bytes, bytes] | None = None,
        head: Head | None = None,
        style: Style = Style.WHOLE_PET,
        body: Body | None = None,
        faces: Sequence[Box] = (),
        original: tuple[bytes, bytes | None] | None = None,
    ) -> None:
        cv2.setNumThreads(1)
        picture = crop_to_fill(decode(frame), width, height)
        soft = crop_to_fill(decode_mask(mask), *_small(width, height)) if mask is not None else None
        self.performer: Performer
        if style is Style.DANCER and head is not None:
            photo = original or whole or (frame, mask)
            alone = _head_of(photo, head, faces)
            body = body or build_of(head, None if photo[1] is None else decode_mask(photo[1]))
            self.performer = Dancer(alone, dance=dance, body=body, seed=seed, width=width, height=height)
        else:
            self.performer = WholePet(picture, soft, dance=dance, cutout=cutout, whole=whole, head=head)
        alpha = smoothstep(soft, 0.35, 0.75) if self.performer.is_cut_out and soft is not None else None
        self._stage = Stage(picture, alpha, dance, seed, self.performer.podium)

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
        self._stage.draw(picture, frame_time.number, frame_time.cycle, frame_time.beat, frame_time.phrases)
        self.performer.draw(picture, frame_time.pose)
        self._stage.draw_front(picture)


def _head_of(photo: tuple[bytes, bytes | None], head: Head, faces: Sequence[Box]) -> HeadCutout:
    """Return the pet's head alone, from a picture no larger than it needs."""
    picture, mask = photo
    side = math.ceil(1.2 * MAX_RADIUS / max(head.rx, head.ry))
    return segmented_head(decode(picture, side), None if mask is None else decode_mask(mask), head, faces)


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
