"""The sixteen dances: the catalogue for owners, the tempos for the studio and the prompts for a provider.

Tempos are multiples of 12, so that five seconds hold a whole number of beats and a clip loops on the beat. A slug never
changes, because rows, file names and URLs contain it.
"""

from dataclasses import dataclass
from typing import Literal

Colour = Literal["marigold", "mint", "sky", "coral"]


@dataclass(frozen=True, slots=True)
class Dance:
    """One dance.

    ``bpm`` is beats per minute and ``metre`` the number of beats in a bar (3 or 4). ``colour`` is one of the four floor
    colours, the same on every page and in the video. The card shows ``line`` and ``best_photo``.

    ``camera`` and ``mood`` describe the shot to a prompt writer. ``prompt`` is the default prompt for a provider:
    motion only, positive, one camera move, at most 1000 UTF-16 code units. ``any_photo`` marks the gentle dances,
    which suit close-ups too.
    """

    slug: str
    name: str
    bpm: int
    metre: int
    colour: Colour
    line: str
    best_photo: str
    camera: str
    mood: str
    prompt: str
    any_photo: bool = False

    def beats(self, seconds: float) -> int:
        """Return the whole number of beats that fills ``seconds`` at about this tempo."""
        return max(1, round(self.bpm * seconds / 60))


