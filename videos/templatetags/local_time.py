"""``{% local_time at as time %}``: a time that can stand inside a translated sentence."""

from datetime import datetime

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def local_time(at: datetime, style: str = "") -> SafeString:
    """Return the element of ``time.html``, which ``{% blocktranslate %}`` cannot include."""
    return render_to_string("time.html", {"at": at, "style": style})
