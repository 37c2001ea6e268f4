"""The network as an ONNX file that OpenCV reads."""

from collections.abc import Mapping

import numpy as np
from onnx import TensorProto, helper

from tools.head_finder.backbone import Convolution, pretrained
from tools.head_finder.graph import Graph
from tools.head_mask.features import CELLS
from videos.studio.segmentation.head_mask import SIDE

BLOCKS = (3, 5, 11, 15)  # of the backbone, whose results are used
CHANNELS = (24, 40, 112, 192)  # of the results

type Weights = Mapping[str, tuple[np.ndarray, np.ndarray]]


class MaskGraph(Graph):
    """The backbone and the layers of ``network.logits``."""

    def maps(self) -> list[str]:
        """Add the pretrained backbone. Returns its maps, the finest first."""
        results = ["image"]
        for block in pretrained(BLOCKS[-1]):
            results.append(self.block(results[-1], block))
        return [results[1 + number] for number in BLOCKS]

    def decoder(self, maps: list[str], weights: Weights) -> str:
        def layer(name: str, source: str) -> str:
            weight, bias = (np.asarray(part, np.float32) for part in weights[name])
            return self.convolve(source, Convolution(weight, bias, clipped=False))

        def active(name: str, source: str) -> str:
            return self.add("Relu", [layer(name, source)])

        def doubled(source: str) -> str:
            scales = self.constant(np.array([1, 1, 2, 2], np.float32))
            options = {"coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
            return self.add("Resize", [source, "", scales], mode="nearest", **options)

        first, fine, middle, coarse = maps
        joined = layer("join", self.add("Concat", [middle, doubled(active("coarse", coarse))], axis=1))
        place = self.add("Cast", [self.constant(np.asarray(weights["place"][0], np.float16))], to=TensorProto.FLOAT)
        joined = self.add("Relu", [self.add("Add", [joined, place])])
        inner = active("inner", joined)
        inner = self.add("Add", [inner, active("more", inner)])
        outer = active("middle", self.add("Concat", [active("fine", fine), doubled(inner)], axis=1))
        outer = active("outer", self.add("Concat", [active("first", first), doubled(outer)], axis=1))
        return layer("maps", outer)

    def file(self, outputs: Mapping[str, tuple[str, tuple[int, ...]]]) -> bytes:
        """Return the file of the model from ``image`` (float32, (1, 3, SIDE, SIDE)) to results, by name, and shapes."""
        image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, SIDE, SIDE])
        nodes = [*self.nodes, *(helper.make_node("Identity", [inner], [name]) for name, (inner, _) in outputs.items())]
        results = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, (_, shape) in outputs.items()
        ]
        graph = helper.make_graph(nodes, "mask", [image], results, initializer=self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
        return model.SerializeToString(deterministic=True)


def backbone() -> bytes:
    """Return the model that gives the backbone's maps, rounded as in the final model."""
    graph = MaskGraph()
    shapes = [(1, channels, SIDE // cell, SIDE // cell) for channels, cell in zip(CHANNELS, CELLS, strict=True)]
    names = [f"cells{cell}" for cell in CELLS]
    return graph.file(dict(zip(names, zip(graph.maps(), shapes, strict=True), strict=True)))


def masker(weights: Weights) -> bytes:
    """Return the whole network, from the crop to the logits of ``head_mask``."""
    graph = MaskGraph()
    side = SIDE // CELLS[0]
    return graph.file({"pet": (graph.decoder(graph.maps(), weights), (1, 4, side, side))})
