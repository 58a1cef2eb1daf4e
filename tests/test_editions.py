"""How daily pages are kept: what one that fails does to the others, and what two writers do to one page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.daily import Edition
from desk.editions import file_name
from index.errors import StoreError
from tests.office import LEADER, Office
from tests.test_summary import DAY, MORNING, dated, page_of, tell


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office(tmp_path)
    yield opened
    opened.close()


def kept(office: Office, kind: str, edition: Edition = Edition.MORNING) -> Path:
    return office.home / "reports" / file_name(DAY, edition, kind)


# --- a page that cannot be read -----------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", [b"\xff\xfe\x00", b"{", b"{}", b""], ids=["no text", "half", "another", "empty"])
def test_a_page_that_cannot_be_read_names_its_file_and_is_made_again(office: Office, damage: bytes) -> None:
    tell(office, "tin", articles=(dated("tin"),))
    page = page_of(office)
    kept(office, "json").write_bytes(damage)
    with pytest.raises(StoreError) as caught:
        office.desk.summaries.page(DAY, Edition.MORNING, by=LEADER)
    assert caught.value.params["path"] == str(kept(office, "json"))
    assert page in office.desk.summaries.make_due(now=MORNING)
    assert office.desk.summaries.page(DAY, Edition.MORNING, by=LEADER) == page


def test_a_page_in_whose_place_something_else_lies_names_it(office: Office) -> None:
    kept(office, "json").mkdir(parents=True)
    with pytest.raises(StoreError) as caught:
        office.desk.summaries.page(DAY, Edition.MORNING, by=LEADER)
    assert caught.value.params["path"] == str(kept(office, "json"))
