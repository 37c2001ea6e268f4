"""View decorators that let guests in and fetch a visitor's photo, and the page about a limit of visitors."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.middleware import current_page_url, redirect_to_entrance
from accounts.throttling import too_many_requests
from videos.forms import choice_query
from videos.limits import LimitExceeded
from videos.models import Photo, Takedown
from videos.visitors import VisitorRequest, visitor_of

PHOTO_DELETED_MESSAGE = _("That photo has been deleted. Nothing was charged. Choose another photo.")


def open_to_guests(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let owners and guests in, as ``request.visitor``. Ask anybody else to log in.

    If that is the owner of a photo whose session has expired, the choice in the page's form is kept.
    """

    @login_not_required
    @wraps(view)
    def wrapper(request: VisitorRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if visitor := visitor_of(request):
            request.visitor = visitor
            return view(request, *args, **kwargs)
        url = current_page_url(request)
        if request.method == "POST" and (query := choice_query(request.POST)):
            url = f"{reverse('videos:dance', args=[kwargs['pk']])}?{query}"
        return redirect_to_entrance(request, url)

    return wrapper


def limit_exceeded(request: HttpRequest, error: LimitExceeded) -> HttpResponse:
    """Return the page about a limit. It proposes an account to a guest."""
    return too_many_requests(request, error.result, str(error), offer_account=not request.user.is_authenticated)


def owned_photo(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Pass the visitor's photo to the view. If it was deleted, for example in another tab, redirect to the upload."""

    @open_to_guests
    @wraps(view)
    def wrapper(request: VisitorRequest, pk: Any, **kwargs: Any) -> HttpResponseBase:
        if picture := Photo.objects.of(request.visitor).filter(pk=pk).first():
            return view(request, picture, **kwargs)
        if request.htmx:
            raise Http404("Photo not found.")
        get_object_or_404(request.visitor.photos, pk=pk)
        takedown = Takedown.objects.filter(photo=pk).first()
        messages.warning(request, takedown.photo_message if takedown else PHOTO_DELETED_MESSAGE)
        return redirect("videos:photo")

    return wrapper
