"""What can be said of Runway without speaking to it: where it is, and which models make a video from a picture.

Free of HTTP, so that the settings and the pages may ask. Source: the ``image_to_video`` parameters of Runway's SDK and
the price list at docs.dev.runwayml.com.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from videos.formats import Format

BASE_URL = "https://api.dev.runwayml.com"
DOWNLOAD_HOSTS = ("*.cloudfront.net", "*.runwayml.com")
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Model:
    """One model.

    ``ratios`` maps our format's slug to the model's own word for it; a format that is missing is not offered: a square
    photo is never silently cropped to another shape. ``durations`` are whole seconds; ``credits_per_second`` is in
    Runway's credits (one is a US cent). ``makes_sound`` models are told to stay silent, which is cheaper: the music
    is ours.
    """

    id: str
    ratios: dict[str, str]
    durations: tuple[int, ...]
    credits_per_second: int
    makes_sound: bool = False

    def ratio(self, shape: Format) -> str | None:
        """The model's word for a format; None when it does not make that format."""
        return self.ratios.get(shape.slug)

    def seconds(self, requested: int) -> int | None:
        """The shortest duration on offer that holds ``requested`` seconds; None when all are shorter."""
        return min((duration for duration in self.durations if duration >= requested), default=None)

    def price(self, requested: int) -> int | None:
        """What a video of ``requested`` seconds costs, in Runway's credits; None when the model makes none so long."""
        seconds = self.seconds(requested)
        return None if seconds is None else seconds * self.credits_per_second


_GEN4 = {"tall": "720:1280", "square": "960:960", "wide": "1280:720"}
_VEO = {"tall": "720:1280", "wide": "1280:720"}

MODELS: dict[str, Model] = {
    model.id: model
    for model in (
        Model("gen4_turbo", _GEN4, tuple(range(2, 11)), 5),
        Model("gen4.5", _GEN4, tuple(range(2, 11)), 12),
        Model("veo3.1", _VEO, (4, 6, 8), 20, makes_sound=True),
        Model("veo3.1_fast", _VEO, (4, 6, 8), 10, makes_sound=True),
    )
}


def get_model(name: str) -> Model:
    """The model with this id, spaces around it ignored. Raises ValueError that lists the known ones."""
    try:
        return MODELS[name.strip()]
    except KeyError:
        raise ValueError(f"Runway has no model {name.strip()!r} here; known are {', '.join(MODELS)}") from None


def clean_base_url(text: str) -> str:
    """The base of all calls, without a trailing slash or ``/v1``: each path brings its own.

    Raises ValueError for an address that is none, that carries a user, query or fragment, that would send the key over
    plain HTTP to another machine, and for ``api.runwayml.com``, which is not the developer API.
    """
    url = text.strip().rstrip("/").removesuffix("/v1").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.port == 0:
        raise ValueError("Runway's base address must begin with https:// and name a host")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("Runway's base address must hold no user, query or fragment")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK_NAMES:
        raise ValueError("Runway's base address must be https: the key would travel in the clear")
    if parts.hostname == "api.runwayml.com":
        raise ValueError("Runway's developer API is at https://api.dev.runwayml.com, not at api.runwayml.com")
    return url


def is_loopback(base: str) -> bool:
    """Whether a base address is this very machine: a stand-in for development and tests."""
    return urlsplit(base).hostname in LOOPBACK_NAMES
