"""Other files of a ready video: the choice on its page, and the files."""

from typing import Any, NamedTuple

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedRequest, client_ip
from accounts.throttling import too_many_requests
from videos import clock, limits
from videos.models import ExportKind, Video, VideoExport
from videos.models.export import possible_kinds
from videos.responses import serve_export


class Choice(NamedTuple):
    """A kind of file, and the export if there is one."""

    kind: ExportKind
    export: VideoExport | None


def save_as(video: Video) -> dict[str, Any]:
    """Return the context of the section: what can be made, and what was made."""
    exports = {export.choice: export for export in video.exports.all()}
    possible = possible_kinds(video)
    choices = [Choice(kind, exports.get(kind)) for kind in ExportKind if kind in possible or kind in exports]
    return {"choices": choices, "is_making": any(export.is_pending for export in exports.values())}


@require_safe
def exports(request: AuthenticatedRequest, pk: Any) -> HttpResponse:
    """Render the section, which the page polls while a file is being made."""
    return section(request, get_object_or_404(Video.objects.of(request.user), pk=pk))


@require_POST
def ask_export(request: AuthenticatedRequest, pk: Any, kind: str) -> HttpResponse:
    """Request a file of this kind, or do nothing if it is made already."""
    video = get_object_or_404(Video.objects.of(request.user), pk=pk)
    if kind not in possible_kinds(video):
        raise Http404("This video has no such file.")
    if not video.exports.filter(kind=kind).exclude(file="").exists():
        try:
            limits.count_preview(request.user, client_ip(request), "exports")
        except limits.LimitExceeded as error:
            return too_many_requests(request, error.result, str(error))
        VideoExport.objects.request(video, ExportKind(kind), clock.now())
    return section(request, video)


def section(request: AuthenticatedRequest, video: Video) -> HttpResponse:
    if not request.htmx:
        return redirect(f"{video.get_absolute_url()}#save")
    return render(request, "videos/exports.html", {"video": video} | save_as(video))


@require_safe
def export_file(request: AuthenticatedRequest, pk: Any, kind: str) -> HttpResponseBase:
    """Serve the file for download, under a readable name."""
    owned = VideoExport.objects.filter(video__in=Video.objects.of(request.user)).exclude(file="")
    export = get_object_or_404(owned.select_related("video"), video=pk, kind=kind)
    return serve_export(request, export, download_name=export.download_name)
