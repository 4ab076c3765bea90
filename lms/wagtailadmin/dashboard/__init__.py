"""Panels of the admin's home: what is next, what needs a person, what changed. Each shows only what its reader may see."""

from lms.wagtailadmin.dashboard.changed import ChangedPanel
from lms.wagtailadmin.dashboard.coming import ComingPanel
from lms.wagtailadmin.dashboard.duties import DutiesPanel

__all__ = ["ChangedPanel", "ComingPanel", "DutiesPanel"]
