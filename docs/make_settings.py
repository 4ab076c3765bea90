"""Write docs/settings.md from lms.conf, so that the page and the code cannot disagree. Run: python docs/make_settings.py"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from lms import conf  # noqa: E402 -- the path first

HEAD = """# Settings

All settings of Kelas are keys of one dictionary in the host's settings:

```python
LMS = {"ATTEND_PERCENT": 80}
```

They are read when they are needed, so tests may override them.
A key that Kelas does not know is the system check error `lms.E001`.
This page is made from `lms/conf.py` by `docs/make_settings.py`.

"""


def main() -> None:
    parts = [HEAD]
    for name, (default, words) in sorted(conf.SETTINGS.items()):
        parts.append(f"### `{name}`\n\n{words}\n\nDefault: `{default!r}`\n\n")
    (HERE / "settings.md").write_text("".join(parts).rstrip() + "\n")


if __name__ == "__main__":
    main()
