"""Forms without cookies: nothing here is done on the strength of a cookie, so no CSRF cookie is needed.

Registering asks for what anybody may type, and a personal page acts on the strength of the link in its address. So
there is no ambient authority that another site could borrow (OWASP: CSRF needs credentials that the browser adds by
itself). Still, only our own pages may post here: browsers say where a form stands (Fetch Metadata), and a form on
another site is refused with a page that lets the visitor go on.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponse]

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")


def own_forms_only(view: View) -> View:
    """Exempt a view from the CSRF cookie; it is given ``request.foreign_form`` = True for a form on another site.

    The view decides what to answer then, and changes nothing.
    """

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.foreign_form = is_foreign_form(request)  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return wrapped


def is_foreign_form(request: HttpRequest) -> bool:
    """Say whether this request was sent by a form on another site, as far as the browser tells.

    ``Sec-Fetch-Site`` decides where it is sent (all current browsers). Older ones send ``Origin``; it is ``null`` from
    a page with ``Referrer-Policy: no-referrer``, such as the personal page, and then says nothing.
    """
    if request.method in SAFE:
        return False
    if site := request.headers.get("Sec-Fetch-Site"):
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin", "null")
    return origin != "null" and urlsplit(origin).netloc != request.get_host()
