"""Whose turn it is to be told: bounded for all pages together, fair among them. Pure: no clock, no socket.

In each pulse at most `A_PULSE` pages are told, so two hundred pages cost the room no more turns than forty.
The first `QUICK` pages of people who work on incidents are among them whenever there is news; all others
share what is left, whoever waited longest first. A page that waits gets more at once: nothing is lost to it.
"""

from typing import Generic, TypeVar

QUICK = 20
"""Pages that are told in every pulse: the consoles of a large control room, opened by who works there."""

A_PULSE = 40
"""Pages told in one pulse, all together: 800 messages a second at 20 pulses. The others' share is what the
quick ones leave of it, at least half: 236 of them, the most there can be, are each told every 12 pulses."""

Page = TypeVar("Page")


class _Turn:
    """What is known of a page: whether its person works on incidents, the news it heard, when it was told."""

    def __init__(self, *, works: bool) -> None:
        self.works = works
        self.heard = 0
        self.told = 0


class Rounds(Generic[Page]):
    """All pages that follow, in the order in which they were opened."""

    def __init__(self) -> None:
        self._turns: dict[Page, _Turn] = {}
        self._news = 1  # a page that joins has heard nothing
        self._told = 0

    def __len__(self) -> int:
        return len(self._turns)

    @property
    def pages(self) -> tuple[Page, ...]:
        """Every page."""
        return tuple(self._turns)

    def join(self, page: Page, *, works: bool) -> None:
        """Take a page in; `works` says that its person works on incidents."""
        self._turns[page] = _Turn(works=works)

    def leave(self, page: Page) -> None:
        """Forget a page."""
        self._turns.pop(page, None)

    def news(self) -> None:
        """Remember that there is something that every page has to hear."""
        self._news += 1

    def again(self, page: Page) -> None:
        """Remember that this page has not heard everything yet."""
        if page in self._turns:
            self._turns[page].heard = 0

    def owed(self) -> bool:
        """Whether any page has still to be told."""
        return any(turn.heard < self._news for turn in self._turns.values())

    def pulse(self) -> list[Page]:
        """Return whose turn it is in this pulse, in the order in which they are to be told."""
        quick: list[tuple[Page, _Turn]] = []
        rest: list[tuple[Page, _Turn]] = []
        workers = 0
        for page, turn in self._turns.items():
            at_once = turn.works and workers < QUICK
            workers += at_once
            if turn.heard < self._news:
                (quick if at_once else rest).append((page, turn))
        rest.sort(key=lambda one: one[1].told)  # stable: of those who wait as long, who came first
        chosen = quick + rest[: A_PULSE - len(quick)]
        for _, turn in chosen:
            self._told += 1
            turn.heard, turn.told = self._news, self._told
        return [page for page, _ in chosen]
