"""Typed requests and client addresses."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User

# The Retry-After header of every 503 response.
RETRY_AFTER_SECONDS = "60"


class HtmxRequest(HttpRequest):
    """A request behind HtmxMiddleware: its ``htmx`` is true if htmx requests a fragment of a page."""

    htmx: HtmxDetails


class AuthenticatedRequest(HtmxRequest):
    """A request to a view that requires a login: its user is never anonymous."""

    user: User


def client_address(request: HttpRequest) -> str:
    """Return the client's address as reported by our TRUSTED_PROXY_COUNT proxies, never by the client itself.

    Raises ImproperlyConfigured if fewer proxies than TRUSTED_PROXY_COUNT have forwarded the request.
    """
    try:
        address = ip_address(get_adapter().get_client_ip(request))
    except (PermissionDenied, ValueError):
        return "unknown"
    # A socket that serves both protocols reports IPv4 clients as ::ffff:192.0.2.1.
    return str(getattr(address, "ipv4_mapped", None) or address)


def client_ip(request: HttpRequest) -> str:
    """Return the client's address, as ``client_address`` does, to count by.

    For IPv6, return the /64 network, because a single client owns all of its addresses.
    """
    address = client_address(request)
    return str(ip_network((address, 64), strict=False)) if ":" in address else address
