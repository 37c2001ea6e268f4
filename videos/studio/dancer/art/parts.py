"""Which drawn parts a dancer of a body and an outfit needs, from which sheet, and how they are fitted."""

from dataclasses import dataclass

from videos.styles import Body

LEGS = ("thigh", "thigh_over", "shin", "shin_back")
SHOES = ("shoe", "shoe_side", "shoe_back", "shoe_toe", "shoe_back_toe")
POINTE = ("shoe_pointe", "shoe_pointe_back", "shoe_pointe_side")
# Parts of a bare body that an outfit replaces even if it has no part of the same name.
BARE = frozenset({"pelvis", "pelvis_side", "ruff", "pet_collar"})
# Bodies that wear the wide parts of an outfit.
WIDE = (Body.ROUND, Body.SITTING)
# With these outfits, which end above the knee, a bird keeps its own legs.
BIRD_LEGS = ("ballet", "can_can", "conga")
# The art's bones, in U; a part that is not listed has no bone of its own.
LENGTHS = {
    **dict.fromkeys(("upper_arm", "forearm"), 0.40),
    **dict.fromkeys(("thigh", "thigh_over", "shin", "shin_back"), 0.46),
    **dict.fromkeys(("tail1", "tail2", "tail3", "tail4"), 0.24),
    **dict.fromkeys(("torso", "torso_back", "torso_side"), 0.92),
}
SMALL_LENGTHS = {
    **dict.fromkeys(("upper_arm", "forearm"), 0.33),
    **dict.fromkeys(("thigh", "thigh_over", "shin", "shin_back"), 0.37),
    **dict.fromkeys(("tail1", "tail2", "tail3", "tail4"), 0.18),
    **dict.fromkeys(("torso", "torso_back", "torso_side"), 0.74),
}
SMALL_SCALE = (0.94, 0.80)
ROUND_LIMB_SCALE = (1.1, 1.0)


@dataclass(frozen=True, slots=True)
class Source:
    """A part of a sheet, the scale (x, y) at which it fits the body, and the body's part that shows below it."""

    sheet: str
    part: str
    scale: tuple[float, float] = (1.0, 1.0)
    under: str | None = None


def sources(outfit: str, body: Body, worn: set[str], bare: set[str]) -> dict[str, Source]:
    """Return the parts of a dancer: those of the outfit (``worn``), then what the body (``bare``) alone has.

    Paws stand in for missing shoes.
    """
    replaced = BARE - {"pelvis"} if body is Body.SITTING else BARE
    chosen = {name: Source(body, name) for name in bare if name not in replaced}
    for shoe in SHOES:
        foot = shoe.replace("shoe", "foot")
        if foot in chosen:
            chosen[shoe] = chosen.pop(foot)
    for name in worn:
        plain = name.removesuffix("_round")
        part = f"{plain}_round" if body in WIDE and f"{plain}_round" in worn else plain
        if plain not in own_parts(outfit, body):
            under = f"{plain}_feathers" if f"{plain}_feathers" in bare else None
            chosen[plain] = Source(outfit, part, fitted_scale(plain, body), under)
    return {name: source for name, source in chosen.items() if not name.endswith("_feathers")}


def own_parts(outfit: str, body: Body) -> frozenset[str]:
    """Return the parts of the outfit that the body does not wear."""
    if body is Body.BIRD:
        return frozenset({*SHOES, *POINTE, *(LEGS if outfit in BIRD_LEGS else ())})
    if body is Body.SITTING:
        return frozenset({*SHOES, *POINTE, *LEGS, "tails", "pelvis", "pelvis_side"})
    return frozenset()


def fitted_scale(part: str, body: Body) -> tuple[float, float]:
    """Return by how much a part of an outfit is scaled (x, y) for the body."""
    if body is Body.SMALL:
        return SMALL_SCALE
    if body is Body.ROUND and part in (*LEGS, "upper_arm", "forearm"):
        return ROUND_LIMB_SCALE
    return (1.0, 1.0)


def length(part: str, body: Body) -> float:
    """Return the length of the part's bone in U, or 0."""
    return (SMALL_LENGTHS if body is Body.SMALL else LENGTHS).get(part, 0.0)
