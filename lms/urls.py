"""Addresses in the visitor's language (registration). Include inside i18n_patterns where a site uses them."""

from __future__ import annotations

from lms.learner.urls import urlpatterns as learner
from lms.webinars.urls import urlpatterns as webinars

app_name = "lms"
urlpatterns = [*webinars, *learner]
