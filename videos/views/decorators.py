"""The owner's way: a photo, a dance, the wait, the video."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts.http import UserRequest, is_fragment
from videos.models import Photo

GONE = (
    "That photo was deleted meanwhile, so it cannot dance. Nothing was spent: choose another one, or send it once more."
)


def of_a_photo(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand the view its owner's photo; one that was deleted meanwhile, in another tab, leads on to the next one."""

    @wraps(view)
    def found(request: UserRequest, pk: Any, **more: Any) -> HttpResponse:
        if picture := Photo.objects.of(request.user).filter(pk=pk).first():
            return view(request, picture, **more)
        if is_fragment(request):
            raise Http404("There is no such photo.")
        get_object_or_404(request.user.photos, pk=pk)
        messages.warning(request, GONE)
        return redirect("videos:photo")

    return found
