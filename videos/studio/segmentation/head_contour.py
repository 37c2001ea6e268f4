"""Where a head ends in front of its own body: below, where jaws, tongues and hanging ears leave the oval.

The contour is the cheapest line around the oval's middle that meets each ray once. It costs nothing in the background,
little along edges in the picture, and less where the colours inside are those of the head.
"""

import cv2
import numpy as np

from videos.studio.raster.discs import grown, opened
from videos.studio.segmentation.head_colours import HeadColours
from videos.studio.segmentation.head_shape import EYES, MARGIN, NECK_POWER, Oval

RAYS = 84
# The contour is the oval above the first and the last ray at which it is looked for, in degrees below the horizontal.
FIRST_RAY, LAST_RAY = -42.0, 222.0
# It is looked for in steps of the way to the oval, of which one is the oval itself.
NEAREST, STEP, STEPS, USUAL = 0.73, 0.03, 38, 9
FAR = NEAREST + STEP * np.arange(STEPS, dtype=np.float32)
# What the contour costs, for a length or an area in radii of the oval.
CUT = 1.0  # A cut through fur where there is no edge.
EDGE = 14.0  # The distance in Lab across an edge at which a cut costs seven tenths.
AREA, SLOPE = 3.2, 0.14  # An area beyond the oval, and how far from the oval the whole of it counts.
FARTHER = 2.2  # It costs more by this for each radius.
COLOUR = 3.4  # It costs less by this if its colour is surely the head's, and more if it is surely the body's.
# Straight below the chin, where a chest often has the same colours, only this share of that counts. From this cosine of
# the angle on, all of it does.
BELOW, BESIDE = 0.3, 0.6
DEAD_END = 1.1  # It costs less by that many times this where the mask leads to nothing else.
# A muzzle is lower than this, in the oval from -1 to 1, most of it lower than 0, and ends this far out.
SNOUT, ENDS_BEFORE = -0.4, 1.9
# Its largest area in squares of the oval's radius, and in squares of its contact with the oval: a paw is longer.
LARGEST, LONGEST = 0.9, 1.3
# It is farther from the oval's axis than this share of the oval's half width, or smaller than this.
ASIDE, SMALL = 0.6, 0.3
UNMASKED = 1.1  # Without a mask, all depends on colours.
TONGUE = 1.8  # It costs less by that many times this in a tongue and the jaw around it.
# Corners between the contour and the pet's outline are rounded, with this radius in radii of the oval.
ROUND = 0.42
THORN = 0.12  # What is thinner than twice this is no jaw, whatever is beside it.
# A corner has this much of the contour for the root of its area. The tip of a jaw lies free and has less.
CORNER = 0.4
# What has that surely the head's colours is no corner. A smaller part than the third, in squares of the oval's radius,
# must be as sure as the second.
HEADLIKE, SURELY, SPUR = 0.4, 0.8, 0.08
# A paw leaves the oval lower and farther aside than this, in the oval from -1 to 1. Its area is larger than this, in
# squares of its contact with the oval and of the oval's radius.
PAW_TOP, PAW_ASIDE, PAW_LONG, PAW_AREA = 0.3, 0.5, 1.1, 0.08
CORE = 0.85  # Nothing that is this near to the middle is a corner.


def head_contour(pet: np.ndarray, oval: Oval, colours: HeadColours) -> np.ndarray:
    """Return the area (bool (h, w)) around the oval's middle inside the cheapest contour.

    ``pet`` is the mask (float32 (h, w), 0 to 1) of an upright head.
    """
    searched = int((LAST_RAY - FIRST_RAY) / 360 * RAYS) + 1
    area = _area(pet, oval, colours, searched)
    area = _without_corners(area, pet > 0.5, oval, np.maximum(colours.likeness, colours.tongue))
    return area & ~_paw(area & (pet > 0.5), oval, colours.tongue > 0)


def contour_in_oval(oval: Oval, colours: HeadColours) -> np.ndarray:
    """Return what is inside the cheapest contour in the oval of a head without a mask (bool (h, w))."""
    return _area(np.ones(colours.lab.shape[:2], np.float32), oval, colours, RAYS)


