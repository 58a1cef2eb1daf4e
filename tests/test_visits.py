"""What an officer is told of an address they asked for: waiting, to be tried again, given up, refused, read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dashboard.views.tip import _visit
from index.model import OfficerName
from index.source import Visit, VisitId, VisitReason

NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)  # 14:30 in the office
ASKED = Visit(
    id=VisitId("v1"),
    url="https://bao.example/tin",
    why=VisitReason.BY_HAND,
    by=OfficerName("ha"),
    requested=NOW - timedelta(hours=1),
    not_before=NOW - timedelta(hours=1),
)
FAILED = replace(ASKED, attempts=1, outcome="refused", detail="refused: url=https://bao.example/tin, status=503")


@pytest.mark.parametrize(
    ("visit", "said"),
    [
        (ASKED, "chờ lượt đọc sau"),
        (
            replace(FAILED, not_before=NOW + timedelta(minutes=10)),
            "chưa đọc được (máy chủ từ chối), thử lại 14:40",
        ),
        (
            replace(FAILED, attempts=5, done=NOW),
            "đã thử 5 lần, không đọc được (máy chủ từ chối); có thể mở trang và nhập nội dung bằng tay",
        ),
        (replace(ASKED, attempts=1, outcome="address_refused", done=NOW), "Địa chỉ không được phép đọc."),
        (replace(ASKED, attempts=1, outcome="read", done=NOW), "đã đọc 14:30"),
    ],
)
def test_an_officer_is_told_what_became_of_an_address(visit: Visit, said: str) -> None:
    assert said in _visit(visit, NOW)
