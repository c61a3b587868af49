"""Numbers with the police and contracts with customers: what a row means, and what a bad one is told."""

import re
from datetime import date

import pytest

from controlroom.estate.customers import Charged, Contract
from controlroom.estate.load import load
from controlroom.estate.police import PoliceReference, System
from controlroom.estate.table import EstateError
from tests.estate.test_load import GOOD

NUMBERS = "reference,site,system,force,level,premises,valid_from,valid_to,false_calls\n"
CONTRACTS = "contract,customer,name,site,charges,visit_min,since,until\n"


def test_a_full_row_is_a_number_with_everything() -> None:
    """Level, days and false calls are read; an empty last day is none."""
    row = "U-1,SCH-1,hold_up,WYP,3,A School,2024-02-29,,2026-01-05; 2025-12-01\n"
    (number,) = load(GOOD | {"police_references.csv": NUMBERS + row}).police.values()

    calls = (date(2025, 12, 1), date(2026, 1, 5))
    began = date(2024, 2, 29)
    assert number == PoliceReference("U-1", "SCH-1", System.HOLD_UP, "WYP", 3, "A School", began, None, calls)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("U-1,SCH-1,fire,WYP,1,A,2024-01-01,,", "found 'fire'"),
        ("U-1,SCH-1,intruder,WYP,2,A,2024-01-01,,", "found '2'"),
        ("U-1,SCH-1,intruder,WYP,1,A,2024-02-30,,", "found '2024-02-30'"),
        ("U-1,SCH-1,intruder,WYP,1,A,20240201,,", "found '20240201'"),
        ("U-1,SCH-1,intruder,WYP,1,A,2024-01-01,soon,", "found 'soon'"),
        ("U-1,SCH-9,intruder,WYP,1,A,2024-01-01,,", "the unknown site 'SCH-9'"),
    ],
)
def test_a_bad_number_is_told(row: str, said: str) -> None:
    """System, level, days and site are looked at."""
    with pytest.raises(EstateError, match=re.escape(said)):
        load(GOOD | {"police_references.csv": NUMBERS + row + "\n"})


def test_a_contract_covers_its_site_its_charges_and_its_days() -> None:
    """From the first day to the last one, for what it charges and nothing else."""
    row = "C-1,acme,Acme,SCH-1,patrols,10,2026-01-01,2026-06-30\n"
    (one,) = load(GOOD | {"contracts.csv": CONTRACTS + row}).contracts

    first, last = date(2026, 1, 1), date(2026, 6, 30)
    charges = frozenset({"patrols"})
    assert one == Contract("C-1", "acme", "Acme", "SCH-1", charges, first, last, 10)
    assert one.covers("SCH-1", first, Charged.PATROLS)
    assert one.covers("SCH-1", last, Charged.PATROLS)
    assert not one.covers("SCH-1", date(2026, 7, 1), Charged.PATROLS)
    assert not one.covers("SCH-1", first, Charged.RESPONSES)
    assert not one.covers("SCH-2", first, Charged.PATROLS)


def test_nobody_pays_twice() -> None:
    """Two contracts that charge for the same at a site on one day are a mistake, told at the second one."""
    first = "C-1,acme,Acme,SCH-1,patrols;responses,10,2026-01-01,2026-06-30\n"
    apart = "C-2,other,Other,SCH-1,patrols,10,2026-07-01,\n"
    assert len(load(GOOD | {"contracts.csv": CONTRACTS + first + apart}).contracts) == 2
    again = apart.replace("2026-07-01", "2026-06-30")
    with pytest.raises(EstateError, match=r"contracts.csv:3:since: found 2026-06-30, while C-1"):
        load(GOOD | {"contracts.csv": CONTRACTS + first + again})
