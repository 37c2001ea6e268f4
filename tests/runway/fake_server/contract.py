"""The rules of Runway for a request, and the errors it returns.

They are written from the SDK's types and docs.dev.runwayml.com, not from the client's tables, so that the two can
differ.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image, UnidentifiedImageError

KEY = re.compile(r"key_[0-9a-f]{128}")
VERSION = "2024-11-06"
DOCS = "https://docs.dev.runwayml.com/api"
_GEN4_RATIOS = ("1280:720", "720:1280", "1104:832", "832:1104", "960:960", "1584:672")
_VEO_RATIOS = ("1280:720", "720:1280", "1080:1920", "1920:1080")
_PICTURE_KEYS = frozenset({"model", "promptImage", "promptText", "ratio", "duration", "seed"})


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one model: accepted keys, required keys, and prices with and without sound, in credits a second."""

    known: frozenset[str]
    needed: frozenset[str]
    ratios: tuple[str, ...]
    durations: tuple[int, ...]
    usual: int
    silent: int
    sounding: int


_NEEDED = frozenset({"model", "promptImage", "ratio"})
_TEN = tuple(range(2, 11))
MODELS: dict[str, Rules] = {
    "gen4_turbo": Rules(_PICTURE_KEYS | {"contentModeration"}, _NEEDED, _GEN4_RATIOS, _TEN, 10, 5, 5),
    "gen4.5": Rules(
        _PICTURE_KEYS | {"contentModeration", "outputFormat", "proresProfile"},
        _NEEDED | {"duration", "promptText"},
        _GEN4_RATIOS,
        _TEN,
        5,
        12,
        12,
    ),
    "veo3.1": Rules(_PICTURE_KEYS | {"audio", "negativePrompt"}, _NEEDED, _VEO_RATIOS, (4, 6, 8), 8, 20, 40),
    "veo3.1_fast": Rules(_PICTURE_KEYS | {"audio", "negativePrompt"}, _NEEDED, _VEO_RATIOS, (4, 6, 8), 8, 10, 15),
}


@dataclass(frozen=True, slots=True)
class TaskRequest:
    """A create request that Runway would accept."""

    model: str
    picture: bytes
    ratio: str
    duration: int
    seed: int | None
    prompt: str
    credits: int


class BadRequest(Exception):
    """Runway's 400 response for an invalid body, with ``issues`` in the form of its validator."""

    def __init__(self, issues: list[dict[str, Any]]) -> None:
        super().__init__("Validation of body failed")
        self.issues = issues

    @property
    def body(self) -> dict[str, Any]:
        return {"error": str(self), "issues": self.issues, "docUrl": f"{DOCS}#tag/Start-generating"}


def parse_request(body: Any) -> TaskRequest:
    """Parse the JSON of a create request. Raises BadRequest with one issue per error."""
    if not isinstance(body, dict):
        raise BadRequest([_issue("invalid_type", "", "Expected object")])
    rules = MODELS.get(str(body.get("model")))
    if rules is None:
        raise BadRequest([_issue("invalid_union_discriminator", "model", f"Expected {' | '.join(MODELS)}")])
    issues = [_issue("unrecognized_keys", key, "Unrecognized key") for key in sorted(set(body) - rules.known)]
    issues += [_issue("invalid_type", key, "Required") for key in sorted(rules.needed - set(body))]
    issues += _value_issues(body, rules)
    picture = b""
    if "promptImage" in body:
        picture, error = _picture(body["promptImage"])
        issues += [_issue("custom", "promptImage", error)] if error else []
    if issues:
        raise BadRequest(issues)
    duration = body.get("duration", rules.usual)
    price = rules.sounding if body.get("audio", True) else rules.silent
    return TaskRequest(
        model=body["model"],
        picture=picture,
        ratio=body["ratio"],
        duration=duration,
        seed=body.get("seed"),
        prompt=body.get("promptText", ""),
        credits=duration * price,
    )


def _value_issues(body: dict[str, Any], rules: Rules) -> list[dict[str, Any]]:
    issues = []
    if "ratio" in body and body["ratio"] not in rules.ratios:
        issues.append(_issue("invalid_enum_value", "ratio", f"Expected {' | '.join(rules.ratios)}"))
    if "duration" in body and (not _is_int(body["duration"]) or body["duration"] not in rules.durations):
        issues.append(_issue("invalid_literal", "duration", f"Expected one of {rules.durations}"))
    if "seed" in body and not (_is_int(body["seed"]) and 0 <= body["seed"] <= 4294967295):
        issues.append(_issue("too_big", "seed", "Expected an integer from 0 to 4294967295"))
    if "audio" in body and not isinstance(body["audio"], bool):
        issues.append(_issue("invalid_type", "audio", "Expected boolean"))
    if "promptText" in body:
        text = body["promptText"]
        units = len(text.encode("utf-16-le", "surrogatepass")) // 2 if isinstance(text, str) else 0
        if not 1 <= units <= 1000:
            issues.append(_issue("too_big", "promptText", "Expected a string of 1 to 1000 UTF-16 code units"))
    return issues


def _picture(value: Any) -> tuple[bytes, str]:
    """Return the picture's bytes and an error message ("" if it is valid)."""
    if (
        isinstance(value, list)
        and len(value) == 1
        and isinstance(value[0], dict)
        and value[0].get("position") == "first"
    ):
        value = value[0].get("uri")
    if not isinstance(value, str):
        return b"", "Expected string"
    match = re.match(r"data:image/(jpeg|jpg|png|webp);base64,", value)
    if match is None:
        return b"", "Invalid asset: only data URIs can be fetched here"
    if len(value) >= 5 * 1024 * 1024:
        return b"", "Invalid asset: the data URI is too large"
    try:
        data = base64.b64decode(value[match.end() :], validate=True)
        with Image.open(BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as picture:
            width, height = picture.size
            # Decoding a JPEG at an eighth of its size finds the same errors in a fraction of the time.
            picture.draft("L", (width // 8, height // 8))
            picture.load()
    except (binascii.Error, UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return b"", "Invalid asset: the image could not be decoded"
    if not 0.5 <= width / height <= 2.0:
        return b"", "Invalid asset: width / height must be between 0.5 and 2"
    return (b"", "Invalid asset: at most 8000 pixels a side") if max(width, height) > 8000 else (data, "")


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _issue(code: str, key: str, message: str) -> dict[str, Any]:
    return {"code": code, "path": [key] if key else [], "message": message}
