"""What the document says of a daily page, and that it says so in the words of the screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from config.paging import page_words
from dashboard import daily_words, words
from desk.daily import Daily, DayVolume, Section
from desk.paper import Bars, Block, Heading, Paragraph, Table
from desk.summary_paper import paper
from index.case import Act, Conclusion, TrackState
from index.model import FlagKind, Tone, Track
from tests.test_daily_page import LINE, PAGE

SAID = page_words()
VOLUME = tuple(
    DayVolume(day=PAGE.day - timedelta(days=back), originals=dict.fromkeys(Tone, 1), reprints=2, lost=lost, sources=8)
    for back, lost in ((4, 1), (3, 1), (2, 0), (1, 1), (0, 2))
)
DAY = replace(PAGE, volume=VOLUME)
COMPLAINT = replace(LINE, section=Section.CRITICISM, track=Track.ANSWER, signs=(FlagKind.CRITICISM,))


def having(*lines: object, **changed: object) -> Daily:
    """The page with these lines and no others."""
    sections = {section: tuple(line for line in lines if line.section is section) for section in Section}  # type: ignore[attr-defined]
    return replace(DAY, lines=sections, **changed)  # type: ignore[arg-type]


def blocks(page: Daily) -> tuple[Block, ...]:
    return paper(page, SAID, agency=()).blocks


def said(page: Daily, section: Section) -> list[str]:
    """The paragraphs of a section, as one reads them."""
    under, texts = False, list[str]()
    for block in blocks(page):
        if isinstance(block, Heading) and block.level == 1:
            under = block.text == SAID.sections[section]
        elif under and isinstance(block, Paragraph):
            texts.append("".join(run.text for run in block.runs))
    return texts


def rows(page: Daily) -> list[list[str]]:
    tables = (block for block in blocks(page) if isinstance(block, Table))
    return [["".join(run.text for run in cell) for cell in row] for table in tables for row in table.rows]


# --- section I --------------------------------------------------------------------------------------------------------


def test_a_rumour_in_section_one_says_its_sign_and_how_far_people_have_come() -> None:
    assert "Dấu hiệu chưa kiểm chứng. Tình trạng: Đang xác minh." in said(DAY, Section.DIRECT)
    wrong = replace(LINE, state=TrackState.HANDLING, conclusion=Conclusion.FALSE)
    assert "Dấu hiệu chưa kiểm chứng. Tình trạng: Kết luận: Sai." in said(having(wrong), Section.DIRECT)


def test_what_has_no_case_and_no_sign_says_neither() -> None:
    news = replace(LINE, signs=(), track=None, state=None)
    assert not [text for text in said(having(news), Section.DIRECT) if "Dấu hiệu" in text or "Tình trạng" in text]


def test_what_nobody_wrote_is_said_to_be_missing_and_a_paper_s_word_is_told_as_its_own() -> None:
    told = said(DAY, Section.DIRECT)
    for text in ("Báo nêu: Hai câu. Là đủ.", "Đã rõ: chưa có", "Chưa rõ: chưa có", "Đề xuất: chưa có"):
        assert text in told
    written = said(having(replace(LINE, known="Đập an toàn.", unknown="Ai tung tin.")), Section.DIRECT)
    for text in ("Báo nêu: Hai câu. Là đủ.", "Đã rõ: Đập an toàn.", "Chưa rõ: Ai tung tin."):
        assert text in written


def test_a_deadline_that_nothing_gives_is_said_to_lack_its_ground() -> None:
    assert any("Hạn: chưa tính (thiếu căn cứ)." in text for text in said(DAY, Section.DIRECT))


def test_how_wide_it_went_is_said_without_a_zero() -> None:
    several = "".join(said(having(replace(LINE, originals=2, reprints=0)), Section.DIRECT))
    assert "(2 bài gốc)" in several
    assert "đăng lại" not in several
    assert any("(4 bài gốc, 17 đăng lại)" in text for text in said(DAY, Section.DIRECT))


# --- the others -------------------------------------------------------------------------------------------------------


def test_sections_whose_stories_stand_in_section_one_say_where() -> None:
    complaint = replace(COMPLAINT, section=Section.DIRECT)
    page = having(LINE, complaint, replace(LINE, track=Track.INFORM), complaint)
    assert said(page, Section.CRITICISM) == ["Xem mục I: dòng 2, 4."]
    assert said(page, Section.VERIFY) == ["Xem mục I: dòng 1."]
    assert said(having(), Section.VERIFY) == ["Không có"]


def test_a_section_with_rows_says_so_too() -> None:
    page = having(replace(COMPLAINT, section=Section.DIRECT), COMPLAINT)
    assert len(rows(page)) == 1
    assert said(page, Section.CRITICISM) == ["Xem mục I: dòng 1."]


def test_a_conclusion_is_called_one() -> None:
    doubtful = replace(LINE, section=Section.VERIFY, state=TrackState.CONCLUDED, conclusion=Conclusion.TRUE)
    assert rows(having(doubtful))[0][3] == "Kết luận: Đúng"


def test_a_step_taken_back_is_no_result() -> None:
    took_back = replace(LINE, section=Section.RESULTS, outcome=Act.WITHDRAWN)
    assert "Đã rút lại bước trước" in said(having(took_back), Section.RESULTS)[0]


# --- the chart --------------------------------------------------------------------------------------------------------


def chart(undated: int = 0) -> Bars:
    (bars,) = (b for b in blocks(replace(DAY, undated_volume=undated)) if isinstance(b, Bars))
    return bars


def test_what_has_no_day_is_a_bar_of_its_own() -> None:
    bars = chart(undated=3)
    assert bars.labels[-1] == "Không rõ thời gian"
    assert [series.counts[-1] for series in bars.series] == [None, None, None, None, 3]
    assert set(bars.series[-1].counts[:-1]) == {None}


def test_without_the_undated_there_is_no_such_bar() -> None:
    assert chart().labels == ("19/11", "20/11", "21/11", "22/11", "23/11")
    assert len(chart().series) == len(Tone) + 1


def test_days_that_lack_the_same_are_told_in_one_line() -> None:
    assert chart().marks == [
        "19/11 – 20/11: 1/8 nguồn không truy cập được",
        "22/11: 1/8 nguồn không truy cập được",
        "23/11: 2/8 nguồn không truy cập được",
    ]


# --- the words of both ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        (SAID.signs, words.FLAGS),
        (SAID.states, words.STATES),
        (SAID.conclusions, words.CONCLUSIONS),
        (SAID.results, words.RESULTS),
        (SAID.sections, daily_words.SECTIONS),
        (SAID.groups, daily_words.GROUPS),
        (SAID.attention, daily_words.ATTENTIONS),
        ({tone: name.lower() for tone, name in SAID.tones.items()}, daily_words.TONES),
    ],
    ids=["signs", "states", "conclusions", "results", "headings", "groups", "attention", "tones"],
)
def test_the_document_and_the_screen_have_the_same_word_for_every_code(printed: object, shown: object) -> None:
    assert printed == shown


def test_the_document_and_the_screen_say_the_same_sentences() -> None:
    assert (SAID.half_lost, SAID.overview, SAID.none) == (
        daily_words.HALF_LOST,
        daily_words.OVERVIEW,
        daily_words.NOTHING,
    )
    assert (SAID.told, SAID.known, SAID.unknown) == (daily_words.TOLD, daily_words.KNOWN, daily_words.UNKNOWN)
    assert (SAID.proposal, SAID.not_written) == (daily_words.PROPOSAL, daily_words.NOT_WRITTEN)
    assert (SAID.note, SAID.taken_back) == (daily_words.SIGNS_ONLY, daily_words.TAKEN_BACK)
    assert (SAID.chart, SAID.chart_undated) == (daily_words.VOLUME_TITLE, daily_words.VOLUME_UNDATED)
    assert SAID.no_due in daily_words.NO_DUE
    assert SAID.in_direct.startswith(daily_words.IN_DIRECT)
