"""No addresses at all: what LocaleMiddleware is shown so that a 404 of ours stays a 404. See ``core.not_found``."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
