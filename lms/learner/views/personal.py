"""What every door under ``/p/<token>`` begins with: whose link it is, in which language to answer, and who may post."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from lms.core import links
from lms.core.languages import asked_language
from lms.core.own_forms import own_forms_only
from lms.learner.views.trouble import guarded, trouble
from lms.people import queries as people
from lms.people.services import verify_address
from lms.webinars.views.join import is_only_a_look

PersonalView = Callable[..., Any]


def personal(view: PersonalView) -> PersonalView:
    """Open a view with a personal link: find whose it is, prove the address it was sent to, speak their language.

    A form on another site is refused here, before the view is asked. No answer is kept by anybody.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
        try:
            holder, addresses, claim = people.learner_of_link(token)
        except links.RevokedLink:
            return trouble(request, "revoked", 410)
        except links.BadLink:
            return trouble(request, "bad", 404)
        learner = people.canonical(holder)
        if not is_only_a_look(request) and any(row.verified_at is None for row in addresses):
            verify_address(learner_id=holder.pk, via=claim.via, public_id=holder.public_id)
        language = asked_language(request, chosen=learner.language)
        with translation.override(language):
            if getattr(request, "foreign_form", False):
                return trouble(request, "foreign", 403)
            request.addresses = addresses  # type: ignore[attr-defined]
            return guarded(view(request, token, learner, **kwargs))

    return own_forms_only(wrapped)
