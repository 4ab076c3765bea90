"""What two areas already share: base models, clock and zones, public ids, signed links, interval union, page cache.

Owns: nothing about learning. May import: Django, Wagtail, ``lms.conf``, ``lms.signals``.
Knows no other area.
"""
