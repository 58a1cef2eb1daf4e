"""The files the classifier knows things from: they can be read, and what they say fits together."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from classifier.about import FEATURES
from classifier.atlas import Level
from classifier.words import Phrases, cut
from config import gazetteer, knowledge
from index.errors import ConfigError
from index.model import Topic
from index.text import fold
from tests.conftest import ROOT

LEXICON = ROOT / "config" / "lexicon"
NO_CUES = ("about", "geography", "negation", "persons", "persons_foreign")
CUE_FILES = sorted(set(LEXICON.glob("*.yaml")) - {LEXICON / f"{name}.yaml" for name in NO_CUES})
CUES = {(cue.group, cue.words): cue for cue in knowledge.lexicon().cues}


def holds(phrase: str, words: str) -> bool:
    inside = Phrases([(words, True)], numbers=frozenset(knowledge.lexicon().numbers))
    read = cut(phrase)
    return any(True for token in range(len(read)) for _ in inside.at(read, token))


def test_the_country_has_its_provinces_and_communes() -> None:
    units = [unit for province in gazetteer.provinces() for unit in province.units]
    assert (len(gazetteer.provinces()), len(units)) == (34, 3321)


@pytest.mark.parametrize(
    ("province", "communes", "wards", "areas"),
    [
        ("Tuyên Quang", 117, 7, {"Tuyên Quang", "Hà Giang"}),
        ("Phú Thọ", 133, 15, {"Phú Thọ", "Vĩnh Phúc", "Hòa Bình"}),
        ("Lạng Sơn", 61, 4, {"Lạng Sơn"}),
    ],
)
def test_units_of_a_province(province: str, communes: int, wards: int, areas: set[str]) -> None:
    (listed,) = (one for one in gazetteer.provinces() if one.name == province)
    kinds = [unit[0] for unit in listed.units]
    assert (kinds.count("x"), kinds.count("p")) == (communes, wards)
    assert set(listed.former) == areas


def test_a_commune_lies_in_its_former_district_and_province() -> None:
    atlas = gazetteer.atlas()
    ((_, found),) = list(atlas.marked.at(cut("Thượng Lâm"), 0))
    (home,) = [place for place in found if place is not None and place.province == "Tuyên Quang" and not place.former]
    assert (home.level, home.district, home.area) == (Level.COMMUNE, "Lâm Bình", "Tuyên Quang")


def test_an_exception_holds_the_cue_it_excepts() -> None:
    wrong = [(cue.words, phrase) for cue in CUES.values() for phrase in cue.unless if not holds(phrase, cue.words)]
    assert not wrong


@pytest.mark.parametrize("file", CUE_FILES, ids=lambda file: file.stem)
def test_every_exception_belongs_to_a_cue_of_its_file(file: Path) -> None:
    listed = yaml.safe_load(file.read_text(encoding="utf-8"))
    cues = {words for groups in listed["groups"].values() for group in groups.values() for words in group}
    assert set(listed.get("unless", {})) <= cues


def test_no_cue_is_listed_twice_in_a_group() -> None:
    assert len(CUES) == len(knowledge.lexicon().cues)


def test_every_topic_but_other_has_cues() -> None:
    assert {group.removeprefix("topic.") for group, _ in CUES if group.startswith("topic.")} == set(Topic) - {
        Topic.OTHER
    }


def test_the_table_of_weights_knows_every_feature() -> None:
    assert set(knowledge.about_weights().weights) == set(FEATURES)


def test_a_trap_names_a_place_and_its_phrases_hold_the_name() -> None:
    atlas = gazetteer.atlas()
    for trap in atlas.traps.values():
        assert atlas.marked.longest_at(cut(trap.name), 0) is not None, trap.name
        assert all(fold(trap.name) in fold(phrase) for phrase in trap.instead), trap


def test_a_wrong_file_names_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("groups: {a: {x: [b]}}", encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        list(knowledge.cues(file))
    assert raised.value.params["file"] == str(file)
    assert "groups" in raised.value.params["key"]


def test_a_landmark_in_no_unit_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "lang-son"
    folder.mkdir()
    file = folder / "places.yaml"
    file.write_text("landmarks: [{name: ải Xưa, of: Xã Không Có}]", encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        list(gazetteer.names(file, []))
    assert (raised.value.params["key"], raised.value.params["found"]) == ("ải Xưa", "Xã Không Có")
