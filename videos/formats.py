"""The three video formats: vertical for phones, square for feeds, landscape for screens."""

from dataclasses import dataclass, replace

from videos import mark
from videos.mark import VIDEO_FORMAT
from videos.translation import gettext, pgettext


@dataclass(frozen=True, slots=True)
class Format:
    """The shape of a video in pixels. H.264 needs both sides to be even. ``use`` says where such videos are shown."""

    slug: str
    english_name: str
    width: int
    height: int
    proportions: str = ""
    english_use: str = ""

    @property
    def name(self) -> str:
        return pgettext(VIDEO_FORMAT, self.english_name)

    @property
    def use(self) -> str:
        return gettext(self.english_use)

    @property
    def ratio(self) -> float:
        return self.width / self.height

    def enlarged(self, by: float) -> "Format":
        """Return the same shape with ``by`` times as many pixels on each side."""
        return replace(self, width=2 * round(self.width * by / 2), height=2 * round(self.height * by / 2))


FORMATS: tuple[Format, ...] = (
    Format("tall", mark.pgettext("video format", "Vertical"), 720, 1280, "9:16", mark.gettext("Reels, TikTok")),
    Format("square", mark.pgettext("video format", "Square"), 960, 960, "1:1", mark.gettext("Feed")),
    Format("wide", mark.pgettext("video format", "Landscape"), 1280, 720, "16:9", mark.gettext("YouTube")),
)
BY_SLUG: dict[str, Format] = {shape.slug: shape for shape in FORMATS}
# For the database and its staff, after the slugs.
CHOICES: list[tuple[str, str]] = [(shape.slug, shape.english_name) for shape in FORMATS]


def best_format(width: int, height: int, among: tuple[Format, ...] = FORMATS) -> Format:
    """Return the format that crops a photo of ``width`` by ``height`` pixels the least."""
    ratio = width / height
    return max(among, key=lambda shape: min(ratio / shape.ratio, shape.ratio / ratio))
