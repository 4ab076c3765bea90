"""Pictures at their plain address. Files of documents go through Wagtail, which asks who may have them."""

from __future__ import annotations

import posixpath

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.static import serve

#: Where Wagtail keeps documents, below MEDIA_ROOT.
DOCUMENTS = "documents"


def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve an uploaded picture. A deployment lets its web server do this, and denies the same folder.

    Raises:
        Http404: there is none, or it is the file of a document.
    """
    # As the view below reads the path, so that no dots lead around.
    if posixpath.normpath(path).lstrip("/").partition("/")[0].lower() == DOCUMENTS:
        raise Http404("Documents are served by Wagtail.")
    return serve(request, path, document_root=settings.MEDIA_ROOT)
