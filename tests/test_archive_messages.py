"""The words for what is wrong with an archive on a server: each problem has its own, and says where and what to do."""

from __future__ import annotations

import re

import pytest

from config.archive_messages import PROBLEMS
from config.messages import sentence
from index.errors import ArchiveError, ArchiveRefused, ArchiveUnavailable
from tests.conftest import ROOT

NAMED = re.compile(r'(?:problem=|_refused\(|Archive(?:Error|Refused|Unavailable), )"(\w+)"')
PARAMS = {"why": "lý do", "index": "kiemtin-articles-v1", "what": "text", "document": "a1", "file": "ca.pem"}
CHOSEN = re.compile(r'"(\w+)" if [^"]*? else "(\w+)"')
"""Where one of two is chosen."""


def problems() -> set[str]:
    files = [*ROOT.glob("index/elastic*.py"), *ROOT.glob("index/archive_copy*.py"), ROOT / "config" / "elastic.py"]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    chosen = {word for pair in CHOSEN.findall(text) for word in pair if word in PROBLEMS}
    return {*NAMED.findall(text), *chosen}


def test_every_problem_has_its_words_and_no_word_is_without_one() -> None:
    assert problems() == set(PROBLEMS)


@pytest.mark.parametrize("problem", sorted(PROBLEMS))
@pytest.mark.parametrize("kind", [ArchiveError, ArchiveRefused, ArchiveUnavailable])
def test_a_sentence_names_the_place_and_is_whole(kind: type[ArchiveError], problem: str) -> None:
    said = sentence(kind(place="https://es.example:9200", problem=problem, **PARAMS))
    assert "https://es.example:9200" in said
    assert said.endswith(".")
    assert not re.search(r"[{}]|\(\)|None", said)
