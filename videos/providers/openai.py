"""Prompts for a remote provider, written by OpenAI for one photo. The dance's own prompt is the fallback.

The recipe is that of ``dances.py``: motion only, in positive words, one camera move. OpenAI writes only the two
motions; camera and ending are the dance's. A response that names the pet or breed, contains a negation, has an unusual
length, or tells of anything but a dancing pet is not used.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_noop

from videos import photos
from videos.providers.base import Order
from videos.providers.deadline import Deadline
from videos.providers.prompt_content import is_unsafe

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


# Models of these families reason before they answer, which counts as output. The others reject the parameter.
REASONING_MODELS = re.compile(r"(ft:)?(gpt-([5-9]|\d\d)(?!.*chat)|o\d)")
REASONING_EFFORT = "low"
# Tokens of an answer, which has about 60, and the seconds that it may take.
ANSWER_TOKENS, REASONING_TOKENS = 200, 3000
REASONING_TIMEOUT = 25.0
MODERATION_MODEL, MODERATION_TIMEOUT = "omni-moderation-latest", 5.0
# What the API says of a model that it does not offer, or no longer.
GONE_CODES = frozenset({"model_not_found", "model_not_available", "model_deprecated", "deprecated_model"})
GONE_WORDS = re.compile(r"deprecated|shut ?down|retired|no longer|does not exist")
# How long an unavailable model is not requested again, in seconds.
GONE_FOR = 3600

NOT_OFFERED = gettext_noop("OpenAI does not offer %(model)s: our own prompts are used. Set OPENAI_MODEL.")
REPLACED = gettext_noop("OpenAI does not offer %(model)s: %(fallback)s is used instead. Set OPENAI_MODEL.")
NEITHER_OFFERED = gettext_noop("OpenAI offers neither %(model)s nor %(fallback)s: our own prompts are used.")
CUT = gettext_noop(
    "%(model)s needs more tokens than we allow: its answer was cut off, so the prompt of the dance was used."
)


class Warn(Protocol):
    """Reports a problem to staff: a key that identifies it, and an English sentence with its details."""

    def __call__(self, key: str, message: str, /, **details: str) -> None: ...


class InvalidPrompt(Exception):
    """The response is not a usable prompt. The message says why and quotes nothing."""


class AnswerCut(InvalidPrompt):
    """The answer ended at the limit of tokens."""


def log_warning(key: str, message: str, /, **details: str) -> None:
    log.warning("staff warning", extra={"key": key, "reason": message % details})


def write_prompt(order: Order, deadline: Callable[[float], Deadline] = Deadline, warn: Warn = log_warning) -> str:
    """Return a prompt written for this order's photo; empty if OpenAI returned no usable one.

    The request has a total timeout. If OpenAI no longer offers the model, the fallback model is asked. ``deadline``
    creates the object that ends a slower call. ``warn`` tells staff what they should change.
    """
    if not settings.OPENAI_API_KEY:
        return ""
    # Imported here: the package is large, and few sites have a key.
    import openai

    try:
        prompt = compose_prompt(order, request_motions(order, deadline, warn))
        if is_flagged(prompt, order, deadline):
            raise InvalidPrompt("rejected by the moderation")
    except (openai.OpenAIError, InvalidPrompt) as error:
        reason = str(error) if isinstance(error, InvalidPrompt) else type(error).__name__
        log.warning("no prompt from OpenAI, template used", extra={"video": order.video_id, "reason": reason})
        return ""
    log.info("prompt from OpenAI", extra={"video": order.video_id, "words": len(prompt.split())})
    return prompt


def request_motions(order: Order, deadline: Callable[[float], Deadline], warn: Warn) -> str:
    """Return the content of the response of the model, or of the fallback model if the first one is gone.

    Raises openai.OpenAIError, and InvalidPrompt for a refusal or a malformed response.
    """
    import openai

    model, fallback = settings.OPENAI_MODEL, settings.OPENAI_FALLBACK_MODEL
    if not (fallback and cache.get(gone_key(model))):
        try:
            return request_from(model, order, deadline, warn)
        except openai.APIStatusError as error:
            if not is_model_gone(error):
                raise
            if not fallback or fallback == model:
                warn("openai-model", NOT_OFFERED, model=model)
                raise
            cache.set(gone_key(model), True, GONE_FOR)
            warn("openai-model", REPLACED, model=model, fallback=fallback)
    try:
        return request_from(fallback, order, deadline, warn)
    except openai.APIStatusError as error:
        if is_model_gone(error):
            warn("openai-model", NEITHER_OFFERED, model=model, fallback=fallback)
        raise


def gone_key(model: str) -> str:
    return f"openai-model-gone:{hashlib.sha256(model.encode()).hexdigest()[:32]}"


def is_model_gone(error: Any) -> bool:
    """Whether an ``openai.APIStatusError`` says that there is no such model. A proxy's 404 page does not."""
    message = str(error.message).lower()
    is_named = "model" in message and (error.status_code in (404, 410) or bool(GONE_WORDS.search(message)))
    return error.code in GONE_CODES or (is_named and 400 <= error.status_code < 500)


