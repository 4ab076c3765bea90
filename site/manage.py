#!/usr/bin/env python
"""Runs a command of the demo site: ``python site/manage.py demo``."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "academy.settings.demo")
    try:
        from django.core.management import execute_from_command_line  # noqa: PLC0415 -- says what is missing
    except ImportError as error:
        raise SystemExit('Django is not installed here. Run: pip install -e ".[demo]"') from error
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
