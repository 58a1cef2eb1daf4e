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
ARCHIVE_RED: Final = "Kho bài viết (Elasticsearch) ở trạng thái đỏ: một phần bài chưa đọc được."
ARCHIVE_READ_ONLY: Final = "Kho bài viết (Elasticsearch) đang chỉ cho đọc, chưa nhận bài mới."
ARCHIVE_FULL: Final = "Ổ đĩa của máy chủ Elasticsearch gần đầy."
OUTBOX_WAITS: Final = (
    "{n} lượt bài thu từ {at} đang được giữ tại máy này và sẽ tự chuyển vào kho khi kho nhận lại; đây không phải lỗi "
    "của nguồn."
)
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
PROPOSED: Final = "Đề xuất: {agency}"
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
BACK_TO: Final = "‹ {page}"
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

# --- a story ------------------------------------------------------------------------------------------------------

STORY_WITHOUT_ARTICLES: Final = (
    "Kho bài viết tạm chưa mở được nên chưa hiện được các bài của vụ này. Dưới đây là những gì sổ vụ việc đang giữ; "
    "vẫn kết luận và xử lý được."
)
STORY_AWAY: Final = "Kho bài viết tạm chưa mở được, chưa xem được bài của vụ này. Thử lại sau ít phút."
NO_STORY: Final = "Không có vụ việc này, hoặc vai trò của anh/chị chưa được xem."
NO_CASE: Final = "Vụ việc này chưa có dấu hiệu nào cần xem; chưa mở hồ sơ."
MERGED_FROM: Final = "{case} đã nhập vào vụ việc này."
POSITION: Final = "{at}/{of}"
LINK: Final = "Đường dẫn"
AGENCY: Final = "Cơ quan phụ trách: {agency}"
ARTICLES: Final = "Bài viết {originals} · Đăng lại {reprints}"
UNDATED: Final = "{n} bài không rõ thời gian (để riêng)"
FIRST: Final = "Nguồn đầu tiên"
VERSION: Final = "phiên bản {n}"
WHOLE_TEXT: Final = "Toàn văn"
FEED_ONLY: Final = "chỉ có phần tóm tắt"
CHANGED: Final = "Khác biệt giữa phiên bản {before} và {after}, thấy lúc {at}"
REDATED: Final = "Thời gian đăng: {before} → {after}"
CAPTURED: Final = "Lưu {at}"
TIME_FROM: Final = "Thời gian đăng: {source}"
IN_VERSION: Final = "chỉ còn trong phiên bản {n}"
NO_SNAPSHOT: Final = "không giữ bản lưu trang"
ORIGINAL_LINK: Final = "Bài gốc ›"
REPRINTS: Final = "{n} bài đăng lại"
SPLIT: Final = "Tách một bài ra vụ việc riêng"
SPLIT_CHOOSE: Final = "Chọn bài"
SPLIT_DONE: Final = "Đã tách bài ra vụ việc riêng."

SIGNS: Final = "Dấu hiệu (máy)"
NO_SIGNS: Final = "Không có dấu hiệu."
SIGN_DECIDED: Final = "{state} · {by} {at}"
MACHINE_DETAILS: Final = "Chi tiết máy"
MACHINE_SIGNAL: Final = "{signal} · phiên bản {version} · điểm {score}"

CONCLUSION: Final = "Kết luận (người)"
REASONING: Final = "Lý do, một câu"
DOCUMENTS: Final = "Tài liệu (số, ngày, cơ quan), mỗi dòng một tài liệu"
ATTACH: Final = "Đính kèm tệp"
ATTACHED: Final = "Tệp đính kèm: {name}"
NEEDS_DOCUMENT: Final = "Kết luận Đúng một phần và Sai cần ít nhất một tài liệu."
CONCLUDED_DONE: Final = "Đã ghi kết luận: {conclusion}."
GROUNDS: Final = "Căn cứ: {documents}"
HANDLE: Final = "Xử lý"
HANDLED_DONE: Final = "Đã ghi xử lý: {handling}."
RESULT: Final = "Kết quả"
CLOSED_DONE: Final = "Đã ghi kết quả: {result}."
WITHDRAW: Final = "Rút lại bước vừa rồi"
WITHDRAW_CONCLUSION: Final = "Rút lại kết luận"
WITHDRAWN_DONE: Final = "Đã rút lại."
ASSIGN: Final = "Giao cho"
ASSIGNED_DONE: Final = "Đã giao cho {name}."

PLACE_AND_TOPIC: Final = "Địa bàn, chủ đề, nhập và tách vụ việc"
WHERE: Final = "Việc xảy ra ở"
WHERE_CHOOSE: Final = "Chọn xã, phường"
NOT_OURS: Final = "Không phải địa bàn"
TOPIC: Final = "Chủ đề"
TOPIC_CHOOSE: Final = "Chọn chủ đề"
TOPIC_DONE: Final = "Đã ghi chủ đề: {topic}."
SAVE: Final = "Ghi"
JOIN: Final = "Nhập vào vụ việc"
JOIN_ID: Final = "Mã vụ việc nhận (VV-…)"
JOIN_INTO: Final = "Nhập vào: {title}"
JOIN_DONE: Final = "Đã nhập vào {case}."
JOIN_UNKNOWN: Final = "Không có vụ việc mang mã này."

