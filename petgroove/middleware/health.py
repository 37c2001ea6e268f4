"""Health endpoints: ``/healthz`` for load balancers and process managers, ``/readyz`` for monitoring.

Do not use ``/readyz`` to remove web machines from a load balancer: one missing worker would remove them all.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from videos.operations.doctor.dependencies import DEPENDENCIES
from videos.operations.doctor.result import ERROR, run_check

HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class HealthCheckMiddleware:
    """Answer health checks before the host and scheme are checked: load balancers use the bare IP address and HTTP."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        endpoint = ENDPOINTS.get(request.path_info)
        if not endpoint:
            return self.get_response(request)
        response = endpoint(request)
        # CommonMiddleware sets the length of other responses. Without it, the server closes the connection.
        response.headers["Content-Length"] = str(len(response.content))
        return response


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Return 200 whenever the process can answer; check no dependency."""
    return HttpResponse("ok\n", content_type="text/plain", headers=HEADERS)


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Check every dependency. Return 200 if all are healthy, otherwise 503.

    The endpoint is public, so it gives no details. Run ``doctor`` for them.
    """
    results = [run_check(check) for check in DEPENDENCIES]
    states = {result.part: "wrong" if result.state == ERROR else "ok" for result in results}
    return JsonResponse(states, status=503 if "wrong" in states.values() else 200, headers=HEADERS)


ENDPOINTS: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/healthz": healthz, "/readyz": readyz}
