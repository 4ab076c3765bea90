"""All benchmarks, one after the other, as one table and one JSON file. They are no timed tests.

Run ``python tests/benchmarks/run.py [--json FILE] [NAME …]`` from the root of the repository. Each runs in a process of its
own, so that none warms up another.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def names() -> list[str]:
    """Return the names of the benchmarks there are."""
    return sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))


def one(name: str) -> dict[str, object]:
    """Run one benchmark in a process of its own and return its figures."""
    code = (
        "import importlib.util, json, sys\n"
        f"spec = importlib.util.spec_from_file_location('bench', {str(HERE / f'bench_{name}.py')!r})\n"
        "module = importlib.util.module_from_spec(spec); spec.loader.exec_module(module)\n"
        "print('FIGURES ' + json.dumps(module.run(), default=str))\n"
    )
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=HERE.parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    for line in reversed(result.stdout.splitlines()):
        if line.startswith("FIGURES "):
            return json.loads(line.removeprefix("FIGURES "))
    return {"error": result.stderr.strip().splitlines()[-1:] or result.returncode}


def rows(figures: dict[str, object], before: str = "") -> list[tuple[str, str]]:
    """Return the figures as flat (name, value) pairs."""
    found: list[tuple[str, str]] = []
    for key, value in figures.items():
        if isinstance(value, dict):
            found += rows(value, f"{before}{key}.")
        else:
            found.append((before + key, str(value)))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*names(), []], help="benchmarks; all by default")
    parser.add_argument("--json", type=Path, help="also write the figures there")
    options = parser.parse_args()
    all_figures = {}
    for name in options.names or names():
        all_figures[name] = figures = one(name)
        print(f"\n{name}")
        for key, value in rows(figures):
            print(f"  {key:<40} {value}")
    if options.json:
        options.json.write_text(json.dumps(all_figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
