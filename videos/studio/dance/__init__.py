"""A dance: everything about it in one value, which the dance's own file in ``videos/studio/dances`` defines.

This module and those files need neither NumPy nor OpenCV when they are imported, because the web process uses the
catalogue.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from videos.mark import IN_SENTENCE
from videos.studio.dance.choreography import Choreography
from videos.studio.dance.score import Score
from videos.studio.dance.set import Set
from videos.studio.raster.colours import Palette
from videos.translation import gettext, pgettext

Colour = Literal["marigold", "mint", "sky", "coral"]
Hand = Literal["mitten_closed", "mitten_open", "mitten_point"]


@dataclass(frozen=True, slots=True)
class Hands:
    """The drawings of a dancer's hands below and above the shoulder. They are mittens: a drawn finger reads as rude."""

    low: Hand = "mitten_closed"
    raised: Hand = "mitten_closed"


CLOSED = Hands()


@dataclass(frozen=True, slots=True)
class English:
    """The texts about a dance, marked for translation: for the ledger, for prompts and for other records.

    Cards show ``name``, and ``line`` or its beginning up to the first comma. ``in_sentence`` is the name inside a
    sentence: "hip-hop", "the robot". ``noun`` is the name after a possessive, if that differs: "Biscuit's robot".
    ``best_photo`` is for users of the API.
    """

    name: str
    in_sentence: str
    line: str
    best_photo: str
    noun: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Dance:
    """One dance.

    For the catalogue: ``slug`` never changes, because rows, file names and URLs contain it. ``english`` has the texts
    to store; the properties of the same names return them in the language of the reader. ``place`` is the card's
    place on the pages. ``bpm`` is beats per minute, a multiple of 12, so that five seconds hold a whole number of beats
    and a clip loops on the beat. ``metre`` is the number of beats in a bar (3 or 4). ``colour`` is one of the four
    floor colours, the same on every page and in the video. ``any_photo``
    marks the gentle dances, which suit close-ups too. ``motion`` is the slug of the dance whose motion in the style
    sheets the cards borrow; a dance with a motion of its own leaves it empty.

    For remote providers: ``camera`` and ``mood`` describe the shot to a prompt writer. ``prompt`` is the default
    prompt: motion only, positive, one camera move, at most 1000 UTF-16 code units.

    For the studio: ``palette`` and ``set`` make the stage and ``score`` the music. ``outfit`` names an atlas in
    ``videos/studio/dancer/art/atlases``, ``hat`` a hat in ``puppet.hats`` and ``hands`` the drawings of the paws.
    ``choreography`` moves the dancer.
    ``whole_pet`` bends the cut-out pet: it takes an array of beats and the number of beats after which the dance
    repeats, and returns ``Poses``. With ``side_on`` it is written for a pet that faces right, and mirrored for one that
    faces left.
    """

    slug: str
    english: English
    place: int
    bpm: int
    metre: int
    colour: Colour
    camera: str
    mood: str
    prompt: str
    palette: Palette
    set: Set
    score: Score
    outfit: str
    hat: str
    choreography: Choreography
    whole_pet: Callable[[Any, int], Any]
    side_on: bool = False
    any_photo: bool = False
    motion: str = ""
    hands: Hands = CLOSED

    @property
    def name(self) -> str:
        return gettext(self.english.name)

    @property
    def in_sentence(self) -> str:
        """The name inside a sentence: "hip-hop", "the robot"."""
        return pgettext(IN_SENTENCE, self.english.in_sentence)

    @property
    def noun(self) -> str:
        """The name after a possessive: "Biscuit's hip-hop", "Biscuit's robot"."""
        return pgettext(IN_SENTENCE, self.english.noun or self.english.in_sentence)

    @property
    def line(self) -> str:
        return gettext(self.english.line)

    @property
    def best_photo(self) -> str:
        return gettext(self.english.best_photo)

    @property
    def css_class(self) -> str:
        """The classes of a mascot or picture that moves to this dance."""
        return f"dance-{self.motion or self.slug} bpm-{self.bpm}"

    @property
    def short_line(self) -> str:
        """The first words of ``line``, for a card that has room for a single line."""
        return self.line.partition(",")[0]

    @property
    def loop_beats(self) -> int:
        """The beats of a preview and of a card's loop: one bar, or two of a fast dance."""
        return self.metre * 2 if self.bpm > 150 else self.metre

    @property
    def loop_frames(self) -> int:
        """The moments of a card's loop, at least two to a beat. ``static/css/style.css`` shows them one by one."""
        return max(12, 2 * self.loop_beats)

    def beats(self, seconds: float) -> int:
        """Return the whole number of beats that fills ``seconds`` at about this tempo."""
        return max(1, round(self.bpm * seconds / 60))
