"""The form by which anyone with a private link reports the video behind it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.http import client_ip
from videos import limits
from videos.forms import ReportForm
from videos.limits import LimitExceeded
from videos.models import Video, VideoReport
from videos.responses import unlisted
from videos.views.decorators import limit_exceeded


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def report(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form, and put a report into the queue of the staff. It needs neither an account nor JavaScript."""
    video = get_object_or_404(Video.objects.shared(token))
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            limits.count_report(client_ip(request))
        except LimitExceeded as error:
            return limit_exceeded(request, error)
        VideoReport.objects.submit(video, **form.cleaned_data)
        return redirect(f"{reverse('videos:report', args=[token])}?sent")
    is_sent = request.method == "GET" and "sent" in request.GET
    return unlisted(render(request, "videos/report.html", {"form": form, "token": token, "is_sent": is_sent}))
