"""Rendering of a photo as a dance video, frame by frame, straight into the encoder."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from videos.formats import Format
from videos.photos.head import Head
from videos.studio.audio.music import soundtrack
from videos.studio.choreography import PHRASE_SECONDS, Pose, Poses, choreograph
from videos.studio.choreography.variation import vary_phrases
from videos.studio.dance import Dance
from videos.studio.encoding.mp4 import Writer
from videos.studio.puppet.bounds import Bounds
from videos.studio.puppet.hats import HATS
from videos.studio.puppet.portrait import Portrait, portrait_from_frame, portrait_from_photo
from videos.studio.puppet.print_card import card_puppet
from videos.studio.puppet.puppet import Puppet, cut_puppet
from videos.studio.puppet.warp import Warp
from videos.studio.raster.layer import CLEAR, WHITE, Layer, composite
from videos.studio.raster.mattes import smoothstep
from videos.studio.raster.picture import Picture, crop_to_fill, decode, decode_mask, limit_size
from videos.studio.raster.scratch import Scratch
from videos.studio.scene.podium import podium_for
from videos.studio.scene.stage import Stage, shade
from videos.studio.segmentation.cutout import Mode

FPS = 30
PREVIEW_FPS = 15
PREVIEW_SIDE = 240
PREVIEW_SECONDS = 2
PREVIEW_CRF = 28
REPORT_EVERY = 0.5
# The puppet's size is determined on a sketch with sides of this many pixels, in this many poses.
SKETCH_SIDE = 240
SKETCHES = 120


@dataclass(frozen=True, slots=True)
class FrameTime:
    """The position of frame ``number`` in the clip.

    ``cycle`` runs from 0 to 1 over the clip, which has ``phrases`` phrases. ``beat`` counts beats.
    """

    number: int
    cycle: float
    beat: float
    phrases: int
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
    whole: tuple[bytes, bytes] | None = None,
    head: Head | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Render ``seconds`` of ``dance`` in ``shape`` as an MP4 with music at ``into``.

    ``frame`` is a picture, cropped to the shape if necessary. ``mask`` is a grey picture of the same view (255 is pet).
    ``whole`` is the photo that the frame was cut from, and its mask. The pet is then taken from the photo, with feet
    that the frame may lack, and the frame serves as the background. ``head`` is the pet's known head in the whole photo
    (in the frame without ``whole``). Without one the pet wears no hat.

    ``cutout`` requests the pet if a mask shows one. If it is False, or there is no usable mask, the frame dances as a
    card. ``report`` receives the progress (0 to 1) at least once a second by ``clock``. It may raise, and then no file
    is left at ``into``. Raises InvalidImage.
    """
    beat = _ProgressThrottle(report, clock)
    size = {"width": shape.width, "height": shape.height}
    scene = Scene(frame, mask, dance=dance, seed=seed, cutout=cutout, whole=whole, head=head, **size)
    beat(0.02)
    sound = soundtrack(dance, seconds, seed)
    beat(0.05)
    phrases = max(1, seconds // PHRASE_SECONDS)
    frames, total = seconds * FPS, dance.beats(seconds / phrases)
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
    report: Callable[[float], None] = lambda progress: None,
) -> None:
    """Render two silent seconds of ``dance`` as a looping MP4: 240 pixels on the short side, 15 frames per second.

    ``whole``, ``head`` and ``report`` are as in ``render``.
    """
    beat = _ProgressThrottle(report)
    scale = PREVIEW_SIDE / min(shape.width, shape.height)
    width, height = round(shape.width * scale / 2) * 2, round(shape.height * scale / 2) * 2
    size = {"width": width, "height": height}
    scene = Scene(frame, mask, dance=dance, seed=seed, cutout=cutout, whole=whole, head=head, **size)
    frames = PREVIEW_SECONDS * PREVIEW_FPS
    with Writer(into, width, height, PREVIEW_FPS, crf=PREVIEW_CRF) as writer:
        for number, frame_time in enumerate(scene.frame_times(frames, preview_beats(dance))):
            scene.draw(writer.picture, frame_time)
            writer.push()
            beat((number + 1) / frames)


