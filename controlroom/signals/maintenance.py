"""The words of engineers' work on what has failed: how far it is, and what came of it."""

from enum import StrEnum


class WorkStep(StrEnum):
    """How far an engineer's work has come."""

    RAISED = "raised"
    ATTENDED = "attended"
    CLEARED = "cleared"


class WorkResult(StrEnum):
    """What came of it, as the engineer says."""

    REPAIRED = "repaired"
    REPLACED = "replaced"
    NO_FAULT_FOUND = "no_fault_found"
    NOT_OURS = "not_ours"
    WITHDRAWN = "withdrawn"
