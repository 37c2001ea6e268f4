"""The whole pet as a performer: the cut-out picture, or the photo as a card, bent in time with the music."""

from collections.abc import Sequence

import cv2
import numpy as np

from videos.studio.audio.hits import Hit
from videos.studio.choreography import PHRASE_SECONDS, Pose, Poses, choreograph
from videos.studio.choreography.variation import vary_phrases
from videos.studio.dance import Dance
from videos.studio.puppet.bounds import Bounds
from videos.studio.puppet.hats import HATS
from videos.studio.puppet.podium import podium_for
from videos.studio.puppet.portrait import Portrait, portrait_from_frame, portrait_from_photo
from videos.studio.puppet.print_card import card_puppet
from videos.studio.puppet.puppet import Puppet, cut_puppet
from videos.studio.puppet.warp import Warp
from videos.studio.raster.layer import CLEAR, WHITE, Layer, composite
from videos.studio.raster.picture import Picture, decode, decode_mask, limit_size
from videos.studio.raster.scratch import Scratch
from videos.studio.scene.stage import shade
from videos.studio.segmentation.cutout import Mode
from videos.subject import Subject

# The puppet's size is determined on a sketch with sides of this many pixels, in this many poses.
SKETCH_SIDE = 240
SKETCHES = 120


class WholePet:
    """The pet's own picture as a dancer. ``picture`` and ``soft`` are the subject's frame and mask, decoded."""

    def __init__(self, picture: np.ndarray, soft: np.ndarray | None, subject: Subject, dance: Dance) -> None:
        height, width = picture.shape[:2]
        pet = _pet_of(picture, soft, subject) if subject.cutout else None
        hat = HATS[dance.hat]
        card = _card_of(picture, soft, subject.whole if pet is None else None)

        def puppet(picture: np.ndarray, fit: float = 1.0) -> Puppet:
            """Return the puppet for a stage of the picture's size."""
            stage = (picture.shape[0], picture.shape[1])
            if pet is None:
                return card_puppet(*card, hat, dance.palette.tiles[0], stage, fit)
            return cut_puppet(limit_size(pet.picture, max(stage)), pet.alpha, pet.mode, hat, stage, fit, pet.head)

        self._dance, self._narrow = dance, height > width
        self.is_cut_out = pet is not None
        sketch = limit_size(picture, SKETCH_SIDE)
        self.puppet = puppet(sketch)
        beats = dance.beats(PHRASE_SECONDS)
        small = Bounds(self.puppet, sketch.shape[1], sketch.shape[0])
        self.puppet = puppet(picture, small.fit(self._adapted(np.linspace(0, beats, SKETCHES, endpoint=False), beats)))
        self.podium = podium_for(self.puppet, dance.palette, width, height)
        self._scratch = Scratch()
        self.warp = Warp(self.puppet, width, height, self._scratch)
        self._bounds = Bounds(self.puppet, width, height)
        self._shadow = Shadow(self.puppet)

    def poses(self, beats: np.ndarray, total: int, phrases: int = 1) -> Sequence[Pose]:
        """Return a pose for each of ``beats``. The dance repeats every ``total`` beats, and every second phrase is
        mirrored.
        """
        return list(self._bounds.clamp(self._adapted(beats, total, phrases)).frames())

    def hits(self, total: int, phrases: int = 1) -> Sequence[Hit]:
        """Return what is heard of the pet's paws: nothing."""
        return ()

    def ground(self, pose: Pose) -> None:
        """Return None: the camera stands still."""

    def draw(self, picture: Picture, pose: Pose) -> None:
        """Draw the pet and its shadow into the encoder's planes."""
        self._shadow.draw(picture, pose)
        texture, scratch = self.puppet.texture, self._scratch
        for region, full, half in self.warp.at(pose):
            luma = scratch.array("luma", full[0].shape)
            chroma = scratch.array("chroma", (*half[0].shape, 4))
            cv2.remap(texture.luma, *full, cv2.INTER_LINEAR, dst=luma, borderValue=WHITE)
            cv2.remap(texture.chroma, *half, cv2.INTER_LINEAR, dst=chroma, borderValue=CLEAR)
            composite(Layer(luma, chroma), picture, region.left, region.top, scratch)

    def _adapted(self, beats: np.ndarray, total: int, phrases: int = 1) -> Poses:
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


def _pet_of(picture: np.ndarray, soft: np.ndarray | None, subject: Subject) -> Portrait | None:
    """Return the pet to cut out, from the whole photo if given, otherwise from the frame. None if there is no pet."""
    if subject.whole is not None:
        return portrait_from_photo(*subject.whole, max(picture.shape[:2]), subject.head)
    return portrait_from_frame(picture, soft, subject.head) if soft is not None else None


def _card_of(
    picture: np.ndarray, soft: np.ndarray | None, whole: tuple[bytes, bytes] | None
) -> tuple[np.ndarray, np.ndarray | None]:
    """Return the picture on a card and the pet's mask in it: the whole photo if given, otherwise the frame."""
    if whole is None:
        return picture, soft
    photo, mask = whole
    return decode(photo, max(picture.shape[:2])), decode_mask(mask)
