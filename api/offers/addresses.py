"""Where the pages of a region are found by who reads a file far away from them."""

import re
from typing import Final

from fastapi import Request

from api.offers.feeds import Address
from api.regions.models import Region

_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")


def address(request: Request, region: Region) -> Address:
    """Return the address of a region's pages: its own host, or the one that is asked if it has none.

    A host that only somebody claims to ask never gets into what is unique for ever, if the region has one.
    """
    asked = request.headers.get("host", "").lower()
    name = asked.partition(":")[0]
    host = asked if name in region.hostnames or not region.hostnames else region.hostnames[0]
    if not _HOST.fullmatch(host):
        return Address("", "localhost")
    return Address(f"{request.url.scheme}://{host}", (region.hostnames or [name])[0])