def request_from(model: str, order: Order, deadline: Callable[[float], Deadline], warn: Warn) -> str:
    """Return the content of one model's response. Without the effort, if the model does not take it after all."""
    import openai

    effort = bool(REASONING_MODELS.match(model))
    try:
        return content_of(model, order, deadline, effort=effort)
    except openai.BadRequestError as error:
        if not effort or error.param != "reasoning_effort":
            raise
        return content_of(model, order, deadline, effort=False)
    except AnswerCut:
        warn("openai-cut", CUT, model=model)
        raise


def content_of(model: str, order: Order, deadline: Callable[[float], Deadline], *, effort: bool) -> str:
    """Send one request and return the content of the response. Raises openai.OpenAIError and InvalidPrompt."""
    is_reasoning = bool(REASONING_MODELS.match(model))
    timeout = REASONING_TIMEOUT if is_reasoning else TIMEOUT
    with deadline(timeout) as limit:
        try:
            content, is_cut = call_openai(model, order, limit, timeout, is_reasoning=is_reasoning, effort=effort)
        except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
            # The library assumes that every response has the documented shape.
            raise InvalidPrompt("malformed response") from None
    if limit.expired:
        raise InvalidPrompt("too slow")
    if is_cut:
        raise AnswerCut("the answer was cut")
    if not isinstance(content, str) or not content:
        raise InvalidPrompt("refused or empty")
    return content


def client(timeout: float, deadline: Deadline | None = None) -> Any:
    """Return OpenAI's client for the settings. It sends each request once, and follows no redirects with the key."""
    import openai

    hooks: dict[str, Any] = {"request": [partial(watch_connection, deadline)]} if deadline else {}
    return openai.OpenAI(
        api_key=settings.OPENAI_API_KEY,
        base_url=settings.OPENAI_BASE_URL,
        timeout=timeout,
        max_retries=0,
        http_client=openai.DefaultHttpxClient(event_hooks=hooks, follow_redirects=False),
    )


def call_openai(
    model: str, order: Order, deadline: Deadline, timeout: float, *, is_reasoning: bool, effort: bool
) -> tuple[Any, bool]:
    """Return the content of the first choice, and whether it was cut.

    Raises openai.OpenAIError, and any exception for a malformed response.
    """
    picture = base64.b64encode(photos.thumbnail(order.subject.frame, IMAGE_SIZE)).decode("ascii")
    dance = order.dance
    description = f"Dance: {dance.english.name}: {dance.english.line}. Mood: {dance.mood}. Example: {dance.prompt}"
    options: dict[str, Any] = {"reasoning_effort": REASONING_EFFORT} if effort else {}
    with client(timeout, deadline) as api:
        answer = api.chat.completions.create(
            model=model,
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
            max_completion_tokens=REASONING_TOKENS if is_reasoning else ANSWER_TOKENS,
            store=False,
            **options,
        )
    choice = answer.choices[0]
    return choice.message.content, choice.finish_reason == "length"


def is_flagged(prompt: str, order: Order, deadline: Callable[[float], Deadline]) -> bool:
    """Whether OpenAI's moderation, which is free, rejects a prompt. Without an answer, the word list has to do."""
    import openai

    try:
        with deadline(MODERATION_TIMEOUT) as limit, client(MODERATION_TIMEOUT, limit) as api:
            return bool(api.moderations.create(model=MODERATION_MODEL, input=prompt).results[0].flagged)
    except (openai.OpenAIError, ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        log.info("prompt not moderated", extra={"video": order.video_id, "reason": type(error).__name__})
        return False


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
        if FORBIDDEN_WORDS.search(part) or is_unsafe(part):
            raise InvalidPrompt("contains a forbidden word")
    if len(main.split()) < MIN_MAIN_WORDS or len(secondary.split()) < MIN_SECONDARY_WORDS:
        raise InvalidPrompt("motion too short")
    if not MIN_WORDS <= len(prompt.split()) <= MAX_WORDS:
        raise InvalidPrompt(f"{len(prompt.split())} words")
    if len(prompt.encode("utf-16-le")) // 2 > MAX_UTF16_UNITS:
        raise InvalidPrompt("too long")
