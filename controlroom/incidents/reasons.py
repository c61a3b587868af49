"""Why the room did what it did: one word a reason, the same in journal, log, metrics and console."""

from enum import StrEnum


class Reason(StrEnum):
    """The closed set of reasons that a decision can give."""

    RULE = "rule"
    NO_RULE = "no_rule"
    DUPLICATE = "duplicate"
    RETAINED_STATE = "retained_state"
    TEST_SIGNAL = "test_signal"
    JOINED = "joined_open_incident"
    OPERATOR_LOOKS = "operator_looks_first"
    NO_CREW = "no_crew_available"
    CALL_ANSWERED = "call_answered_by_a_desk"
    CALL_ENDED = "answered_call_ended"
    QUARANTINED = "quarantined"
    REPORT_TAKEN = "report_taken"
    REPORT_STALE = "report_changes_nothing"
    ORDER_UNKNOWN = "order_unknown"
    HANDED_OVER = "orders_handed_over"
    NOT_ACCEPTED = "order_not_accepted_in_time"
    NOT_ANSWERED = "not_answered_in_time"
    OPENED = "room_opened"
    COMMAND = "operator_command"
    COMMAND_STALE = "command_saw_an_old_version"
    COMMAND_REFUSED = "command_not_possible_now"
    RULES_SWAPPED = "rules_swapped"
    RULES_UNCHANGED = "rules_unchanged"
    RULES_STALE = "rules_offered_against_another_set"
    RULES_REFUSED = "rules_refused"
    NOTHING_DUE = "nothing_due"
