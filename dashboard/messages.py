"""Every Vietnamese sentence of the pages; what codes mean is in `words`.

Short administrative Vietnamese: a verb on a button, no exclamation mark; an error says what, where and what to do.
"""

from __future__ import annotations

from typing import Final

# --- the product and the way in -----------------------------------------------------------------------------------

PRODUCT: Final = "Kiểm Tin"
OFFICE: Final = "Theo dõi báo chí – {province}"
SIGN_IN: Final = "Đăng nhập"
SIGN_OUT: Final = "Đăng xuất"
USER_NAME: Final = "Tên đăng nhập"
PASSWORD: Final = "Mật khẩu"
CHANGE_PASSWORD: Final = "Đổi mật khẩu"
OLD_PASSWORD: Final = "Mật khẩu hiện tại"
NEW_PASSWORD: Final = "Mật khẩu mới"
NEW_PASSWORD_AGAIN: Final = "Nhập lại mật khẩu mới"
PASSWORD_RULE: Final = "Ít nhất 10 ký tự, không chứa tên đăng nhập. Đổi xong, các máy khác phải đăng nhập lại."
PASSWORDS_DIFFER: Final = "Hai lần nhập mật khẩu mới không giống nhau."
NO_SECRETS: Final = "Không đưa tài liệu mật vào hệ thống."
FORM_EXPIRED: Final = "Biểu mẫu đã cũ. Xin nhập lại."
TIMED_OUT: Final = "Phiên đã hết sau {minutes} phút. Đăng nhập để trở lại trang đang xem."
SIGNED_OUT: Final = "Chưa đăng nhập. Đăng nhập để xem trang này."

# --- every page ---------------------------------------------------------------------------------------------------

QUEUE: Final = "Hàng chờ"
STORY: Final = "Vụ việc"
SOURCES: Final = "Nguồn"
TIP: Final = "Thêm tin tay"
SHORTCUTS: Final = "Phím tắt"
NOT_ALLOWED: Final = "Vai trò của anh/chị không xem trang này."
PAGE_FAILED: Final = "Trang này chưa mở được. Tải lại trang; nếu vẫn lỗi, báo quản trị kèm mã {code}."
ARCHIVE_AWAY: Final = "Kho bài viết tạm chưa mở được; việc trên hàng chờ vẫn làm được."
CANCEL: Final = "Thôi"
UNDO: Final = "Hoàn tác"
UNDONE: Final = "Đã hoàn tác quyết định vừa rồi."
DAYS: Final = "{n} ngày"
HOURS: Final = "{n} giờ"
MINUTES: Final = "{n} phút"
LOW: Final = "thấp"
MIDDLE: Final = "vừa"
HIGH: Final = "cao"

# --- how much was read --------------------------------------------------------------------------------------------

READ_UNTIL: Final = "{read}/{sources} nguồn đã đọc đến {at}"
NOT_READ_YET: Final = "Chưa đọc nguồn nào trong {sources} nguồn"
NO_SOURCES: Final = "Chưa có nguồn nào được bật"
SOURCES_LOST: Final = "{n} nguồn không truy cập được ›"
EMPTY_DONE: Final = "Hết việc. Lần đọc gần nhất {at}, {read}/{sources} nguồn."
EMPTY_BUT_LOST: Final = "Chưa có việc mới, nhưng {n} nguồn không truy cập được từ {since}."
EMPTY_NOT_READ: Final = "Chưa có việc. Các nguồn chưa được đọc lần nào gần đây."
EMPTY_FILTERED: Final = "Không có vụ việc nào hợp với bộ lọc."
EMPTY_ARCHIVE_AWAY: Final = "Không có vụ việc nào ở mục này. Kho bài viết tạm chưa mở được."

# --- the queue ----------------------------------------------------------------------------------------------------

