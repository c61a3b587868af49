"""The watch mechanism by itself: order, moving, taking off, and what a restart gives back."""

from datetime import datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controlroom.incidents import watches as mechanism
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.state import State
from controlroom.incidents.watch_list import LOOKED_MAX, TERMS, Present, Question, expected
from controlroom.incidents.watches import SLACK, Watches, arm, disarm, due_of, first, heaps_of, in_order
from controlroom.signals.vocabulary import Kind
from tests.build import NOON, after, estate, topic_of

_ANSWER, _TEST = WatchKind.ANSWER, WatchKind.END_OF_TEST
_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["arm", "disarm", "fire", "restart"]),
        st.sampled_from([_ANSWER, _TEST]),
        st.sampled_from("abcde"),
        st.integers(0, 8),
    ),
    max_size=60,
)


def _armed(*due_s: int) -> Watches:
    watches = Watches()
    for number, each in enumerate(due_s):
        arm(watches, Watch(after(each), _ANSWER, f"INC-{number}"))
    return watches


def _restarted(watches: Watches) -> Watches:
    return msgspec.msgpack.decode(msgspec.msgpack.encode(watches), type=Watches)


def _present(state: State) -> Present:
    return Present(state, estate(), NOON, 120)


@pytest.fixture
def tests_are_of_the_field(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the end of a test count as something that the field is expected to say."""
    monkeypatch.setattr(mechanism, "OF_THE_FIELD", frozenset({_TEST}))


@pytest.mark.usefixtures("tests_are_of_the_field")
@settings(max_examples=300)
@given(_STEPS)
def test_the_mechanism_agrees_with_a_plain_list(steps: list[tuple[str, WatchKind, str, int]]) -> None:
    """Whatever is armed, moved, taken off, fired and restarted: order and count are a sorted list's."""
    watches, plain = Watches(), dict[tuple[WatchKind, str], datetime]()
    for step, kind, subject, due_s in steps:
        if step == "arm":
            arm(watches, Watch(after(due_s), kind, subject))
            plain[kind, subject] = after(due_s)
        elif step == "disarm":
            disarm(watches, kind, subject)
            plain.pop((kind, subject), None)
        elif step == "restart":
            watches = _restarted(watches)
        elif (due := first(watches)) is not None:
            disarm(watches, due.kind, due.subject)
            del plain[due.kind, due.subject]
        in_line = sorted(Watch(due, kind, subject) for (kind, subject), due in plain.items())
        assert list(in_order(watches)) == in_line
        assert first(watches) == (in_line[0] if in_line else None)
        assert first(watches, hearing=False) == next((one for one in in_line if one.kind is _ANSWER), None)
        assert len(watches) == len(in_line)
        assert due_of(watches, kind, subject) == plain.get((kind, subject))


def test_a_restart_keeps_every_byte() -> None:
    """A snapshot of a restored snapshot is the same bytes, and fires in the same order."""
    watches = _armed(5, 3, 9)
    disarm(watches, _ANSWER, "INC-1")
    arm(watches, Watch(after(1), _ANSWER, "INC-0"))
    again = _restarted(watches)

    assert msgspec.msgpack.encode(again) == msgspec.msgpack.encode(watches)
    assert [watch.subject for watch in in_order(again)] == ["INC-0", "INC-2"]


def test_watches_that_are_taken_off_leave_no_heap_behind() -> None:
    """A hundred thousand watches armed and taken off again, the first one never: the heap stays short."""
    watches = _armed(0)
    for number in range(1, 100_000):
        arm(watches, Watch(after(number), _ANSWER, "always moved" if number % 2 else f"INC-{number}"))
        disarm(watches, _ANSWER, f"INC-{number}")
        assert len(heaps_of(watches).inside.heap) <= 2 * len(watches) + SLACK + 1

    assert len(watches) == 2


def test_every_kind_of_watch_has_words() -> None:
    """No kind of watch is without a word of what is expected and what happens else."""
    assert set(TERMS) == set(WatchKind)


def test_a_list_goes_on_behind_its_last_entry() -> None:
    """Page after page gives every watch once, in order, and says when there is no more."""
    state = State(watches=_armed(*range(10)))
    seen, behind = list[str](), None
    for _ in range(4):
        page, behind = expected(_present(state), Question(behind=behind, limit=3))
        seen += [entry.subject for entry in page]

    assert seen == [f"INC-{number}" for number in range(10)]
    assert behind is None


def test_a_list_is_of_one_kind_and_before_a_moment() -> None:
    """What is not asked for is not listed."""
    state = State(watches=_armed(1, 2, 3))
    arm(state.watches, Watch(after(2), _TEST, "S1"))

    assert [entry.subject for entry in expected(_present(state), Question(kind=_TEST))[0]] == ["S1"]
    early, _ = expected(_present(state), Question(before=after(2)))
    assert [entry.subject for entry in early] == ["INC-0"]


def test_a_few_are_found_behind_very_many_of_another_kind() -> None:
    """Where they stand behind more than is looked at in order: each once, in order, page after page."""
    state = State(watches=_armed(*range(LOOKED_MAX + 10)))
    rare = [LOOKED_MAX + 5, 3, LOOKED_MAX + 400, LOOKED_MAX + 2, LOOKED_MAX + 399]
    for at_s in rare:
        arm(state.watches, Watch(after(at_s), _TEST, f"S{at_s}"))
    seen, behind = list[str](), None
    for _ in range(3):
        page, behind = expected(_present(state), Question(kind=_TEST, behind=behind, limit=2))
        seen += [entry.subject for entry in page]

    assert (seen, behind) == ([f"S{at_s}" for at_s in sorted(rare)], None)
    early, _ = expected(_present(state), Question(kind=_TEST, before=after(LOOKED_MAX + 399)))
    assert [entry.subject for entry in early] == seen[:3]


def test_a_path_and_a_fault_are_called_by_the_name_of_their_place() -> None:
    """Whoever reads what is due reads where it is, and no topic."""
    state, place = State(), estate().places[topic_of(Kind.ARC_ALARM)]
    arm(state.watches, Watch(after(1), WatchKind.PATH_SILENT, f"{place.topic} path-1"))
    arm(state.watches, Watch(after(2), WatchKind.RESTORE, f"{place.topic} mains_fault "))

    whom = [entry.whom for entry in expected(_present(state), Question())[0]]
    assert whom == [f"{place.name}, path-1", f"{place.name}, mains fault"]
