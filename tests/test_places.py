"""Is a text about the province, and where in it? The traps of names, walked one by one."""

from __future__ import annotations

from datetime import date

import pytest

from classifier.atlas import Territory
from classifier.mention import Rule
from classifier.words import cut
from config import gazetteer, knowledge
from index.errors import ConfigError
from index.model import Field, Label, Place, Standing
from tests.classified import marked, reviewed

READER = gazetteer.reader()
TODAY = date(2026, 11, 20)
BEFORE_THE_MERGER = date(2024, 9, 9)


def where(text: str, on: date = TODAY) -> list[tuple[str, str, Rule]]:
    """Names in a text, the province each lies in ("" where that is open), and the rule."""
    words = cut(text)
    return [
        (
            words.quote(mention.first, mention.last),
            "" if mention.rule is Rule.OPEN else mention.places[0].province,
            mention.rule,
        )
        for mention in READER.read({Field.TEXT: words}, on=on)
    ]


def place(text: str, province: str = "tuyen-quang") -> Place:
    return reviewed(text, text, province).places[0]


# --- which place a name means


@pytest.mark.parametrize(
    ("text", "province", "rule"),
    [
        ("xã Yên Lập, huyện Chiêm Hóa", "Tuyên Quang", Rule.PARENT),
        ("xã Thanh Thủy (huyện Vị Xuyên cũ)", "Tuyên Quang", Rule.PARENT),
        ("phường Vĩnh Phúc (quận Ba Đình, Hà Nội)", "Hà Nội", Rule.PARENT),
        ("xã Tuyên Quang, tỉnh Lâm Đồng", "Lâm Đồng", Rule.PARENT),
        ("xã Hòa Bình, huyện Hữu Lũng", "Lạng Sơn", Rule.PARENT),
        ("xã Lũng Cú", "Tuyên Quang", Rule.UNIT),
        ("tỉnh Hòa Bình", "Phú Thọ", Rule.UNIT),
        ("Hà Giang", "Tuyên Quang", Rule.PROVINCE),
        ("cao nguyên đá Đồng Văn", "Tuyên Quang", Rule.LANDMARK),
        ("chợ Kỳ Lừa", "Lạng Sơn", Rule.LANDMARK),
        ("Mèo Vạc", "Tuyên Quang", Rule.DISTRICT),
        ("Na Hang", "Tuyên Quang", Rule.DISTRICT),
    ],
)
def test_the_first_name_is_settled_by_its_own_words(text: str, province: str, rule: Rule) -> None:
    assert where(text)[0][1:] == (province, rule)


@pytest.mark.parametrize(
    "text",
    [
        "xã Thái Bình",  # two monitored provinces have one
        "Tân Thành là một vùng quê",  # a commune needs its unit
        "phường Thống Nhất",
        "huyện Tam Nông",
    ],
)
def test_a_doubtful_name_stays_open(text: str) -> None:
    assert [rule for _, _, rule in where(text)] == [Rule.OPEN]


@pytest.mark.parametrize(
    "text",
    [
        "nền hòa bình lâu dài",
        "Phó thủ tướng Nguyễn Hòa Bình chủ trì",
        "công viên Hòa Bình",
        "số 120 Hòa Bình",
        "đường Tuyên Quang",
        "chị Hà Giang cho biết",
        "trường đua Phú Thọ",
        "KCN Đồng Văn",
        "xổ số kiến thiết",
        "mừng Quốc khánh 2/9",
        "cảng Sơn Dương",
        "sân Chi Lăng",
        "Đại học Văn Lang",
        "báo Tiền Phong",
        "Lương Sơn Bạc",
    ],
)
def test_what_only_holds_a_name_is_no_place(text: str) -> None:
    assert where(text) == []


def test_the_longest_name_wins() -> None:
    assert where("sân bay Tân Sơn Nhất")[0][:2] == ("Tân Sơn Nhất", "Hồ Chí Minh")
    assert where("xã Thuận Hoà (huyện Vị Xuyên cũ)")[0][0] == "Thuận Hoà"


def test_a_name_settled_once_holds_for_the_whole_text() -> None:
    assert where("Hồ Thầu sau lũ. Mưa lớn tại xã Hồ Thầu, tỉnh Tuyên Quang.")[0] == (
        "Hồ Thầu",
        "Tuyên Quang",
        Rule.AGAIN,
    )


def test_a_place_of_the_same_province_beside_it_settles_a_doubtful_name() -> None:
    assert where("Tỉnh Lạng Sơn cho biết xã Thái Bình đã có điện")[1] == ("Thái Bình", "Lạng Sơn", Rule.COMPANY)


def test_todays_map_settles_names_in_texts_of_today_only() -> None:
    assert where("xã Thượng Lâm")[0][1:] == ("Tuyên Quang", Rule.TODAY)
    assert where("xã Thượng Lâm", on=BEFORE_THE_MERGER)[0][2] is Rule.OPEN


def test_foreign_papers_write_names_without_marks_and_the_unit_behind() -> None:
    read = reviewed("Dam in Tuyen Quang is intact", "A dam in Thuong Lam commune, Tuyen Quang province, is safe.")
    assert read.standing is Standing.OURS
    assert read.places[0].name == "Thượng Lâm"
    assert reviewed("越南宣光省发生山洪", "越南宣光省胡透乡发生山洪。").standing is Standing.OURS


# --- what is shown of a place


