"""The Vietnamese of the daily page: its headings as DOMAIN §6.1 has them, its sentences, and what its codes mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from desk.daily import Attention, Edition, NewsGroup, Section
from index.model import Tone

# --- the page -----------------------------------------------------------------------------------------------------

DAILY: Final = "Điểm báo"
HEADING: Final = "ĐIỂM BÁO NGÀY {day}"
PERIOD: Final = "{since} – {until}"
OVERVIEW: Final = "II. TỔNG QUAN"
SECTIONS: Final[Mapping[Section, str]] = {
    Section.DIRECT: "I. VIỆC CẦN CHỈ ĐẠO TRONG NGÀY",
    Section.NEWS: "III. TIN, BÀI NỔI BẬT",
    Section.CRITICISM: "IV. VẤN ĐỀ BÁO CHÍ, DƯ LUẬN PHẢN ÁNH",
    Section.VERIFY: "V. THÔNG TIN CẦN KIỂM CHỨNG",
    Section.FOREIGN: "VI. BÁO CHÍ NƯỚC NGOÀI VIẾT VỀ TỈNH",
    Section.RESULTS: "VII. KẾT QUẢ XỬ LÝ CÁC VIỆC KỲ TRƯỚC",
}
GROUPS: Final[Mapping[NewsGroup, str]] = {
    NewsGroup.POLITICS: "1. Chính trị, xây dựng chính quyền",
    NewsGroup.ECONOMY: "2. Kinh tế, đầu tư",
    NewsGroup.CULTURE: "3. Văn hóa, du lịch, xã hội",
    NewsGroup.SECURITY: "4. Quốc phòng, an ninh, biên giới",
    NewsGroup.DISASTER: "5. Thiên tai, tai nạn",
}
EDITIONS: Final[Mapping[Edition, str]] = {Edition.MORNING: "bản sáng", Edition.AFTERNOON: "bản 16:30"}
ATTENTIONS: Final[Mapping[Attention, str]] = {
    Attention.OVERDUE: "Quá hạn",
    Attention.URGENT: "Khẩn",
    Attention.HIGH: "Cao",
}
NOTHING: Final = "Không có"
IN_DIRECT: Final = "Xem mục I:"
IN_DIRECT_LINE: Final = "dòng {n}"
SIGNS_ONLY: Final = "Ghi chú: mục V là dấu hiệu do hệ thống phát hiện, chưa phải kết luận."
FURTHER: Final = "{n} tin nữa"
BEYOND: Final = "Còn {n} tin không nêu ở đây; tìm ở trang Tìm kiếm."

SOURCES_OK: Final = "{n} nguồn hoạt động"
SOURCES_FAILED: Final = "{n} không truy cập được"
SOURCE_SINCE: Final = "{name} (từ {since})"
SOURCE_NEVER: Final = "{name} (chưa đọc được lần nào)"
MORE_SOURCES: Final = "{n} nguồn nữa"
HALF_LOST: Final = (
    "Từ một nửa số nguồn trở lên không trả lời ({failed}/{sources}): bản này có thể thiếu nhiều tin, bài."
)

NOT_READY: Final = "Bản tin đang lập (bước {step}/{steps})."
NOT_MADE: Final = "Chưa có bản tin ngày {day}."
NO_AFTERNOON: Final = "Ngày {day} không có bản 16:30; bản này chỉ lập khi có tin mới."
EARLIER_DAY: Final = "‹ {day}"
LATER_DAY: Final = "{day} ›"
NEWEST: Final = "Bản mới nhất: {day}, {edition} ›"

MADE: Final = "Lập tự động {at}"
READ_OVER: Final = "{name} xem lại {at}"
NOT_READ_OVER: Final = "chưa có người xem lại"
DOWNLOADS: Final[Mapping[str, str]] = {"docx": "Tải DOCX", "pdf": "Tải PDF"}
NO_FILES: Final = "Tệp DOCX, PDF của bản này chưa lập xong."

# --- a line -------------------------------------------------------------------------------------------------------

OPEN_LINE: Final = "Mở vụ việc: dòng {n}"
TOLD: Final = "Báo nêu: "
KNOWN: Final = "Đã rõ: "
UNKNOWN: Final = "Chưa rõ: "
PROPOSAL: Final = "Đề xuất: "
NOT_WRITTEN: Final = "chưa có"
DUE: Final = "hạn {at}"
DUE_ANSWER: Final = "hạn trả lời {at}"
NO_DUE: Final = "hạn: chưa tính (thiếu căn cứ)"
VERIFIED_BY: Final = "người xác minh: {name}"
NOBODY_VERIFIES: Final = "chưa có người xác minh"
TAKEN_BACK: Final = "Đã rút lại bước trước"
SPREAD: Final = "{originals} bài gốc, {reprints} đăng lại"
UNDATED: Final = "không rõ giờ đăng"

# --- figures ------------------------------------------------------------------------------------------------------

ORIGINALS: Final = "{n} bài gốc"
REPRINTED: Final = "{n} bài đăng lại"
TONES: Final[Mapping[Tone, str]] = {
    Tone.NEGATIVE: "phản ánh vấn đề",
    Tone.NEUTRAL: "trung lập",
    Tone.POSITIVE: "tích cực",
}
FOREIGN_COUNT: Final = "báo nước ngoài {n}"
UNDATED_COUNT: Final = "{n} bài không rõ thời gian"
LATE_COUNT: Final = "{n} bài đăng trước kỳ, nay mới thấy"
UNDECIDED_COUNT: Final = "{n} bài chưa xác định địa bàn (không tính ở trên)"
UNREVIEWED_COUNT: Final = "{n} bài chưa xét xong (không tính ở trên)"
UNFINISHED: Final = "Việc chưa xong:"
FIGURES_NOTE: Final = "Sắc thái tính trên bài gốc. Bấm vào số để tìm trong các ngày của kỳ, gồm cả bài đăng lại."
REPRINTS: Final = "đăng lại"
VOLUME_TITLE: Final = "Tin, bài 14 ngày gần nhất"
VOLUME_ALT: Final = "Biểu đồ cột số bài gốc theo sắc thái và số bài đăng lại của 14 ngày; số liệu ghi ở bảng bên dưới"
VOLUME_ARTICLES: Final = "Tin, bài"
VOLUME_LOST: Final = "Nguồn"
VOLUME_BAR: Final = "{day}: {n} {what}"
VOLUME_LOST_OF: Final = "{day}: {lost}/{sources} nguồn không truy cập được"
VOLUME_LOST_RUN: Final = "từ {first} đến {last}: mỗi ngày {lost}/{sources} nguồn không truy cập được"
VOLUME_UNWATCHED: Final = "{day}: chưa theo dõi"
VOLUME_UNWATCHED_RUN: Final = "từ {first} đến {last}: chưa theo dõi"
VOLUME_BANDS: Final = "Nền xám là ngày số bài có thể thiếu. {days}."
VOLUME_NO_DATA: Final = "Không có cột là ngày chưa có số liệu: {days}."
VOLUME_UNDATED: Final = "Không rõ thời gian"
VOLUME_UNDATED_BAR: Final = "bài"
VOLUME_UNDATED_NOTE: Final = "Không rõ thời gian: {n} bài, để riêng, không tính vào ngày nào."
VOLUME_FIGURES: Final = "Số liệu từng ngày"
DAY: Final = "Ngày"
LOST: Final = "nguồn mất"
NO_DATA: Final = "–"

# --- what the leader and the officers do ----------------------------------------------------------------------------

REMARK: Final = "Cho ý kiến"
REMARK_LABEL: Final = "Ý kiến gửi người phụ trách vụ việc"
REMARK_SEND: Final = "Gửi ý kiến"
REMARKED: Final = "Đã ghi ý kiến vào nhật ký vụ việc."
TO_REWRITE: Final = "cần viết lại"
LINES_TO_REWRITE: Final = "{n} dòng cần viết lại"
REWRITTEN: Final = "{name} viết lại"
MOVED_BECAUSE: Final = "chuyển mục: {reason}"
EDIT: Final = "Sửa"
TITLE: Final = "Tiêu đề"
SUMMARY: Final = "Tóm tắt, không quá hai câu"
SAVE_WORDS: Final = "Ghi lời"
KNOWN_LABEL: Final = "Đã rõ"
UNKNOWN_LABEL: Final = "Chưa rõ"
PROPOSAL_LABEL: Final = "Đề xuất"
DUE_DAY: Final = "Hạn: ngày"
DUE_TIME: Final = "Giờ"
SAVE_NOTE: Final = "Ghi đề xuất và hạn"
LINE_SAVED: Final = "Đã ghi dòng."
MOVE_TO: Final = "Chuyển sang mục"
MOVE_CHOOSE: Final = "Chọn mục"
MOVE_WHY: Final = "Lý do chuyển"
MOVE: Final = "Chuyển mục"
MOVE_NOWHERE: Final = "Chưa chuyển: chọn mục trước."
MOVED: Final = "Đã chuyển dòng sang mục {section}."
UP: Final = "Lên"
DOWN: Final = "Xuống"
ORDERED: Final = "Đã đổi thứ tự."
MARK_READ_OVER: Final = "Đánh dấu đã xem lại"
MARKED_READ_OVER: Final = "Đã ghi: anh/chị đã xem lại bản này."
NAMES_LEFT: Final = "Có thể còn tên người dân: "
NAMES_MAY_STAND: Final = "Không phải tên người dân, giữ nguyên"