NEWCOMERS: Final = "{n} vụ mới. Tải lại"
FILTER: Final = "Lọc"
FILTER_STATE: Final = "Tình trạng"
FILTER_KIND: Final = "Dấu hiệu"
FILTER_CHANNEL: Final = "Kênh"
FILTER_PRIORITY: Final = "Mức độ"
FILTER_PLACE: Final = "Địa bàn"
FILTER_WORDS: Final = "Từ trong tiêu đề"
FILTER_ANY: Final = "Tất cả"
FILTER_CLEAR: Final = "Bỏ lọc"
ADD_TIP: Final = "Thêm +"
CHOOSE_ROW: Final = "Chọn vụ việc {n}"
RANGE: Final = "{first}–{last} / {total}"
EARLIER_PAGE: Final = "‹ Trang trước"
NEXT_PAGE: Final = "Trang sau ›"
NO_PLACE: Final = "chưa rõ địa bàn"
NO_AGENCY: Final = "Chưa chuyển cơ quan nào"
OUTLETS: Final = "{n} báo, {reprints} đăng lại"
MINE: Final = "của tôi"
SIGN: Final = "Dấu hiệu {kind}"
CONFIDENCE: Final = "Độ chắc: {word}"
FIRST_SOURCE: Final = "Nguồn đầu tiên: {source} {at}"
WHY_FLAGGED: Final = "Vì sao được gắn cờ"
WHY_PRIORITY: Final = "Vì sao xếp {priority}: {harm} × {outlets} báo, nhiều nhất {per_hour} bài một giờ"
WHY_PRIORITY_NO_HARM: Final = "Vì sao xếp {priority}: chưa thấy nguy cơ tác hại"
CONCLUDED_AS: Final = "Kết luận: {conclusion}"
DISMISSED_AS: Final = "Đã bỏ ({reason})"

CONFIRM: Final = "Xác nhận"
DISMISS: Final = "Bỏ"
DISMISS_SIGNS: Final = "Bỏ dấu hiệu"
DISMISS_WHY: Final = "Bỏ vì"
TAKE: Final = "Nhận việc"
ROUTE: Final = "Chuyển"
ROUTE_WHERE: Final = "Chuyển cơ quan nào"
OTHER_AGENCY: Final = "Cơ quan khác"
CHOOSE_AGENCY: Final = "Chọn cơ quan"
RELEASE: Final = "Trả lại hàng chờ"
OPEN_STORY: Final = "Mở vụ việc"
ORIGINAL: Final = "Bài gốc"
NEXT: Final = "Sau"
EARLIER: Final = "Trước"
SELECT: Final = "Chọn"
SELECTED: Final = "Đã chọn {n}:"
SELECT_NONE: Final = "Bỏ chọn"
KEYS: Final = "Phím"

CONFIRMED: Final = "Đã xác nhận dấu hiệu của “{title}”; vụ việc ở mục Của tôi."
DISMISSED: Final = "Đã bỏ dấu hiệu của “{title}” ({reason})."
TAKEN: Final = "Đã nhận “{title}”; vụ việc ở mục Của tôi."
RELEASED: Final = "Đã trả “{title}” về hàng chờ."
ROUTED: Final = "Đã ghi cơ quan phụ trách: {agency}."
PLACED: Final = "Đã ghi: việc xảy ra ở {place}."
RULED_NOT_OURS: Final = "Đã ghi: “{title}” không thuộc địa bàn."
DONE_MANY: Final = "Đã làm xong {n} vụ."
DONE_SOME: Final = "Đã làm xong {n} vụ, {refused} vụ chưa làm được: {why}"

# --- the keys -----------------------------------------------------------------------------------------------------

BACK_TO_QUEUE: Final = "‹ Hàng chờ"
KEYS_OF_QUEUE: Final = (
    ("J", "Vụ việc sau"),
    ("K", "Vụ việc trước"),
    ("M", "Mở vụ việc"),
    ("O", "Mở bài gốc trong thẻ mới"),
    ("X", "Xác nhận dấu hiệu và nhận việc"),
    ("B", "Bỏ dấu hiệu, chọn một lý do (1–5)"),
    ("N", "Nhận việc"),
    ("P", "Chuyển cơ quan phụ trách"),
    ("U", "Hoàn tác quyết định vừa rồi"),
    ("S", "Chọn để làm chung nhiều vụ"),
    ("H", "Danh sách phím"),
    ("Esc", "Thôi, hoặc trở lại hàng chờ"),
)
KEYS_NOTE: Final = "Phím không có tác dụng khi đang gõ chữ. Danh sách chọn đang mở cũng giữ phím: bấm ra ngoài trước."