HISTORY: Final = "Nhật ký"
NOTE: Final = "Ghi chú"
NOTED: Final = "Đã ghi chú."
BY_MACHINE: Final = "máy"
TIP_OF: Final = "Nhập tay: {by} {at} · {channel}"
TIP_REPORTER: Final = "Người báo và liên hệ"
TIP_REPORTER_NOTE: Final = "Mỗi lần xem được ghi vào nhật ký."
TIP_REPORTER_NONE: Final = "Không ghi người báo."
DOWNLOAD: Final = "Tải tệp {n}"

# --- search -------------------------------------------------------------------------------------------------------

SEARCH: Final = "Tìm kiếm"
SEARCH_WORDS: Final = "Từ cần tìm"
FIND: Final = "Tìm"
SEARCH_HELP: Final = "Có dấu hay không dấu đều được · “cụm từ” trong ngoặc kép đứng liền nhau"
FOUND: Final = "{n} bài"
FOUND_STORIES: Final = "{n} bài · {stories} vụ việc"
FOUND_STORIES_AT_LEAST: Final = "{n} bài · ít nhất {stories} vụ việc"
EXACT: Final = "Khớp đúng như đã gõ"
FOLDED: Final = "Chỉ khớp khi bỏ dấu"
SORTED: Final = "Thứ tự"
SORT_NEWEST: Final = "Mới nhất"
SORT_RELEVANCE: Final = "Sát nhất"
SEARCH_TIME: Final = "Thời gian"
SEARCH_SOURCE: Final = "Báo"
SEARCH_TONE: Final = "Sắc thái"
SEARCH_LANGUAGE: Final = "Ngôn ngữ"
FROM_DAY: Final = "Từ ngày"
TO_DAY: Final = "Đến hết ngày"
MONTH: Final = "Tháng {month}"
DAYS_FROM_TO: Final = "Từ {first} đến {last}"
DAYS_FROM: Final = "Từ {first}"
DAYS_TO: Final = "Đến {last}"
DROP_ALL: Final = "Bỏ hết bộ lọc"
DROP_FILTER: Final = "Bỏ bộ lọc này"
COUNTED_ON: Final = "Số đếm trên {n} bài mới nhất"
FURTHER: Final = "và {n} mục khác"
BY_HAND: Final = "Nhập tay"
NO_TIME: Final = "không rõ thời gian"
OPEN_HIT: Final = "Mở vụ việc của bài {n}"
OPEN_CASE: Final = "Mở vụ việc"
CASE_OPENED: Final = "Đã mở vụ việc {case}; vụ việc ở mục Cần kiểm chứng."
CASE_COMES: Final = "Đã ghi bài này thuộc địa bàn. Vụ việc vào hàng chờ sau lượt xét tới."
FIRST_PAGE: Final = "‹ Trang đầu"
NOTHING_FOUND: Final = "Không có bài nào."
TRY_WITHOUT: Final = "Thử bỏ bộ lọc ‘{filter}’."
ARTICLES_SINCE: Final = "Kho có bài từ {month}."
NOTHING_AT_ALL: Final = "Kho chưa có bài nào."
SEARCH_AWAY: Final = "Kho bài viết tạm chưa mở được, chưa tìm được. Thử lại sau ít phút; hàng chờ vẫn làm được."
SEARCH_SLOW: Final = "Tìm lâu hơn thường lệ, vẫn đang tìm."
NARROW: Final = "Thu hẹp"
NARROW_HELP: Final = "Chỉ tìm trong 30 ngày gần nhất"
SAVE_SEARCH: Final = "Lưu tìm kiếm"
SEARCH_NAME: Final = "Tên của tìm kiếm đang xem"
SAVED_SEARCHES: Final = "Đã lưu"
SEARCH_SAVED: Final = "Đã lưu tìm kiếm “{name}”."
FORGET_SEARCH: Final = "Bỏ tìm kiếm đã lưu này"
NO_NAME: Final = "(không đọc được tên)"
EXPORT: Final = "Xuất CSV"
EXPORT_HELP: Final = "Mỗi lần xuất được ghi vào nhật ký. Tệp không có tên tác giả, tên tài khoản, tên người dân."
EXPORT_MOST: Final = "tệp có {most} bài đầu"
EXPORT_CUT: Final = "Tệp chỉ có {most} bài đầu trong {total} bài tìm thấy."
EXPORT_COLUMNS: Final = (
    "Đăng lúc",
    "Thu thập lúc",
    "Báo, nguồn",
    "Kênh",
    "Tiêu đề",
    "Trích đoạn",
    "Địa bàn",
    "Chủ đề",
    "Sắc thái",
    "Dấu hiệu (máy)",
    "Vụ việc",
    "Ngôn ngữ",
    "Địa chỉ",
)