def preview_beats(dance: Dance) -> int:
    """Return the beats of a preview: one bar, or two of a fast dance, so that it loops."""
    return dance.metre * 2 if dance.bpm > 150 else dance.metre


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
    ) -> None:
        cv2.setNumThreads(1)
        picture = crop_to_fill(decode(frame), width, height)
        soft = crop_to_fill(decode_mask(mask), *_small(width, height)) if mask is not None else None
        pet = _pet_of(picture, soft, whole, head) if cutout else None
        hat, palette = HATS[dance.hat], dance.palette
        alpha = smoothstep(soft, 0.35, 0.75) if pet is not None and soft is not None else None

        card = _card_of(picture, soft, whole if pet is None else None)

        def puppet(picture: np.ndarray, fit: float = 1.0) -> Puppet:
            """Return the puppet for a stage of the picture's size."""
            stage = (picture.shape[0], picture.shape[1])
            if pet is None:
                return card_puppet(*card, hat, palette.tiles[0], stage, fit)
            return cut_puppet(limit_size(pet.picture, max(stage)), pet.alpha, pet.mode, hat, stage, fit, pet.head)

        self._dance, self._narrow = dance, height > width
        sketch = limit_size(picture, SKETCH_SIDE)
        self.puppet = puppet(sketch)
        beats = dance.beats(PHRASE_SECONDS)
        small = Bounds(self.puppet, sketch.shape[1], sketch.shape[0])
        self.puppet = puppet(picture, small.fit(self._poses(np.linspace(0, beats, SKETCHES, endpoint=False), beats)))
        self._scratch = Scratch()
        self._stage = Stage(picture, alpha, dance, seed, podium_for(self.puppet, palette, width, height))
        self.warp = Warp(self.puppet, width, height, self._scratch)
        self._bounds = Bounds(self.puppet, width, height)
        self._shadow = Shadow(self.puppet)

    def frame_times(self, frames: int, total: int, phrases: int = 1) -> list[FrameTime]:
        """Return the position of each of ``frames`` frames that hold ``phrases`` times ``total`` beats.

        Every second phrase is mirrored.
        """
        cycles = np.arange(frames) / frames
        beats = cycles * total * phrases
        poses = self._bounds.clamp(self._poses(beats, total, phrases)).frames()
        return [
            FrameTime(number, cycle, beat, phrases, pose)
            for number, (cycle, beat, pose) in enumerate(zip(cycles.tolist(), beats.tolist(), poses, strict=True))
        ]

    def _poses(self, beats: np.ndarray, total: int, phrases: int = 1) -> Poses:
        """Return the dance, adapted to this puppet."""
        mode = self.puppet.mode
        danced = choreograph(self._dance, beats, total, faces_left=self.puppet.faces_left)
        danced = vary_phrases(danced, beats, total, phrases)
        return danced.adapted_to(
            cut_off=mode is Mode.BUST,
            flat=mode is Mode.PRINT,
            length=self.puppet.length,
            aside=self.puppet.side != 0,
            axis=self.puppet.axis / self.puppet.height,
            narrow=self._narrow,
        )

    def draw(self, picture: Picture, frame_time: FrameTime) -> None:
        """Draw the frame into the encoder's planes."""
        self._stage.draw(picture, frame_time.number, frame_time.cycle, frame_time.beat, frame_time.phrases)
        self._shadow.draw(picture, frame_time.pose)
        texture, scratch = self.puppet.texture, self._scratch
        for region, full, half in self.warp.at(frame_time.pose):
            luma = scratch.array("luma", full[0].shape)
            chroma = scratch.array("chroma", (*half[0].shape, 4))
            cv2.remap(texture.luma, *full, cv2.INTER_LINEAR, dst=luma, borderValue=WHITE)
            cv2.remap(texture.chroma, *half, cv2.INTER_LINEAR, dst=chroma, borderValue=CLEAR)
            composite(Layer(luma, chroma), picture, region.left, region.top, scratch)
        self._stage.draw_front(picture)


class Shadow:
    """The soft shadow at the puppet's feet. It shrinks and fades when the puppet leaves the floor."""

    def __init__(self, puppet: Puppet) -> None:
        self._puppet = puppet
        x, y = np.meshgrid(np.linspace(-1.6, 1.6, 96, dtype=np.float32), np.linspace(-1.6, 1.6, 32, dtype=np.float32))
        self._dark = (165 * np.exp(-((x * x + y * y) ** 1.3))).astype(np.uint8)

    def draw(self, picture: Picture, pose: Pose) -> None:
        if self._puppet.mode is Mode.BUST:
            return
        lift = min(max(pose.ty, 0.0) * 3, 0.7)
        wide = self._puppet.sole * 2 * (1 - 0.5 * lift)
        tall = max(16.0, 0.21 * self._puppet.sole) * (1 - 0.4 * lift)
        dark = cv2.resize(self._dark, (max(4, round(wide)), max(4, round(tall))))
        left = self._puppet.stand[0] + pose.tx * self._puppet.height - dark.shape[1] / 2
        through = cv2.addWeighted(dark, lift - 1, dark, 0, 255)
        shade(picture, through, round(left), round(self._puppet.stand[1] - dark.shape[0] * 0.5))


def _pet_of(
    picture: np.ndarray, soft: np.ndarray | None, whole: tuple[bytes, bytes] | None, head: Head | None
) -> Portrait | None:
    """Return the pet to cut out, from the whole photo if given, otherwise from the frame. None if there is no pet."""
    if whole is not None:
        return portrait_from_photo(*whole, max(picture.shape[:2]), head)
    return portrait_from_frame(picture, soft, head) if soft is not None else None


def _card_of(
    picture: np.ndarray, soft: np.ndarray | None, whole: tuple[bytes, bytes] | None
) -> tuple[np.ndarray, np.ndarray | None]:
    """Return the picture on a card and the pet's mask in it: the whole photo if given, otherwise the frame."""
    if whole is None:
        return picture, soft
    photo, mask = whole
    return decode(photo, max(picture.shape[:2])), decode_mask(mask)


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
