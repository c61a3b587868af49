"""How pieces become rows: documents are gathered for a batch, and each is written once.

A line that a document has already is not added again: the thousandth trip of a detector changes nothing. An
incident that comes whole once more (merged, split, open again) keeps what was said of it before; anything
else that comes whole is written anew, so a correction takes what it corrects out of the index.
"""

import json
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime

from controlroom.search.pieces import Belongs, Doc, More, OfOrder, Ordered, Piece, What

SAID_CHARS = 64_000
"""Text of one document: an incident with more has been told of for a very long time, and has its timeline."""

TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE doc (
    number INTEGER PRIMARY KEY, what TEXT NOT NULL, key TEXT NOT NULL, at REAL NOT NULL, title TEXT NOT NULL,
    kind TEXT NOT NULL, site TEXT NOT NULL, area TEXT NOT NULL, incident TEXT NOT NULL, readers TEXT NOT NULL
);
CREATE UNIQUE INDEX doc_key ON doc (what, key);
CREATE INDEX doc_signals ON doc (number) WHERE what = 'signal';
CREATE TABLE given (number TEXT PRIMARY KEY, incident TEXT NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 (
    names, people, said, tokenize = "unicode61 remove_diacritics 2", prefix = '3'
);
"""
"""`doc` says what a document is and for whom, `words` holds its text, `given` whose incident an order is."""

BEGIN, END = "\x02", "\x03"
"""Around what was found, in a piece of text; no text has them itself."""

_NO_MARKS = str.maketrans({BEGIN: " ", END: " ", "\0": " "})

_Key = tuple[What, str]
_Lines = dict[str, None]


class _Draft:
    """A document being gathered. `number` is None until it has a row, `doc` where only lines come."""

    def __init__(self, number: int | None, doc: Doc | None) -> None:
        self.number = number
        self.doc = doc
        self.names: _Lines = {}
        self.people: _Lines = {}
        self.said: _Lines = {}
        self.changed = doc is not None

    def add(self, piece: Doc | More) -> None:
        """Add the lines that are new."""
        for lines, more in ((self.names, piece.names), (self.people, piece.people), (self.said, piece.said)):
            for one in more:
                text = one.translate(_NO_MARKS)
                if text not in lines:
                    lines[text] = None
                    self.changed = True


class Batch:
    """The pieces of one batch on their way into the base."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base
        self._drafts: dict[_Key, _Draft] = {}
        self._orders: dict[str, str] = {}
        self._belongs: list[Belongs] = []
        self.signals = 0

    def put(self, pieces: Iterable[Piece]) -> None:
        """Write all of this; `signals` counts the new ones among it."""
        for piece in pieces:
            match piece:
                case Doc():
                    self._whole(piece)
                case More():
                    self._more(piece)
                case OfOrder(order=order, said=said, people=people):
                    incident = self._incident_of(order)
                    if incident is not None:
                        self._more(More(What.INCIDENT, incident, said, people))
                case Ordered(order=order, incident=incident):
                    self._orders[order] = incident
                case Belongs():
                    self._belongs.append(piece)
        self._write()

    def _whole(self, doc: Doc) -> None:
        key = (doc.what, doc.key)
        known = self._known(key)
        if known is None or doc.what is not What.INCIDENT:
            known = self._drafts[key] = _Draft(known.number if known is not None else None, doc)
        known.add(doc)

    def _more(self, more: More) -> None:
        known = self._known((more.what, more.key))
        if known is not None:
            known.add(more)

    def _known(self, key: _Key) -> _Draft | None:
        """Return the document of this key, from this batch or from the base; None where there is none."""
        if key in self._drafts:
            return self._drafts[key]
        row = self._base.execute(
            "SELECT number, names, people, said FROM doc JOIN words ON words.rowid = number"
            " WHERE what = ? AND key = ?",
            key,
        ).fetchone()
        if row is None:
            return None
        draft = self._drafts[key] = _Draft(row[0], None)
        for lines, text in zip((draft.names, draft.people, draft.said), row[1:], strict=True):
            lines.update(dict.fromkeys(text.split("\n")))
        return draft

    def _incident_of(self, order: str) -> str | None:
        if order in self._orders:
            return self._orders[order]
        row = self._base.execute("SELECT incident FROM given WHERE number = ?", (order,)).fetchone()
        return row[0] if row is not None else None

    def _write(self) -> None:
        for draft in self._drafts.values():
            if draft.changed:
                self._write_one(draft)
        self._base.executemany("INSERT OR REPLACE INTO given VALUES (?, ?)", self._orders.items())
        for belongs in self._belongs:
            self._base.execute(
                "UPDATE doc SET incident = ? WHERE what IN ('signal', 'quarantine')"
                " AND key IN (SELECT value FROM json_each(?))",
                (belongs.incident, json.dumps([str(one) for one in belongs.positions])),
            )

    def _write_one(self, draft: _Draft) -> None:
        number, doc = draft.number, draft.doc
        if number is None and doc is not None:
            number = self._free(doc.number)
            self.signals += doc.what is What.SIGNAL
        else:
            self._base.execute("DELETE FROM words WHERE rowid = ?", (number,))
        if doc is not None:
            row = (number, doc.what, doc.key, doc.at.timestamp(), doc.title.translate(_NO_MARKS), doc.kind)
            where = (doc.site, doc.area, doc.incident, json.dumps(doc.readers))
            self._base.execute("INSERT OR REPLACE INTO doc VALUES (?,?,?,?,?,?,?,?,?,?)", (*row, *where))
        said = "\n".join(draft.said)[:SAID_CHARS]
        text = (number, "\n".join(draft.names), "\n".join(draft.people), said)
        self._base.execute("INSERT INTO words (rowid, names, people, said) VALUES (?, ?, ?, ?)", text)

    def _free(self, number: int) -> int:
        """Return this number, or the next one that no document has."""
        while self._base.execute("SELECT 1 FROM doc WHERE number = ?", (number,)).fetchone() is not None:
            number += 1
        return number


def forget_signals(base: sqlite3.Connection, count: int) -> None:
    """Take the oldest so many signals out."""
    oldest = "SELECT number FROM doc WHERE what = 'signal' ORDER BY number LIMIT ?"
    base.execute(f"DELETE FROM words WHERE rowid IN ({oldest})", (count,))  # noqa: S608 - our own words
    base.execute(f"DELETE FROM doc WHERE number IN ({oldest})", (count,))  # noqa: S608 - our own words


def moment(at_s: float) -> datetime:
    """Return the moment that stands in a row."""
    return datetime.fromtimestamp(at_s, UTC)
