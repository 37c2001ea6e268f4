"""Conversion of an uploaded picture's colours to sRGB, as a browser on an ordinary screen shows them.

A file states its colours in an ICC profile or in code points (ITU-T H.273, "CICP"), which HEIC and AVIF call ``nclx``.
Code points become an ICC profile here, so that LittleCMS converts both. PQ and HLG (BT.2100) are tone-mapped first.
"""

import functools
import io
import itertools
import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageFilter

type Matrix = list[list[float]]

MAX_PROFILE_BYTES = 4 << 20
PQ, HLG = 16, 18

_PROFILE_MODES = {"GRAY": "L", "RGB": "RGB", "CMYK": "CMYK"}
_D65, _D50, _C = (0.3127, 0.329), (0.3457, 0.3585), (0.31, 0.316)
# H.273, table 2: the chromaticities of red, green, blue and white.
_PRIMARIES = {
    1: (0.64, 0.33, 0.3, 0.6, 0.15, 0.06, *_D65),
    4: (0.67, 0.33, 0.21, 0.71, 0.14, 0.08, *_C),
    5: (0.64, 0.33, 0.29, 0.6, 0.15, 0.06, *_D65),
    6: (0.63, 0.34, 0.31, 0.595, 0.155, 0.07, *_D65),
    7: (0.63, 0.34, 0.31, 0.595, 0.155, 0.07, *_D65),
    8: (0.681, 0.319, 0.243, 0.692, 0.145, 0.049, *_C),
    9: (0.708, 0.292, 0.17, 0.797, 0.131, 0.046, *_D65),
    10: (1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1 / 3, 1 / 3),
    11: (0.68, 0.32, 0.265, 0.69, 0.15, 0.06, 0.314, 0.351),
    12: (0.68, 0.32, 0.265, 0.69, 0.15, 0.06, *_D65),
    22: (0.63, 0.34, 0.295, 0.605, 0.155, 0.077, *_D65),
}
# H.273, table 3, as g, a, b, c, d of ICC.1's parametric curve of type 3: (aX + b)^g from d up, cX below.
# Screens show what video cameras record with a power of 2.4 (BT.1886), not with the inverse of the camera's curve.
_BT1886 = (2.4, 1.0, 0.0, 0.0, 0.0)
_SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
_CURVES: dict[int, tuple[float, ...] | int] = {
    1: _BT1886,
    4: (2.2, 1.0, 0.0, 0.0, 0.0),
    5: (2.8, 1.0, 0.0, 0.0, 0.0),
    6: _BT1886,
    7: (1 / 0.45, 1 / 1.111572196, 0.111572196 / 1.111572196, 0.25, 0.0912863),
    8: (1.0, 1.0, 0.0, 0.0, 0.0),
    11: _BT1886,
    13: _SRGB_CURVE,
    14: _BT1886,
    15: _BT1886,
    17: (2.6, (52.37 / 48) ** (1 / 2.6), 0.0, 0.0, 0.0),
    PQ: PQ,
    HLG: HLG,
}
# Browsers show a HEIC or AVIF with a video camera's curve as sRGB, and a PNG with BT.1886.
_CAMERA_CURVES = {1, 6, 14, 15}

