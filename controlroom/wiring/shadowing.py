"""A candidate rule set beside the one in force: it is asked about every decision, and decides nothing.

The room is not asked anything and does not wait: this is a follower of released records. It only puts them
into a bounded queue; the comparison runs in slices between two turns of the event loop. It folds the records
into a state of its own, so the candidate is asked in exactly the history in which the room decided: every
difference is one of the rules, never a consequence.

What the journal has: that a candidate began and ended, each group of differences when it is first seen, of
those about a life every position, reviews, promotions. What is made again after a start, from nothing: how
often each group was seen, and the recent list. See docs/adr/0019-a-candidate-in-the-shadow.md.

Limits: when the queue is full, the comparison starts over with the state of that moment; what was passed over
is counted and shown. What was decided in the last moments before a crash and not compared stays so.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Sequence

import msgspec
import structlog
from msgspec.structs import replace

from controlroom.commands.rule_changes import ShadowDiffered, ShadowStopped
from controlroom.console.shadow_desk import GroupSeen, PromotionMade, SeenDifference, ShadowStanding
from controlroom.incidents.apply import apply
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Record
from controlroom.incidents.state import State, from_bytes, to_bytes
from controlroom.metrics import RoomMetrics
from controlroom.replay.difference import ABOUT_RULES, Cause, Found, found_of, same_steps
from controlroom.replay.given import of_record
from controlroom.replay.lane import RuleLane, Step
from controlroom.room import Room
from controlroom.rules.safety import Property
from controlroom.rules.verdict import Circumstances
from controlroom.wiring.replay_books import life_of
from controlroom.wiring.rule_book import RuleBook
from controlroom.wiring.shadow_words import group_of, seen_of, title_of

QUEUE_MAX = 20_000
"""Records that may wait to be compared: some seconds of the highest rate, at most 50 MB."""

SLICE = 8
"""Records compared before the loop lets the room speak again: about a quarter of a millisecond."""

RECENT_KEPT = 200
"""Differences that a page lists; the journal has every decision."""

RESULTS = ("same", "differs", "differs_life", "passed_over")
"""What can come of a record's comparison; a metric label, so the set is closed."""

THE_ROOM = "the room"
"""The author of what the room does with a candidate itself."""


class Candidate(msgspec.Struct, frozen=True):
    """A rule set that may run beside, and its safety properties, which say what is about a life."""

    rules: RuleBook
    properties: tuple[Property, ...]

    @property
    def version(self) -> str:
        """The hash of the whole set."""
        return self.rules.version


