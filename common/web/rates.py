"""How often a client may ask."""

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

_MOST_CLIENTS = 4096


class RateLimit:
    """A bucket of permits for each client, filled up steadily.

    Of clients that are many, the ones unheard for longest are forgotten.
    """

    def __init__(
        self,
        per_minute: float,
        burst: int,
        clock: Callable[[], float] = time.monotonic,
    ):
        self._per_second, self._burst, self._clock = per_minute / 60, burst, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str) -> float:
        """Take a permit; return 0, or the seconds until there is one."""
        now = self._clock()
        left, then = self._buckets.pop(client, (float(self._burst), now))
        left = min(self._burst, left + (now - then) * self._per_second)
        granted = left >= 1
        self._buckets[client] = (left - granted, now)
        if len(self._buckets) > _MOST_CLIENTS:
            self._buckets.popitem(last=False)
        return 0.0 if granted else (1 - left) / self._per_second


def client_name(scope: Mapping[str, Any]) -> str:
    """Name a client; whoever has one address of IPv6 has all of its /64."""
    address = (scope.get("client") or ("",))[0]
    if ":" not in address:
        return address
    network = ipaddress.IPv6Network((address.partition("%")[0], 64), strict=False)
    return str(network)
