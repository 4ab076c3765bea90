"""How long was somebody there? Pure: whole seconds in, seconds out; no database, no Django, no clock.

Presence is the union of a person's stays, clipped to the session, short gaps bridged (law 4). What a platform prints as
a total is used only where it prints no times, and is never added to anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median_low

from lms.core import intervals

Stay = tuple[int, int]

HOUR = 3600
#: People join around the start. A median this near to another full hour looks like a report printed in another zone.
NEAR_HOUR_SECONDS = 5 * 60


@dataclass(frozen=True, slots=True)
class Presence:
    """What one person's stays amount to. Moments are seconds on the scale of the stays.

    ``first_joined`` and ``last_left`` are as printed, of the stays that touch the session; ``last_counted`` is the last
    second that counts. All three are None where only totals are known. ``devices`` is the largest number of
    connections at one time.
    """

    seconds: int = 0
    first_joined: int | None = None
    last_left: int | None = None
    last_counted: int | None = None
    devices: int = 0


def measure(
    reports: Iterable[Sequence[Stay]],
    totals: Iterable[int] = (),
    *,
    window: Stay,
    bridge_seconds: int = 0,
) -> Presence:
    """Measure one person's presence at one session.

    Args:
        reports: the stays (join, leave) that each report lists for the person. A second report of the same session
            repeats stays of the first: their union counts, and devices are counted inside one report.
        totals: seconds that reports without times print. The largest counts, at most the whole session; it is compared
            with the union, never added.
        window: start and end of the session.
        bridge_seconds: gaps of at most this length do not interrupt presence.

    Returns:
        The presence; with ``seconds`` 0 when nothing of it falls into the session.
    """
    opens, closes = window
    touching = [
        [stay for stay in stays if stay[0] < closes and stay[1] > opens and stay[0] < stay[1]]
        for stays in reports
    ]
    printed = max(totals, default=0)
    everything = [stay for stays in touching for stay in stays]
    if not everything:
        seconds = max(0, min(printed, closes - opens))
        return Presence(seconds=seconds, devices=1 if seconds else 0)
    merged = intervals.union(everything, window=window, bridge_seconds=bridge_seconds)
    return Presence(
        seconds=max(sum(end - start for start, end in merged), min(printed, closes - opens)),
        first_joined=min(start for start, _ in everything),
        last_left=max(end for _, end in everything),
        last_counted=merged[-1][1],
        devices=max(connections(stays) for stays in touching),
    )


def connections(stays: Sequence[Stay]) -> int:
    """Return the largest number of stays at one time. One that begins when another ends is not at the same time."""
    if len(stays) < 2:
        return len(stays)
    steps = sorted([(start, 1) for start, _ in stays] + [(end, -1) for _, end in stays])
    now = most = 0
    for _, step in steps:
        now += step
        most = max(most, now)
    return most


def hours_off(first_joins: Sequence[int], start: int) -> int:
    """Return by how many full hours people seem to have come early (negative) or late; 0 when nothing looks wrong.

    A report printed in WITA and read as WIB shifts everybody by exactly one hour, so the median time of joining then
    lies within five minutes of a full hour from the start.

    Args:
        first_joins: when each person first joined, in seconds.
        start: when the session starts, on the same scale.
    """
    if not first_joins:
        return 0
    offset = median_low(first_joins) - start
    hours = round(offset / HOUR)
    return hours if abs(offset - hours * HOUR) <= NEAR_HOUR_SECONDS else 0
