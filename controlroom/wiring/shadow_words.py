"""Differences of a candidate in words: the name of their cause, its title, and how a page shows one."""

from hashlib import blake2b

from controlroom.console.shadow_desk import SeenDifference
from controlroom.replay.difference import Found
from controlroom.replay.grouping import cause_of


def group_of(found: Found) -> str:
    """Return the name of a difference's cause: the same for the same rules and change, in every process."""
    cause = repr(cause_of(found.difference))
    return blake2b(cause.encode(), digest_size=6).hexdigest()


def title_of(found: Found) -> str:
    """Return the cause in words."""
    one = found.difference
    old, new = one.old.get("rule", "no rule"), one.new.get("rule", "no rule")
    rules = f"{old} decides differently" if old == new else f"{old} decided, {new} will"
    fields = [name for name in cause_of(one)[-1] if name != "rule"]
    what = "; ".join(f"{name} {one.old.get(name, 'none')} -> {one.new.get(name, 'none')}" for name in fields)
    return f"{rules}: {what}"[:400]


def seen_of(found: Found, group: str) -> SeenDifference:
    """Return the difference as a page shows it."""
    one = found.difference
    return SeenDifference(
        position=one.number,
        at=one.at,
        kind=one.kind,
        word=one.word,
        source=one.source,
        life=one.life,
        changed=one.changed,
        old=one.old,
        new=one.new,
        group=group,
    )
