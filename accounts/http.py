"""Requests as views see them."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.models import User

# The Retry-After of each 503.
RETRY_AFTER_SECONDS = "60"


class AuthenticatedRequest(HttpRequest):
    """A request to a view that needs a login: its user is never anonymous."""

    user: User


def client_ip(request: HttpRequest) -> str:
    """Where a request comes from: as TRUSTED_PROXY_COUNT proxies of ours say, never as the client says itself.

    Of an IPv6 address the network, since a single client owns all the addresses in it.
    """
    try:
        address = ip_address(get_adapter().get_client_ip(request))
    except (PermissionDenied, ValueError):
        return "unknown"
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


def is_fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
