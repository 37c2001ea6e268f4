"""What the colours around a head say: what is the head's own fur, what is a tongue, and what is no fur at all."""

from functools import cached_property

import cv2
import numpy as np

from videos.studio.raster.discs import grown
from videos.studio.segmentation.head_shape import Oval

# A histogram in Lab has this many bins, each this wide, for numbers from 0 to 255.
SCALE, ZERO = (100 / 255, 1.0, 1.0), (0.0, 128.0, 128.0)  # From 8 bits to Lab.
BINS, BIN = (15, 37, 37), (18, 7, 7)
LEAST = 2e-4  # A bin's share that is as good as none.
HEAD = 0.92  # What is this near, as a share of the way to the oval, is the head.
# The chest is nearer to the axis than the first and lower than the second. The back is farther aside than the first and
# lower than the second. In the oval from -1 to 1.
CHEST, BACK = (0.75, 1.2), (1.6, -0.3)
AROUND = 1.1  # Without a mask, what is farther is background.
SURE = 1.3  # The logarithm of the ratio of both shares from which a colour is surely the head's, or surely not.
# A tongue, in Lab: how red it is, how much redder than the fur, and how light.
RED, REDDER, LIGHT = 14.0, 11.0, 25.0
TONGUE_END = 1.7  # It ends this far from the oval's middle, as a share of the way to the oval.
# In squares of the oval's radius, in shares of its area, and in shares of the oval's half width.
TONGUE_FULL = 0.35  # It fills this share of its box.
TONGUE_AREA, TONGUE_MAX_AREA, TONGUE_WITHIN, TONGUE_WIDTH = 0.01, 0.5, 0.08, 1.0
# It begins lower than this, and hangs out no farther from the axis, in the oval from -1 to 1.
TONGUE_TOP, TONGUE_ASIDE = -0.2, 0.7
PINK = (0.7, 1.1)  # Its red is more than this share of its yellow: the second tells it from red fur.
# The same for a tongue that begins at a corner of the mouth.
CORNER_TOP, CORNER_FULL, CORNER_WITHIN, CORNER_WIDTH = 0.6, 0.28, 0.04, 0.75
GAP = 0.12  # A shadow that divides a tongue is narrower than this share of the oval's radius.
JAW = 0.12  # The lower jaw goes on around a tongue by this share of the oval's radius.
# No fur is as green, as blue or as red as this, in Lab.
GREEN, BLUE, VIVID_RED = -12.0, -16.0, 27.0
FACE = 0.75  # Colours this near to the oval's middle are the pet's own.
# In squares of the oval's radius, and in shares of the thing, most of which is outside the oval. Eyes are not.
FOREIGN_AREA, FOREIGN_OUTSIDE = 0.03, 0.6


