"""Calendars that others subscribe to or embed: feeds, partner calendars, embeds, calendar files for mails.

Owns: CachedEvent, PartnerCalendar. ``ical`` is the only module that speaks iCalendar; it writes it with
``content_lines`` and ``timezones`` and needs no library.
May import: webinars, progress, catalogue, people, core.
"""
