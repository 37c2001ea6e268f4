"""A view decorator that fetches an owner's photo."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts.http import AuthenticatedRequest
from videos.models import Photo

PHOTO_DELETED_MESSAGE = (
    "That photo has been deleted, so it cannot dance. No credit was spent. Choose another photo, or upload it again."
)


def owned_photo(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Pass the owner's photo to the view; if it was deleted, for example in another tab, redirect to the photo page."""

    @wraps(view)
    def wrapper(request: AuthenticatedRequest, pk: Any, **kwargs: Any) -> HttpResponse:
        if picture := Photo.objects.of(request.user).filter(pk=pk).first():
            return view(request, picture, **kwargs)
        if request.htmx:
            raise Http404("Photo not found.")
        get_object_or_404(request.user.photos, pk=pk)
        messages.warning(request, PHOTO_DELETED_MESSAGE)
        return redirect("videos:photo")

    return wrapper
