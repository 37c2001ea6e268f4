"""Addresses that clips may be downloaded from. A host is resolved once, and the checked address is the one dialled."""

import ipaddress
import socket
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from videos.providers.base import InvalidOutput, OutputNotAllowed, RequestFailed
from videos.providers.runway.catalogue import LOOPBACK_NAMES

_MAX_URL_LENGTH = 8192
# Azure's metadata and DNS address is public; those of all other clouds are link-local, private or shared.
_METADATA_ADDRESSES = frozenset({ipaddress.ip_address("168.63.129.16")})
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_V4_COMPATIBLE = ipaddress.ip_network("::/96")

type SocketAddress = tuple[socket.AddressFamily, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Origin:
    """A checked URL, split into its parts. ``target`` holds the token of a signed URL, so the repr omits it."""

    host: str
    port: int
    secure: bool
    target: str = field(repr=False)
    loopback: bool = False


def checked_origin(url: str, hosts: tuple[str, ...], *, allow_loopback: bool) -> Origin:
    """Check and split the URL of a clip: https, port 443, no user, an allowed host. Raises InvalidOutput."""
    if not url:
        raise InvalidOutput("the task has no output URL")
    if len(url) > _MAX_URL_LENGTH or not all("!" <= char <= "~" for char in url):
        raise InvalidOutput("the output URL is malformed")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise InvalidOutput("the output URL is malformed") from None
    if parts.username is not None or parts.password is not None:
        raise OutputNotAllowed("the output URL contains a user name")
    loopback = allow_loopback and host in LOOPBACK_NAMES
    if not loopback and (parts.scheme != "https" or port not in (None, 443)):
        raise OutputNotAllowed("the output URL does not use https on port 443")
    if not loopback and not any(_matches(host, allowed.lower()) for allowed in hosts):
        raise OutputNotAllowed("the output is on a host that is not allowed")
    if parts.scheme not in ("https", "http"):
        raise InvalidOutput("the output URL is malformed")
    secure = parts.scheme == "https"
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Origin(host, port or (443 if secure else 80), secure, target, loopback)


def _matches(host: str, allowed: str) -> bool:
    if allowed.startswith("*."):
        return host.endswith(allowed[1:]) and len(host) > len(allowed) - 1
    return host == allowed


def resolve(origin: Origin) -> list[SocketAddress]:
    """Return the socket addresses of a host, resolved once.

    Raises RequestFailed if the host does not resolve, and InvalidOutput for a forbidden address.

    One private, loopback, link-local, shared, multicast or metadata address invalidates the whole result, since no
    legitimate host of clips has one.
    """
    try:
        results = socket.getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise RequestFailed(f"the output's host does not resolve ({type(error).__name__})") from None
    addresses: list[SocketAddress] = [(family, address) for family, _, _, _, address in results]
    for _, address in addresses:
        if not _is_allowed(str(address[0]), loopback=origin.loopback):
            raise OutputNotAllowed("the output's host resolves to a private network")
    return addresses


def _is_allowed(text: str, *, loopback: bool) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    if loopback:
        return address.is_loopback
    if isinstance(address, ipaddress.IPv6Address):
        if address in _V4_COMPATIBLE:
            return False
        address = _embedded_ipv4(address) or address
    return address.is_global and not address.is_multicast and address not in _METADATA_ADDRESSES


def _embedded_ipv4(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that is embedded in an IPv6 address, mapped or through NAT64."""
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped
