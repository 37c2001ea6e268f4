"""``{{ session.user_agent|device }}``: the name of a browser and system."""

import re

from django import template
from django.utils.translation import gettext as _

register = template.Library()

# The order matters: most browsers also name other browsers in their user agent.
BROWSERS = (
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/"),
    ("Safari", r"Safari/"),
)
SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("ChromeOS", r"CrOS"),
    ("Mac", r"Macintosh|Mac OS X"),
    ("Linux", r"Linux|X11"),
)


def first_match(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for name, pattern in names if re.search(pattern, user_agent)), "")


@register.filter
def device(user_agent: str) -> str:
    """Return browser and system, such as "Chrome on Linux", or the first word of an unrecognised user agent."""
    browser, system = first_match(BROWSERS, user_agent), first_match(SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    if browser or system:
        return browser or _("Unknown browser on %(system)s") % {"system": system}
    program = re.match(r"[\w.-]{1,30}", user_agent)
    return program.group() if program else _("Unknown browser")
