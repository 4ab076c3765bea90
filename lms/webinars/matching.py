"""Who is it? Pure rules on plain values: no database, no Django.

A report knows people by what they typed. The rules are few and the first that applies decides; where two learners fit
equally well, nobody is chosen. Likeness of names is never enough: it only makes suggestions for a person to decide,
because Budi Santoso and Budi Susanto are two people.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

#: What a suggestion must reach (0–100), and how many are made.
SUGGESTION_SCORE = 85
SUGGESTIONS = 3

STAFF_ROLES = frozenset({"host", "panelist"})
CUT = re.compile(r"…|\.\.\.|\*")
PARENTHESIS = re.compile(r"^(?P<shown>.*?)\s*[(（](?P<original>.*)[)）]\s*$")
APOSTROPHES = dict.fromkeys(map(ord, "'’‘`´ʼʻ"))
#: Forms of address, degrees and the words that platforms add, written without dots.
TITLES = frozenset(
    "dr dra drs drg ir h hj hajah haji prof kh ust ustadz ustadzah bpk bapak pak ibu bu mas mbak kak bunda ayah mr mrs "
    "ms sdr sdri se sh st skom spd ssos sag ssi skm sip stp sp spt ssn sst sstp sikom spsi sfarm skep shum smn sak sei "
    "mm mba mpd mkom msi mh mt mag msc ma mak mikom mpsi mhum mkes mp ners apt amd amdkeb akt phd lc bba bsc cfp cpa "
    "guest tamu host external ext unverified".split()
)


@dataclass(frozen=True, slots=True)
class Printed:
    """One person as a report prints them. ``role`` is a role of the readers (host, panelist, attendee, other, no-show)."""

    names: tuple[str, ...] = ()
    email: str = ""
    role: str = "attendee"


@dataclass(frozen=True, slots=True)
class Registered:
    """One learner who is registered for the series. ``at_session``: for this very session, and not cancelled."""

    learner_id: int
    name: str = ""
    emails: frozenset[str] = frozenset()
    at_session: bool = True


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is taken for. ``match`` is a value of ``ReportPerson.Match``: by what rule."""

    match: str
    learner_id: int | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody it might be: a learner, and how alike the names are (0–100)."""

    learner_id: int
    score: int


NOBODY = Identity("none")


# ── e-mail addresses ─────────────────────────────────────────────────────────────────────────────────────────────


def normalise_email(text: str) -> str:
    """Return an address as it is compared: trimmed and case-folded. Neither dots nor plus tags are touched."""
    return text.strip().casefold()


def is_whole_address(email: str) -> bool:
    """Say whether a normalised address can be compared: it has an @, and the platform cut or masked none of it."""
    return "@" in email and not CUT.search(email)


def contradicts(email: str, known: Iterable[str]) -> bool:
    """Say whether a printed address speaks against somebody with these addresses.

    A whole address contradicts when it is none of theirs, a cut one (``taro1…``, ``abd***@mail.example``) when none of
    theirs begins like it. No address, or nothing known, contradicts nothing.
    """
    known = list(known)
    if not email or not known:
        return False
    if is_whole_address(email):
        return email not in known
    begin = CUT.split(email, maxsplit=1)[0] if CUT.search(email) else ""
    return not any(each.startswith(begin) for each in known)


# ── names ────────────────────────────────────────────────────────────────────────────────────────────────────────


def normalise_name(text: str) -> str:
    """Return a name as it is compared: NFKC, case-folded, without apostrophes, punctuation as single blanks.

    Returns an empty string where no letter is left: a phone number or a meeting's number is no name.
    """
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).translate(
        APOSTROPHES
    )
    kept = "".join(character if unicodedata.category(character)[0] in "LMN" else " " for character in text)
    name = " ".join(kept.split())
    return name if any(unicodedata.category(character)[0] == "L" for character in name) else ""


def candidate_names(names: Iterable[str]) -> list[str]:
    """Return the names that a printed name may stand for, normalised, without repetition.

    ``Budi (Budi Lubis)`` is a display name with the profile's name behind it, but people type parentheses themselves:
    the whole and both halves are candidates, none is the truth.
    """
    found: dict[str, None] = {}
    for name in names:
        halves = PARENTHESIS.match(name.strip())
        for part in (name, *(halves.groups() if halves else ())):
            if normal := normalise_name(part):
                found[normal] = None
    return list(found)


def sorted_words(name: str) -> str:
    """Return a name as likeness is judged: no titles, no numbers, words in order of the alphabet.

    The order makes a plain ratio of two such strings what rapidfuzz calls ``token_sort_ratio``: ``Santoso, Budi`` is
    ``Budi Santoso``.
    """
    words = [normalise_name(re.sub(r"\d+", " ", word)) for word in re.split(r"[\s,;_/()（）]+", name)]
    kept = [word for word in words if word and word.replace(" ", "") not in TITLES]
    return " ".join(sorted(" ".join(kept or filter(None, words)).split()))


# ── the rules ────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Directory:
    """What is known before a report is read: who verified which address, who is registered, what people decided before.

    Args:
        verified: address → learners who proved that it is theirs.
        registered: everybody registered for the series.
        decided_emails, decided_names: whole address, and normalised name, → what a person decided about them in an
            earlier report; an ``Identity`` with match ``person`` or ``ignored``. More than one decision decides nothing.
    """

    verified: Mapping[str, Iterable[int]] = field(default_factory=dict)
    registered: Iterable[Registered] = ()
    decided_emails: Mapping[str, Iterable[Identity]] = field(default_factory=dict)
    decided_names: Mapping[str, Iterable[Identity]] = field(default_factory=dict)
    _by_email: dict[str, set[int]] = field(init=False, repr=False)
    _by_name: dict[str, set[int]] = field(init=False, repr=False)
    _emails: dict[int, set[str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._by_email, self._by_name, self._emails = defaultdict(set), defaultdict(set), defaultdict(set)
        for person in self.registered:
            self._emails[person.learner_id] |= person.emails
            for email in person.emails:
                self._by_email[email].add(person.learner_id)
            if person.at_session and (name := normalise_name(person.name)):
                self._by_name[name].add(person.learner_id)

    def identify(self, printed: Printed) -> Identity:
        """Return who somebody is; the first rule that applies decides.

        1. What a person decided earlier about this address, or about this name where there is no address.
        2. An address that exactly one learner verified.
        3. An address that exactly one registered learner has.
        4. A name that exactly one learner registered for this session has, where no address contradicts it.
        5. Hosts and panelists are staff. Nobody else is anybody.

        Two learners who fit one rule are a tie, and a tie is nobody: a later rule never breaks it. A host or panelist is
        taken for a learner only if that learner is registered; a trainer with an account does not attend.
        """
        found = self._learner(printed)
        if printed.role not in STAFF_ROLES or found.match in ("person", "ignored"):
            return found
        return found if found.learner_id in self._emails else Identity("staff")

    def tied(self, printed: Printed) -> list[int]:
        """Return the learners between whom an address does not decide, in order of their ids; for suggestions."""
        email = normalise_email(printed.email)
        learners = {*self.verified.get(email, ()), *self._by_email.get(email, ())}
        return sorted(learners) if is_whole_address(email) else []

    def _learner(self, printed: Printed) -> Identity:
        email = normalise_email(printed.email)
        names = candidate_names(printed.names)
        if is_whole_address(email):
            if decided := _only(self.decided_emails.get(email, ())):
                return decided
            for match, learners in (
                ("email", set(self.verified.get(email, ()))),
                ("registered_email", self._by_email.get(email, set())),
            ):
                if learners:
                    return Identity(match, *learners) if len(learners) == 1 else NOBODY
        else:
            earlier = {each for name in names for each in self.decided_names.get(name, ())}
            if decided := _only(earlier):
                return decided
        fitting = {learner for name in names for learner in self._by_name.get(name, ())}
        if len(fitting) == 1 and not contradicts(email, self._emails[min(fitting)]):
            return Identity("name", *fitting)
        return NOBODY


def _only(identities: Iterable[Identity]) -> Identity | None:
    found = set(identities)
    return found.pop() if len(found) == 1 else None


# ── suggestions ──────────────────────────────────────────────────────────────────────────────────────────────────


class Suggester:
    """Finds registered people whose names are like a printed one. Made once for a screen, asked for each person on it."""

    def __init__(self, registered: Sequence[Registered]) -> None:
        self._people = [(person, words) for person in registered if (words := sorted_words(person.name))]
        self._choices = [words for _, words in self._people]

    def suggest(
        self, printed: Printed, *, first: Sequence[int] = (), limit: int = SUGGESTIONS
    ) -> list[Suggestion]:
        """Return who it might be, most alike first: at most ``limit``, each at least ``SUGGESTION_SCORE`` alike.

        Args:
            printed: the person as printed; both halves of ``Name (Original)`` are tried.
            first: learners to put before all others, such as those with the same address.
            limit: how many.
        """
        best: dict[int, tuple[float, bool]] = {}
        for words in {sorted_words(part) for part in _parts(printed.names)} - {""}:
            found = process.extract(
                words, self._choices, scorer=fuzz.ratio, score_cutoff=SUGGESTION_SCORE, limit=None
            )
            for _, score, place in found:
                person = self._people[place][0]
                rank = (score, person.at_session)
                best[person.learner_id] = max(rank, best.get(person.learner_id, rank))
        for learner_id in first:
            best[learner_id] = (100.0, True)
        order = sorted(best, key=lambda each: (each not in first, -best[each][0], not best[each][1], each))
        return [Suggestion(each, int(best[each][0])) for each in order[:limit]]


def _parts(names: Iterable[str]) -> list[str]:
    parts = []
    for name in names:
        halves = PARENTHESIS.match(name.strip())
        parts += [name, *(halves.groups() if halves else ())]
    return parts
