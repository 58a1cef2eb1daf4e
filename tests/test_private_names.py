"""What may name a private person goes; officials with their office, places, streets and firms stay."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.naming import foreign_private_names, private_names
from index.model import ProvinceId

NAMES = private_names(ProvinceId("tuyen-quang"))


def shown(text: str, article: str = "") -> str:
    return NAMES.withhold(text, NAMES.known(f"{text}\n{article}"))[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nguyễn Văn Bền bị tạm giữ", "Một người dân bị tạm giữ"),
        ("Công an tạm giữ Nguyễn Văn Bền vì gây rối", "Công an tạm giữ [không nêu tên] vì gây rối"),
        ("Sáng nay, Giàng A Páo dựng lại nhà", "Sáng nay, một người dân dựng lại nhà"),
        ("Bà Lý Thị Mẩy ở xã Sơn Vĩ mất nhà", "Một người dân ở xã Sơn Vĩ mất nhà"),
        ("nhà của anh H. bị sập", "nhà của một người dân bị sập"),
        ("nạn nhân là bà T., 60 tuổi", "nạn nhân là một người dân, 60 tuổi"),
        ("Cháu N.V.A. (7 tuổi) được cứu", "Một cháu nhỏ (7 tuổi) được cứu"),
        ("Sản phụ N.T.D. sinh con trên đường", "Sản phụ sinh con trên đường"),
        ("Khởi tố Nguyễn Văn A", "Khởi tố [không nêu tên]"),
        ("Bắt nghi phạm Lê Sỹ Tùng ở Hà Giang", "Bắt nghi phạm ở Hà Giang"),
        ("Gia đình em bé Trần Trọng An góp tiền", "Gia đình một em bé góp tiền"),
        ("quán của chị Hòa Bình", "quán của một người dân"),
        ("Thảo, 19 tuổi, vừa nhập học", "Một người dân, 19 tuổi, vừa nhập học"),
        ("ảnh: VÀNG THỊ DÍNH gửi từ Đồng Văn", "ảnh: một người dân gửi từ Đồng Văn"),
        ("Đặng Phan Quốc Trường Thịnh lái xe", "Một người dân lái xe"),
        ("Ông Karl-Heinz Weigang đến thăm", "Một người dân đến thăm"),
        ("Đỗ Văn Quý, giám đốc cơ sở cà phê, nói", "Một người dân, giám đốc cơ sở cà phê, nói"),
    ],
)
def test_a_private_name_goes_and_the_sentence_stays_one(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Chủ tịch UBND tỉnh Phan Huy Minh kiểm tra đê",
        "Chủ tịch UBND xã Ninh Lai Đỗ Văn Thắng cho biết",
        "Phó Thủ tướng Thường trực Chính phủ Nguyễn Hòa Bình chủ trì",
        "Giám đốc Sở Văn hóa, Thể thao và Du lịch Âu Thị Lan phát biểu",
        "Bí thư Đảng ủy, Chủ tịch HĐND xã Hầu A Sính",
        "Ông Đỗ Văn Thắng - chủ tịch UBND xã Ninh Lai - cho biết",
        "Trung tá Nguyễn Văn Bền, Trưởng Công an xã, cho hay",
    ],
)
def test_officials_stay_with_their_office(text: str) -> None:
    assert shown(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Ngập trên đường Nguyễn Trãi, phường Minh Xuân",
        "Nhà số 12 Trần Phú bị cháy",
        "Trường THPT Nguyễn Huệ có hiệu trưởng mới",
        "xã Nguyễn Bình đón bằng nông thôn mới",
        "Giao lộ Lê Lợi đông xe",
        "Công ty TNHH Hoàng Anh xả thải",
        "Lâm Bình, Hoàng Su Phì và Lý Sơn đón khách",
        "Hồ Na Hang xả lũ, hồ Tây cạn nước",
        "Trần nhà sập, ma túy giảm",
        "Từ Tuyên Quang đi Hà Nội mất hai giờ",
        "Bác Hồ ở Tân Trào",
        "Người Mông ở Hà Giang ăn Tết, ông Công ông Táo về trời",
        "Học sinh Hà Giang đoạt giải, nữ sinh Trường Nội trú vui",
    ],
)
def test_places_streets_schools_and_firms_stay(text: str) -> None:
    assert shown(text) == text


def test_who_has_left_an_office_is_a_private_person() -> None:
    assert (
        shown("Nguyên Chủ tịch UBND huyện Lê Văn Bốn hầu tòa") == "Nguyên Chủ tịch UBND huyện [không nêu tên] hầu tòa"
    )


def test_a_headline_is_read_with_its_article() -> None:
    article = "Công an tạm giữ Nguyễn Văn Thiên, 30 tuổi. Theo ông Đỗ Văn Thắng, chủ tịch UBND xã, Thiên đã nhận tội."
    assert shown("Lời khai của Thiên", article) == "Lời khai của [không nêu tên]"
    assert shown("Ông Thắng nói gì", article) == "Ông Thắng nói gì"
    assert shown("Ông Thắng nói gì") == "Một người dân nói gì"


def test_a_private_person_with_an_officials_given_name_goes() -> None:
    article = "Chủ tịch UBND xã Đỗ Văn Thắng cho biết Lê Văn Thắng đã nhận tội."
    assert shown("Ông Thắng nói gì", article) == "Một người dân nói gì"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mr Nguyen Van Ben was detained", "[không nêu tên] was detained"),
        ("Police detained Nguyen Van Ben in Ha Giang", "Police detained [không nêu tên] in Ha Giang"),
        ("Villager Giang A Pao rebuilt his house", "Villager rebuilt his house"),
        ("Chairman of the Tuyen Quang People's Committee Phan Huy Minh said", None),
        ("Travellers love Ha Giang and Hoang Su Phi", None),
        ("To Hanoi by bus in Ho Chi Minh City", None),
    ],
)
def test_texts_in_other_languages_are_read_in_their_way(text: str, expected: str | None) -> None:
    names = foreign_private_names(ProvinceId("tuyen-quang"))
    assert names.withhold(text)[0] == (expected or text)


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("Cháu Thắng đuối nước trong ao", "Một cháu nhỏ đuối nước trong ao"),
        ("Bé Thắng được tìm thấy", "Một em bé được tìm thấy"),
        ("Nạn nhân Thắng đã được cứu", "Nạn nhân đã được cứu"),
        ("Thắng (9 tuổi) đã được cứu", "Một người dân (9 tuổi) đã được cứu"),
        ("Cái chết của Thắng", "Cái chết của [không nêu tên]"),
    ],
)
def test_a_child_or_a_victim_called_like_an_official_is_nobody_in_office(headline: str, expected: str) -> None:
    article = "Cháu Thắng (9 tuổi) ngã xuống ao. Ông Đỗ Văn Thắng, Chủ tịch UBND xã Ninh Lai, đã đến thăm."
    assert shown(headline, article) == expected
    assert "Ông Đỗ Văn Thắng, Chủ tịch UBND xã" in shown(article)


def test_another_family_with_an_officials_names_is_nobody_in_office() -> None:
    article = "Ông Đỗ Văn Thắng, Chủ tịch UBND xã Ninh Lai, cho biết như vậy."
    known = NAMES.known(article)
    assert NAMES.withhold("Lê Văn Thắng khóc", known)[0] == "Một người dân khóc"
    assert NAMES.withhold("Đỗ Văn Thắng nói gì", known)[0] == "Đỗ Văn Thắng nói gì"


def test_a_given_name_is_not_seen_within_another_word() -> None:
    article = "Cháu Thành (9 tuổi) mất tích. Thành phố cử người đi tìm Thành."
    assert shown(article) == "Một cháu nhỏ (9 tuổi) mất tích. Thành phố cử người đi tìm [không nêu tên]."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vợ Phó Chủ tịch huyện Đỗ Thị Sen bị tố", "Vợ Phó Chủ tịch huyện [không nêu tên] bị tố"),
        ("Con trai của ông Chủ tịch UBND xã Đỗ Văn Sơn", "Con trai của ông Chủ tịch UBND xã [không nêu tên]"),
        ("Con trai 17 tuổi của Chủ tịch UBND xã Đỗ Văn Sơn", "Con trai 17 tuổi của Chủ tịch UBND xã [không nêu tên]"),
        ("Tài xế của Giám đốc Sở Y tế Vũ Văn Tư bị bắt", "Tài xế của Giám đốc Sở Y tế [không nêu tên] bị bắt"),
        ("Giám đốc Công ty TNHH Minh Phát Vũ Văn Tư trốn", "Giám đốc Công ty TNHH Minh Phát [không nêu tên] trốn"),
        ("Chủ nhiệm hợp tác xã Vũ Văn Tư", "Chủ nhiệm hợp tác xã [không nêu tên]"),
        ("Vũ Văn Tư, Giám đốc Công ty Thuế Việt, bị bắt", "Một người dân, Giám đốc Công ty Thuế Việt, bị bắt"),
    ],
)
def test_who_belongs_to_an_official_or_heads_a_firm_holds_no_office(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Bộ Y tế công bố Giám đốc Bệnh viện Đỗ Văn Sơn",
        "Cùng vợ, Chủ tịch UBND xã Đỗ Văn Sơn đi chợ",
        "Giám đốc Công ty TNHH Minh Phát xả thải",
        "Thanh niên trẻ em H. Yên Sơn vui Trung thu",
    ],
)
def test_who_holds_the_office_and_what_a_firm_is_called_stay(text: str) -> None:
    assert shown(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Chồng cũ Tình đốt nhà", "Chồng cũ đốt nhà"),
        ("Mẹ kế Hảo đánh bé gái", "Mẹ kế đánh bé gái"),
        ("bị bố dượng Kiên đánh", "bị bố dượng đánh"),
        ("Hàng xóm Khang đốt nhà", "Hàng xóm đốt nhà"),
        ("Hotgirl Bảo Trâm bị bắt", "Hotgirl bị bắt"),
        ("Kẻ lừa đảo Khánh Vy sa lưới", "Kẻ lừa đảo sa lưới"),
        ("Bé gái tên K. bị bỏ rơi", "Bé gái tên bị bỏ rơi"),
        ("Bé gái tên H. bị bỏ rơi", "Bé gái tên bị bỏ rơi"),
        ("Hai anh em Giàng A Tủa, Giàng A Dế mất tích", "Hai anh em, một người dân mất tích"),
        ("Đàn em Tú Sẹo sa lưới", "Đàn em sa lưới"),
    ],
)
def test_what_somebody_is_tells_the_name_and_stays(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize("piece", ["Xã-", "A. ", "ông H., "])
def test_of_the_longest_page_the_beginning_is_read(piece: str) -> None:
    text = "Cháu Mai kể. " + piece * (500_000 // len(piece)) + "\nCháu Tuyết kể."
    private = NAMES.known(text).private
    assert ("mai",) in private
    assert ("tuyết",) not in private


def test_it_says_whether_anything_went() -> None:
    assert NAMES.withhold("Mưa to ở Đồng Văn") == ("Mưa to ở Đồng Văn", False)
    assert NAMES.withhold("Chị Mai ở Đồng Văn")[1]
    assert NAMES.withhold("") == ("", False)


SURNAMES = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Giàng", "Sùng", "Triệu", "Nông", "Lý", "Hồ", "Bàn"]
GIVEN = ["Văn Bền", "Thị Mẩy", "A Páo", "Quang", "Thu Hà", "Mí Lìn", "Minh Đức", "Hòa Bình", "Tuyên Quang"]
SENTENCES = [
    "{name} bị bắt vì gây rối",
    "Công an xã mời {name} lên làm việc",
    "Vụ nhà {name}: huyện nói gì?",
    "“{name} đã nhận tội”, công an cho biết",
    "Mâu thuẫn đất đai giữa {name} và xã",
    "Đập vỡ; {name} mất tích",
    "Cái chết của {name} ở Hà Giang",
]


@settings(max_examples=60)
@given(surname=st.sampled_from(SURNAMES), given_name=st.sampled_from(GIVEN), sentence=st.sampled_from(SENTENCES))
def test_no_whole_name_is_left_wherever_it_stands(surname: str, given_name: str, sentence: str) -> None:
    name = f"{surname} {given_name}"
    withheld = shown(sentence.format(name=name))
    assert name not in withheld
    assert given_name not in withheld


@settings(max_examples=60)
@given(st.text(alphabet=st.sampled_from('Aạ B.Đ -"’\n1,Nguyễn Văn'), max_size=40))
def test_any_text_is_read_to_its_end(text: str) -> None:
    names = NAMES.find(text)
    assert all(0 <= name.start < name.end <= len(text) for name in names)
    assert all(first.end <= second.start for first, second in pairwise(names))
