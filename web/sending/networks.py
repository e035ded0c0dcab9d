"""From which network something comes: no finer than limits need it."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from fastapi import Request


def network(request: Request) -> str:
    """Return the network of an address: its first 24 bits, or 48 of IPv6, which one household has."""
    said = request.client.host if request.client else ""
    try:
        address: IPv4Address | IPv6Address = ip_address(said)
    except ValueError:
        return said
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(ip_network((address, 24 if address.version == 4 else 48), strict=False))  # noqa: PLR2004
