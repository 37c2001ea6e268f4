"""Too much in too short a time: a page that says when to come back."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.limits import Verdict


def address_of(request: HttpRequest) -> str:
    """Where a request comes from: as TRUSTED_PROXY_COUNT proxies of ours say, never as the client says itself.

    Of an IPv6 address the network, since a single client owns all the addresses in it.
    """
    try:
        address = ip_address(get_adapter().get_client_ip(request))
    except (PermissionDenied, ValueError):
        return "unknown"
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


def in_words(seconds: int) -> str:
    """``a minute``, ``25 minutes``, ``3 hours``: rounded up, so that it is never too soon."""
    if seconds <= 60:
        return "a minute"
    if seconds <= 3600:
        return f"{-(-seconds // 60)} minutes"
    return f"{-(-seconds // 3600)} hours"


def too_often(request: HttpRequest, verdict: Verdict, why: str) -> HttpResponse:
    """429, with the sentence ``why`` and the time to come back."""
    context = {"why": why, "when": in_words(verdict.resets_in)}
    answer = render(request, "429.html", context, status=429)
    for name, value in verdict.headers.items():
        answer.headers[name] = value
    return answer
