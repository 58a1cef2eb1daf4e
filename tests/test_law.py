"""The legal clocks: each with its basis and its date, and nothing computed from what is not certain."""

from __future__ import annotations

from config import law
from config.law import Unit


def test_every_clock_names_its_basis_and_stands_once() -> None:
    assert all(clock.basis and clock.since.year >= 2026 for clock in law.clocks())
    assert len({clock.id for clock in law.clocks()}) == len(law.clocks())


def test_the_two_clocks_of_a_day_run_in_hours() -> None:
    day = {clock.id: (clock.limit, clock.unit) for clock in law.clocks() if clock.id in ("K1", "K2")}
    assert day == {"K1": (24, Unit.HOURS), "K2": (24, Unit.HOURS)}


def test_a_deadline_that_the_law_does_not_set_or_that_is_not_certain_is_unknown() -> None:
    unknown = {clock.id for clock in law.clocks() if not clock.known}
    assert unknown == {"K3", "K4", "K9", "K12"}
    assert {clock.id for clock in law.unconfirmed()} == {"K9", "K12"}