_BRADFORD = [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
# BT.2408: the luminance of diffuse white, and of the brightest pixel unless a file says otherwise.
_REFERENCE_WHITE, _PEAK = 203.0, 1000.0
_LUT_SIZE = 49


@dataclass(frozen=True)
class ColourSpace:
    """The colours of a picture: chromaticities of red, green, blue and white, and the curve of its values.

    ``curve`` is a parametric curve as in ``_CURVES``, or the code point of PQ or HLG.
    """

    primaries: tuple[float, ...]
    curve: tuple[float, ...] | int


SRGB = ColourSpace(_PRIMARIES[1], _SRGB_CURVE)


def of_nclx(primaries: int, transfer: int) -> ColourSpace:
    """Return the colours of a HEIC or AVIF with these code points. Unknown ones count as those of sRGB."""
    curve = None if transfer in _CAMERA_CURVES else _CURVES.get(transfer)
    return ColourSpace(_PRIMARIES.get(primaries, SRGB.primaries), curve or SRGB.curve)


def of_cicp(body: bytes) -> ColourSpace | None:
    """Return the colours that a PNG's ``cICP`` chunk states, or None if it states none that we know."""
    if len(body) != 4 or body[2:] != b"\0\1" or body[0] not in _PRIMARIES or body[1] not in _CURVES:
        return None
    return ColourSpace(_PRIMARIES[body[0]], _CURVES[body[1]])


def of_gamma(gamma: float, chromaticities: Sequence[float] | None) -> ColourSpace:
    """Return the colours that a PNG's ``gAMA`` chunk states, and ``cHRM`` (white, red, green, blue)."""
    curve = (1 / max(gamma, 0.01), 1.0, 0.0, 0.0, 0.0)
    if chromaticities is not None:
        return ColourSpace((*chromaticities[2:8], *chromaticities[:2]), curve)
    # Programs that mean sRGB write 1 / 2.2 alone.
    return SRGB if abs(gamma - 0.45455) < 0.001 else ColourSpace(SRGB.primaries, curve)


def to_srgb(image: Image.Image, colours: object) -> Image.Image:
    """Return an L, RGB or CMYK picture in sRGB.

    ``colours`` is an ICC profile (bytes), a ColourSpace, or None for sRGB. A profile that is broken, or meant for
    another kind of picture, is ignored.
    """
    try:
        if isinstance(colours, ColourSpace) and colours != SRGB:
            return _from_space(image.convert("RGB"), colours)
        if isinstance(colours, bytes) and 0 < len(colours) <= MAX_PROFILE_BYTES:
            return _from_profile(image, ImageCms.ImageCmsProfile(io.BytesIO(colours)))
    except (ImageCms.PyCMSError, OSError, ArithmeticError, ValueError, LookupError, TypeError, struct.error):
        pass
    return image.convert("RGB")


def _from_profile(image: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    mode = _PROFILE_MODES[profile.profile.xcolor_space.strip()]
    srgb = ImageCms.createProfile("sRGB")
    converted = ImageCms.profileToProfile(image.convert(mode), profile, srgb, outputMode="RGB")
    assert converted is not None
    return converted


def _from_space(image: Image.Image, space: ColourSpace) -> Image.Image:
    if isinstance(space.curve, int):
        image = image.filter(_tone_map(space.primaries, space.curve))
        space = ColourSpace(_PRIMARIES[9], SRGB.curve)
    return _from_profile(image, ImageCms.ImageCmsProfile(io.BytesIO(_icc_profile(space))))


def _icc_profile(space: ColourSpace) -> bytes:
    """Return a matrix profile (ICC.1:2022, 8.3.3) of the colours."""
    assert not isinstance(space.curve, int)
    adapted = _product(_adaptation(space.primaries[6:]), _to_xyz(space.primaries))
    curve = b"para\0\0\0\0" + struct.pack(">HH5i", 3, 0, *map(_fixed, space.curve))
    tags = {
        name: b"XYZ \0\0\0\0" + struct.pack(">3i", *(_fixed(row[column]) for row in adapted))
        for column, name in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))
    }
    tags |= {b"wtpt": b"XYZ \0\0\0\0" + struct.pack(">3i", *map(_fixed, _xyz_of(*_D50)))}
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    table, body, start = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for name, value in tags.items():
        table += name + struct.pack(">II", start + len(body), len(value))
        body += value
    head = struct.pack(">I4xI4s4s4s12x4s", start + len(body), 0x04300000, b"mntr", b"RGB ", b"XYZ ", b"acsp")
    return head.ljust(68, b"\0") + struct.pack(">3i", *map(_fixed, _xyz_of(*_D50))).ljust(60, b"\0") + table + body


def _fixed(value: float) -> int:
    return round(value * 65536)


def _xyz_of(x: float, y: float) -> tuple[float, float, float]:
    return x / y, 1.0, (1 - x - y) / y


def _to_xyz(primaries: Sequence[float]) -> Matrix:
    """Return the matrix from linear RGB to XYZ, so that white has the luminance 1."""
    columns = [(primaries[at], primaries[at + 1], 1 - primaries[at] - primaries[at + 1]) for at in (0, 2, 4)]
    matrix = [[column[row] for column in columns] for row in range(3)]
    scales = _apply(_inverse(matrix), _xyz_of(*primaries[6:8]))
    return [[value * scale for value, scale in zip(row, scales, strict=True)] for row in matrix]


