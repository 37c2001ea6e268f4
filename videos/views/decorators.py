"""The owner's way: a photo, a dance, the wait, the video."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts.http import AuthenticatedRequest, is_fragment
from videos.models import Photo

PHOTO_DELETED_MESSAGE = (
    "That photo was deleted meanwhile, so it cannot dance. Nothing was spent: choose another one, or send it once more."
)


def owned_photo(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand the view its owner's photo; one that was deleted meanwhile, in another tab, leads on to the next one."""

    @wraps(view)
    def wrapper(request: AuthenticatedRequest, pk: Any, **kwargs: Any) -> HttpResponse:
        if picture := Photo.objects.of(request.user).filter(pk=pk).first():
            return view(request, picture, **kwargs)
        if is_fragment(request):
            raise Http404("There is no such photo.")
        get_object_or_404(request.user.photos, pk=pk)
        messages.warning(request, PHOTO_DELETED_MESSAGE)
        return redirect("videos:photo")

    return wrapper
