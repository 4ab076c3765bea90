"""The editors' and coordinators' side inside the Wagtail admin: panels, viewsets, the recurrence widget, imports.

Owns: no tables. May import: everything but pages and contrib.
"""
