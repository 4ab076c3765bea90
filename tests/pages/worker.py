"""A process of its own that answers requests, as one of several behind a web server. Run by ``test_three_processes``.

It reads a path a line and answers each with a line of JSON: status, how many queries it cost, and the page.
"""

from __future__ import annotations

import json
import os
import sys


def main(database: str) -> None:
    """Serve what the standard input asks for, from a database that another process filled."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    for line in sys.stdin:
        with CaptureQueriesContext(connection) as captured:
            response = client.get(line.strip())
        answer = {
            "status": response.status_code,
            "queries": len(captured),
            "page": response.content.decode(),
        }
        sys.stdout.write(f"{json.dumps(answer)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