DANCES: tuple[Dance, ...] = (
    Dance(
        slug="macarena",
        name="Macarena",
        bpm=108,
        metre=4,
        colour="marigold",
        line="paws up, hips sway, quarter-turn hop",
        best_photo="front-on, sitting",
        camera="locked",
        mood="sunny",
        prompt=(
            "Locked camera. The pet lifts one front paw, then the other, sways its hips left and right, and hops "
            "a quarter turn. Its ears bounce and its tail wags in time. The whole body stays centred in frame."
        ),
    ),
    Dance(
        slug="salsa",
        name="Salsa",
        bpm=192,
        metre=4,
        colour="coral",
        line="quick side steps, rolling hips",
        best_photo="full body",
        camera="slow push-in",
        mood="hot",
        prompt=(
            "Slow push-in. The pet takes quick side steps forward and back, hips rolling, tail swishing from side "
            "to side. Its head tips with every step. The whole body stays centred in frame."
        ),
    ),
    Dance(
        slug="hip_hop",
        name="Hip hop",
        bpm=96,
        metre=4,
        colour="sky",
        line="low bounce, shoulder rolls, nods",
        best_photo="any stance",
        camera="handheld",
        mood="cool",
        prompt=(
            "Handheld camera. The pet bounces low on bent legs, rolls its shoulders and nods its head to a steady "
            "beat, front paws stepping out and back. The whole body stays centred in frame."
        ),
    ),
    Dance(
        slug="robot",
        name="The robot",
        bpm=96,
        metre=4,
        colour="mint",
        line="stiff steps, clicking head turns",
        best_photo="front-on",
        camera="locked",
        mood="deadpan",
        prompt=(
            "Locked camera. The pet moves in stiff, separate clicks: its head turns in small steps, one front paw "
            "lifts and lowers like a lever, then the other. Each pose holds for a moment. The whole body stays "
            "centred in frame."
        ),
    ),
    Dance(
        slug="ballet",
        name="Ballet",
        bpm=72,
        metre=3,
        colour="marigold",
        line="rises tall, slow turn",
        best_photo="standing, side",
        camera="slow push-in",
        mood="graceful",
        prompt=(
            "Slow push-in. The pet rises tall, lets its front paws drift gently outward, and turns slowly on the "
            "spot with a lifted chin. Its tail follows in a soft curve. The whole body stays centred in frame."
        ),
    ),
    Dance(
        slug="disco",
        name="Disco",
        bpm=120,
        metre=4,
        colour="coral",
        line="paw points, bouncing hips, sweeping lights",
        best_photo="full body",
        camera="low angle, locked",
        mood="glittery",
        prompt=(
            "Low angle, locked camera. The pet points one front paw up, then down across its body, hips bouncing "
            "side to side. Coloured light sweeps slowly across the floor. The whole body stays centred in frame."
        ),
    ),
    Dance(
        slug="breakdance",
        name="Breakdance",
        bpm=120,
        metre=4,
        colour="sky",
        line="drops low, one spin, freeze",
        best_photo="standing, space around",
        camera="low angle, locked",
        mood="wild",
        prompt=(
            "Low angle, locked camera. The pet drops low, spins once on the spot, kicks its legs out in quick "
            "steps and lands in a still, proud pose. The whole body stays centred in frame."
        ),
    ),
    Dance(
        slug="waltz",
        name="Waltz",
        bpm=108,
        metre=3,
        colour="mint",
        line="gliding turn, rising and sinking",
        best_photo="full body",
        camera="slow arc left",
        mood="dreamy",
        prompt=(
            "The camera arcs slowly left. The pet glides through one smooth turn, rising and sinking with each "
            "soft step, head high, tail flowing behind. The whole body stays centred in frame."
        ),
    ),
    Dance(
        slug="tango",
        name="Tango",
        bpm=120,
        metre=4,
        colour="marigold",
        line="long strides, sharp head snap, pause",
        best_photo="side or three-quarter",
        camera="slow push-in",
        mood="dramatic",
        prompt=(
            "Slow push-in. The pet takes long, low, deliberate strides, snaps its head to one side, pauses, then "
            "strides again. Its gaze stays intense and steady. The whole body stays centred in frame."
        ),
    ),
    Dance(
        slug="cha_cha",
        name="Cha cha",
        bpm=120,
        metre=4,
        colour="coral",
        line="two slow steps, three quick ones",
        best_photo="full body",
        camera="locked",
        mood="cheeky",
        prompt=(
            "Locked camera. The pet takes two slow side steps, then three quick little steps, then repeats the "
            "other way. Its head bobs and its tail flicks on the quick steps. The whole body stays centred in "
            "frame."
        ),
    ),
    Dance(
        slug="moonwalk",
        name="Moonwalk",
        bpm=120,
        metre=4,
        colour="sky",
        line="slides backwards on flat paws",
        best_photo="side view",
        camera="locked, side-on",
        mood="smooth",
        prompt=(
            "Locked side-on camera. The pet slides smoothly backwards across the floor, paws gliding flat one "
            "after another, head low and steady, tail relaxed. The whole body stays centred in frame."
        ),
    ),
    Dance(
        slug="floss",
        name="The floss",
        bpm=120,
        metre=4,
        colour="mint",
        line="hips one way, paws the other",
        best_photo="front-on, standing",
        camera="locked",
        mood="goofy",
        prompt=(
            "Locked camera. The pet swings its hips left while its front paws swing right, then switches, faster "
            "and faster in a steady rhythm. Its face stays calm. The whole body stays centred in frame."
        ),
    ),
    Dance(
        slug="conga",
        name="Conga",
        bpm=120,
        metre=4,
        colour="marigold",
        line="march, march, march, kick",
        best_photo="side view",
        camera="truck right",
        mood="party",
        prompt=(
            "The camera trucks right beside the pet. The pet marches forward for three bouncy steps, then kicks "
            "one back leg out to the side, tail swinging. The whole body stays centred in frame."
        ),
    ),
    Dance(
        slug="tap",
        name="Tap",
        bpm=144,
        metre=4,
        colour="coral",
        line="pattering paws, bouncing ears",
        best_photo="paws visible",
        camera="low angle",
        mood="showtime",
        prompt=(
            "Low angle, locked camera. The pet patters its front paws in quick, light taps, then adds its back "
            "paws, ears bouncing with each tap. It ends with a small proud step. The whole body stays centred in "
            "frame."
        ),
    ),
    Dance(
        slug="happy_wiggle",
        name="Happy wiggle",
        bpm=96,
        metre=4,
        colour="sky",
        line="whole-body wiggle, head tilts",
        best_photo="any, close-ups too",
        camera="locked",
        mood="pure joy",
        prompt=(
            "Locked camera. The pet wiggles from nose to tail, tilts its head to one side, then the other, ears "
            "flopping and tail wagging happily. Its eyes stay bright and open. The pet stays centred in frame."
        ),
        any_photo=True,
    ),
    Dance(
        slug="slow_sway",
        name="Slow sway",
        bpm=72,
        metre=3,
        colour="mint",
        line="gentle sway, soft eyes",
        best_photo="any at all",
        camera="slow push-in",
        mood="tender",
        prompt=(
            "Slow push-in. The pet sways gently from side to side, breathing softly, eyes warm and relaxed. A "
            "light breeze moves through its fur. The light glows a little warmer. The pet stays centred in frame."
        ),
        any_photo=True,
    ),
)

BY_SLUG: dict[str, Dance] = {dance.slug: dance for dance in DANCES}
# The order of the cards: no two neighbours have the same colour, in rows of four or of two.
DANCE_FLOOR = tuple(
    BY_SLUG[slug]
    for slug in (
        *("macarena", "salsa", "hip_hop", "robot"),
        *("waltz", "breakdance", "disco", "ballet"),
        *("moonwalk", "floss", "tango", "cha_cha"),
        *("tap", "conga", "slow_sway", "happy_wiggle"),
    )
)
CHOICES: list[tuple[str, str]] = [(dance.slug, dance.name) for dance in DANCES]
