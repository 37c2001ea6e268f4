"""The layers of our own on the frozen backbone, and their training with JAX."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from tools.head_finder.features import Features
from videos.studio.segmentation.heads import CELL, SIDE

type Parameters = dict[str, tuple[jax.Array, jax.Array]]

FINE, MIDDLE, COARSE = 40, 112, 192  # channels of the backbone's maps of 8, 16 and 32 pixels a cell
REDUCED_FINE, REDUCED_COARSE, JOINED, INNER = 32, 64, 96, 64
DROPPED = 0.15
BATCH = 32
RATE, DECAY, AVERAGING = 2e-3, 1e-3, 0.99

_CENTRES = jnp.arange(SIDE // CELL) * CELL + CELL / 2


def initial(seed: int) -> Parameters:
    """Return random weights (out, in, k, k) and biases for each layer."""
    keys = iter(jax.random.split(jax.random.key(seed), 6))

    def layer(out: int, channels: int, kernel: int, gain: float = 1.0) -> tuple[jax.Array, jax.Array]:
        deviation = gain * np.sqrt(2 / (channels * kernel * kernel))
        return jax.random.normal(next(keys), (out, channels, kernel, kernel)) * deviation, jnp.zeros(out)

    return {
        "fine": layer(REDUCED_FINE, FINE, 3),
        "coarse": layer(REDUCED_COARSE, COARSE, 1),
        "join": layer(JOINED, REDUCED_FINE + MIDDLE + REDUCED_COARSE, 1),
        "inner": layer(INNER, JOINED, 3),
        "more": layer(INNER, INNER, 3),
        "maps": (layer(5, INNER, 1, 0.1)[0], jnp.array([-3.0, 0.0, 0.0, -1.0, -1.0])),
    }


def maps(parameters: Parameters, features: Features, key: jax.Array | None = None) -> jax.Array:
    """Return heat, offsets and sizes (n, 5, 20, 20), as ``heads.run`` says. With a ``key``, channels are dropped."""
    fine, middle, coarse = (part.astype(jnp.float32) for part in features)
    fine = jax.nn.relu(_convolved(fine, *parameters["fine"], stride=2))
    coarse = jax.nn.relu(_convolved(coarse, *parameters["coarse"]))
    coarse = jnp.repeat(jnp.repeat(coarse, 2, 2), 2, 3)
    joined = jnp.concatenate([fine, middle, coarse], axis=1)
    if key is not None:
        kept = jax.random.bernoulli(key, 1 - DROPPED, (*joined.shape[:2], 1, 1))
        joined = joined * kept / (1 - DROPPED)
    joined = jax.nn.relu(_convolved(joined, *parameters["join"]))
    inner = jax.nn.relu(_convolved(joined, *parameters["inner"]))
    inner = inner + jax.nn.relu(_convolved(inner, *parameters["more"]))
    return _convolved(inner, *parameters["maps"])


def loss(parameters: Parameters, features: Features, heads: jax.Array, key: jax.Array) -> jax.Array:
    """Return the mean loss of a batch. ``heads`` are centres and sizes in pixels (n, 4), negative without a head."""
    result = maps(parameters, features, key)
    x, y, width, height = (heads[:, axis, None, None] for axis in range(4))
    present = x >= 0
    width, height = jnp.maximum(width, 1), jnp.maximum(height, 1)
    column, row = _CENTRES[None, None, :], _CENTRES[None, :, None]
    away = ((column - x) / width) ** 2 + ((row - y) / height) ** 2
    nearest = (jnp.abs(column - x) <= CELL / 2) & (jnp.abs(row - y) <= CELL / 2)
    target = jnp.where(nearest, 1.0, jnp.exp(-away / (2 * 0.18**2))) * present
    # Focal loss: cells that are right already count little.
    surprise = optax.sigmoid_binary_cross_entropy(result[:, 0], target)
    heat = (surprise * jnp.abs(target - jax.nn.sigmoid(result[:, 0]))).sum((1, 2)) / 12
    weight = jnp.where((away < 0.3**2) | nearest, target, 0.0)
    found = (column + result[:, 1] * 4 * CELL, row + result[:, 2] * 4 * CELL)
    size = jnp.exp(jnp.clip(result[:, 3:], -4, 1)) * SIDE / 2
    error = (
        _smooth((found[0] - x) / width)
        + _smooth((found[1] - y) / height)
        + _smooth(jnp.log(size[:, 0] / width))
        + _smooth(jnp.log(size[:, 1] / height))
        + 1
        - _overlap(*found, size[:, 0], size[:, 1], x, y, width, height)
    )
    boxes = (error * weight).sum((1, 2)) / jnp.maximum(weight.sum((1, 2)), 1e-3) * present[:, 0, 0]
    return (heat + boxes).mean()


def trained(
    features: Features, heads: np.ndarray, rows: np.ndarray, seed: int, epochs: int, say: Callable[[str], None]
) -> Parameters:
    """Train on the given ``rows`` of the features. The result is the moving average of the weights."""
    steps = len(rows) // BATCH * epochs
    schedule = optax.cosine_onecycle_schedule(steps, RATE, 0.1)
    optimiser = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(schedule, weight_decay=DECAY))
    parameters = average = initial(seed)
    state = optimiser.init(parameters)

    @jax.jit
    def step(parameters: Parameters, average: Parameters, state: Any, batch: Features, head: Any, key: Any) -> Any:
        value, gradient = jax.value_and_grad(loss)(parameters, batch, head, key)
        update, state = optimiser.update(gradient, state, parameters)
        parameters = optax.apply_updates(parameters, update)
        average = jax.tree.map(lambda old, new: AVERAGING * old + (1 - AVERAGING) * new, average, parameters)
        return parameters, average, state, value

    random, key = np.random.default_rng(seed), jax.random.key(seed + 1000)
    for epoch in range(epochs):
        order, losses = random.permutation(rows), []
        for start in range(0, len(rows) - BATCH + 1, BATCH):
            chosen = np.sort(order[start : start + BATCH])
            key, now = jax.random.split(key)
            batch = features.take(chosen)
            parameters, average, state, value = step(parameters, average, state, batch, heads[chosen], now)
            losses.append(value)
        say(f"epoch {epoch + 1} of {epochs}: loss {float(np.mean(losses)):.3f}")
    return average


def predicted(parameters: Parameters, features: Features, rows: np.ndarray) -> np.ndarray:
    """Return the maps (float32, (n, 5, 20, 20)) of the given ``rows``."""
    run = jax.jit(maps)
    parts = np.array_split(rows, max(1, len(rows) // BATCH))
    return np.concatenate([np.asarray(run(parameters, features.take(part))) for part in parts])


def _convolved(source: jax.Array, weight: jax.Array, bias: jax.Array, stride: int = 1) -> jax.Array:
    result = jax.lax.conv_general_dilated(
        source, weight, (stride, stride), "SAME", dimension_numbers=("NCHW", "OIHW", "NCHW")
    )
    return result + bias[None, :, None, None]


def _smooth(difference: jax.Array) -> jax.Array:
    """Return about the absolute value, rounded at 0."""
    return jnp.sqrt(difference**2 + 0.05**2) - 0.05


def _overlap(*boxes: jax.Array) -> jax.Array:
    """Return the intersection of two boxes (centre and size each) over their union."""
    x, y, width, height, x2, y2, width2, height2 = boxes
    across = jnp.minimum(x + width / 2, x2 + width2 / 2) - jnp.maximum(x - width / 2, x2 - width2 / 2)
    along = jnp.minimum(y + height / 2, y2 + height2 / 2) - jnp.maximum(y - height / 2, y2 - height2 / 2)
    both = jnp.maximum(across, 0) * jnp.maximum(along, 0)
    return both / (width * height + width2 * height2 - both)
