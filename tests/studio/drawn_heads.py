"""Photos of drawn animals whose heads are known to the pixel."""

from dataclasses import dataclass, field

import cv2
import numpy as np

from videos.photos.head import Head

SIDE = 480
# R, G, B
FUR, BODY_FUR, LAWN = (215, 130, 60), (180, 105, 50), (70, 170, 60)
DARK, TONGUE = (28, 22, 24), (230, 110, 130)

type Point = tuple[float, float]


@dataclass
class Animal:
    """A photo (RGB) of a pet, its mask, and the truth: the head, its ears, and everything else of the animals.

    The masks are bool (h, w). ``head`` is the oval, and ``skull`` the width of the head without its ears in pixels.
    """

    head: Head
    skull: float
    photo: np.ndarray = field(default_factory=lambda: _lawn())
    face: np.ndarray = field(default_factory=lambda: np.zeros((SIDE, SIDE), bool))
    ears: np.ndarray = field(default_factory=lambda: np.zeros((SIDE, SIDE), bool))
    body: np.ndarray = field(default_factory=lambda: np.zeros((SIDE, SIDE), bool))

    @property
    def whole_head(self) -> np.ndarray:
        return self.face | self.ears

    @property
    def bgr(self) -> np.ndarray:
        return np.ascontiguousarray(self.photo[..., ::-1])

    @property
    def mask(self) -> np.ndarray:
        """The pet's mask as the model returns it (float32): half the size, and soft."""
        whole = (self.whole_head | self.body).astype(np.float32)
        rows, columns = whole.shape
        small = cv2.resize(
            cv2.GaussianBlur(whole, (0, 0), 2.5), (columns // 2, rows // 2), interpolation=cv2.INTER_AREA
        )
        return small.astype(np.float32)

    def add_body(self, *shapes: np.ndarray) -> None:
        """Draw parts of a body in front of everything so far."""
        for shape in shapes:
            self.paint(shape, BODY_FUR)
            self.body |= shape
            self.face, self.ears = self.face & ~shape, self.ears & ~shape

    def add_head(self, face: np.ndarray, ears: list[np.ndarray]) -> None:
        """Draw the head in front of everything so far."""
        for ear in ears:
            self.paint(ear, FUR)
            self.ears |= ear
        self.paint(face, FUR)
        self.face |= face
        self.ears &= ~self.face
        self.body &= ~self.whole_head

    def add_face(self, *, eyes: tuple[int, ...] = (-30, 30), nose: int = 35, tongue: bool = False) -> None:
        """Draw dark eyes beside the axis of the head, 5 pixels below the oval's middle, and a nose below them."""
        x, y = round(self.head.x * SIDE), round(self.head.y * SIDE) + 5
        for aside in eyes:
            cv2.ellipse(self.photo, ((x + aside, y), (20, 17), 0), DARK, -1, cv2.LINE_AA)
        cv2.ellipse(self.photo, ((x, y + nose), (24, 17), 0), DARK, -1, cv2.LINE_AA)
        if tongue:
            cv2.ellipse(self.photo, ((x, y + nose + 24), (26, 22), 0), TONGUE, -1, cv2.LINE_AA)

    def cropped(self, left: int, top: int) -> "Animal":
        """Return the same animal in a photo without its first columns and rows."""
        rows, columns = SIDE - top, SIDE - left
        scale = SIDE / max(rows, columns)
        x, y = (self.head.x * SIDE - left) / columns, (self.head.y * SIDE - top) / rows
        head = Head(x, y, self.head.rx * scale, self.head.ry * scale, self.head.tilt)
        parts = (self.photo, self.face, self.ears, self.body)
        return Animal(head, self.skull, *(np.ascontiguousarray(part[top:, left:]) for part in parts))

    def turned(self, degrees: float) -> "Animal":
        """Return the same animal, turned clockwise around its head."""
        centre = (self.head.x * SIDE, self.head.y * SIDE)
        turn = cv2.getRotationMatrix2D(centre, -degrees, 1)
        parts = [
            cv2.warpAffine(part.astype(np.uint8), turn, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)
            for part in (self.photo, self.face, self.ears, self.body)
        ]
        head = Head(self.head.x, self.head.y, self.head.rx, self.head.ry, degrees)
        return Animal(head, self.skull, parts[0], *(part > 0 for part in parts[1:]))

    def paint(self, shape: np.ndarray, colour: tuple[int, int, int]) -> None:
        """Draw fur of a colour, which changes nothing in the truth."""
        random = np.random.default_rng(int(shape.sum()))
        fur = cv2.GaussianBlur(random.normal(0, 40, shape.shape), (0, 0), 1.2)[..., None] + np.array(colour)
        soft = cv2.GaussianBlur(shape.astype(np.float32), (0, 0), 0.8)[..., None]
        self.photo = np.clip(self.photo * (1 - soft) + fur * soft, 0, 255).astype(np.uint8)


def oval(x: float, y: float, rx: float, ry: float, turn: float = 0) -> np.ndarray:
    shape = np.zeros((SIDE, SIDE), np.uint8)
    cv2.ellipse(shape, ((x, y), (2 * rx, 2 * ry), turn), 1, -1)
    return shape > 0


def polygon(*points: Point) -> np.ndarray:
    shape = np.zeros((SIDE, SIDE), np.uint8)
    cv2.fillPoly(shape, [np.array(points, np.int32)], 1)
    return shape > 0


def tail(*points: Point, width: int = 18) -> np.ndarray:
    shape = np.zeros((SIDE, SIDE), np.uint8)
    cv2.polylines(shape, [np.array(points, np.int32)], isClosed=False, color=1, thickness=width)
    return shape > 0


def head_at(x: float, y: float, rx: float, ry: float) -> Head:
    """Return the oval with its centre and radii in pixels."""
    return Head(x / SIDE, y / SIDE, rx / SIDE, ry / SIDE)


def cat(x: float = 240, y: float = 170, *, ears: bool = True) -> Animal:
    """Return a sitting cat. Its pointed ears stick out of the oval at the corners, unless it has none."""
    animal = Animal(head_at(x, y - 15, 84, 92), skull=150)
    animal.add_body(oval(x, y + 175, 85, 130))
    left, right = (
        ((x - 74, y - 20), (x - 66, y - 112), (x - 14, y - 60)),
        ((x + 74, y - 20), (x + 66, y - 112), (x + 14, y - 60)),
    )
    animal.add_head(oval(x, y + 5, 75, 70), [polygon(*left), polygon(*right)] if ears else [])
    return animal


def dog() -> Animal:
    """Return a sitting dog whose ears hang down beside its head."""
    animal = Animal(head_at(240, 170, 95, 88), skull=130)
    animal.add_body(oval(240, 370, 90, 140))
    animal.add_head(oval(240, 168, 66, 82), [oval(165, 165, 22, 62, 12), oval(315, 165, 22, 62, -12)])
    return animal


def rabbit(*, around_face: bool) -> Animal:
    """Return a rabbit. Its oval is around the whole head, or around its face so that the ears stick out."""
    head = head_at(240, 270, 72, 68) if around_face else head_at(240, 205, 72, 134)
    animal = Animal(head, skull=130)
    animal.add_body(oval(240, 420, 90, 110))
    animal.add_head(oval(240, 270, 65, 62), [oval(212, 150, 19, 78, -6), oval(268, 150, 19, 78, 6)])
    return animal


def lying_cat(*, tail_behind_head: bool = False) -> Animal:
    """Return a cat that lies on the right of its head, with its back as high as its eyes and its tail up."""
    animal = Animal(head_at(130, 225, 84, 90), skull=150)
    raised = tail((420, 300), (440, 200), (430, 90))
    behind = tail((250, 240), (180, 170), (140, 30), width=12)
    animal.add_body(oval(310, 290, 160, 80), oval(150, 350, 60, 30), behind if tail_behind_head else raised)
    left, right = ((56, 220), (64, 128), (116, 180)), ((204, 220), (196, 128), (144, 180))
    animal.add_head(oval(130, 245, 75, 68), [polygon(*left), polygon(*right)])
    return animal


def two_cats() -> Animal:
    """Return a cat whose cheek touches another cat of the same colour."""
    animal, other = cat(170), cat(300, 150)
    animal.add_body(other.whole_head, other.body)
    fresh = cat(170)
    animal.add_head(fresh.face, [fresh.ears])
    return animal


def bat_eared_dog() -> Animal:
    """Return a dog with an oval around its face, out of which the ears stick sideways."""
    animal = Animal(head_at(240, 180, 78, 84), skull=140)
    animal.add_body(oval(240, 380, 80, 130))
    left, right = ((185, 130), (95, 95), (170, 185)), ((295, 130), (385, 95), (310, 185))
    animal.add_head(oval(240, 180, 70, 78), [polygon(*left), polygon(*right)])
    return animal


def _lawn() -> np.ndarray:
    random = np.random.default_rng(3)
    noise = cv2.GaussianBlur(random.normal(0, 90, (SIDE, SIDE, 1)), (0, 0), 2)[..., None]
    return np.clip(noise + np.array(LAWN), 0, 255).astype(np.uint8)
