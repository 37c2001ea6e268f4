"""Reusable arrays. Fresh memory pages from the system cost more than writing to them."""

from math import prod

import numpy as np


class Scratch:
    """Arrays by name and type. Each is valid until the same one is requested again."""

    def __init__(self) -> None:
        self._buffers: dict[tuple[str, type[np.generic]], np.ndarray] = {}
        self._views: dict[tuple[str, type[np.generic], tuple[int, ...]], np.ndarray] = {}

    def array(self, name: str, shape: tuple[int, ...], kind: type[np.generic] = np.uint8) -> np.ndarray:
        """Return an array of ``shape`` with undefined values."""
        view = self._views.get((name, kind, shape))
        if view is not None:
            return view
        size = prod(shape)
        buffer = self._buffers.get((name, kind))
        if buffer is None or buffer.size < size:
            buffer = self._buffers[name, kind] = np.empty(size + size // 4, kind)
            self._views = {key: view for key, view in self._views.items() if key[:2] != (name, kind)}
        view = self._views[name, kind, shape] = buffer[:size].reshape(shape)
        return view
