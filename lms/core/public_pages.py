"""Pages that are the same for every visitor."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse

from lms.core.page_cache import mark_public


class ServedPublicly(models.Model):
    """Mixin for page types: the page cache may keep the answer while no view restriction applies to the page.

    Put it before the page class: ``class LessonPage(ServedPublicly, LessonMixin, Page)``. Its template may hold nothing
    personal: no csrf token, no ``request.user``, no userbar. An abstract model, so that migrations do not name it.
    """

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer a visitor, and say whether the answer is for everybody.

        What stands below a page that was withdrawn is withdrawn with it, though nobody withdrew it by itself.
        """
        if self.lms_withdrawn_above():
            raise Http404("A page above this one is not published.")
        response = super().serve(request, *args, **kwargs)  # type: ignore[misc]
        if not self.get_view_restrictions().exists():  # type: ignore[attr-defined]
            mark_public(response)
        return response

    def lms_withdrawn_above(self) -> bool:
        """Say whether a page above this one is not published."""
        return bool(self.get_ancestors().filter(live=False).exists())  # type: ignore[attr-defined]
