"""Which agency is proposed for a topic and a place."""

from __future__ import annotations

import pytest

from desk.routing import Agency, responsible
from index.model import Topic

OFFICE = Agency(id="van-phong", name="Văn phòng UBND tỉnh", topics=(Topic.GOV, Topic.OTHER))
ENVIRONMENT = Agency(id="so-nn-mt", name="Sở Nông nghiệp và Môi trường", topics=(Topic.ENVIRONMENT,))
COMMUNE = Agency(id="xa-nhu-khe", name="UBND xã Nhữ Khê", topics=(Topic.ENVIRONMENT,), places=("Nhữ Khê",))
WARD = Agency(id="phuong-my-lam", name="UBND phường Mỹ Lâm", places=("Mỹ Lâm",))
ALL = (OFFICE, ENVIRONMENT, COMMUNE, WARD)


@pytest.mark.parametrize(
    ("topic", "places", "agency"),
    [
        (Topic.ENVIRONMENT, [], ENVIRONMENT),
        (Topic.ENVIRONMENT, ["Đà Vị"], ENVIRONMENT),
        (Topic.ENVIRONMENT, ["Đà Vị", "Nhữ Khê"], COMMUNE),
        (Topic.GOV, ["Nhữ Khê"], OFFICE),
        (Topic.HEALTH, ["Mỹ Lâm"], WARD),
        (Topic.HEALTH, ["Nhữ Khê"], None),
        (Topic.HEALTH, [], None),
    ],
)
def test_the_agency_of_the_place_stands_before_the_one_for_everywhere(
    topic: Topic, places: list[str], agency: Agency | None
) -> None:
    assert responsible(ALL, topic, places) == agency


def test_of_two_the_profile_names_first_is_proposed() -> None:
    other = Agency(id="so-xay-dung", name="Sở Xây dựng", topics=(Topic.ENVIRONMENT,))
    assert responsible((other, ENVIRONMENT), Topic.ENVIRONMENT, []) == other
    assert responsible((ENVIRONMENT, other), Topic.ENVIRONMENT, []) == ENVIRONMENT
