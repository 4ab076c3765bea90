"""Sphinx reads this. The pages are Markdown (MyST)."""

project = "Kelas"
copyright = "2026, the Kelas authors"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
html_theme = "alabaster"
html_title = "Kelas"
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]
