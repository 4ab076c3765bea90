"""Kelas: webinars, courses, attendance, completion, certificates and calendars for Wagtail."""

__version__ = "0.1.0"
