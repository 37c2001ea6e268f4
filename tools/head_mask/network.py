"""The layers of our own on the frozen backbone, and their training with JAX."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from tools.head_mask.features import Features

type Parameters = dict[str, tuple[jax.Array, jax.Array]]

DROPPED = 0.15
BATCH = 16
RATE, DECAY, AVERAGING = 2e-3, 1e-3, 0.995
OVERLAP_WEIGHT = 0.5


def initial(seed: int) -> Parameters:
    """Return random weights (out, in, k, k) and biases for each layer."""
    keys = iter(jax.random.split(jax.random.key(seed), 9))

    def layer(out: int, channels: int, kernel: int, gain: float = 1.0) -> tuple[jax.Array, jax.Array]:
        deviation = gain * np.sqrt(2 / (channels * kernel * kernel))
        return jax.random.normal(next(keys), (out, channels, kernel, kernel)) * deviation, jnp.zeros(out)

    return {
        "coarse": layer(64, 192, 1),
        "join": layer(96, 112 + 64, 1),
        "place": (jnp.zeros((1, 96, 16, 16)), jnp.zeros(1)),
        "inner": layer(64, 96, 3),
        "more": layer(64, 64, 3, 0.5),
        "fine": layer(24, 40, 1),
        "middle": layer(40, 24 + 64, 3),
        "first": layer(16, 24, 1),
        "outer": layer(24, 16 + 40, 3),
        "maps": layer(4, 24, 1, 0.3),
    }


def logits(parameters: Parameters, maps: tuple[Any, ...], key: jax.Array | None = None) -> jax.Array:
    """Return the logits of the pet (n, 4, 64, 64), for each quarter of a cell. With a ``key``, channels are dropped."""

    def active(name: str, source: jax.Array) -> jax.Array:
        return jax.nn.relu(_convolved(source, *parameters[name]))

    first, fine, middle, coarse = (part.astype(jnp.float32) for part in maps)
    joined = jnp.concatenate([middle, _doubled(active("coarse", coarse))], axis=1)
    if key is not None:
        kept = jax.random.bernoulli(key, 1 - DROPPED, (*joined.shape[:2], 1, 1))
        joined = joined * kept / (1 - DROPPED)
    joined = jax.nn.relu(_convolved(joined, *parameters["join"]) + parameters["place"][0])
    inner = active("inner", joined)
    inner = inner + active("more", inner)
    outer = active("middle", jnp.concatenate([active("fine", fine), _doubled(inner)], axis=1))
    outer = active("outer", jnp.concatenate([active("first", first), _doubled(outer)], axis=1))
    return _convolved(outer, *parameters["maps"])


def loss(parameters: Parameters, maps: tuple[Any, ...], pet: Any, weight: Any, key: jax.Array) -> jax.Array:
    """Return the mean loss of a batch. ``pet`` and ``weight`` are (n, 128, 128), 0 to 255."""
    result = logits(parameters, maps, key)
    target, counts = (_quarters(part.astype(jnp.float32) / 255) for part in (pet, weight))
    surprise = optax.sigmoid_binary_cross_entropy(result, target)
    total = jnp.maximum(counts.sum((1, 2, 3)), 1)
    found = jax.nn.sigmoid(result)
    both = (found * target * counts).sum((1, 2, 3))
    either = ((found + target - found * target) * counts).sum((1, 2, 3))
    return ((surprise * counts).sum((1, 2, 3)) / total + OVERLAP_WEIGHT * (1 - (both + 1) / (either + 1))).mean()


def trained(features: Features, rows: np.ndarray, seed: int, epochs: float, say: Callable[[str], None]) -> Parameters:
    """Train on the given ``rows`` of the features. The result is the moving average of the weights."""
    steps = int(len(rows) / BATCH * epochs)
    schedule = optax.cosine_onecycle_schedule(steps, RATE, 0.1)
    optimiser = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(schedule, weight_decay=DECAY))
    parameters = average = initial(seed)
    state = optimiser.init(parameters)

    @jax.jit
    def step(parameters: Any, average: Any, state: Any, maps: Any, pet: Any, weight: Any, key: Any) -> Any:
        value, gradient = jax.value_and_grad(loss)(parameters, maps, pet, weight, key)
        update, state = optimiser.update(gradient, state, parameters)
        parameters = optax.apply_updates(parameters, update)
        average = jax.tree.map(lambda old, new: AVERAGING * old + (1 - AVERAGING) * new, average, parameters)
        return parameters, average, state, value

    random, key = np.random.default_rng(seed), jax.random.key(seed + 1000)
    order, losses = np.empty(0, int), []
    for number in range(steps):
        if len(order) < BATCH:
            order = np.concatenate([order, random.permutation(rows)])
        chosen, order = np.sort(order[:BATCH]), order[BATCH:]
        key, now = jax.random.split(key)
        batch = features.take(chosen)
        parameters, average, state, value = step(parameters, average, state, batch.maps, batch.pet, batch.weight, now)
        losses.append(float(value))
        if number % 100 == 99 or number + 1 == steps:
            say(f"step {number + 1} of {steps}: loss {np.mean(losses[-100:]):.3f}")
    return average


def _convolved(source: jax.Array, weight: jax.Array, bias: jax.Array) -> jax.Array:
    result = jax.lax.conv_general_dilated(source, weight, (1, 1), "SAME", dimension_numbers=("NCHW", "OIHW", "NCHW"))
    return result + bias[None, :, None, None]


def _doubled(source: jax.Array) -> jax.Array:
    return jnp.repeat(jnp.repeat(source, 2, 2), 2, 3)


def _quarters(picture: jax.Array) -> jax.Array:
    """Return the quarters of each 2 by 2 pixels as channels: (n, 2h, 2w) to (n, 4, h, w)."""
    count, height, width = picture.shape
    parts = picture.reshape(count, height // 2, 2, width // 2, 2)
    return parts.transpose(0, 2, 4, 1, 3).reshape(count, 4, height // 2, width // 2)
