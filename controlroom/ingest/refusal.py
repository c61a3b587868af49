"""Why a payload could not be read: pydantic's problems as one reason and one line."""

from pydantic import ValidationError

from controlroom.events import QuarantineReason

DETAIL_MAX = 400
"""Characters of a quarantine detail: three problems with their places; the raw bytes tell the rest."""

_PROBLEMS_SHOWN = 3
"""A payload of the wrong shape has many problems; the first three say which shape was meant."""


def refusal(payload: bytes, fault: ValidationError) -> tuple[QuarantineReason, str]:
    """Return the reason and the first problems of an unreadable payload."""
    problems = fault.errors(include_url=False, include_context=False, include_input=False)
    kinds = {problem["type"] for problem in problems}
    shown = "; ".join(
        f"{'.'.join(map(str, problem['loc'])) or 'payload'}: {problem['msg']}"
        for problem in problems[:_PROBLEMS_SHOWN]
    )
    more = f"; and {len(problems) - _PROBLEMS_SHOWN} more" if len(problems) > _PROBLEMS_SHOWN else ""
    detail = (shown + more)[:DETAIL_MAX]
    if not _is_utf8(payload):
        return QuarantineReason.NOT_UTF8, detail
    if "json_invalid" in kinds:
        return QuarantineReason.BAD_JSON, detail
    if kinds & {"union_tag_invalid", "union_tag_not_found"}:
        return QuarantineReason.UNKNOWN_KIND, detail
    return QuarantineReason.WRONG_TYPE, detail


def _is_utf8(payload: bytes) -> bool:
    try:
        payload.decode()
    except UnicodeDecodeError:
        return False
    return True
