from functools import partial

from django.apps import AppConfig
from django.utils.formats import number_format
from django.utils.translation import gettext, gettext_lazy, pgettext

from videos import translation


class VideosConfig(AppConfig):
    name = "videos"
    verbose_name = gettext_lazy("Videos")

    def ready(self) -> None:
        translation.connect(gettext, pgettext, partial(number_format, force_grouping=True))
