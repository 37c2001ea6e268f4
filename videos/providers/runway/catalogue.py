"""Facts about Runway that need no request: its addresses, and the models that make a video from a picture.

The module loads no HTTP client, so that settings and pages may import it. Source: the ``image_to_video`` parameters of
Runway's SDK and the price list at docs.dev.runwayml.com.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from videos.formats import Format

BASE_URL = "https://api.dev.runwayml.com"
DOWNLOAD_HOSTS = ("*.cloudfront.net", "*.runwayml.com")
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Model:
    """A Runway model.

    ``ratios`` maps our format's slug to the model's name for it. A missing format is not offered, so that a square
    photo is never silently cropped. ``durations`` are whole seconds. ``credits_per_second`` is in Runway's credits (one
    is a US cent). Models with ``makes_sound`` are asked for silent clips, which are cheaper; the music is ours.
    """

    id: str
    ratios: dict[str, str]
    durations: tuple[int, ...]
    credits_per_second: int
    makes_sound: bool = False

    def ratio(self, shape: Format) -> str | None:
        """Return the model's name for a format; None if it does not make that format."""
        return self.ratios.get(shape.slug)

    def seconds(self, requested: int) -> int | None:
        """Return the shortest duration of at least ``requested`` seconds; None if all are shorter."""
        return min((duration for duration in self.durations if duration >= requested), default=None)

    def price(self, requested: int) -> int | None:
        """Return the price of ``requested`` seconds in Runway's credits; None if the model makes no video that long."""
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
    """Return the model with this id, ignoring surrounding spaces. Raises ValueError, which lists the known ids."""
    try:
        return MODELS[name.strip()]
    except KeyError:
        raise ValueError(f"{name.strip()!r} is not a known Runway model. Choose one of: {', '.join(MODELS)}") from None


def clean_base_url(text: str) -> str:
    """Return the base URL of all calls, without a trailing slash or ``/v1``, which each path adds.

    Raises ValueError for a malformed URL, for one with a user, query or fragment, and for one that would send the key
    over plain HTTP to another machine. ``api.runwayml.com`` is rejected too: it is not the developer API.
    """
    url = text.strip().rstrip("/").removesuffix("/v1").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.port == 0:
        raise ValueError("The Runway base URL must start with https:// and contain a host")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("The Runway base URL must not contain a user, query or fragment")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK_NAMES:
        raise ValueError("The Runway base URL must use https, or the key would be sent unencrypted")
    if parts.hostname == "api.runwayml.com":
        raise ValueError("Runway's developer API is at https://api.dev.runwayml.com, not at api.runwayml.com")
    return url


def is_loopback(base: str) -> bool:
    """Return whether a base URL points to this machine, as the fake server of development and tests does."""
    return urlsplit(base).hostname in LOOPBACK_NAMES