class Shadowing:
    """The follower. `counts` are records by what came of their comparison, a closed set of words."""

    def __init__(self, room: Room, live: Callable[[], RuleBook], queue_max: int = QUEUE_MAX) -> None:
        self.counts: Counter[str] = Counter(dict.fromkeys(RESULTS, 0))
        self._room = room
        self._live = live
        self._queue_max = queue_max
        self._log = structlog.get_logger("shadow")
        self._queue: deque[Record] = deque()
        self._wake = asyncio.Event()
        self._candidate: Candidate | None = None
        self._lane: RuleLane | None = None
        self._against: RuleBook | None = None
        self._groups: Counter[str] = Counter()
        self._recent: deque[SeenDifference] = deque(maxlen=RECENT_KEPT)
        self._asked: dict[int, Circumstances] = {}

    @property
    def waiting(self) -> int:
        """How many released records are not compared yet."""
        return len(self._queue)

    def begin(self, candidate: Candidate) -> None:
        """Let this candidate be asked about what is decided from now on."""
        self._candidate = candidate
        self._groups.clear()
        self._recent.clear()
        self._start_over()

    def end(self) -> None:
        """Ask nobody any more."""
        self._candidate = self._lane = None
        self._queue.clear()

    def released(self, records: Sequence[Record]) -> None:
        """Take durable records; costs the room one look where no candidate runs, else one append each."""
        if self._candidate is None:
            return
        if len(self._queue) + len(records) > self._queue_max:
            self.counts["passed_over"] += len(self._queue) + len(records)
            self._start_over()
            return
        self._queue.extend(records)
        self._wake.set()

    async def run(self) -> None:
        """Compare for ever, a slice at a time."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._queue and self._candidate is not None:
                self._compare_slice()
                await asyncio.sleep(0)

    def standing(self) -> ShadowStanding:
        """Return how the candidate stands."""
        known = self._room.state.rule_changes
        promotions = tuple(PromotionMade(**msgspec.structs.asdict(one)) for one in known.promotions)
        shadow = known.shadow
        if shadow is None:
            return ShadowStanding(promotions=promotions)
        groups = tuple(
            GroupSeen(
                group=one.group,
                title=one.title,
                life=one.life,
                first=one.first,
                count=self._groups[one.group],
                open=one.open,
                more=one.more,
                reviewed=one.reviewed,
                accepted_by=one.accepted_by,
            )
            for one in sorted(shadow.seen.values(), key=lambda one: (not one.life, one.first))
        )
        return ShadowStanding(
            rule_set=shadow.rule_set,
            against=shadow.against,
            since=shadow.at,
            by=shadow.by,
            reason=shadow.reason,
            compared=sum(self.counts.values()) - self.counts["passed_over"],
            passed_over=self.counts["passed_over"],
            waiting=self.waiting,
            unreviewed_life=shadow.unreviewed_life,
            groups=groups,
            recent=tuple(self._recent),
            promotions=promotions,
        )

    def asked_at(self, position: int) -> Circumstances | None:
        """Return the circumstances of a difference of the recent list; None where it is not there."""
        return self._asked.get(position)

    def _start_over(self) -> None:
        """Take the room's state of this moment; what is decided already and not released is in it."""
        self._queue.clear()
        state: State = from_bytes(to_bytes(self._room.state))
        self._against = self._live()
        if self._candidate is not None:
            handbook = replace(self._room.handbook, rules=self._candidate.rules.judge)
            self._lane = RuleLane(handbook, state, self._against.reasons)

    def _compare_slice(self) -> None:
        found: list[Found] = []
        for _ in range(min(SLICE, len(self._queue))):
            each = self._compare(self._queue.popleft())
            if each is not None:
                found.append(each)
        if found:
            self._tell(found)

    def _compare(self, record: Record) -> Found | None:
        """Ask the candidate about one record in the history before it, and let the record happen."""
        lane = self._lane
        if lane is None or record.position <= lane.state.position:
            return None
        if record.position != lane.state.position + 1:
            self._start_over()  # never in a room that releases without a hole
            return None
        found = None
        if type(record.event) not in ABOUT_RULES:
            found = self._difference(lane, record)
        elif record.decision.reasons == (Reason.RULES_SWAPPED,):
            self._against = self._live()
            self._groups.clear()
        lane.state.position = record.position - 1
        apply(lane.state, record.position, record.now, record.decision)
        word = "same" if found is None else "differs_life" if found.difference.life else "differs"
        self.counts[word] += 1
        return found

    def _difference(self, lane: RuleLane, record: Record) -> Found | None:
        given, against = of_record(record), self._against
        new = lane.tell_in(lane.state, given, record.event)
        said = tuple(against.judge.judge(asked) for asked in new.asked) if against is not None else ()
        old = Step(record.position, record.now, record.event, record.decision, said, new.asked)
        if against is None or self._candidate is None or same_steps(old, new):
            return None
        is_life = life_of((self._candidate.rules, self._candidate.properties))
        return found_of(given, (old, new), Cause(direct=True), is_life)

    def _tell(self, found: Sequence[Found]) -> None:
        """Tell the room of what it must not forget: new groups, and every difference about a life."""
        shadow, news = self._room.state.rule_changes.shadow, dict[str, list[Found]]()
        for each in found:
            group = group_of(each)
            self._recent.append(seen_of(each, group))
            if each.asked is not None:
                self._asked[each.difference.number] = each.asked
                if len(self._asked) > RECENT_KEPT:
                    del self._asked[next(iter(self._asked))]
            self._groups[group] += 1
            if each.difference.life or self._groups[group] == 1:
                news.setdefault(group, []).append(each)
        if shadow is None or self._candidate is None:
            return
        for group, some in news.items():
            known = shadow.seen.get(group)
            life = some[0].difference.life
            if known is not None and (known.accepted_by or not life or known.more):
                continue
            positions = tuple(each.difference.number for each in some) if life else ()
            title = title_of(some[0])
            event = ShadowDiffered(self._candidate.version, group, title, life, positions)
            self._room.tell(event)

    def lost(self, why: str) -> None:
        """Say that the candidate's files are gone, and end it: nothing can be asked of it."""
        self._log.error("shadow_lost", why=why, advice="start it again from its folder")
        self._room.tell(ShadowStopped(THE_ROOM, why[:400]))


def show_shadow(metrics: RoomMetrics, shadowing: Shadowing, room: Room) -> None:
    """Publish what the comparison with a candidate comes to."""
    metrics.counted(
        "controlroom_shadow_records",
        "Decisions that a candidate rule set was asked about, by what came of it.",
        "result",
        lambda: shadowing.counts,
    )
    metrics.gauge(
        "controlroom_shadow_waiting", "Decisions that wait to be compared.", lambda: shadowing.waiting
    )
    metrics.gauge(
        "controlroom_shadow_running",
        "1 while a candidate rule set runs beside the one in force.",
        lambda: float(room.state.rule_changes.shadow is not None),
    )

    def unreviewed() -> float:
        shadow = room.state.rule_changes.shadow
        return float(shadow.unreviewed_life) if shadow is not None else 0.0

    metrics.gauge(
        "controlroom_shadow_unreviewed_life",
        "Groups of differences about a life that wait for a review.",
        unreviewed,
    )
