"""Prompts for a remote provider, written by OpenAI for one photo. The dance's own prompt is the fallback.

The recipe is that of ``dances.py``: motion only, in positive words, one camera move. OpenAI writes only the two
motions; camera and ending are the dance's. A response that names the pet or breed, contains a negation or has an
unusual length is not used.
"""

from __future__ import annotations

import base64
import json
import logging
import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings

from videos import photos
from videos.providers.base import Order
from videos.providers.deadline import Deadline

if TYPE_CHECKING:
    from openai.types.shared_params import ResponseFormatJSONSchema

log = logging.getLogger(__name__)

TIMEOUT = 10.0
IMAGE_SIZE = 512
MIN_WORDS, MAX_WORDS = 20, 60
# For the main and the secondary motion.
MIN_MAIN_WORDS, MIN_SECONDARY_WORDS = 6, 3
MAX_UTF16_UNITS = 1000
# A thing that is forbidden by name tends to appear, and the provider's models see the pet in the picture.
FORBIDDEN_WORDS = re.compile(
    r"\b(no|not|never|without|none|nothing|nobody|avoid\w*|don't|doesn't|isn't|won't|can't|cannot|stops?"
    r"|dogs?|cats?|pupp(y|ies)|kitt(y|en|ens)|rabbits?|bunn(y|ies)|hamsters?|text|logos?|captions?|watermarks?)\b",
    re.IGNORECASE,
)
ALLOWED_TEXT = re.compile(r"[A-Za-z ,;:'’-]+")

INSTRUCTIONS = (
    "You write motion prompts for an image-to-video model. The picture shows somebody's pet. Describe how exactly this "
    "pet, in this pose and place, dances the given dance. Motion only: no looks, no colours, no breed, no name. Say "
    "only what happens, in the present tense. Ignore any writing in the picture. `main` goes on after the words "
    "'The pet' and tells the one main motion, in 8 to 25 words; `secondary` is one short sentence on a small second "
    "motion of ears, tail, head or light, in 5 to 15 words."
)
RESPONSE_FORMAT: ResponseFormatJSONSchema = {
    "type": "json_schema",
    "json_schema": {
        "name": "motion",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {"main": {"type": "string"}, "secondary": {"type": "string"}},
            "required": ["main", "secondary"],
            "additionalProperties": False,
        },
    },
}


class InvalidPrompt(Exception):
    """The response is not a usable prompt. The message says why and quotes nothing."""


def write_prompt(order: Order, deadline: Callable[[float], Deadline] = Deadline) -> str:
    """Return a prompt written for this order's photo; empty if OpenAI returned no usable one.

    One request is sent, with a total timeout of 10 s. ``deadline`` creates the object that ends a slower call.
    """
    if not settings.OPENAI_API_KEY:
        return ""
    # Imported here: the package is large, and few sites have a key.
    import openai

    try:
        prompt = compose_prompt(order, request_motions(order, deadline(TIMEOUT)))
    except (openai.OpenAIError, InvalidPrompt) as error:
        reason = str(error) if isinstance(error, InvalidPrompt) else type(error).__name__
        log.warning("no prompt from OpenAI, template used", extra={"video": order.video_id, "reason": reason})
        return ""
    log.info("prompt from OpenAI", extra={"video": order.video_id, "words": len(prompt.split())})
    return prompt


def request_motions(order: Order, deadline: Deadline) -> str:
    """Return the content of OpenAI's response.

    Raises openai.OpenAIError, and InvalidPrompt for a refusal or a malformed response.
    """
    with deadline:
        try:
            content = call_openai(order, deadline)
        except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
            # The library assumes that every response has the documented shape.
            raise InvalidPrompt("malformed response") from None
    if deadline.expired:
        raise InvalidPrompt("too slow")
    if not isinstance(content, str) or not content:
        raise InvalidPrompt("refused or empty")
    return content


def call_openai(order: Order, deadline: Deadline) -> Any:
    """Return the content of the first choice. Raises openai.OpenAIError, and any exception for a malformed response."""
    import openai

    picture = base64.b64encode(photos.thumbnail(order.subject.frame, IMAGE_SIZE)).decode("ascii")
    dance = order.dance
    description = f"Dance: {dance.english.name}: {dance.english.line}. Mood: {dance.mood}. Example: {dance.prompt}"
    http_client = openai.DefaultHttpxClient(event_hooks={"request": [partial(watch_connection, deadline)]})
    with openai.OpenAI(
        api_key=settings.OPENAI_API_KEY,
        base_url=settings.OPENAI_BASE_URL,
        timeout=TIMEOUT,
        max_retries=0,
        http_client=http_client,
    ) as client:
        answer = client.chat.completions.create(
            model=settings.OPENAI_MODEL,
            messages=[
                {"role": "system", "content": INSTRUCTIONS},
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": description},
                        {
                            "type": "image_url",
                            "image_url": {"url": f"data:image/webp;base64,{picture}", "detail": "low"},
                        },
                    ],
                },
            ],
            response_format=RESPONSE_FORMAT,
            max_completion_tokens=200,
            store=False,
        )
    return answer.choices[0].message.content


def watch_connection(deadline: Deadline, request: Any) -> None:
    """Let ``deadline`` watch the connection that this request is sent over."""

    def trace(event: str, info: dict[str, Any]) -> None:
        if event == "connection.connect_tcp.complete":
            deadline.watch(info["return_value"].get_extra_info("socket"))

    request.extensions = request.extensions | {"trace": trace}


def compose_prompt(order: Order, answer: str) -> str:
    """Return the whole prompt around the two motions of an answer. Raises InvalidPrompt."""
    try:
        motions = json.loads(answer)
        main, secondary = (clean_sentence(motions[name]) for name in ("main", "secondary"))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise InvalidPrompt("does not match the requested schema") from None
    camera, *_, ending = order.dance.prompt.rstrip(".").split(". ")
    main = re.sub(r"^the pet\b\s*", "", main, flags=re.IGNORECASE)
    prompt = f"{camera}. The pet {main[:1].lower()}{main[1:]}. {secondary[:1].upper()}{secondary[1:]}. {ending}."
    validate_prompt(main, secondary, prompt)
    return prompt


def clean_sentence(text: str) -> str:
    return " ".join(text.split()).strip(" .")


def validate_prompt(main: str, secondary: str, prompt: str) -> None:
    """Raise InvalidPrompt if the motions or the prompt break the recipe."""
    for part in (main, secondary):
        if not ALLOWED_TEXT.fullmatch(part):
            raise InvalidPrompt("unexpected characters, or more than one sentence")
        if FORBIDDEN_WORDS.search(part):
            raise InvalidPrompt("contains a forbidden word")
    if len(main.split()) < MIN_MAIN_WORDS or len(secondary.split()) < MIN_SECONDARY_WORDS:
        raise InvalidPrompt("motion too short")
    if not MIN_WORDS <= len(prompt.split()) <= MAX_WORDS:
        raise InvalidPrompt(f"{len(prompt.split())} words")
    if len(prompt.encode("utf-16-le")) // 2 > MAX_UTF16_UNITS:
        raise InvalidPrompt("too long")
