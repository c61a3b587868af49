"""What the police would refuse, said before anybody asks them: the check of a reference (URN).

About one call in ten that control rooms pass on electronically comes back for its data: a number that nobody
knows, one of the wrong system, one that is withdrawn (the forces' own figures of 2024; the notes of the
domain name the source). Each of these can be known beforehand. A finding that `rejects` would come back; the
others are things to know.

Limits: the room knows what its file says. A number that the police withdrew yesterday is found when somebody
has written it down, or by its false calls.
"""

from datetime import date, datetime

from msgspec import Struct

from controlroom.estate.partners import Category, Partner
from controlroom.estate.police import WITHDRAWN, PoliceReference, System
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Incident
from controlroom.incidents.referrals.findings import Finding, Found
from controlroom.incidents.sites.false_calls import day_of, limit_of, standing_calls, system_of
from controlroom.incidents.state import State


class Preflight(Struct, frozen=True, gc=False):
    """The number that would be given (the site's own where nobody names one), and what stands against it."""

    reference: str | None
    findings: tuple[Finding, ...] = ()

    @property
    def rejected(self) -> bool:
        """Whether the police would refuse it."""
        return any(finding.rejects for finding in self.findings)


def preflight(
    handbook: Handbook,
    state: State,
    incident: Incident,
    partner: Partner,
    asked: tuple[Category, str | None],
    now: datetime,
) -> Preflight:
    """Return the check of a referral with this category and number; nothing is found of other partners."""
    category, given = asked
    if not partner.police or (category is not Category.ALARM and given is None):
        return Preflight(given)
    system, today = system_of(incident.event), day_of(now)
    own = _own(handbook, incident.site, system, today)
    reference = given or own
    if reference is None:
        says = f"{incident.site} has no number for this: the police need evidence of an offence"
        return Preflight(None, (Finding(Found.NO_REFERENCE, says),))
    known = handbook.estate.police.get(reference)
    if known is None:
        return Preflight(reference, (Finding(Found.UNKNOWN, f"nobody knows the number {reference}"),))
    findings = [*_mismatches(handbook, incident, known, system), *_validity(known, today)]
    findings += _warnings(handbook, state, incident, known, today)
    return Preflight(reference, tuple(findings))


def _own(handbook: Handbook, site: str, system: System | None, today: date) -> str | None:
    """Return the site's number of this system: a valid one where there is one, else any."""
    own = [one for one in handbook.estate.police.values() if one.site == site and one.system is system]
    own.sort(key=lambda one: (bool(_validity(one, today)), one.reference))
    return own[0].reference if own else None


def _mismatches(
    handbook: Handbook, incident: Incident, known: PoliceReference, system: System | None
) -> list[Finding]:
    """Return what of the number is about something else."""
    findings = []
    place = handbook.estate.place(incident.source)
    if known.site != incident.site:
        says = f"{known.reference} is the number of {known.site}, not of {incident.site}"
        findings.append(Finding(Found.DATA_MISMATCH, says))
    elif place is not None and known.premises.casefold() != place.name.casefold():
        says = f"the police know {known.reference} as {known.premises!r}, we as {place.name!r}"
        findings.append(Finding(Found.DATA_MISMATCH, says))
    if known.system is not system:
        about = f"a {system.replace('_', '-')} alarm" if system is not None else "no alarm of theirs"
        says = f"{known.reference} is for {known.system.replace('_', '-')} alarms; this is {about}"
        findings.append(Finding(Found.WRONG_KIND, says))
    return findings


def _validity(known: PoliceReference, today: date) -> list[Finding]:
    """Return what of the number is not in force on this day."""
    findings = []
    if known.level == WITHDRAWN:
        says = f"{known.reference} is withdrawn: the police do not come"
        findings.append(Finding(Found.WITHDRAWN, says))
    if today < known.valid_from:
        findings.append(Finding(Found.NOT_YET_VALID, f"valid from {known.valid_from} on"))
    if known.valid_to is not None and today > known.valid_to:
        findings.append(Finding(Found.EXPIRED, f"it was valid to {known.valid_to}"))
    return findings


def _warnings(
    handbook: Handbook, state: State, incident: Incident, known: PoliceReference, today: date
) -> list[Finding]:
    """Return what somebody should know, though nobody would refuse the call for it."""
    findings = []
    calls = standing_calls(handbook.estate, state.sites.false_calls, known.site, known.system, today)
    limit = limit_of(handbook.house.sites, known.system)
    if calls >= limit:
        says = f"{calls} false calls in twelve months, and the police withdraw at {limit}: ring the force"
        findings.append(Finding(Found.FALSE_CALLS, says, rejects=False))
    if known.system is System.INTRUDER and not incident.confirmed_by:
        says = "nothing has confirmed it: the police come to confirmed intruder alarms (BS 8243)"
        findings.append(Finding(Found.NOT_CONFIRMED, says, rejects=False))
    return findings