# --- sources ------------------------------------------------------------------------------------------------------

SOURCES_EMPTY: Final = "Chưa có nguồn; nhập danh mục của tỉnh."
SOURCES_SUMMARY: Final = "{n} nguồn: {parts}"
SOURCES_OFF: Final = "{n} đang tắt"
SOURCES_FIND: Final = "Tìm theo tên"
SOURCE_OFF: Final = "đang tắt"
SOURCE_READ: Final = "đọc lúc {at}"
SOURCE_BROUGHT: Final = "+{n} bài từ hôm qua"
SOURCE_FAILED: Final = "lỗi từ {since}"
SOURCE_SILENT: Final = "im lặng {span} (thường không quá {habit})"
SOURCE_LIMITED: Final = "hết hạn mức của nền tảng (không phải lỗi)"
SOURCE_CHECKED: Final = "kiểm tra tay {day}"
SOURCE_UNCHECKED: Final = "chưa kiểm tra"
SOURCE_LINK: Final = "địa chỉ ›"
EVERY: Final = "mỗi {span}"
TIER: Final = "nhịp bậc {tier}"
CONSENT: Final = "được đồng ý đọc: {document}, {by}"
CHANGED_BY_HAND: Final = "đã sửa tay"
NOTE_COUNT: Final = "{n} {what}"
PAGE_NOT_READ: Final = "trang bài không đọc được ({why})"
NO_READING: Final = "không đọc"
STRIP_LEGEND: Final = "14 ngày gần nhất: ■ có bài mới · □ không có bài mới · ◇ hết hạn mức · ✕ lỗi · chấm là không đọc"
SWITCH_ON: Final = "Bật"
SWITCH_OFF: Final = "Tắt"
SWITCHED_ON: Final = "Đã bật “{name}”."
SWITCHED_OFF: Final = "Đã tắt “{name}”."
ADD_SOURCE: Final = "Thêm nguồn +"
ADD_SOURCE_NOW: Final = "Thêm nguồn"
SOURCE_NAME: Final = "Tên nguồn"
SOURCE_ADDRESS: Final = "Địa chỉ RSS, sơ đồ trang hoặc trang danh sách bài"
SOURCE_COLLECTOR: Final = "Cách đọc"
SOURCE_TIER: Final = "Nhịp đọc"
TIERS: Final = {1: "Bậc 1, thường xuyên nhất", 2: "Bậc 2", 3: "Bậc 3, thưa nhất"}
SOURCE_INCOMPLETE: Final = "Chưa lưu: cần tên và địa chỉ bắt đầu bằng http:// hoặc https://."
SOURCE_ADDED: Final = "Đã thêm “{name}”; lượt đọc sau sẽ đọc nguồn này."

# --- brought in by hand -------------------------------------------------------------------------------------------

TIP_WHAT: Final = "Báo in, phát thanh, nhóm kín, cuộc gọi của người dân: những gì máy không tự đọc được."
TIP_URL: Final = "Địa chỉ trang"
TIP_OR_TEXT: Final = "hoặc, nếu không có địa chỉ:"
TIP_TITLE: Final = "Tiêu đề"
TIP_TEXT: Final = "Nội dung, ghi lại đúng lời"
TIP_OUTLET: Final = "Thấy hoặc nghe ở đâu"
TIP_DAY: Final = "Ngày"
TIP_TIME: Final = "Giờ (để trống nếu không rõ)"
TIP_TRACK: Final = "Cần xem ở mục"
TIP_TRACK_NONE: Final = "Theo dấu hiệu; không có thì Cần kiểm chứng"
TIP_BY: Final = "Người báo"
TIP_CONTACT: Final = "Liên hệ của người báo"
TIP_CONTACT_NOTE: Final = "Người báo và liên hệ được cất riêng; mỗi lần xem được ghi vào nhật ký."
TIP_SCREENSHOT: Final = "Ảnh chụp hoặc tệp PDF"
TIP_FILE_HELP: Final = "Một tệp, không quá 20 MB."
TIP_ADD: Final = "Thêm tin"
TIP_ONE_OF: Final = "Chưa lưu: ghi địa chỉ trang, hoặc tiêu đề và nội dung; một trong hai."
TIP_ADDRESS_KEPT: Final = "Đã ghi. Trang sẽ được đọc ở lượt sau và vào hàng chờ nếu cần xem."
TIP_TEXT_KEPT: Final = "Đã ghi. Tin sẽ được xét ở lượt sau và vào hàng chờ nếu cần xem."
VISITS: Final = "Địa chỉ đã nhập trong 7 ngày"
VISIT_WAITING: Final = "chờ lượt đọc sau"
VISIT_AGAIN: Final = "chưa đọc được ({why}), thử lại {at}"
VISIT_GIVEN_UP: Final = "đã thử {n} lần, không đọc được ({why}); có thể mở trang và nhập nội dung bằng tay"
VISIT_READ: Final = "đã đọc {at}"
