"""Why a dance failed, in our own sentences: what happened and the one next step. The credit is told of elsewhere."""

FAILURES: dict[str, str] = {
    "studio": "Our studio could not finish this dance. Please try again; if it happens twice, try another photo.",
    "late": "The dance was not ready by the time we promised. Please try again in a little while.",
    "lost": "The studio's answer was lost on the way, twice. Please try again in a little while.",
    "moderated": "The studio's safety check turned this photo down. Please try another photo of your pet.",
    "bad_photo": "The studio could not use this photo. Please try another one.",
    "bad_output": "The studio could make no good dance of this photo; writing or logos in it are the usual cause. "
    "Please try another photo.",
    "cancelled": "The studio stopped this dance. Please try again in a little while.",
    "stopped": "Our team stopped this dance. Please write to us if you wonder why, or try another one.",
    "not_offered": "The studio does not make this format at the moment. Please try again in another format.",
    "closed": "Its owner closed the account, so this dance was stopped.",
}

# The same photo would only fail again.
OF_THE_PHOTO = ("moderated", "bad_photo", "bad_output")


def sentence_for(code: str) -> str:
    """The owner's sentence for a code of ours; KeyError names a code that nobody has worded."""
    return FAILURES[code]