def _adaptation(white: Sequence[float]) -> Matrix:
    """Return the matrix that adapts XYZ from a white point to D50 (Bradford)."""
    source, target = _apply(_BRADFORD, _xyz_of(*white)), _apply(_BRADFORD, _xyz_of(*_D50))
    scaled = [[target[row] / source[row] * value for value in _BRADFORD[row]] for row in range(3)]
    return _product(_inverse(_BRADFORD), scaled)


def _apply(matrix: Matrix, vector: Sequence[float]) -> list[float]:
    return [math.sumprod(row, vector) for row in matrix]


def _product(left: Matrix, right: Matrix) -> Matrix:
    return [[math.sumprod(row, column) for column in zip(*right, strict=True)] for row in left]


def _inverse(matrix: Matrix) -> Matrix:
    (a, b, c), (d, e, f), (g, h, i) = matrix
    cofactors = [
        [e * i - f * h, c * h - b * i, b * f - c * e],
        [f * g - d * i, a * i - c * g, c * d - a * f],
        [d * h - e * g, b * g - a * h, a * e - b * d],
    ]
    determinant = a * cofactors[0][0] + b * cofactors[1][0] + c * cofactors[2][0]
    return [[value / determinant for value in row] for row in cofactors]


@functools.lru_cache(maxsize=4)
def _tone_map(primaries: tuple[float, ...], transfer: int) -> ImageFilter.Color3DLUT:
    """Return a filter from PQ or HLG to BT.2020 with the curve of sRGB, for a screen without HDR."""
    decode = _decode_pq if transfer == PQ else _decode_hlg
    source = _product(_adaptation(primaries[6:]), _to_xyz(primaries))
    target = _product(_adaptation(_D65), _to_xyz(_PRIMARIES[9]))
    columns = zip(*_product(_inverse(target), source), strict=True)
    levels = [decode(step / (_LUT_SIZE - 1)) for step in range(_LUT_SIZE)]
    # The contribution of each level of red, of green and of blue to the three channels of BT.2020.
    reds, greens, blues = ([[level * share for share in column] for level in levels] for column in columns)
    table = []
    for blue, green, red in itertools.product(blues, greens, reds):
        linear = [r + g + b for r, g, b in zip(red, green, blue, strict=True)]
        scale = 1.0 if transfer == PQ else _hlg_scale(linear)
        scale *= _gain(max(linear) * scale)
        table += [_encode_srgb(value * scale) for value in linear]
    return ImageFilter.Color3DLUT(_LUT_SIZE, table)


def _decode_pq(value: float) -> float:
    """Return the luminance of a PQ value, as a multiple of reference white (BT.2100, table 4)."""
    root = value ** (32 / 2523)
    share = max(root - 3424 / 4096, 0) / (2413 / 128 - 2392 / 128 * root)
    return 10_000 / _REFERENCE_WHITE * share ** (16384 / 2610)


def _decode_hlg(value: float) -> float:
    """Return the scene's light of an HLG value, 0 to 1 (BT.2100, table 5)."""
    if value <= 0.5:
        return value**2 / 3
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return (math.exp((value - c) / a) + b) / 12


def _hlg_scale(linear: Sequence[float]) -> float:
    """Return the factor from the scene's light to that of a display of 1,000 cd/m² (BT.2100, table 5)."""
    red, green, blue = linear
    return _PEAK / _REFERENCE_WHITE * max(0.2627 * red + 0.678 * green + 0.0593 * blue, 0) ** 0.2


def _gain(brightest: float) -> float:
    """Return the factor for a pixel whose brightest channel has this multiple of reference white.

    This is the reference white tone mapping of SMPTE ST 2094-50 (annex D) for 1,000 cd/m² on a screen without headroom,
    which Chromium uses: half up to reference white, then a quadratic Bézier curve up to the peak.
    """
    knee, peak = 0.5, _PEAK / _REFERENCE_WHITE
    if brightest <= 1:
        return knee
    x = min(brightest, peak)
    middle_x, middle_y = 0.35 + 0.65 / knee, 0.35 * knee + 0.65
    a, b, c = 1 - 2 * middle_x + peak, 2 * (middle_x - 1), 1 - x
    t = (-b + math.sqrt(b * b - 4 * a * c)) / (2 * a)
    y = (1 - t) ** 2 * knee + 2 * t * (1 - t) * middle_y + t * t
    # Above the peak, the brightest channel stays at 1, and the others keep their ratio to it.
    return y / brightest


def _encode_srgb(value: float) -> float:
    value = min(max(value, 0.0), 1.0)
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
