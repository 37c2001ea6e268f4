"""Memory used again: pages fresh from the system cost more than what is written into them."""

from math import prod

import numpy as np


class Scratch:
    """Arrays by name and kind, each valid until the same one is asked for again."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, type[np.generic]], np.ndarray] = {}
        self._views: dict[tuple[str, type[np.generic], tuple[int, ...]], np.ndarray] = {}

    def array(self, name: str, shape: tuple[int, ...], kind: type[np.generic] = np.uint8) -> np.ndarray:
        """An array of ``shape`` whose values are whatever they were."""
        view = self._views.get((name, kind, shape))
        if view is not None:
            return view
        size = prod(shape)
        kept = self._kept.get((name, kind))
        if kept is None or kept.size < size:
            kept = self._kept[name, kind] = np.empty(size + size // 4, kind)
            self._views = {key: view for key, view in self._views.items() if key[:2] != (name, kind)}
        view = self._views[name, kind, shape] = kept[:size].reshape(shape)
        return view
