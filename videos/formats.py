"""The three video formats: vertical for phones, square for feeds, landscape for screens."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Format:
    """The shape of a video in pixels. H.264 needs both sides to be even. ``use`` says where such videos are shown."""

    slug: str
    name: str
    width: int
    height: int
    proportions: str = ""
    use: str = ""

    @property
    def ratio(self) -> float:
        return self.width / self.height

    def enlarged(self, by: float) -> "Format":
        """Return the same shape with ``by`` times as many pixels on each side."""
        return replace(self, width=2 * round(self.width * by / 2), height=2 * round(self.height * by / 2))


FORMATS: tuple[Format, ...] = (
    Format("tall", "Vertical", 720, 1280, "9:16", "Reels, TikTok"),
    Format("square", "Square", 960, 960, "1:1", "Feed"),
    Format("wide", "Landscape", 1280, 720, "16:9", "YouTube"),
)
BY_SLUG: dict[str, Format] = {shape.slug: shape for shape in FORMATS}
# For the database and its staff, after the slugs.
CHOICES: list[tuple[str, str]] = [(shape.slug, shape.slug.title()) for shape in FORMATS]


def best_format(width: int, height: int, among: tuple[Format, ...] = FORMATS) -> Format:
    """Return the format that crops a photo of ``width`` by ``height`` pixels the least."""
    ratio = width / height
    return max(among, key=lambda shape: min(ratio / shape.ratio, shape.ratio / ratio))
