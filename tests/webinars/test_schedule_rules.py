"""What an edited rule does to a series: law 1, driven by random edits, people and the passing of time."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lms.webinars.recurrence import Slot, expand
from lms.webinars.rules import CANCEL, MOVE, Present, Proposal, schedule_diff, seconds_needed

JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = dt.datetime(2027, 3, 1, 0, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def slot(day: int, hour: int = 6, minutes: int = 90, ordinal: int = 0) -> Slot:
    start = dt.datetime(2027, 3, day, hour, tzinfo=JAKARTA)
    return Slot(start.date(), ordinal, start, start + dt.timedelta(minutes=minutes))


def span(each: Slot):
    return each.starts_at, each.ends_at


def session(key: int, each: Slot, **changes) -> Present:
    return Present(
        key, each.original_date, each.ordinal, **({"span": span(each), "slot": span(each)} | changes)
    )


# ── one edit at a time ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_first_time_every_session_is_added_even_past_ones():
    wanted = [slot(2), slot(9)]
    diff = schedule_diff(wanted, [], now=NOW + dt.timedelta(days=4))
    assert diff.add == wanted
    assert not (diff.move or diff.cancel or diff.propose)


def test_nothing_changes_when_the_rule_did_not():
    assert not schedule_diff([slot(2), slot(9)], [session(1, slot(2)), session(2, slot(9))], now=NOW)


def test_later_no_session_is_added_in_the_past():
    diff = schedule_diff(
        [slot(2), slot(9), slot(10)], [session(1, slot(2))], now=NOW + dt.timedelta(days=8, hours=12)
    )
    assert diff.add == [slot(10)]


def test_another_hour_moves_a_session_without_people_and_keeps_it():
    diff = schedule_diff([slot(2, hour=7)], [session(1, slot(2))], now=NOW)
    assert diff.move == {1: span(slot(2, hour=7))}
    assert not (diff.add or diff.cancel or diff.propose)


def test_another_length_moves_it_too():
    diff = schedule_diff([slot(2, minutes=120)], [session(1, slot(2))], now=NOW)
    assert diff.move == {1: span(slot(2, minutes=120))}


def test_with_people_a_move_is_only_proposed():
    diff = schedule_diff([slot(2, hour=7)], [session(1, slot(2), people=True)], now=NOW)
    assert diff.propose == {1: Proposal(MOVE, span(slot(2, hour=7)))}
    assert not diff.move
    assert diff.slots == {1: span(slot(2, hour=7))}


def test_a_date_that_is_gone_is_cancelled_without_people_and_proposed_with_people():
    present = [session(1, slot(2)), session(2, slot(9), people=True)]
    diff = schedule_diff([slot(16)], present, now=NOW)
    assert diff.cancel == [1]
    assert diff.propose == {2: Proposal(CANCEL)}
    assert diff.add == [slot(16)]


def test_the_past_is_never_touched():
    present = [session(1, slot(2)), session(2, slot(9))]
    diff = schedule_diff([slot(9, hour=8)], present, now=NOW + dt.timedelta(days=5))
    assert list(diff.move) == [2]
    assert not diff.cancel
    assert list(diff.slots) == [2]


def test_a_session_that_is_on_counts_as_past():
    diff = schedule_diff([slot(2, hour=9)], [session(1, slot(2))], now=slot(2).starts_at)
    assert not diff


def test_nothing_is_moved_into_the_past():
    # It is 08:00; the session of 19:00 today is set to 06:00.
    diff = schedule_diff([slot(2, hour=6)], [session(1, slot(2, hour=19))], now=slot(2, hour=8).starts_at)
    assert not diff.move and not diff.propose
    assert diff.slots == {1: span(slot(2, hour=6))}


def test_a_hand_cancelled_date_stays_closed_through_any_edit():
    by_hand = session(1, slot(2), cancelled=True)
    assert not schedule_diff([slot(2)], [by_hand], now=NOW)
    assert not schedule_diff([slot(2, hour=7)], [by_hand], now=NOW)
    gone = schedule_diff([slot(9)], [by_hand], now=NOW)
    assert gone.add == [slot(9)] and not gone.slots
    assert not schedule_diff([slot(2), slot(9)], [by_hand, session(2, slot(9))], now=NOW)


def test_a_date_that_the_rule_gave_up_and_gives_again_gets_a_new_session():
    given_up = session(1, slot(2), cancelled=True, slot=None)
    diff = schedule_diff([slot(2)], [given_up], now=NOW)
    assert diff.add == [slot(2, ordinal=1)]
    assert not (diff.move or diff.slots)


def test_the_new_session_of_a_date_is_edited_like_any_other():
    present = [session(1, slot(2), cancelled=True, slot=None), session(2, slot(2, ordinal=1))]
    assert not schedule_diff([slot(2)], present, now=NOW)
    assert schedule_diff([slot(2, hour=7)], present, now=NOW).move == {2: span(slot(2, hour=7))}
    assert schedule_diff([], present, now=NOW).cancel == [2]


def test_a_proposal_that_is_no_longer_wanted_is_settled():
    waiting = session(
        1,
        slot(2),
        slot=span(slot(2, hour=7)),
        people=True,
        proposal=Proposal(MOVE, span(slot(2, hour=7))),
    )
    assert not schedule_diff([slot(2, hour=7)], [waiting], now=NOW), "It still waits."
    back = schedule_diff([slot(2)], [waiting], now=NOW)
    assert back.settle == [1] and not back.propose
    other = schedule_diff([slot(2, hour=8)], [waiting], now=NOW)
    assert other.settle == [1] and other.propose == {1: Proposal(MOVE, span(slot(2, hour=8)))}
    gone = schedule_diff([slot(9)], [waiting], now=NOW)
    assert gone.settle == [1] and gone.propose == {1: Proposal(CANCEL)}


def test_a_dismissed_proposal_does_not_come_again_until_the_rule_changes_again():
    kept = session(1, slot(2), slot=span(slot(2, hour=7)), people=True)
    assert not schedule_diff([slot(2, hour=7)], [kept], now=NOW)
    assert schedule_diff([slot(2, hour=8)], [kept], now=NOW).propose


def test_what_a_person_moved_is_only_proposed_even_without_people():
    moved = session(1, slot(2), span=span(slot(3, hour=19)))
    assert not schedule_diff([slot(2)], [moved], now=NOW)
    assert schedule_diff([slot(2, hour=7)], [moved], now=NOW).propose == {
        1: Proposal(MOVE, span(slot(2, hour=7)))
    }
    assert schedule_diff([slot(9)], [moved], now=NOW).propose == {1: Proposal(CANCEL)}


def test_two_sessions_on_one_date_are_matched_in_order():
    morning, evening = slot(2), slot(2, hour=19, ordinal=1)
    present = [session(1, morning), session(2, evening)]
    assert not schedule_diff([morning, evening], present, now=NOW)
    assert schedule_diff([morning], present, now=NOW).cancel == [2]


@given(
    st.integers(min_value=1, max_value=24 * 3600),
    st.integers(min_value=1, max_value=100),
)
def test_seconds_needed_is_the_least_number_that_is_enough(length, percent):
    needed = seconds_needed(dt.timedelta(seconds=length), percent=percent)
    assert needed * 100 >= length * percent
    assert (needed - 1) * 100 < length * percent
    assert 1 <= needed <= length


# ── any sequence of edits ────────────────────────────────────────────────────────────────────────────────────────

edits = st.sampled_from(
    [
        "shorten",
        "lengthen",
        "weekday",
        "time",
        "duration",
        "exclude",
        "include",
        "zone",
        "start",
        "pause",
    ]
)


class Series(RuleBasedStateMachine):
    """A series as a database would hold it, edited by anyone, through the real expander and the real diff."""

    def __init__(self):
        super().__init__()
        self.now = NOW
        self.rows: dict[int, Present] = {}
        self.seats: dict[str, tuple[int, tuple[dt.date, int]]] = {}
        self.dead: set[int] = set()
        self.by_hand: set[int] = set()
        self.count, self.weekday, self.time, self.minutes = 6, "TU", dt.time(6), 90
        self.zone, self.start = "Asia/Jakarta", dt.date(2027, 3, 2)
        self.excluded: set[dt.date] = set()

    @initialize()
    def first_publication(self):
        self.publish()

    def wanted(self) -> list[Slot]:
        excluded = "".join(f"\nEXDATE:{date:%Y%m%d}" for date in sorted(self.excluded))
        return expand(
            f"RRULE:FREQ=WEEKLY;BYDAY={self.weekday};COUNT={self.count}{excluded}",
            start_date=self.start,
            start_time=self.time,
            duration_minutes=self.minutes,
            zone=self.zone,
        )

    @rule(what=edits, number=st.integers(0, 11))
    def edit(self, what, number):
        before = self.count, self.excluded, self.weekday, self.start
        if what == "shorten":
            self.count = max(1, self.count - number % 3)
        elif what == "lengthen":
            self.count += number % 3
        elif what == "weekday":
            self.weekday = ("MO", "TU", "WE", "TH")[number % 4]
        elif what == "time":
            self.time = dt.time((6, 7, 19)[number % 3])
        elif what == "duration":
            self.minutes = (60, 90, 120)[number % 3]
        elif what == "zone":
            self.zone = ("Asia/Jakarta", "Asia/Jayapura", "Europe/Berlin")[number % 3]
        elif what == "start":
            self.start = dt.date(2027, 3, 1 + number)
        elif what == "include":
            self.excluded = set(sorted(self.excluded)[1:])
        elif what in ("exclude", "pause"):
            dates = [each.original_date for each in self.wanted()]
            self.excluded = self.excluded | set(dates[number % len(dates) :][: 1 if what == "exclude" else 3])
        try:
            self.wanted()
        except Exception:
            # The form refuses a rule that gives no session; so nothing of it is published.
            self.count, self.excluded, self.weekday, self.start = before
        self.publish()

    @rule(again=st.booleans())
    def publish(self, again=False):
        wanted, before = self.wanted(), dict(self.rows)
        diff = schedule_diff(wanted, list(self.rows.values()), now=self.now)
        self.apply(diff)
        for key, row in before.items():
            after = self.rows[key]
            assert (after.original_date, after.ordinal) == (row.original_date, row.ordinal)
            if row.span[0] <= self.now:
                assert after == row, "The past changed."
            if row.cancelled:
                assert after == row, "A cancelled session was touched."
            if row.people or row.decided:
                assert (after.span, after.cancelled) == (row.span, row.cancelled), (
                    "A decision was taken alone."
                )
        if before:
            assert all(each.starts_at > self.now for each in diff.add), "The past grew."
        assert not schedule_diff(wanted, list(self.rows.values()), now=self.now), "Twice is not once."
        self.follows(wanted)

    def apply(self, diff):
        for key in diff.settle:
            self.rows[key] = replace(self.rows[key], proposal=None)
        for key, proposal in diff.propose.items():
            assert self.rows[key].proposal is None, "Two proposals for one session."
            self.rows[key] = replace(self.rows[key], proposal=proposal)
        for key, where in diff.slots.items():
            self.rows[key] = replace(self.rows[key], slot=where)
        for key, where in diff.move.items():
            self.rows[key] = replace(self.rows[key], span=where)
        for key in diff.cancel:
            self.rows[key] = replace(self.rows[key], cancelled=True)
            self.dead.add(key)
        for each in diff.add:
            key = len(self.rows)
            self.rows[key] = session(key, each)

    def follows(self, wanted):
        """Every date that the rule gives is served or was decided; nothing else goes on by itself."""
        given_dates = {each.original_date: span(each) for each in wanted}
        for date, where in given_dates.items():
            if where[0] <= self.now:
                continue
            rows = [row for row in self.rows.values() if row.original_date == date and not row.withdrawn]
            assert len(rows) == 1, "A date of the rule has no session, or two."
            row = rows[0]
            if row.span[0] > self.now and not row.cancelled:
                assert row.slot == where
                assert row.span == where or row.people or row.proposal or row.decided
        for row in self.rows.values():
            if row.original_date not in given_dates and not row.cancelled and row.span[0] > self.now:
                assert row.slot is None

    @rule(number=st.integers(0, 200))
    def register(self, number):
        open_rows = [row for row in self.rows.values() if not row.cancelled and row.span[0] > self.now]
        if open_rows:
            row = open_rows[number % len(open_rows)]
            self.rows[row.key] = replace(row, people=True)
            self.seats[f"learner {number}"] = (row.key, (row.original_date, row.ordinal))

    @rule(number=st.integers(0, 200))
    def leave(self, number):
        if self.seats:
            name = sorted(self.seats)[number % len(self.seats)]
            key, _ = self.seats.pop(name)
            if key not in {seat for seat, _ in self.seats.values()}:
                self.rows[key] = replace(self.rows[key], people=False)

    @rule(number=st.integers(0, 200))
    def cancel_by_hand(self, number):
        rows = [row for row in self.rows.values() if not row.cancelled]
        if rows:
            row = rows[number % len(rows)]
            self.rows[row.key] = replace(row, cancelled=True, proposal=None)
            self.dead.add(row.key)
            if row.slot is not None:
                self.by_hand.add(row.key)

    @rule(number=st.integers(0, 200), days=st.integers(-3, 3), hours=st.integers(1, 12))
    def move_by_hand(self, number, days, hours):
        rows = [row for row in self.rows.values() if not row.cancelled and row.span[0] > self.now]
        if rows:
            row = rows[number % len(rows)]
            start = row.span[0] + dt.timedelta(days=days, hours=hours)
            if start > self.now:
                self.rows[row.key] = replace(row, span=(start, start + HOUR), proposal=None)

    @precondition(lambda self: any(row.proposal for row in self.rows.values()))
    @rule(number=st.integers(0, 200), confirm=st.booleans())
    def decide(self, number, confirm):
        rows = [row for row in self.rows.values() if row.proposal and row.span[0] > self.now]
        if not rows:
            return
        row = rows[number % len(rows)]
        changes = {"proposal": None}
        if confirm and row.proposal.kind == CANCEL:
            changes["cancelled"] = True
            self.dead.add(row.key)
        elif confirm and row.proposal.span[0] > self.now:
            changes["span"] = row.proposal.span
        self.rows[row.key] = replace(row, **changes)

    @rule(days=st.integers(1, 6), hours=st.integers(0, 23))
    def time_passes(self, days, hours):
        self.now += dt.timedelta(days=days, hours=hours)

    @invariant()
    def every_seat_keeps_its_session(self):
        for key, identity in self.seats.values():
            assert (self.rows[key].original_date, self.rows[key].ordinal) == identity

    @invariant()
    def cancelled_stays_cancelled(self):
        assert all(self.rows[key].cancelled for key in self.dead)

    @invariant()
    def a_date_closed_by_hand_gets_no_other_session(self):
        for key in self.by_hand:
            row = self.rows[key]
            later = [
                each
                for each in self.rows.values()
                if each.original_date == row.original_date and each.ordinal > row.ordinal
            ]
            assert not later, "What a person cancelled came back."

    @invariant()
    def identities_are_unique(self):
        identities = [(row.original_date, row.ordinal) for row in self.rows.values()]
        assert len(identities) == len(set(identities))


TestSeries = Series.TestCase
TestSeries.settings = settings(
    max_examples=150, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@pytest.mark.parametrize(
    "zone, start, time, weekday",
    [
        (zone, start, dt.time(6), weekday)
        for zone in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
        for start, weekday in ((dt.date(2027, 3, 1), "MO"), (dt.date(2027, 3, 2), "TU"))
    ]
    + [("Europe/Berlin", dt.date(2027, 3, 16), dt.time(9), "TU")],
)
def test_expanding_again_never_differs_from_what_is_stored_as_utc(zone, start, time, weekday):
    wanted = expand(
        f"RRULE:FREQ=WEEKLY;BYDAY={weekday};COUNT=8",
        start_date=start,
        start_time=time,
        duration_minutes=90,
        zone=zone,
    )
    stored = [
        session(
            key,
            each,
            span=(each.starts_at.astimezone(dt.UTC), each.ends_at.astimezone(dt.UTC)),
            slot=(each.starts_at.astimezone(dt.UTC), each.ends_at.astimezone(dt.UTC)),
        )
        for key, each in enumerate(wanted)
    ]
    assert not schedule_diff(wanted, stored, now=NOW - dt.timedelta(days=30))
    assert {each.starts_at.astimezone(ZoneInfo(zone)).time() for each in wanted} == {time}
