"""What the templates of teaching blocks need of files: where they are, and how large."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.defaultfilters import filesizeformat

register = template.Library()


@register.simple_tag(takes_context=True)
def document_url(context: template.Context, document: Any) -> str:
    """``{% document_url document %}``: the address of a file.

    ``document_url`` in the context, a function from a document to its address, takes the place of the public one: the
    files of a lesson that is opened on a personal page are fetched through that page.
    """
    if document is None or document.pk is None:
        return ""
    address = context.get("document_url")
    return address(document) if callable(address) else document.url


@register.simple_tag
def document_size(document: Any) -> str:
    """``{% document_size document %}``: how large a file is, in words; nothing when it is not there."""
    if document is None:
        return ""
    size = document.file_size if document.pk is None else document.get_file_size()
    return filesizeformat(size) if size else ""
