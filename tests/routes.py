"""The URLconf as a list of routes that can be filled with arguments."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from django.utils.regex_helper import normalize

# The id of no row. It is constant because parallel test processes must collect the same tests.
NOBODY = "00000000-0000-4000-8000-000000000000"
# Valid values for the arguments that are not ids.
DEFAULTS = {
    "shape": "tall",
    "dance": "disco",
    "kind": "gif",
    "token": "a-token-of-nobody-0000",
    "key": "1",
    "uidb36": "1",
}
_ARGUMENT = re.compile(r"<(?:[^:>]+:)?([^>]+)>")


@dataclass(frozen=True, order=True)
class Route:
    """``path`` contains placeholders such as ``{pk}``; ``places`` lists their names."""

    name: str
    path: str
    places: tuple[str, ...]

    def filled(self, value: Callable[[str], str | None] = lambda place: None) -> str:
        """Return the path with each placeholder replaced by ``value``, or by an argument that matches no row."""
        arguments = {place: value(place) or DEFAULTS.get(place) or self.nobody(place) for place in self.places}
        return "/" + self.path.format_map(arguments)

    def nobody(self, place: str) -> str:
        is_number = place == "pk" and self.path.startswith("account/")
        return "999999" if is_number else NOBODY


def routes(patterns: list | None = None, before: str = "") -> Iterator[Route]:
    """Yield every route of the site."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        path = before + with_places(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, path)
        elif isinstance(entry, URLPattern):
            yield Route(entry.name or "", path, tuple(re.findall(r"{(\w+)}", path)))


def with_places(pattern) -> str:
    if isinstance(pattern, RoutePattern):
        return _ARGUMENT.sub(r"{\1}", str(pattern))
    written, places = normalize(pattern.regex.pattern)[0]
    return written % {place: f"{{{place}}}" for place in places}


ALL = sorted(set(routes()))
