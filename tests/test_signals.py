"""Each signal by what it should and should not see, with the words it rests on."""

from __future__ import annotations

import pytest

from index.model import Channel, FlagKind, Harm, Label, Tone, Topic
from tests.classified import kinds, marked, quotes, reviewed

LOCAL = "Công an tỉnh Tuyên Quang cho biết vụ việc xảy ra tại xã Hùng An, tỉnh Tuyên Quang."


# --- unverified


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Nghe nói đập đã vỡ. Ai ở gần thì xem giúp.", "Nghe nói đập đã vỡ."),
        ("Thông tin chưa được cơ quan chức năng xác nhận.", "Thông tin chưa được cơ quan chức năng xác nhận."),
        ("Mạng xã hội lan truyền clip cháy chợ.", "Mạng xã hội lan truyền clip cháy chợ."),
        ("Một nguồn tin cho biết dự án sẽ dừng.", "Một nguồn tin cho biết dự án sẽ dừng."),
    ],
)
def test_what_nobody_answers_for_is_unverified(text: str, quote: str) -> None:
    assert quote in quotes(reviewed("Tin ở Tuyên Quang", text), FlagKind.UNVERIFIED)


@pytest.mark.parametrize(
    "text",
    [
        "Nguyên nhân được cho là do mưa lớn kéo dài.",
        "Bác bỏ thông tin vỡ đập: mạng xã hội lan truyền tin sai sự thật.",
        "Mạng xã hội lan truyền clip cháy chợ. Công an tỉnh cho biết clip quay tại chợ xã, đã khởi tố vụ án.",
        "Diễn tập: tình huống giả định là nghe nói đập vỡ.",
    ],
)
def test_hedging_denials_and_what_an_agency_says_are_not_unverified(text: str) -> None:
    assert FlagKind.UNVERIFIED not in kinds(reviewed("Tin ở Tuyên Quang", text))


# --- criticism


def test_a_complaint_is_to_be_answered_and_never_an_accuracy_sign() -> None:
    review = reviewed(
        "Người dân xã Nhữ Khê kiến nghị xử lý mùi hôi từ bãi rác",
        "Nhiều hộ dân ở xã Nhữ Khê, tỉnh Tuyên Quang phản ánh mùi hôi kéo dài.",
    )
    assert kinds(review) == {FlagKind.CRITICISM}
    assert review.tone.tone is Tone.NEGATIVE


@pytest.mark.parametrize(
    "text",
    [
        "Bức tranh phản ánh đời sống vùng cao.",
        "UBND tỉnh kiến nghị Chính phủ bố trí vốn.",
        "Nhà phê bình văn học trò chuyện cùng bạn đọc.",
    ],
)
def test_words_of_complaint_alone_are_no_complaint(text: str) -> None:
    assert FlagKind.CRITICISM not in kinds(reviewed("Tin ở Tuyên Quang", text))


def test_an_opinion_opens_no_work() -> None:
    review = reviewed(
        "Góc nhìn: Đừng để phố cổ thành phố loa", "Tôi cho rằng xã quá dễ dãi, người dân bức xúc là phải."
    )
    assert Label.OPINION in review.labels
    assert FlagKind.CRITICISM not in kinds(review)


# --- headline


def test_a_strong_headline_that_the_text_takes_back() -> None:
    title = "Rúng động vựa cam Hàm Yên: Thảm họa chưa từng có!"
    review = reviewed(
        title, "Mưa làm rụng hai tạ cam ở xã Hàm Yên, tỉnh Tuyên Quang. Các vườn còn lại không bị ảnh hưởng."
    )
    assert quotes(review, FlagKind.HEADLINE) == [title]


def test_a_strong_headline_that_the_text_bears_out() -> None:
    review = reviewed("Kinh hoàng: xe khách lao xuống vực ở Tuyên Quang", "Vụ tai nạn làm hai người tử vong.")
    assert FlagKind.HEADLINE not in kinds(review)


def test_words_with_another_meaning_promise_nothing() -> None:
    assert FlagKind.HEADLINE not in kinds(reviewed("Cứu sống bệnh nhân sốc phản vệ ở Tuyên Quang", "Bác sĩ kể lại."))


# --- incident


