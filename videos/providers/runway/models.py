"""Runway's models for making a video from a picture: what each takes and what it costs.

Source: the ``image_to_video`` parameters of Runway's SDK and the price list at docs.dev.runwayml.com.
"""

from dataclasses import dataclass

from videos.formats import Format


@dataclass(frozen=True, slots=True)
class Model:
    """One model.

    ``ratios`` maps our format's slug to the model's own word for it; a format that is missing is not offered: a square
    photo is never silently cropped to another shape. ``durations`` are whole seconds; ``credits_per_second`` is in
    Runway's credits (one is a US cent). ``makes_sound`` models are told to stay silent, which is cheaper: the music
    is ours.
    """

    id: str
    ratios: dict[str, str]
    durations: tuple[int, ...]
    credits_per_second: int
    makes_sound: bool = False

    def ratio(self, shape: Format) -> str | None:
        """The model's word for a format; None when it does not make that format."""
        return self.ratios.get(shape.slug)

    def seconds(self, asked: int) -> int | None:
        """The shortest duration on offer that holds ``asked`` seconds; None when all are shorter."""
        return min((duration for duration in self.durations if duration >= asked), default=None)

    def price(self, asked: int) -> int | None:
        """What a video of ``asked`` seconds costs, in Runway's credits; None when the model makes none so long."""
        seconds = self.seconds(asked)
        return None if seconds is None else seconds * self.credits_per_second


_GEN4 = {"tall": "720:1280", "square": "960:960", "wide": "1280:720"}
_VEO = {"tall": "720:1280", "wide": "1280:720"}

MODELS: dict[str, Model] = {
    model.id: model
    for model in (
        Model("gen4_turbo", _GEN4, tuple(range(2, 11)), 5),
        Model("gen4.5", _GEN4, tuple(range(2, 11)), 12),
        Model("veo3.1", _VEO, (4, 6, 8), 20, makes_sound=True),
        Model("veo3.1_fast", _VEO, (4, 6, 8), 10, makes_sound=True),
    )
}


def model_named(name: str) -> Model:
    """The model with this id, spaces around it ignored. Raises ValueError that lists the known ones."""
    try:
        return MODELS[name.strip()]
    except KeyError:
        raise ValueError(f"Runway has no model {name.strip()!r} here; known are {', '.join(MODELS)}") from None
