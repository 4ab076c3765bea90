"""The budgets of EXPERIENCE.md, and what was measured against them: ``python -m tests.experience.budgets``.

The command runs the demo (or uses ``KELAS_ACADEMY=8000:/path/to/var``), visits every page kind three times in both
languages, prints a table for docs/performance.md and writes ``budgets.json`` beside it where a folder is named.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.experience.addresses import LANGUAGES
from tests.experience.measure import Visit, typical, visit, warm

FIRST_FLIGHT = 14.6
OWN_STYLE = 6.0
SHIFT = 0.05


@dataclass(frozen=True, slots=True)
class Budget:
    """What a page may cost: kB without and with its pictures, requests, kB of scripts, seconds to the largest paint."""

    plain: float
    pictured: float
    requests: int
    scripts: float
    lcp: float


COURSE = Budget(40, 90, 6, 15, 2.0)
WEBINAR = Budget(35, 60, 5, 15, 2.0)
#: By the names of ``addresses``.
BUDGETS = {
    "course": COURSE,
    "lesson": COURSE,
    "lesson in the room": COURSE,
    "series": WEBINAR,
    "session": WEBINAR,
    "dashboard": Budget(45, 45, 5, 15, 2.0),
    "verify": Budget(15, 15, 3, 0, 1.5),
    "iframe": Budget(10, 10, 3, 1, 1.5),
}


def once(chromium: Any, academy: Any, name: str, path: str) -> Visit:
    """Visit a page as its readers do: an iframe on the partner's site, everything else by itself."""
    return visit(chromium, academy.url + path, framed_at=academy.partner_url if name == "iframe" else "")


def misses(budget: Budget, seen: Visit) -> list[str]:
    """Return in words what a visit cost beyond its budget; the largest paint is judged elsewhere, by the middle of three."""
    limits = {
        "kB without pictures": (seen.kilobytes(without="pictures"), budget.plain),
        "kB with pictures": (seen.kilobytes(), budget.pictured),
        # A lesson about photographs shows some; each is asked for as its place draws near.
        "requests before anybody reads on, pictures apart": (
            seen.requests(without="pictures"),
            budget.requests,
        ),
        "kB of scripts": (seen.kilobytes("Script"), budget.scripts),
        "kB of HTML and styles of the head": (seen.first_flight, FIRST_FLIGHT),
        "kB of styles": (seen.kilobytes("Stylesheet"), OWN_STYLE),
        "layout shift": (seen.cls, SHIFT),
    }
    found = [f"{what}: {value:.2f}, at most {most}" for what, (value, most) in limits.items() if value > most]
    if seen.strangers:
        found.append(f"asked others: {sorted(seen.strangers)}")
    if fonts := seen.kilobytes("Font"):
        found.append(f"{fonts:.1f} kB of fonts")
    return found


def row(name: str, language: str, budget: Budget, visits: list[Visit]) -> dict[str, Any]:
    """Return what was measured of one page as plain figures; the worst of all visits but for the largest paint."""

    def worst(figure: Any) -> float:
        return round(max(figure(each) for each in visits), 2)

    return {
        "page": name,
        "language": language,
        "kB without pictures": worst(lambda each: each.kilobytes(without="pictures")),
        "kB": worst(Visit.kilobytes),
        "requests without pictures": worst(lambda each: each.requests(without="pictures")),
        "requests": worst(Visit.requests),
        "kB of scripts": worst(lambda each: each.kilobytes("Script")),
        "kB of HTML and styles": worst(lambda each: each.first_flight),
        "kB of styles": worst(lambda each: each.kilobytes("Stylesheet")),
        "LCP in s": round(typical(visits), 2),
        "LCPs": [round(each.lcp, 2) for each in visits],
        "CLS": worst(lambda each: each.cls),
        "missed": sorted({words for each in visits for words in misses(budget, each)})
        + ([f"LCP {typical(visits):.2f} s, at most {budget.lcp}"] if typical(visits) > budget.lcp else []),
    }


def as_markdown(rows: list[dict[str, Any]]) -> str:
    """Return the table of docs/performance.md: what was seen, and behind the stroke what is allowed."""
    lines = [
        "| page | language | kB without / with pictures | requests without / with them | kB of scripts | HTML + CSS, kB | LCP, s | CLS |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for each in rows:
        budget = BUDGETS[each["page"]]
        lines.append(
            f"| {each['page']} | {each['language']} "
            f"| {each['kB without pictures']:.1f} of {budget.plain:g} / {each['kB']:.1f} of {budget.pictured:g} "
            f"| {each['requests without pictures']:.0f} of {budget.requests} / {each['requests']:.0f} | {each['kB of scripts']:.1f} of {budget.scripts:g} "
            f"| {each['kB of HTML and styles']:.1f} of {FIRST_FLIGHT} | {each['LCP in s']:.2f} of {budget.lcp} "
            f"| {each['CLS']:.2f} of {SHIFT} |"
        )
    return "\n".join(lines)


def _main(folder: str = "") -> int:
    import os
    import shutil

    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import FLAGS, running_academy
    from tests.experience.addresses import read

    rows = []
    with tempfile.TemporaryDirectory() as place, running_academy(Path(place)) as academy:
        found = read(academy.folder)
        with sync_playwright() as playwright:
            path = os.environ.get("CHROMIUM") or shutil.which("chromium")
            chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
            for name, budget in BUDGETS.items():
                for language in LANGUAGES:
                    warm(academy.url + found[name][language])
                    visits = [once(chromium, academy, name, found[name][language]) for _ in range(3)]
                    rows.append(row(name, language, budget, visits))
            chromium.close()
    print(as_markdown(rows))  # noqa: T201
    missed = [f"{each['page']} ({each['language']}): {words}" for each in rows for words in each["missed"]]
    print("\n".join(missed) or "Every budget holds.")  # noqa: T201
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        Path(folder, "budgets.json").write_text(json.dumps(rows, indent=1) + "\n")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:2]))
