"""Regions of a space of finitely many atoms, packed into integers, and the one search that all proofs use.

A space has axes; an axis has atoms. A *box* is a set of atoms on every axis, written as one integer: a
segment of bits an axis, a spare bit above each segment. Adding a segment full of ones carries into the
spare bit exactly when the segment is not empty, so whether two boxes meet is one AND, one addition and
one comparison, however many axes there are.

`escape` decides whether a box sticks out of a union of boxes, by splitting it along the boxes that it
meets until a piece is free or all is covered. It is complete: None means that every point is covered.

Limits: the question is NP-complete, so no bound on time holds for every table. Tables that people write
overlap along few fields and are decided in milliseconds.
"""

from collections.abc import Iterable, Sequence

import msgspec


class Layout(msgspec.Struct, frozen=True):
    """Where each axis has its bits: `full` all atoms, `guard` the spare bits, `segments` by spare bit."""

    full: int
    guard: int
    segments: dict[int, int]

    def meets(self, box: int) -> bool:
        """Return whether this (intersection of) boxes has a point."""
        return (box + self.full) & self.guard == self.guard

    def escape(self, box: int, cover: Iterable[int], used: set[int] | None = None) -> int | None:
        """Return a box inside `box` that meets none of `cover`; None where all of `box` is covered.

        With None, `used` has received boxes of the cover that suffice for it.
        """
        if not self.meets(box):
            return None
        pending = [(box, [one for one in cover if self.meets(box & one)])]
        while pending:
            piece, near = pending.pop()
            found = self._tightened(piece, near, used)
            if found is None:
                continue
            piece, near = found
            if not near:
                return piece
            pending.extend(self._split(piece, near))
        return None

    def _tightened(self, piece: int, near: list[int], used: set[int] | None) -> tuple[int, list[int]] | None:
        """Return the piece without what any one box takes along a single axis; None when nothing is left."""
        full, guard = self.full, self.guard
        changed = True
        while changed:
            changed = False
            for one in near:
                outside = piece & ~one
                axes = (outside + full) & guard
                if not axes:
                    if used is not None:
                        used.add(one)
                    return None
                if not axes & (axes - 1) and self.meets(piece & one):
                    segment = self.segments[axes]
                    piece = piece & ~segment | outside & segment
                    changed = True
                    if used is not None:
                        used.add(one)
            near = [one for one in near if (piece & one) + full & guard == guard]
        return piece, near

    def _split(self, piece: int, near: Sequence[int]) -> tuple[tuple[int, list[int]], tuple[int, list[int]]]:
        """Return the piece in two along an axis of the box that is nearest to covering it, free half last."""
        full, guard = self.full, self.guard
        one = min(near, key=lambda cover: ((piece & ~cover) + full & guard).bit_count())
        axes = ((piece & ~one) + full) & guard
        segment = self.segments[axes & -axes]
        outside = piece & ~segment | piece & ~one & segment
        within = piece & (one | ~segment)
        return (
            (within, [cover for cover in near if self.meets(within & cover)]),
            (outside, [cover for cover in near if self.meets(outside & cover)]),
        )

    def grown(self, piece: int, limit: int, cover: Sequence[int]) -> int:
        """Return a largest box around `piece` inside `limit` that still meets none of `cover`."""
        for segment in self.segments.values():
            widened = piece | limit & segment
            near = [one for one in cover if self.meets(widened & one)]
            taken = 0
            for one in near:
                taken |= one
            piece |= limit & segment & ~taken
        return piece