def test_a_place_is_shown_with_its_present_unit_and_former_area() -> None:
    assert place("Lũ ở xã Xín Cái, huyện Mèo Vạc, tỉnh Hà Giang") == Place(
        name="Sơn Vĩ", unit="xã", as_written="Xín Cái", area="Hà Giang", rule=Rule.PARENT
    )


def test_a_former_district_is_shown_as_an_area() -> None:
    shown = place("Tai nạn ở huyện Bắc Quang làm một người bị thương")
    assert (shown.name, shown.unit, shown.area) == ("Bắc Quang", "khu vực", "Hà Giang")


def test_a_name_of_two_former_communes_is_given_no_unit() -> None:
    shown = reviewed("Phú Thọ: cháy ở xã Ngọc Mỹ cũ", "Cháy ở xã Ngọc Mỹ, tỉnh Phú Thọ.", "phu-tho").places
    assert {one.name for one in shown} == {"Phú Thọ"}


# --- is it about the province?


@pytest.mark.parametrize(
    ("province", "title", "text"),
    [
        (
            "tuyen-quang",
            "Tuyên Quang: Lũ quét trong đêm",
            "Văn phòng Ban Chỉ huy Phòng thủ dân sự tỉnh Tuyên Quang cho biết lũ quét xảy ra tại xã Hồ Thầu.",
        ),
        (
            "phu-tho",
            "Sạt lở trên quốc lộ 6 ở Mai Châu",
            "Công an tỉnh Phú Thọ cho biết sạt lở tại xã Mai Châu vùi lấp ba người.",
        ),
        ("lang-son", "Ùn ứ nông sản ở cửa khẩu Hữu Nghị", "Lạng Sơn đề nghị doanh nghiệp không đưa hàng lên cửa khẩu."),
        ("Hòa Bình", "TP Hòa Bình (cũ) khởi công cầu mới", "Cầu nối hai bờ sông Đà ở thành phố Hòa Bình cũ."),
    ],
)
def test_what_happens_there_is_about_the_province(province: str, title: str, text: str) -> None:
    assert reviewed(title, text, province).standing is Standing.OURS


@pytest.mark.parametrize(
    ("province", "title", "text"),
    [
        (
            "tuyen-quang",
            "Đồng Nai: Bắt nghi phạm đâm chết người",
            "Công an tỉnh Đồng Nai bắt giữ K. (SN 1994, quê Tuyên Quang, tạm trú phường Long Bình, tỉnh Đồng Nai).",
        ),
        (
            "phu-tho",
            "Giải bóng rổ khai mạc tại TP.HCM",
            "Các trận đấu diễn ra ở Nhà thi đấu Phú Thọ (TP.HCM) trong tuần này.",
        ),
        ("phu-tho", "Vì một thế giới hòa bình", "Hàng trăm bạn trẻ vẽ tranh về hòa bình tại Hà Nội sáng nay."),
        (
            "lang-son",
            "Bắc Bộ mưa dông, đề phòng lũ quét",
            "Mưa lớn ở Lai Châu, Sơn La, Điện Biên, Lào Cai, Tuyên Quang, Cao Bằng, Lạng Sơn và Quảng Ninh.",
        ),
        ("phu-tho", "Zona thần kinh có nguy hiểm không?", "Tôi bị zona, có cần nhập viện không? (Phùng Ngọc, Phú Thọ)"),
    ],
)
def test_what_only_names_the_province_is_not(province: str, title: str, text: str) -> None:
    assert reviewed(title, text, province).standing is not Standing.OURS


def test_a_persons_origin_and_another_place_are_labelled() -> None:
    origin = "Bắt nghi phạm quê Tuyên Quang ở Đồng Nai"
    assert Label.ORIGIN_ONLY in marked(origin, "Công an tỉnh Đồng Nai bắt K. (quê Tuyên Quang).").labels
    elsewhere = "Giá lợn ở Hưng Yên, Hải Phòng, Bắc Ninh, Lào Cai, Tuyên Quang"
    assert (
        Label.ELSEWHERE
        in marked(elsewhere, "Tại Hưng Yên, giá lợn hơi đạt 63.000 đồng. Hưng Yên còn nhiều lợn.").labels
    )


def test_every_decision_names_its_rule() -> None:
    rules = {marked(title).whereabouts.rule for title in ("Tuyên Quang đón khách", "Hà Nội mưa lớn", "Giá vàng tăng")}
    assert rules <= set(knowledge.about_weights().weights)


# --- territories


def test_an_id_and_a_present_name_ask_about_all_of_a_province() -> None:
    whole = ("phu-tho", Territory(name="Phú Thọ", province="Phú Thọ"))
    assert gazetteer.territory("phu-tho") == whole
    assert gazetteer.territory("Phú Thọ") == whole


def test_a_former_name_asks_about_that_part_only() -> None:
    province, part = gazetteer.territory("Hoà Bình")
    assert (province, part) == ("phu-tho", Territory(name="Hòa Bình", province="Phú Thọ", area="Hòa Bình"))
    event = ("Sạt lở ở Việt Trì", "Sạt lở tại thành phố Việt Trì, tỉnh Phú Thọ làm sập một ngôi nhà.")
    assert reviewed(*event, "phu-tho").standing is Standing.OURS
    assert reviewed(*event, "Hòa Bình").standing is Standing.NOT_OURS


def test_every_province_of_the_country_can_be_asked_about() -> None:
    for name in ("Cà Mau", "dak-lak", "Bà Rịa - Vũng Tàu", "Thành phố không có"):
        if name == "Thành phố không có":
            with pytest.raises(ConfigError, match="province"):
                gazetteer.territory(name)
        else:
            gazetteer.territory(name)
