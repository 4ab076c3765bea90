"""How often something may be asked for, counted in the cache: in fixed windows, per key.

The count is a brake against floods, not a proof: a cache that forgets lets people through, never locks them out.
"""

from __future__ import annotations

import hashlib
import time
from typing import Any

from django.core.cache import cache

from lms import conf


def allow(key: str, *, limit: int, seconds: int) -> bool:
    """Count one attempt and say whether it is within the limit.

    Args:
        key: what is counted, such as ``register:address:<address>``; only its hash is stored.
        limit: attempts allowed in one window; 0 switches the brake off.
        seconds: length of the window.
    """
    if not limit:
        return True
    window = int(time.time()) // seconds
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    name = f"lms.throttle.{digest}.{window}"
    if cache.add(name, 1, seconds):
        return True
    try:
        return cache.incr(name) <= limit
    except ValueError:  # expired in between
        return True


def client_address(request: Any) -> str:
    """Return the IP address that a request came from, as far as it can be believed.

    Each trusted proxy adds the address that it saw at the right end of X-Forwarded-For; what stands further left was
    sent by the client and may be anything.
    """
    proxies = int(conf.TRUSTED_PROXIES)
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    if proxies and len(hops) >= proxies:
        return hops[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))
