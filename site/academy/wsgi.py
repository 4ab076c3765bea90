"""The academy as a WSGI application (``granian --interface wsgi academy.wsgi:application``)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "academy.settings.production")
application = get_wsgi_application()
