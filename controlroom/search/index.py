"""The index: SQLite's full-text search (FTS5), in a file beside the room or in memory.

It holds nothing that the journal does not, so it may be thrown away whenever in doubt: another journal,
another version, a damaged file all mean to begin again. Batches are taken whole or not at all, with the
position that they reach, so a crash leaves an index that only has to go on. Nothing waits for the disk.

Two connections, each for one thread at a time: one writes, one is asked, and neither waits for the other
where the index is a file. What somebody may see is part of the query: what is hidden is not counted either.

The file holds what the room holds, restricted operations included: it is for its owner's eyes alone.
"""

import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

from controlroom.clock import monotonic_s
from controlroom.search.drafting import BEGIN, END, TABLES, Batch, forget_signals, moment
from controlroom.search.pieces import Piece, What
from controlroom.search.question import Found, Page, Part, Question, Reach, by_person, expression

VERSION = "1"
"""Of the tables and of what records give: a file of another one is thrown away."""

SIGNALS_KEPT = 250_000
"""Signals that can be searched, the newest: more than a day of the city, some 300 MB. What people write, and
every incident, has no bound."""

FORGET_AT_ONCE = 2_000
"""Signals that leave with one batch, more than come with one."""

WITHIN_S = 1.0
"""How long one question may take; what was found by then is the answer, and says so."""

STEPS = 5_000
"""Steps of the machine between two looks at the clock: well below a millisecond."""

SNIPPET_WORDS = 24

_ASK = """
SELECT doc.number, doc.what, doc.key, doc.at, doc.title, doc.kind, doc.site, doc.area, doc.incident,
    snippet(words, -1, :begin, :end, '…', :snippet)
FROM words CROSS JOIN doc ON doc.number = words.rowid
WHERE words MATCH :match AND words.rowid < :below
    AND doc.what IN (SELECT value FROM json_each(:sorts))
    AND doc.incident NOT IN (SELECT value FROM json_each(:hidden))
    AND (doc.readers = '[]' OR EXISTS (SELECT 1 FROM json_each(doc.readers) WHERE value = :reader))
    AND (:since IS NULL OR doc.at >= :since) AND (:until IS NULL OR doc.at < :until)
    AND (:kind IS NULL OR doc.kind = :kind) AND (:site IS NULL OR doc.site = :site)
    AND (:area IS NULL OR doc.area = :area)
ORDER BY words.rowid DESC LIMIT :limit
"""

_NEVER = 2**62
"""Behind every number."""


class IndexAway(Exception):
    """The index cannot be asked now: it is damaged, and will be made anew."""


