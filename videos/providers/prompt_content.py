"""A word list for prompts that a model has written: they may only describe how a pet dances.

A provider's moderation bills what it rejects, and suspends accounts that send too much of it. The list is short: the
worst that a false match does is that the dance's own prompt is used.
"""

import re

# No person dances in a video, so words for people are out of place in any case.
_PEOPLE = (
    r"humans?|persons?|people|m[ae]n|wom[ae]n|boys?|girls?|child(ren)?|kids?|bab(y|ies)|teens?|teenage\w*|toddlers?|lad(y|ies)"
    r"|guys?|celebrit\w+|presidents?|politicians?"
)
_NUDITY = (
    r"nak\w*|nude\w*|nudi\w+|undress\w*|unclothed|topless|strips?|stripp\w+|striptease|sex\w*|erotic\w*|porn\w*|nsfw|lewd\w*"
    r"|seductiv\w*|sensual\w*|lingerie|genital\w*|breasts?|nipples?|penis\w*|vagina\w*|orgasm\w*|hump\w*|mat(e|es|ing)"
    r"|fetish\w*|bondage|kinky"
)
_VIOLENCE = (
    r"violen\w*|blood\w*|bleed\w*|gor[ey]\w*|gore|kill\w*|murder\w*|slaughter\w*|massacre\w*|executions?|dead"
    r"|death|die[sd]?|dying|corpses?|carcass\w*|wound\w*|injur\w*|mutilat\w*|decapitat\w*|behead\w*|dismember\w*"
    r"|tortur\w*|abus\w*|strangl\w*|chok(e|es|ed|ing)|stab(s|bed|bing)?|shooting|shot|guns?|rifles?|pistols?|knif\w*"
    r"|knives|weapons?|bombs?|explod\w+|explosi\w+|suicid\w*|hang(s|ed|ing)? itself|self-?harm\w*|burn(s|ed|ing|t)?"
    r"|fights?|fighting|attack\w*|beaten|cruel\w*|poison\w*|terror\w*|nazis?|swastika\w*|drugs?|cocaine|heroin|drunk\w*"
)
# A prompt that tells the model something else than a motion.
_COMMANDS = (
    r"render\w*|depict\w*|generate[sd]?|generating|ignor(e|es|ing)|instead|instructions?|prompts?|morphs?|transform\w*"
)
_UNSAFE = re.compile(rf"\b({_PEOPLE}|{_NUDITY}|{_VIOLENCE}|{_COMMANDS})\b", re.IGNORECASE)


def is_unsafe(text: str) -> bool:
    """Whether a text contains a word of the list, even if it is written with hyphens or apostrophes."""
    return bool(_UNSAFE.search(text) or _UNSAFE.search(re.sub(r"[-'’]", "", text)))
