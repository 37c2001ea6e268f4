"""The three video formats: tall for phones, square for feeds, wide for screens."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Format:
    """The shape of a video in pixels. H.264 needs both sides to be even."""

    slug: str
    name: str
    width: int
    height: int

    @property
    def ratio(self) -> float:
        return self.width / self.height

    def enlarged(self, by: float) -> "Format":
        """Return the same shape with ``by`` times as many pixels on each side."""
        return replace(self, width=2 * round(self.width * by / 2), height=2 * round(self.height * by / 2))


FORMATS: tuple[Format, ...] = (
    Format("tall", "Tall", 720, 1280),
    Format("square", "Square", 960, 960),
    Format("wide", "Wide", 1280, 720),
)
BY_SLUG: dict[str, Format] = {shape.slug: shape for shape in FORMATS}
CHOICES: list[tuple[str, str]] = [(shape.slug, shape.name) for shape in FORMATS]


def best_format(width: int, height: int, among: tuple[Format, ...] = FORMATS) -> Format:
    """Return the format that crops a photo of ``width`` by ``height`` pixels the least."""
    ratio = width / height
    return max(among, key=lambda shape: min(ratio / shape.ratio, shape.ratio / ratio))
