"""A rule set that remembers what it said: the production judge, with an ear at its door.

It adds one line to the path of a signal. `Decision` keeps of a verdict only what the room acts on; a
comparison also wants its action plan, its hold and its deadlines, and the facts that it was given.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from controlroom.rules.calendars import Calendar
from controlroom.rules.verdict import Circumstances, Judge, Verdict

Wording = Mapping[tuple[str, str], str]
"""The `why` of each rule, by table and id."""


class Asked:
    """A judge that keeps what it was asked and said since `forget`. Satisfies `Judge`.

    `wording` are the sentences of the set it is compared with: where a rule has the same name there, its
    sentence is taken from there, so that another wording alone is never another decision.
    """

    def __init__(self, judge: Judge, wording: Wording | None = None) -> None:
        self.said: list[Verdict] = []
        self.asked: list[Circumstances] = []
        self._judge = judge
        self._wording = wording or {}
        self._worded: dict[int, Verdict] = {}

    @property
    def version(self) -> str:
        """The hash of the whole rule set."""
        return self._judge.version

    @property
    def calendars(self) -> Mapping[str, Calendar]:
        """The calendars of the set by name."""
        return self._judge.calendars

    def judge(self, circumstances: Circumstances) -> Verdict:
        """Return the verdict and remember it."""
        verdict = self._judge.judge(circumstances)
        if self._wording:
            verdict = self._in_other_words(verdict)
        self.said.append(verdict)
        self.asked.append(circumstances)
        return verdict

    def forget(self) -> None:
        """Begin anew."""
        self.said.clear()
        self.asked.clear()

    def _in_other_words(self, verdict: Verdict) -> Verdict:
        """Return the verdict with the other set's sentence; a compiled set has each verdict once."""
        found = self._worded.get(id(verdict))
        if found is None:
            why = self._wording.get((verdict.table, verdict.rule), verdict.why)
            found = self._worded[id(verdict)] = replace(verdict, why=why)
        return found


def same_verdict(old: Verdict, new: Verdict) -> bool:
    """Say whether two verdicts ask for the same; the set they stand in and its sentences do not matter."""
    return old is new or (
        (old.table, old.rule, old.route, old.priority, old.dispatch)
        == (new.table, new.rule, new.route, new.priority, new.dispatch)
        and (old.answer_within_s, old.respond_within_s, old.hold_s, old.merge)
        == (new.answer_within_s, new.respond_within_s, new.hold_s, new.merge)
        and (old.action_plan, old.inform) == (new.action_plan, new.inform)
    )
