"""How large a report may be. The largest webinar that Zoom sells stays below each of these."""

from __future__ import annotations

BYTES = 50 * 1024 * 1024
ROWS = 200_000  # with anything in them
LINES = 1_048_576  # blank ones included: as many as a spreadsheet program can save
CELL_CHARACTERS = 4_000
# A remark of one kind is given this often, then counted.
REMARKS_OF_A_KIND = 50
# The column names of a report stand in its first lines, below a summary at most.
HEADER_LINES = 120
