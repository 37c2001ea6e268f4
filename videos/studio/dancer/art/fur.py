"""The colours of a pet's fur, read from its head, for the paws, the tail and the chest of the dancer.

Lengths are shares of the mean radius of the head's oval. Lightness, hue and chroma are those of CIE Lab.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

import cv2
import numpy as np

from videos.studio.dancer.art.body_fur import WhiteParts
from videos.studio.dancer.head.markings import flecks, has_stripes
from videos.studio.raster.colours import Bgr
from videos.studio.segmentation.head_cutout import CutBy, HeadCutout

DETAIL = 48  # The head is examined at this radius in pixels.
TONES = 5  # The colours that the head is divided into, before similar ones are joined.
SEED = 1
DARKEST, LIGHTEST = 28.0, 94.0  # The lightness of fur, so that ink and rim stay visible against it.
# Fur is red to yellow or nearly grey. These are the hues in degrees, and the most chroma within and outside them.
WARM = (20.0, 96.0)
MAX_CHROMA, MAX_CAST = 52.0, 7.0
# Lightness counts less than colour where tones are compared, because a shadow changes it.
LIGHTNESS_WEIGHT = 0.55
SAME_TONE = 13.0  # The distance below which two tones are one.
OTHER_TONE = 19.0  # The distance from which a second tone is not a shadow or a highlight.
LIGHTER = 12.0  # How much lighter a second tone is at least.
MIN_SHARE = 0.09  # Smaller tones are eyes, a nose or a tag.
SHEEN = 52.0  # A highlight on dark fur is darker than this; white fur is lighter.
SHADE, COLOURED = 20.0, 16.0  # Nearly black is darker, and a colour has more chroma.
SHADED = 0.3  # The share of coloured fur from which what is nearly black lies in shadow.
WHITE, NEUTRAL = 62.0, 15.0  # White fur, which shows patches, is lighter and has less chroma.
# White fur looks grey in the shade. A grey that nothing in the face is lighter than is white if its bright part (this
# percentile) is lighter than the first value, and surely if it is lighter than the second.
BRIGHT, SHADED_WHITE = 88, (63.0, 72.0)
CREAM = 7.0  # Within this much chroma below ``NEUTRAL``, white turns to cream and stays as it is.
CLEAN = 91.0  # The lightness of white fur in good light.
SAME_HUE = 30.0  # Tones whose hues differ by less, in degrees, are one coat in light and shade.
PATCH_CONTRAST = 26.0  # How much darker patches are at least.
PATCH_DARK, PATCH_COLOUR = 36.0, 9.0  # Patches are darker than this, or of another colour. What is grey lies in shadow.
MIN_PATCHES, MIN_PATCH = 0.25, 0.12  # The smallest shares of the head that all patches and the largest one cover.
MASK = 0.6  # Darker fur that covers more of the middle of the face is a mask with points.
ROSE, DARK_PAD = (158.0, 152.0, 228.0), (66.0, 54.0, 62.0)  # B, G, R
ROSE_PAD: Bgr = (158, 152, 228)


class Pattern(StrEnum):
    PLAIN = "plain"
    SPOTS = "spots"
    STRIPES = "stripes"
    PATCHES = "patches"


@dataclass(frozen=True, slots=True)
class Fur:
    """The colours of a pet: most of its fur, its lighter chest and muzzle, toe beans, markings, and white paws."""

    main: Bgr
    second: Bgr
    pad: Bgr
    pattern: Pattern
    pattern_colour: Bgr
    paw: Bgr | None = None

    @property
    def of_paws(self) -> "Fur":
        """The same fur on paws: if they are white, they have no pattern."""
        if self.paw is None:
            return self
        return replace(self, main=self.paw, pad=ROSE_PAD, pattern=Pattern.PLAIN)


class _Tone(NamedTuple):
    """A colour of the head (Lab), its share of the fur, where it is (bool (h, w)), and how light its bright part is."""

    lab: np.ndarray
    share: float
    where: np.ndarray
    bright: float

    @property
    def chroma(self) -> float:
        return float(np.hypot(*self.lab[1:]))

    @property
    def hue(self) -> float:
        """In degrees."""
        return float(np.degrees(np.arctan2(self.lab[2], self.lab[1])))

    def distance(self, other: "_Tone") -> float:
        weights = np.array([LIGHTNESS_WEIGHT, 1, 1])
        return float(np.linalg.norm((self.lab - other.lab) * weights))


def fur_of(head: HeadCutout, white: WhiteParts | None = None) -> Fur:
    """Return the colours of the fur of ``head``. They are always colours that fur can have.

    ``white`` is what is white below the head in its photo.
    """
    lab, face = _examined(head)
    tones = _tones(lab, face)
    main = _main(tones)
    second = _second(main, tones)
    pattern, markings = _pattern(lab, face, main, tones, by_mask=head.cut_by is CutBy.MASK)
    colours = _bgr(_in_light(main, tones)), _bgr(second), _pad(main.lab)
    fur = Fur(*colours, pattern, _bgr(markings, _limited(main.lab)[0] - 12))
    return fur if white is None else _with_white(fur, main.lab, white, two_tone=_is_white(second, main.lab))


def _with_white(fur: Fur, main: np.ndarray, white: WhiteParts, *, two_tone: bool) -> Fur:
    """Return the fur with a white chest and white paws where the photo shows that the pet has them.

    Feet that are white are shown by the photo; those that it does not show are white if both face and chest are.
    """
    chest, feet = (part if part is not None and _is_white(part, main) else None for part in (white.chest, white.feet))
    if feet is not None and (two_tone or chest is not None):
        paw = feet
    elif chest is not None and two_tone and not white.feet_seen:
        paw = chest
    else:
        paw = None
    second = fur.second if chest is None or two_tone else _bgr(_clean(chest))
    return replace(fur, second=second, paw=None if paw is None else _bgr(_clean(paw)))


def _is_white(lab: np.ndarray, main: np.ndarray) -> bool:
    """Whether a colour (Lab) is a white that the main colour of the fur is not."""
    return bool(lab[0] > max(WHITE - 8, main[0] + LIGHTER) and np.hypot(*lab[1:]) < NEUTRAL + 3)


def _examined(head: HeadCutout) -> tuple[np.ndarray, np.ndarray]:
    """Return the head in Lab (float32, (h, w, 3)) at a fixed size, centred on its axis, and where fur is seen."""
    by = DETAIL / head.oval.radius
    half, up, down = round(head.oval.rx * by) + 4, round(head.oval.ry * by) + 4, round(head.oval.ry * by) + 4
    to = np.array([[by, 0, half - head.oval.x * by], [0, by, up - head.oval.y * by]])
    size = (2 * half + 1, up + down + 1)
    soft = cv2.GaussianBlur(head.bgra, (0, 0), max(0.3, 0.4 / by))
    seen = cv2.warpAffine(soft, to, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    oval = head.oval.scaled(by).moved(half - head.oval.x * by, up - head.oval.y * by)
    reach = 0.9 if head.cut_by is CutBy.MASK else 0.8
    face = (seen[..., 3] > 230) & (oval.distance(seen.shape) < reach)
    lab = cv2.cvtColor(seen[..., :3].astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
    if not face.any():
        face[oval.distance(seen.shape) < 0.5] = True
    return lab, face


def _tones(lab: np.ndarray, face: np.ndarray) -> list[_Tone]:
    """Return the tones of the fur, the commonest first; there is at least one."""
    pixels = lab[face] * np.array([LIGHTNESS_WEIGHT, 1, 1], np.float32)
    count = min(TONES, len(pixels))
    cv2.setRNGSeed(SEED)
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_MAX_ITER, 30, 0.3)
    labels = cv2.kmeans(pixels, count, np.zeros(len(pixels), np.int32), stop, 3, cv2.KMEANS_PP_CENTERS)[1].ravel()
    everything = []
    for number in range(count):
        where = np.zeros_like(face)
        where[face] = labels == number
        if where.any():
            everything.append(_tone(lab, where, face))
    fur = [tone for tone in everything if _is_fur(tone.lab)] or everything
    joined = _joined(lab, face, sorted(fur, key=lambda tone: -tone.share))
    return [tone for tone in joined if tone.share >= MIN_SHARE] or joined[:1]


def _tone(lab: np.ndarray, where: np.ndarray, face: np.ndarray) -> _Tone:
    bright = float(np.percentile(lab[..., 0][where], BRIGHT))
    return _Tone(np.median(lab[where], axis=0), float(where.sum() / face.sum()), where, bright)


def _joined(lab: np.ndarray, face: np.ndarray, tones: list[_Tone]) -> list[_Tone]:
    """Join the nearest tones until all differ."""
    tones = list(tones)
    while len(tones) > 1:
        pairs = [(one.distance(other), i, j) for i, one in enumerate(tones) for j, other in enumerate(tones[:i])]
        distance, i, j = min(pairs)
        if distance >= SAME_TONE:
            break
        one, other = tones.pop(i), tones.pop(j)
        tones.append(_tone(lab, one.where | other.where, face))
    return sorted(tones, key=lambda tone: -tone.share)


def _is_fur(lab: np.ndarray) -> bool:
    """Whether fur can have this colour. Grass, tongues and collars are excluded."""
    a, b = float(lab[1]), float(lab[2])
    chroma, hue = float(np.hypot(a, b)), float(np.degrees(np.arctan2(b, a)))
    pink = chroma > 20 and -60 < hue < 32 and lab[0] > 35
    green = chroma > 16 and hue > 104
    blue = chroma > 22 and hue < -60  # White fur in the shade is a little blue.
    return not (pink or green or blue) and chroma < 66


def _main(tones: list[_Tone]) -> _Tone:
    """Return the fur's main tone: the commonest one, unless that is only a part or the shadow of a coloured head.

    A coat in light and shade has several tones, which together may cover more than a white face.
    """
    first = tones[0]
    coloured = [tone for tone in tones if tone.chroma > COLOURED]
    if not coloured or first.chroma > COLOURED:
        return first
    coat = sum(tone.share for tone in coloured if abs(tone.hue - coloured[0].hue) < SAME_HUE)
    if first.lab[0] <= SHADE:
        return coloured[0] if sum(tone.share for tone in coloured) > SHADED else first
    return coloured[0] if first.lab[0] > WHITE and coat > first.share else first


def _in_light(tone: _Tone, tones: list[_Tone]) -> np.ndarray:
    """Return the colour (Lab) of a tone in good light: what is white is not grey."""
    if tone.chroma >= NEUTRAL or any(other.lab[0] > tone.lab[0] for other in tones):
        return tone.lab
    low, high = SHADED_WHITE
    white = np.clip((tone.bright - low) / (high - low), 0, 1) * np.clip((NEUTRAL - tone.chroma) / CREAM, 0, 1)
    return _clean(tone.lab, float(white))


def _clean(lab: np.ndarray, by: float = 1.0) -> np.ndarray:
    """Return a white (Lab) without its shade, or with less of it."""
    lightness = max(float(lab[0]), float(lab[0]) + by * (CLEAN - float(lab[0])))
    return np.array([lightness, lab[1] * (1 - 0.4 * by), lab[2] * (1 - 0.4 * by)])


def _second(main: _Tone, tones: list[_Tone]) -> np.ndarray:
    """Return the lighter colour (Lab) of a two-tone pet, or a slightly lighter main colour."""
    lighter = [
        tone
        for tone in tones
        if tone.lab[0] > main.lab[0] + LIGHTER and tone.distance(main) > OTHER_TONE and tone.lab[0] > SHEEN
    ]
    if lighter:
        return _in_light(max(lighter, key=lambda tone: tone.share * tone.lab[0]), tones)
    base = _limited(_in_light(main, tones))
    return np.array([min(LIGHTEST, base[0] + 10), 0.85 * base[1], 0.85 * base[2]])


def _pattern(
    lab: np.ndarray, face: np.ndarray, main: _Tone, tones: list[_Tone], *, by_mask: bool
) -> tuple[Pattern, np.ndarray]:
    """Return the pattern and its colour (Lab)."""
    dark = main.lab * np.array([0.6, 0.9, 0.9])
    spots = flecks(lab, face, main.where)
    if spots is not None:
        return Pattern.SPOTS, np.median(lab[spots], axis=0)
    # The soft edge of an oval shows what is behind the head.
    patches = _patches(face, main, tones) if by_mask else None
    if patches is not None:
        return Pattern.PATCHES, patches.lab
    two_tone = any(tone.distance(main) > OTHER_TONE and tone.lab[0] > SHEEN for tone in tones if tone is not main)
    if not two_tone and has_stripes(lab, face):
        return Pattern.STRIPES, dark
    return Pattern.PLAIN, dark


def _patches(face: np.ndarray, main: _Tone, tones: list[_Tone]) -> _Tone | None:
    """Return the commonest darker tone of a pet that is white with patches."""
    if main.lab[0] < WHITE or np.hypot(*main.lab[1:]) > NEUTRAL:
        return None
    darker = [tone for tone in tones if _is_patch(tone.lab, main.lab)]
    if not darker:
        return None
    where = np.logical_or.reduce([tone.where for tone in darker])
    rows, columns = (np.linspace(-1, 1, size) for size in face.shape)
    middle = np.hypot(rows[:, None], columns[None]) < 0.45
    nose = (np.abs(columns[None]) < 0.35) & (rows[:, None] > 0)
    if where[middle].mean() > MASK or sum(tone.share for tone in darker) < MIN_PATCHES:
        return None
    areas = cv2.connectedComponentsWithStats((where & ~nose).astype(np.uint8), connectivity=4)[2][1:, cv2.CC_STAT_AREA]
    return darker[0] if areas.max(initial=0) > MIN_PATCH * face.sum() else None


def _is_patch(lab: np.ndarray, main: np.ndarray) -> bool:
    """Whether a colour (Lab) differs from the white of a pet more than a shadow does."""
    coloured = float(np.hypot(*(lab[1:] - main[1:]))) > PATCH_COLOUR
    return bool(lab[0] < main[0] - PATCH_CONTRAST and (lab[0] < PATCH_DARK or coloured))


def _pad(main: np.ndarray) -> Bgr:
    """Return the colour of the toe beans: rose below light fur, and dark below dark fur."""
    share = float(np.clip((main[0] - 34) / 30, 0, 1))
    b, g, r = (round(dark + (light - dark) * share) for dark, light in zip(DARK_PAD, ROSE, strict=True))
    return b, g, r


def _limited(lab: np.ndarray) -> np.ndarray:
    """Return the nearest colour (Lab) that fur can have and the dancer can show."""
    lightness, a, b = (float(value) for value in lab)
    chroma, hue = float(np.hypot(a, b)), float(np.degrees(np.arctan2(b, a)))
    most = MAX_CHROMA if WARM[0] <= hue <= WARM[1] else MAX_CAST
    by = min(1.0, most / max(chroma, 1e-6))
    return np.array([np.clip(lightness, DARKEST, LIGHTEST), a * by, b * by])


def _bgr(lab: np.ndarray, lightest: float = LIGHTEST) -> Bgr:
    limited = _limited(lab)
    limited[0] = max(DARKEST, min(limited[0], lightest))
    colour = cv2.cvtColor(limited.astype(np.float32).reshape(1, 1, 3), cv2.COLOR_LAB2BGR)[0, 0]
    b, g, r = (round(float(value) * 255) for value in colour)
    return b, g, r
