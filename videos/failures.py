"""Why a dance failed, in our own sentences: what happened and the one next step. The credit is told of elsewhere."""

FAILURES: dict[str, str] = {
    "studio": "Our studio could not finish this dance. Please try again; if it happens twice, try another photo.",
    "late": "The dance was not ready by the time we promised. Please try again in a little while.",
    "photo": "The photo could not be opened any more. Please upload it again.",
}


def sentence_for(code: str) -> str:
    """The owner's sentence for a code of ours; KeyError names a code that nobody has worded."""
    return FAILURES[code]
