"""Reading a 100,000-row Zoom report, against the least that any reader has to do.

Run ``python tests/benchmarks/bench_imports.py`` from the root of the repository; it prints a table and JSON.

The floor knows everything beforehand: encoding, separator, columns, date order, that no row is odd. It splits
the lines with the ``csv`` module, reads each date part once, and unites each person's intervals with the
fastest sweep we know. ``least`` is harsher still: it also remembers every spelling of a time, as ours does.
Ours finds all of that out, checks every row and hands out people with their times. Every figure is CPU time;
ours and the floors take turns, so that a busy machine disturbs all alike.
"""

from __future__ import annotations

import csv
import io
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path

ROWS = 100_000
PEOPLE = 33_000
TURNS = 7
RATIO_ALLOWED = 3.0
RSS_ALLOWED_MB = 250
HEADER = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,In Waiting Room"
DAY = "03/14/2025"
ROOT = Path(__file__).resolve().parents[2]


def printed(second: int) -> str:
    """Return a second of the day as Zoom prints it."""
    hour, rest = divmod(second, 3600)
    half = "AM" if hour < 12 else "PM"
    return f"{DAY} {(hour + 11) % 12 + 1:02}:{rest // 60:02}:{rest % 60:02} {half}"


def make_report(rows: int = ROWS, people: int = PEOPLE, seed: int = 14) -> bytes:
    """Return an invented meeting report: reconnections, second devices, an evening of three hours."""
    chance = random.Random(seed)
    lines = [HEADER]
    for _ in range(rows):
        person = chance.randrange(people)
        join = 18 * 3600 + chance.randrange(2 * 3600)
        leave = join + chance.randrange(1, 3600)
        lines.append(
            f"Peserta Nomor {person} Wijaya,peserta.{person}@usaha{person % 97}.example,"
            f"{printed(join)},{printed(leave)},{-(-(leave - join) // 60)},Yes,No"
        )
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")


def floor(source: bytes, *, remember: bool = False) -> int:
    """Return the merged seconds of everybody, doing no more than that needs."""
    known: dict[str, int] = {}
    days: dict[str, int] = {}
    stays: dict[str, list[tuple[int, int]]] = defaultdict(list)
    rows = csv.reader(io.TextIOWrapper(io.BytesIO(source), encoding="utf-8-sig", newline=""))
    next(rows)
    for row in rows:
        ends = []
        for cell in (row[2], row[3]):
            second = known.get(cell)
            if second is None:
                day = days.get(cell[:10])
                if day is None:
                    month, day_of_month, year = cell[:10].split("/")
                    ordinal = date(int(year), int(month), int(day_of_month)).toordinal()
                    day = days[cell[:10]] = ordinal * 86_400
                hour = int(cell[11:13]) % 12 + (12 if cell[20] == "P" else 0)
                second = day + hour * 3600 + int(cell[14:16]) * 60 + int(cell[17:19])
                if remember:
                    known[cell] = second
            ends.append(second)
        stays[row[1]].append((ends[0], ends[1]))
    total = 0
    for spans in stays.values():
        spans.sort()
        reached = 0
        for start, end in spans:
            if end > reached:
                total += end - max(start, reached)
                reached = end
    return total


def least(source: bytes) -> int:
    """Return the same with every spelling of a time remembered."""
    return floor(source, remember=True)


def ours(source: bytes) -> int:
    """Return the merged seconds of everybody, read by the product."""
    from lms.webinars.imports import read_report

    return read_report(source).merged_seconds


def timed(work: Callable[[bytes], int], source: bytes) -> tuple[float, int]:
    """Return CPU seconds and result of one turn."""
    begun = time.process_time()
    result = work(source)
    return time.process_time() - begun, result


def peak_rss_mb(source: bytes) -> int:
    """Return the peak memory of a fresh process that reads the report from a file, in MB."""
    program = (
        "import resource, sys\n"
        "from lms.webinars.imports import read_report\n"
        "report = read_report(open(sys.argv[1], 'rb').read())\n"
        "assert report.people\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "participants.csv"
        path.write_bytes(source)
        command = [sys.executable, "-c", program, str(path)]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    return round(int(done.stdout) / (1024 * 1024 if sys.platform == "darwin" else 1024))


def run(rows: int = ROWS) -> dict[str, object]:
    """Return the figures: median CPU seconds, ratios turn by turn, peak memory, and whether the bars are kept."""
    source = make_report(rows)
    turns: list[tuple[float, float, float]] = []
    for _ in range(TURNS):
        (floor_time, expected), (least_time, also), (our_time, result) = (
            timed(work, source) for work in (floor, least, ours)
        )
        if not expected == also == result:
            raise AssertionError(f"Different results: floor {expected}, ours {result}.")
        turns.append((floor_time, least_time, our_time))
    ratio = statistics.median(our_time / floor_time for floor_time, _, our_time in turns)
    memory = peak_rss_mb(source)
    return {
        "job": f"read a Zoom report of {rows} rows",
        "megabytes": round(len(source) / 1e6, 1),
        "floor_seconds": round(statistics.median(turn[0] for turn in turns), 3),
        "least_seconds": round(statistics.median(turn[1] for turn in turns), 3),
        "seconds": round(statistics.median(turn[2] for turn in turns), 3),
        "ratio": round(ratio, 2),
        "ratio_allowed": RATIO_ALLOWED,
        "ratio_to_least": round(statistics.median(turn[2] / turn[1] for turn in turns), 2),
        "rss_mb": memory,
        "rss_allowed_mb": RSS_ALLOWED_MB,
        "kept": ratio <= RATIO_ALLOWED and memory <= RSS_ALLOWED_MB,
    }


if __name__ == "__main__":
    figures = run()
    for name, value in figures.items():
        print(f"{name:>16}  {value}")
    print(json.dumps(figures))