class Index:
    """One room's index. `file` None keeps it in memory; `journal` names the journal that it is of."""

    def __init__(self, file: Path | None, journal: str, signals_kept: int = SIGNALS_KEPT) -> None:
        self._file = file
        self._journal = journal
        self._signals_kept = signals_kept
        self._signals = 0
        self._asking = threading.Lock()
        self.reach = Reach(0)
        self.rebuilt = 0
        try:
            self._open()
        except sqlite3.DatabaseError:
            self.begin_again()

    def begin_again(self) -> None:
        """Throw away what there is, and be an index of nothing; raises DatabaseError and OSError."""
        with self._asking:
            self._shut()
            if self._file is not None:
                for ending in ("", "-wal", "-shm"):
                    Path(f"{self._file}{ending}").unlink(missing_ok=True)
            self._signals, self.reach = 0, Reach(0)
            self.rebuilt += 1
            self._open()

    def close(self) -> None:
        """Let go of the file; a question that is being answered is waited for."""
        with self._asking:
            self._shut()

    def take(self, pieces: Iterable[Piece], through: int, at: datetime) -> None:
        """Take the pieces of all records up to this position, whole or not at all; raises DatabaseError."""
        alone = self._asking if self._read is self._write else nullcontext()
        with alone:
            base = self._write
            base.execute("BEGIN")
            try:
                batch = Batch(base)
                batch.put(pieces)
                signals = self._signals + batch.signals
                signals -= self._make_room(base, signals)
                base.executemany(
                    "INSERT OR REPLACE INTO about VALUES (?, ?)",
                    (("through", str(through)), ("at", at.isoformat())),
                )
                base.execute("COMMIT")
            except BaseException:
                if base.in_transaction:  # a disk that is full has ended it already
                    base.execute("ROLLBACK")
                raise
            self._signals = signals
            self.reach = Reach(through, at, _signals_since(base))

    def find(self, question: Question) -> Page:
        """Return the next page of what is found; raises NothingAsked, and IndexAway."""
        match = f"({expression(question.words)})"
        named = f"({{names}} : {match})"
        by = f" AND {by_person(question.person)}" if question.person else ""
        ranks = (named + by, f"({match}{by}) NOT {named}")
        begin, below = question.after or (0, _NEVER)
        found: list[Found] = []
        with self._asking:
            for rank in range(begin, len(ranks)):
                rows, cut = self._rows(question, ranks[rank], below, question.limit + 1 - len(found))
                found += [_found(row, rank) for row in rows]
                more = len(found) > question.limit
                if cut or more:
                    return Page(tuple(found[: question.limit]), more or (cut and bool(found)), cut)
                below = _NEVER
        return Page(tuple(found), more=False, cut=False)

    def _rows(
        self, question: Question, match: str, below: int, limit: int
    ) -> tuple[list[tuple[object, ...]], bool]:
        """Return the rows of one rank, and whether the time was over before all of them were found."""
        ends_s = monotonic_s() + WITHIN_S
        rows: list[tuple[object, ...]] = []
        try:
            self._read.set_progress_handler(lambda: int(monotonic_s() > ends_s), STEPS)
            for row in self._read.execute(_ASK, _values(question, match, below, limit)):
                rows.append(row)  # noqa: PERF402 - what came before the time was over is kept
        except sqlite3.DatabaseError as fault:
            if "interrupted" in str(fault):
                return rows, True
            raise IndexAway(str(fault)) from fault
        finally:
            self._read.set_progress_handler(None, 0)
        return rows, False

    def _open(self) -> None:
        """Open what there is and go on from there; raises DatabaseError where it is not ours, or damaged."""
        self._write = self._read = self._connected()
        if self._file is not None:
            self._write.execute("PRAGMA journal_mode = WAL")
            self._write.execute("PRAGMA synchronous = OFF")
            self._read = self._connected()
        base = self._write
        if base.execute("SELECT 1 FROM sqlite_master").fetchone() is None:
            base.executescript(TABLES)
            about = (("version", VERSION), ("journal", self._journal), ("through", "0"))
            base.executemany("INSERT INTO about VALUES (?, ?)", about)
            return
        known = dict(base.execute("SELECT name, value FROM about").fetchall())
        ours = known.get("version") == VERSION and known.get("journal") == self._journal
        if not ours or base.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("damaged, or of another journal")
        at = datetime.fromisoformat(known["at"]) if "at" in known else None
        self.reach = Reach(int(known["through"]), at, _signals_since(base))
        self._signals = base.execute("SELECT count(*) FROM doc WHERE what = 'signal'").fetchone()[0]

    def _connected(self) -> sqlite3.Connection:
        """Return a connection that commits by itself, to a file that nobody else can read."""
        if self._file is not None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600))
        return sqlite3.connect(self._file or ":memory:", isolation_level=None, check_same_thread=False)

    def _shut(self) -> None:
        for link in {self._read, self._write}:
            link.close()

    def _make_room(self, base: sqlite3.Connection, signals: int) -> int:
        """Take the oldest signals out where there are too many; return how many."""
        over = min(FORGET_AT_ONCE, signals - self._signals_kept)
        if over <= 0:
            return 0
        forget_signals(base, over)
        return over


def _values(question: Question, match: str, below: int, limit: int) -> dict[str, object]:
    return {
        "match": match,
        "below": below,
        "limit": limit,
        "sorts": json.dumps(question.sorts),
        "hidden": json.dumps(question.hidden),
        "reader": question.reader,
        "since": question.since.timestamp() if question.since is not None else None,
        "until": question.until.timestamp() if question.until is not None else None,
        "kind": question.kind,
        "site": question.site,
        "area": question.area,
        "begin": BEGIN,
        "end": END,
        "snippet": SNIPPET_WORDS,
    }


def _found(row: tuple[object, ...], rank: int) -> Found:
    number, what, key, at_s, title, kind, site, area, incident, snippet = row
    return Found(
        what=What(str(what)),
        id=str(key),
        at=moment(float(str(at_s))),
        title=str(title),
        parts=tuple(_parts(str(snippet))),
        rank=rank,
        number=int(str(number)),
        kind=str(kind),
        site=str(site),
        area=str(area),
        incident=str(incident),
    )


def _parts(snippet: str) -> Iterator[Part]:
    """Yield the text before, in and behind each pair of marks."""
    before, *marked = snippet.split(BEGIN)
    if before:
        yield Part(before, hit=False)
    for one in marked:
        hit, _, rest = one.partition(END)
        yield Part(hit, hit=True)
        if rest:
            yield Part(rest, hit=False)


def _signals_since(base: sqlite3.Connection) -> datetime | None:
    """Return the moment of the oldest signal; None where there is none."""
    row = base.execute("SELECT at FROM doc WHERE what = 'signal' ORDER BY number LIMIT 1").fetchone()
    return moment(row[0]) if row is not None else None
