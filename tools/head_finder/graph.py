"""Networks as ONNX files that OpenCV reads."""

from collections.abc import Mapping, Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tools.head_finder.backbone import Block, Convolution, pretrained
from videos.studio.segmentation.heads import CELL, SIDE

# The backbone's blocks whose results are used, after the stem: the last with 8, 16 and 32 pixels a cell.
FINE, MIDDLE, COARSE = 5, 11, 15
LARGE = 15_000


class Graph:
    """An ONNX graph that is being built. Each method adds nodes and returns the name of their result.

    Large layers keep their weights as 8-bit integers with a scale for each output channel, and small or depthwise ones,
    which suffer most from rounding, as 16-bit floats.
    """

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def constant(self, values: np.ndarray) -> str:
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, kind: str, inputs: Sequence[str], **attributes: object) -> str:
        name = f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **attributes))
        return name

    def kernel(self, weight: np.ndarray) -> str:
        if weight.shape[1] == 1 or weight.size < LARGE:
            return self.add("Cast", [self.constant(weight.astype(np.float16))], to=TensorProto.FLOAT)
        integers, scale = rounded(weight)
        zero = np.zeros(len(scale), np.int8)
        return self.add("DequantizeLinear", [self.constant(part) for part in (integers, scale, zero)], axis=0)

    def convolve(self, source: str, layer: Convolution) -> str:
        """Add a convolution with TensorFlow's padding, for an even number of rows and columns."""
        side = layer.weight.shape[2]
        total = side - layer.stride
        result = self.add(
            "Conv",
            [source, self.kernel(layer.weight), self.constant(layer.bias)],
            kernel_shape=[side, side],
            strides=[layer.stride, layer.stride],
            pads=[total // 2, total // 2, total - total // 2, total - total // 2],
            group=layer.weight.shape[0] if layer.depthwise else 1,
        )
        if layer.clipped:
            low, high = self.constant(np.float32(0)), self.constant(np.float32(6))
            result = self.add("Clip", [result, low, high])
        return result

    def block(self, source: str, block: Block) -> str:
        result = source
        for layer in block.convolutions:
            result = self.convolve(result, layer)
        return self.add("Add", [source, result]) if block.residual else result

    def backbone(self) -> tuple[str, str, str]:
        """Add the pretrained backbone. Returns its maps of 8, 16 and 32 pixels a cell."""
        results = ["image"]
        for block in pretrained(COARSE):
            results.append(self.block(results[-1], block))
        return results[1 + FINE], results[1 + MIDDLE], results[1 + COARSE]

    def head(self, maps: Sequence[str], parameters: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> str:
        """Add the layers of ``network.maps``."""

        def layer(name: str, source: str, stride: int = 1) -> str:
            weight, bias = (np.asarray(part, np.float32) for part in parameters[name])
            return self.convolve(source, Convolution(weight, bias, stride, clipped=False))

        fine, middle, coarse = maps
        scales = self.constant(np.array([1, 1, 2, 2], np.float32))
        coarse = self.add("Relu", [layer("coarse", coarse)])
        doubled = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
        coarse = self.add("Resize", [coarse, "", scales], **doubled)
        joined = self.add("Concat", [self.add("Relu", [layer("fine", fine, 2)]), middle, coarse], axis=1)
        joined = self.add("Relu", [layer("join", joined)])
        inner = self.add("Relu", [layer("inner", joined)])
        inner = self.add("Add", [inner, self.add("Relu", [layer("more", inner)])])
        return layer("maps", inner)

    def model(self, outputs: Mapping[str, tuple[str, tuple[int, ...]]]) -> bytes:
        """Return the file of the model from ``image`` (float32, (1, 3, 320, 320)) to results, by name, and shapes."""
        image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, SIDE, SIDE])
        nodes = [*self.nodes, *(helper.make_node("Identity", [inner], [name]) for name, (inner, _) in outputs.items())]
        results = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, (_, shape) in outputs.items()
        ]
        graph = helper.make_graph(nodes, "head", [image], results, initializer=self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
        return model.SerializeToString(deterministic=True)


def rounded(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return 8-bit integers and the scale of each output channel, so that integers times scale are the weights."""
    flat = np.abs(weight).reshape(len(weight), -1).max(axis=1)
    scale = (np.maximum(flat, 1e-8) / 127).astype(np.float32)
    return np.round(weight / scale[:, None, None, None]).astype(np.int8), scale


def backbone() -> bytes:
    """Return the model that gives the backbone's three maps, rounded as in the final model."""
    graph = Graph()
    fine, middle, coarse = graph.backbone()
    sides = [SIDE // cell for cell in (CELL // 2, CELL, CELL * 2)]
    shapes = [(1, channels, side, side) for channels, side in zip((40, 112, 192), sides, strict=True)]
    names = ("fine", "middle", "coarse")
    return graph.model(dict(zip(names, zip((fine, middle, coarse), shapes, strict=True), strict=True)))


def finder(parameters: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> bytes:
    """Return the whole head finder, from the picture to the five maps of ``heads.run``."""
    graph = Graph()
    return graph.model({"heads": (graph.head(graph.backbone(), parameters), (1, 5, SIDE // CELL, SIDE // CELL))})