def _area(pet: np.ndarray, oval: Oval, colours: HeadColours, searched: int) -> np.ndarray:
    """Return the area in the cheapest contour, which is looked for on the first ``searched`` rays."""
    around = np.radians(FIRST_RAY + 360 / RAYS * np.arange(RAYS, dtype=np.float32))
    masked = searched < RAYS
    cos, sin = np.cos(around), np.sin(around)
    power = np.where(sin < 0, 2.0, NECK_POWER)
    usual = MARGIN * (np.abs(cos) ** power + np.abs(sin) ** power) ** (-1 / power)
    right, down = oval.rx * usual * cos, oval.ry * usual * sin
    x = (oval.x + right[:searched, None] * FAR).astype(np.float32)
    y = (oval.y + down[:searched, None] * FAR).astype(np.float32)

    def seen(picture: np.ndarray) -> np.ndarray:
        return cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)

    fur, lab = seen(pet), seen(colours.lab)
    alike, tongue = colours.likeness, colours.tongue
    # Colours tell ears from a body, which are beside the chin.
    aside: np.ndarray = np.full((searched, 1), UNMASKED)
    if masked:
        aside = BELOW + (1 - BELOW) * np.minimum(np.abs(cos[:searched, None]) / BESIDE, 1)
    gain = seen(alike) * aside
    if masked:
        gain = np.where(seen(_dead_ends(pet > 0.5, oval).astype(np.float32)) > 0.5, DEAD_END, gain)
    else:
        gain[:, USUAL + 1 :] = -TONGUE
    gain = np.where(seen(tongue) > 0.5, TONGUE, gain)
    size = (np.hypot(right, down) / oval.radius)[:searched, None]
    width = 2 * np.pi / RAYS * FAR * size
    price = AREA * np.clip((FAR - 1) / SLOPE, -1, 1) + FARTHER * np.clip(FAR - 1, 0, None) - COLOUR * gain
    here = np.cumsum(price * fur * width * STEP * size, axis=1) + CUT * fur * _evenness(lab, axis=1) * width
    if masked:
        here[sin[:searched] < EYES, :USUAL] = 1e3
    along = np.cumsum(CUT * fur * _evenness(lab, axis=0) * STEP * size, axis=1)
    best: np.ndarray = np.ones(RAYS, np.float32)
    best[:searched] = FAR[_cheapest(here, along, USUAL)]
    best = cv2.GaussianBlur(best[None], (5, 1), 1.0)[0]
    points = np.stack([oval.x + right * best, oval.y + down * best], 1)
    area = np.zeros(pet.shape, np.uint8)
    cv2.fillPoly(area, [np.round(points * 16).astype(np.int32)], 1, shift=4)
    return area > 0


def _dead_ends(pet: np.ndarray, oval: Oval) -> np.ndarray:
    """Return the parts of the mask beside and below the oval that lead to nothing else, such as a long muzzle."""
    distance = oval.distance(pet.shape, NECK_POWER)
    _, v = oval.grid(pet.shape)
    outside = pet & (distance > MARGIN) & (v > SNOUT)
    count, labels, stats, middles = cv2.connectedComponentsWithStats(outside.astype(np.uint8), connectivity=8)
    farthest = np.zeros(count)
    np.maximum.at(farthest, labels[outside].astype(np.intp), distance[outside])
    area = stats[:, cv2.CC_STAT_AREA]
    contact = np.bincount(labels[distance < MARGIN + 1 / min(oval.rx, oval.ry)].astype(np.intp), minlength=count)
    ends = (farthest < ENDS_BEFORE) & (area < np.minimum(LARGEST * oval.radius**2, LONGEST * contact**2))
    ends &= (np.abs(middles[:, 0] - oval.x) > ASIDE * oval.rx) | (area < SMALL * oval.radius**2)
    ends &= middles[:, 1] > oval.y
    ends[0] = False
    return ends[labels]


