"""A word list for prompts that a model has written: they may only describe how a pet dances.

A provider's moderation bills what it rejects, and suspends accounts that send too much of it. The list is short: the
worst that a false match does is that the dance's own prompt is used.
"""

import re

# No person dances in a video, so words for people are out of place in any case.
_PEOPLE = (
    r"humans?|persons?|people|m[ae]n|wom[ae]n|boys?|girls?|child(ren)?|kids?|bab(y|ies)|teens?|teenage\w*|toddlers?|lad(y|ies)"
    r"|guys?|celebrit\w+|presidents?|politicians?|fathers?|mothers?|daughters?|sons|brides?|dancers?|soldiers?|police\w*"
    r"|popes?|trump|hitler\w*"
)
_NUDITY = (
    r"nak\w*|nude\w*|nudi\w+|undress\w*|unclothed|topless|strips?|stripp\w+|striptease|sex\w*|erotic\w*|porn\w*|nsfw|lewd\w*"
    r"|seductiv\w*|sensual\w*|lingerie|genital\w*|breasts?|nipples?|penis\w*|vagina\w*|orgasm\w*|hump\w*|mat(e|es|ing)"
    r"|fetish\w*|bondage|kinky|rape[ds]?|raping|rapists?|molest\w*|masturbat\w*|ejaculat\w*|arous\w*|lust\w*|disrob\w*"
    r"|unzip\w*|bikinis?|thongs?|cleavage|bare ?(breast|chest|skin)\w*|boob\w*|tit(s|ties)|buttocks?|crotch\w*|groin"
    r"|ass(es)?|arse|fuck\w*|shit\w*|bitch\w*|whor\w*|sluts?|pussy|dicks?|piss\w*|urinat\w*|pee(s|ing)?|poop\w*|defecat\w*"
    r"|vomit\w*"
)
_VIOLENCE = (
    r"violen\w*|blood\w*|bleed\w*|gor[ey]\w*|gore|kill\w*|murder\w*|slaughter\w*|massacre\w*|executions?|dead"
    r"|death|die[sd]?|dying|corpses?|carcass\w*|wound\w*|injur\w*|mutilat\w*|decapitat\w*|behead\w*|dismember\w*"
    r"|tortur\w*|abus\w*|strangl\w*|chok(e|es|ed|ing)|stab(s|bed|bing)?|shooting|shot|guns?|rifles?|pistols?|knif\w*"
    r"|knives|weapons?|bombs?|explod\w+|explosi\w+|suicid\w*|hang(s|ed|ing)? itself|self-?harm\w*|burn(s|ed|ing|t)?"
    r"|butcher\w*|guts|gutted|entrails?|intestin\w*|sever(ed|s|ing)|skinn(ed|ing)|flay\w*|flesh\w*|impal\w*|crucif\w*"
    r"|lynch\w*|nooses?|hanged|slav(e|es|ery)|genocid\w*|klan|racis\w*|drown\w*|electrocut\w*|set on fire|swords?|axes?"
    r"|chainsaws?|slit(s|ting)?|slash\w*|throats?|zombie\w*|skulls?|skelet\w*|graves?|demon\w*|satan\w*|devils?|crush\w*"
    r"|maim\w*|lifeless|slain|rot(s|ten|ting)|maggots?|starv\w*|goug(e|es|ed|ing)|(rip|tear|bite)s? (off|out|apart)"
    r"|tears it apart|fires at|shoots (it|him|her|them|at)|run over|cigarettes?|weed"
    r"|fights?|fighting|attack\w*|beaten|cruel\w*|poison\w*|terror\w*|nazis?|swastika\w*|drugs?|cocaine|heroin|drunk\w*"
)
# A prompt that tells the model something else than a motion.
_COMMANDS = (
    r"render\w*|depict\w*|generate[sd]?|generating|ignor(e|es|ing)|instead|instructions?|prompts?|morphs?|transform\w*"
)
# Letters with spaces between them, which hide a word from the list.
_SPELLED = re.compile(r"\b([A-Za-z] ){2,}[A-Za-z]\b")
_UNSAFE = re.compile(rf"\b({_PEOPLE}|{_NUDITY}|{_VIOLENCE}|{_COMMANDS})\b", re.IGNORECASE)


def is_unsafe(text: str) -> bool:
    """Whether a text contains a word of the list, even if hyphens, apostrophes or spaces separate its letters."""
    whole = re.sub(r"[-'’]", "", text)
    return any(pattern.search(each) for pattern in (_UNSAFE, _SPELLED) for each in (text, whole))
