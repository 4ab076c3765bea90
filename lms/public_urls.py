"""Addresses that never move, outside i18n_patterns, language in the query. Include once; see LMS["PUBLIC_URL_PREFIX"]."""

from __future__ import annotations

from lms.calendars.urls import public_urlpatterns as calendars
from lms.core.not_found import stays_not_found
from lms.credentials.urls import public_urlpatterns as credentials
from lms.learner.urls import public_urlpatterns as learner
from lms.webinars.urls import public_urlpatterns as webinars

app_name = "lms_public"
# Calendars first: /s/<id>.ics would otherwise be taken for a session called "<id>.ics".
urlpatterns = [*calendars, *webinars, *credentials, *learner]
for pattern in urlpatterns:
    pattern.callback = stays_not_found(pattern.callback)