def _paw(head: np.ndarray, oval: Oval, tongue: np.ndarray) -> np.ndarray:
    """Return what leaves the oval on one side of the chin only, and is longer than it is wide where it does."""
    within = oval.distance(head.shape, NECK_POWER) <= MARGIN
    outside, rim = head & ~within, grown(within, 1)
    _, v = oval.grid(head.shape)
    count, labels = cv2.connectedComponents(outside.astype(np.uint8), connectivity=8)
    found: dict[bool, np.ndarray] = {}
    for part in (labels == number for number in range(1, count)):
        foot = (part & rim).sum()
        middle = float(np.nonzero(part)[1].mean() - oval.x) / oval.rx
        low = v[part.any(axis=1)].min() > PAW_TOP and abs(middle) > PAW_ASIDE
        large = part.sum() > max(PAW_LONG * foot**2, PAW_AREA * oval.radius**2)
        if low and large and not (part & tongue).any():
            found[middle > 0] = part
    # On both sides, these are ears.
    return next(iter(found.values())) if len(found) == 1 else np.zeros_like(head)


def _evenness(lab: np.ndarray, axis: int) -> np.ndarray:
    """Return how little the colours change along ``axis`` (0 to 1)."""
    change = np.gradient(2 * lab, axis=axis)
    return 1 / np.sqrt(1 + (change**2).sum(axis=2) / EDGE**2)


def _cheapest(here: np.ndarray, along: np.ndarray, ends: int) -> np.ndarray:
    """Return the step on each ray (int (n,)) of the cheapest path over all rays, which begins and ends at ``ends``.

    ``here`` is the cost of each place. A change of steps costs the difference of ``along`` on the next ray.
    """
    rays, steps = here.shape
    origins = np.empty((rays, steps), np.int64)
    places = np.arange(steps)
    total = here[0] + np.abs(along[0] - along[0, ends])
    ways = np.empty((2, steps), here.dtype)
    for ray in range(1, rays):
        way = along[ray]
        ways[0], ways[1] = total - way, (total + way)[::-1]
        least = np.minimum.accumulate(ways, axis=1)
        # The places at which the minima were reached last.
        reached = np.maximum.accumulate(np.where(ways <= least, places, 0), axis=1)
        nearer, farther = least[0] + way, least[1, ::-1] - way
        origins[ray] = np.where(nearer <= farther, reached[0], steps - 1 - reached[1, ::-1])
        total = np.minimum(nearer, farther) + here[ray]
    path = np.empty(rays, np.int64)
    path[-1] = int(np.argmin(total + np.abs(along[-1] - along[-1, ends])))
    for ray in range(rays - 1, 0, -1):
        path[ray - 1] = origins[ray, path[ray]]
    return path


def _without_corners(area: np.ndarray, pet: np.ndarray, oval: Oval, alike: np.ndarray) -> np.ndarray:
    """Return the area without the corners between its edge and the outline of the pet."""
    distance = oval.distance(area.shape)
    _, v = oval.grid(area.shape)
    core = distance < CORE
    head = area & pet
    low = ~core & ((v > EYES) | ((distance > MARGIN) & (v > np.sin(np.radians(FIRST_RAY)))))
    thorns = head & low & ~opened(head | core, THORN * oval.radius)
    head &= ~thorns
    rest = head & low & ~opened(head | core, ROUND * oval.radius)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(rest.astype(np.uint8), connectivity=4)
    beside = cv2.dilate((pet & ~area).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    cut = np.bincount(labels[beside], minlength=count)
    corners = cut > CORNER * np.sqrt(stats[:, cv2.CC_STAT_AREA])
    areas = stats[:, cv2.CC_STAT_AREA]
    own = np.bincount(labels.ravel(), weights=alike.ravel(), minlength=count) / np.maximum(areas, 1)
    corners &= (own < HEADLIKE) | ((own < SURELY) & (areas < SPUR * oval.radius**2))
    corners[0] = False
    return area & ~corners[labels] & ~thorns
