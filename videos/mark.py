"""Marks for texts that are translated where they are shown, for modules that do not import Django.

Call these functions as ``mark.gettext`` and ``mark.pgettext``: ``makemessages`` looks for calls of these names. They
return the English text unchanged. ``videos.translation`` and Django translate it.
"""

# A dance or another noun inside a sentence, where some languages need another form than in a title.
IN_SENTENCE = "in a sentence"
# "Square" is a shape here, not a place in a town.
VIDEO_FORMAT = "video format"
# "Round" and "Sitting" are bodies of a dancer.
BUILD = "build of a pet"


def gettext(text: str) -> str:
    return text


def pgettext(context: str, text: str) -> str:
    """Mark a text that has several meanings. The call must spell the context out."""
    return text