class HeadColours:
    """The colours around an upright oval, in a small picture (``bgr``, uint8 (h, w, 3)) under the pet's mask.

    ``lab`` is the picture in Lab (float32), slightly blurred.
    """

    def __init__(self, bgr: np.ndarray, pet: np.ndarray | None, oval: Oval) -> None:
        lab = cv2.cvtColor(cv2.GaussianBlur(bgr, (0, 0), max(0.6, 0.02 * oval.radius)), cv2.COLOR_BGR2LAB)
        self.lab = lab.astype(np.float32) * np.array(SCALE, np.float32) - np.array(ZERO, np.float32)
        self._oval = oval
        self._masked = pet is not None
        self._solid = np.ones(bgr.shape[:2], bool) if pet is None else pet > 0.5
        self._distance = oval.distance(bgr.shape[:2])
        light, a, b = cv2.split(lab.astype(np.int32) // BIN)
        self._bins: np.ndarray = (light * BINS[1] + a) * BINS[2] + b

    @cached_property
    def likeness(self) -> np.ndarray:
        """Return how sure each pixel's colour is that of the head and not that of the body (float32, -1 to 1)."""
        u, v = self._oval.grid(self._solid.shape)
        head = self._histogram(self._solid & (self._distance < HEAD))
        beyond = self._distance > AROUND
        if self._masked:
            # Hanging ears are between the two.
            beyond = ((v > CHEST[1]) & (np.abs(u) < CHEST[0])) | ((v > BACK[1]) & (np.abs(u) > BACK[0]))
        body = self._histogram(self._solid & beyond)
        if head is None or body is None:
            return np.zeros(self._solid.shape, np.float32)
        ratio = np.clip(np.log((head + LEAST) / (body + LEAST)) / SURE, -1, 1).astype(np.float32)
        return cv2.GaussianBlur(ratio[self._bins], (0, 0), max(0.6, 0.04 * self._oval.radius))

    @cached_property
    def tongue(self) -> np.ndarray:
        """Return where a tongue hangs out of the mouth, with the jaw around it (float32, 0 or 1)."""
        light, a, b = cv2.split(self.lab)
        result = np.zeros(self._solid.shape, np.float32)
        red = self._solid & (a > RED) & (light > LIGHT) & (self._distance < TONGUE_END)
        if not red.any():
            return result
        fur = a[self._solid & (self._distance < HEAD)]
        red &= a > (float(np.median(fur)) if fur.size else 0) + REDDER
        tongues = np.logical_or.reduce([self._tongues(red & (a > pink * b)) for pink in PINK])
        return grown(tongues, JAW * self._oval.radius).astype(np.float32)

    def _tongues(self, red: np.ndarray) -> np.ndarray:
        """Return the parts of a bool mask that begin in the mouth, and what hangs on them."""
        count, labels, stats, middles = cv2.connectedComponentsWithStats(red.astype(np.uint8), connectivity=4)
        u, v = self._oval.grid(self._solid.shape)
        face = (self._distance < 1) & (v > 0.1)
        mouth = face & (np.abs(u) < 0.6)
        within, beside = (np.bincount(labels[part].astype(np.intp), minlength=count) for part in (mouth, face))
        area, width = stats[:, cv2.CC_STAT_AREA], stats[:, cv2.CC_STAT_WIDTH]
        top, filled = stats[:, cv2.CC_STAT_TOP], area / (width * stats[:, cv2.CC_STAT_HEIGHT])
        sized = (area > TONGUE_AREA * self._oval.radius**2) & (area < TONGUE_MAX_AREA * self._oval.radius**2)
        sized &= (width < TONGUE_WIDTH * self._oval.rx) & (top > self._oval.y + TONGUE_TOP * self._oval.ry)
        sized[0] = False
        near = np.abs(middles[:, 0] - self._oval.x) < TONGUE_ASIDE * self._oval.rx
        tongues = sized & (within > TONGUE_WITHIN * area) & (filled > TONGUE_FULL) & (near | (within > 0.5 * area))
        # A smile that is turned aside begins at a corner of the mouth. So does a collar or a coat, in brighter colours.
        reds = np.bincount(labels.ravel().astype(np.intp), weights=self.lab[..., 1].ravel(), minlength=count)
        corner = (beside > CORNER_WITHIN * area) & (top < self._oval.y + CORNER_TOP * self._oval.ry)
        corner &= (filled > CORNER_FULL) & (width < CORNER_WIDTH * self._oval.rx) & (reds < VIVID_RED * area)
        tongues |= sized & near & corner
        # A shadow can divide a tongue.
        under = grown(tongues[labels] & (v > CORNER_TOP), GAP * self._oval.radius)
        more = np.bincount(labels[under].astype(np.intp), minlength=count) > 0
        return (tongues | (more & sized & near & (filled > TONGUE_FULL)))[labels]

    def foreign(self) -> np.ndarray:
        """Return where the mask shows something with a colour that no fur has, such as a collar or a toy (bool)."""
        light, a, b = cv2.split(self.lab)
        _, v = self._oval.grid(self._solid.shape)
        # Black fur against the light is blue.
        odd = (a < GREEN) | ((b < BLUE) & (v > BACK[1])) | (a > VIVID_RED)
        odd &= self._solid & (light > 12)
        if not odd.any():
            return odd
        own = self._histogram(self._solid & (self._distance < FACE))
        if own is not None:
            odd &= (own < LEAST)[self._bins]
        odd &= ~(self.tongue > 0)
        count, labels, stats, _ = cv2.connectedComponentsWithStats(odd.astype(np.uint8), connectivity=4)
        outside = np.bincount(labels[self._distance > 1].astype(np.intp), minlength=count)
        area = stats[:, cv2.CC_STAT_AREA]
        large = (area > FOREIGN_AREA * self._oval.radius**2) & (outside > FOREIGN_OUTSIDE * area)
        large[0] = False
        # The blurred edge of a thing mixes its colour with the fur's.
        return grown(large[labels], 1)

    def _histogram(self, where: np.ndarray) -> np.ndarray | None:
        """Return the share of each bin among the pixels at ``where``, smoothed, or None if there are too few."""
        inside = self._bins[where]
        if inside.size < 20:
            return None
        counts = np.bincount(inside, minlength=BINS[0] * BINS[1] * BINS[2]).astype(np.float32).reshape(BINS)
        soft = cv2.blur(counts, (3, 3), borderType=cv2.BORDER_CONSTANT)  # The third axis counts as channels.
        soft = cv2.blur(soft.reshape(-1, BINS[2]), (3, 1), borderType=cv2.BORDER_CONSTANT)
        return (soft / soft.sum()).reshape(-1)