def test_harm_that_happens_in_the_province_is_an_incident() -> None:
    review = reviewed("Tai nạn trên quốc lộ 2, hai người tử vong", LOCAL)
    assert quotes(review, FlagKind.INCIDENT) == ["Tai nạn trên quốc lộ 2, hai người tử vong"]


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Diễn tập ứng phó vỡ đập ở Tuyên Quang", "Theo kịch bản, ba người bị nước cuốn trôi. " + LOCAL),
        ("Xét xử vụ tai nạn làm hai người tử vong ở Tuyên Quang", "Bị cáo nhận tội. " + LOCAL),
        ("Tưởng niệm nạn nhân vụ sạt lở năm xưa ở Tuyên Quang", "Lễ tưởng niệm diễn ra sáng nay. " + LOCAL),
        ("Bác bỏ thông tin vỡ đập ở Tuyên Quang", "Không có chuyện vỡ đập. " + LOCAL),
        ("Rộ tin vỡ đập ở Tuyên Quang", "Mạng xã hội lan truyền tin vỡ đập tại xã Thượng Lâm, tỉnh Tuyên Quang."),
        ("Tai nạn ở Cà Mau, hai người tử vong", "Công an tỉnh Cà Mau đang điều tra."),
    ],
)
def test_what_is_not_real_not_now_or_not_here_is_none(title: str, text: str) -> None:
    assert FlagKind.INCIDENT not in kinds(reviewed(title, text))


# --- labels


@pytest.mark.parametrize(
    ("title", "text", "label"),
    [
        ("Sở khẳng định không có việc vỡ đập", "Đây là tin giả.", Label.CORRECTION),
        (
            "Xã có 126 hộ được hỗ trợ",
            "Danh sách đã niêm yết.\nĐính chính: bản đăng đầu nêu sai số hộ.",
            Label.CORRECTION,
        ),
        ("Dam is intact", "Authorities denied the story and called it fake news.", Label.CORRECTION),
        ("Diễn tập chữa cháy rừng", "Khói được tạo từ rơm ẩm.", Label.DRILL),
        ("Ý kiến: Phố cổ cần quy ước", "Phố cổ đang ồn.", Label.OPINION),
        ("Chuyện vui cuối tuần: Họp", "Tiểu phẩm.", Label.SATIRE),
    ],
)
def test_labels(title: str, text: str, label: Label) -> None:
    assert label in marked(title, text).labels


def test_words_of_somebody_quoted_do_not_make_an_opinion() -> None:
    assert (
        Label.OPINION not in marked("Homestay hút khách", "“Tôi nghĩ khách thích sự yên tĩnh”, một chủ nhà nói.").labels
    )


def test_in_a_forum_everybody_writes_of_himself() -> None:
    post = ("Đường hỏng", "Tôi đi qua đây mỗi ngày, tôi thấy đường hỏng.")
    assert Label.OPINION in marked(*post).labels
    assert Label.OPINION not in marked(*post, channel=Channel.FORUM).labels


# --- topic, harm, tone


@pytest.mark.parametrize(
    ("title", "topic"),
    [
        ("Lũ quét vùi lấp bốn ngôi nhà", Topic.DISASTER),
        ("Xe khách va chạm xe tải trên quốc lộ 2", Topic.ACCIDENT),
        ("Khởi tố, bắt tạm giam ba bị can lừa đảo", Topic.CRIME),
        ("Khởi công nhà máy, doanh nghiệp FDI tăng vốn đầu tư", Topic.ECONOMY),
        ("Thí sinh thi tốt nghiệp THPT", Topic.EDUCATION),
        ("Bệnh viện cứu bệnh nhân ngộ độc", Topic.HEALTH),
        ("Lễ hội hoa đón du khách", Topic.CULTURE),
        ("Bãi rác gây ô nhiễm, nước thải chảy ra đồng", Topic.ENVIRONMENT),
        ("Bí thư Tỉnh ủy nhiệm kỳ mới", Topic.GOV),
        ("Thứ bảy trời đẹp", Topic.OTHER),
    ],
)
def test_topic(title: str, topic: Topic) -> None:
    judged = reviewed(title, "").topic
    assert judged.topic is topic
    assert (judged.evidence is None) == (topic is Topic.OTHER)


@pytest.mark.parametrize(
    ("title", "harm"),
    [
        ("Hai người tử vong vì lũ quét", Harm.LIFE),
        ("Sạt lở chia cắt tỉnh lộ", Harm.ORDER),
        ("Ca sĩ lên tiếng về tin đồn tình cảm", Harm.REPUTATION),
        ("Khai mạc hội chợ cam", Harm.NONE),
    ],
)
def test_harm(title: str, harm: Harm) -> None:
    judged = reviewed(title, "").harm
    assert judged.harm is harm
    assert (judged.evidence is None) == (harm is Harm.NONE)


@pytest.mark.parametrize(
    ("title", "tone"),
    [
        ("Tuyên Quang khánh thành cầu mới, nhân dân phấn khởi", Tone.POSITIVE),
        ("Bắt tạm giam hai cán bộ vì sai phạm ở Tuyên Quang", Tone.NEGATIVE),
        ("Tuyên Quang họp bàn kế hoạch năm", Tone.NEUTRAL),
    ],
)
def test_tone(title: str, tone: Tone) -> None:
    scores = reviewed(title, "").tone
    assert scores.tone is tone
    assert scores.negative + scores.neutral + scores.positive == pytest.approx(1)
