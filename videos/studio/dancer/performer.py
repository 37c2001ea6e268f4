"""The dancer as a performer: the pet's own head on a jointed body, in the outfit of the dance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from videos.studio.audio.hits import Hit
from videos.studio.audio.music import lead_notes
from videos.studio.choreography import PHRASE_SECONDS
from videos.studio.dance import Dance
from videos.studio.dancer.art.atlas import load_sprites
from videos.studio.dancer.art.body_fur import WhiteParts
from videos.studio.dancer.art.fur import fur_of
from videos.studio.dancer.camera import OTHER, TALL, Shot, grounds, shots
from videos.studio.dancer.drawing.layering import looks
from videos.studio.dancer.figure import Figure, Laid
from videos.studio.dancer.head.sprites import HeadSprites
from videos.studio.dancer.motion.expression import head_moments
from videos.studio.dancer.motion.footsteps import hits
from videos.studio.dancer.motion.rig import Rig
from videos.studio.dancer.motion.skeleton import SKELETONS
from videos.studio.puppet.hats import HATS
from videos.studio.raster.picture import Picture
from videos.studio.raster.scratch import Scratch
from videos.studio.scene.floor import Ground
from videos.studio.scene.stage import Podium
from videos.studio.segmentation.head_cutout import HeadCutout
from videos.styles import Body

# A standing dancer is about this high in U, and its sprites have at most this many pixels to a U, as the atlases do.
HEIGHT, FINEST = 3.2, 300
# In a tall frame the width between the hands is the limit of how large a dancer can be. Shorter arms make it larger.
TALL_ARMS = 0.88


@dataclass(frozen=True, slots=True)
class DancerFrame:
    """All that the dancer is at one moment."""

    laid: Laid
    shot: Shot
    ground: Ground


class Dancer:
    """A pet's head that dances ``dance`` on ``body`` in a frame of ``width`` by ``height`` pixels."""

    is_cut_out = True
    podium: Podium | None = None

    def __init__(
        self,
        head: HeadCutout,
        *,
        dance: Dance,
        body: Body,
        seed: int,
        width: int,
        height: int,
        white: WhiteParts | None = None,
    ) -> None:
        """``white`` is what is white below the head in its photo."""
        self._dance, self._seed, self._size = dance, seed, (width, height)
        self._skeleton = SKELETONS[body]
        if height > width and not dance.choreography.leans_on_hands:
            self._skeleton = self._skeleton.with_arms(TALL_ARMS)
        unit = min(float(FINEST), (TALL if height > width else OTHER) * height / HEIGHT)
        fur = fur_of(head, white)
        sprites = load_sprites(dance.outfit, body, fur, unit)
        self.figure = Figure(
            sprites, HeadSprites(head, unit, fur.main, HATS[dance.hat].for_dancer()), self._skeleton, unit
        )
        self._scratch = Scratch()

    def poses(self, beats: np.ndarray, total: int, phrases: int = 1) -> Sequence[DancerFrame]:
        """Return a moment for each of ``beats``, which are even and repeat after ``total`` times ``phrases``.

        A ``total`` that is not that of five seconds shows as many beats of the dance, from its highlight on.
        """
        choreography = self._dance.choreography
        start, plan = 0.0, choreography.camera
        if total != self._dance.beats(PHRASE_SECONDS):
            start, plan = choreography.highlight, plan.of_excerpt(choreography.highlight, total)
        rig = self._rig(total, phrases)
        posed = rig.poses(start + beats)
        seconds = total * phrases * 60 / self._dance.bpm
        fps = len(beats) / seconds
        seen = looks(posed, fps)
        notes = [((beat - start) % (total * phrases), length) for beat, length in lead_notes(self._dance, rig.beats)]
        bounce = min(1.0, choreography.overlap)
        moments = head_moments(posed, beats, fps, notes=notes, bounce=bounce, seed=self._seed)
        laid = [self.figure.lay(*frame) for frame in zip(posed, seen, moments, strict=True)]
        shown = shots([one.bounds for one in laid], beats.tolist(), *self._size, fps, plan, float(total))
        return [DancerFrame(*frame) for frame in zip(laid, shown, grounds(shown), strict=True)]

    def hits(self, total: int, phrases: int = 1) -> list[Hit]:
        """Return what is heard of the dancer's feet and paws."""
        return hits(self._rig(total, phrases), self._dance.score.steps)

    def ground(self, moment: DancerFrame) -> Ground:
        """Return how the camera sees the floor."""
        return moment.ground

    def draw(self, picture: Picture, moment: DancerFrame) -> None:
        """Draw the dancer and its shadows into the encoder's planes."""
        self.figure.draw(picture, moment.laid, moment.shot, self._scratch)

    def _rig(self, total: int, phrases: int) -> Rig:
        choreography = self._dance.choreography
        if total == self._dance.beats(PHRASE_SECONDS):
            return Rig(choreography, self._skeleton, phrases=phrases)
        return Rig(choreography, self._skeleton, excerpt=(choreography.highlight, total))
