"""What codes mean in Vietnamese: tracks, signs, states, conclusions, errors, reasons, lines of history.

Each table stands beside its enum or its register of codes; one that lacks a word fails a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from index.case import Act, Conclusion, Dismissal, Handling, Priority, Result, SignState, TrackState
from index.casebook_queue import Tab
from index.health import Condition
from index.model import (
    Channel,
    FlagKind,
    Harm,
    Label,
    PublishedFrom,
    RulingField,
    Standing,
    Tone,
    Topic,
    Track,
)
from index.source import Note, ReadingOutcome

TRACKS: Final[Mapping[Track, str]] = {
    Track.INFORM: "Cần thông tin",
    Track.VERIFY: "Cần kiểm chứng",
    Track.ANSWER: "Cần giải quyết, trả lời",
}
FLAGS: Final[Mapping[FlagKind, str]] = {
    FlagKind.INACCURATE: "thiếu chính xác",
    FlagKind.UNVERIFIED: "chưa kiểm chứng",
    FlagKind.CONFLICT: "nguồn nêu khác nhau",
    FlagKind.HEADLINE: "tiêu đề hướng lái",
    FlagKind.OFFENSIVE: "lời lẽ xúc phạm",
    FlagKind.HARMFUL_DETAIL: "chi tiết gây hại",
    FlagKind.LICENCE: "tôn chỉ mục đích",
    FlagKind.CRITICISM: "phản ánh, kiến nghị",
    FlagKind.INCIDENT: "sự việc cần thông tin",
}
SIGN_STATES: Final[Mapping[SignState, str]] = {
    SignState.OPEN: "chờ xem",
    SignState.CONFIRMED: "đã xác nhận",
    SignState.DISMISSED: "đã bỏ",
    SignState.WITHDRAWN: "máy không còn nêu",
}
STATES: Final[Mapping[TrackState, str]] = {
    TrackState.NEW: "Mới",
    TrackState.VERIFYING: "Đang xác minh",
    TrackState.CONCLUDED: "Kết luận",
    TrackState.HANDLING: "Xử lý",
    TrackState.CLOSED: "Kết quả",
    TrackState.DISMISSED: "Đã bỏ",
}
CONCLUSIONS: Final[Mapping[Conclusion, str]] = {
    Conclusion.TRUE: "Đúng",
    Conclusion.PARTLY: "Đúng một phần",
    Conclusion.FALSE: "Sai",
    Conclusion.UNDETERMINED: "Chưa đủ căn cứ",
    Conclusion.OPINION: "Ý kiến/bình luận",
}
HANDLINGS: Final[Mapping[Handling, str]] = {
    Handling.NONE: "Không cần xử lý",
    Handling.RESOLVE: "Giải quyết nội dung",
    Handling.INFORM: "Cung cấp thông tin",
    Handling.CORRECT: "Phản hồi, yêu cầu cải chính",
    Handling.REFER: "Chuyển cơ quan có thẩm quyền",
}
RESULTS: Final[Mapping[Result, str]] = {
    Result.CORRECTED: "Đã cải chính",
    Result.AMENDED: "Đã chỉnh sửa",
    Result.ANSWERED: "Đã trả lời",
    Result.NO_REPLY: "Không phản hồi",
    Result.WITHDRAWN: "Rút lại yêu cầu",
}
DISMISSALS: Final[Mapping[Dismissal, str]] = {
    Dismissal.NOT_OURS: "Không phải địa bàn",
    Dismissal.OPINION: "Ý kiến, bình luận",
    Dismissal.CORRECTION: "Bài bác bỏ",
    Dismissal.QUOTED_RIGHTLY: "Trích đúng",
    Dismissal.OTHER: "Khác",
}
PRIORITIES: Final[Mapping[Priority, str]] = {
    Priority.URGENT: "Khẩn",
    Priority.HIGH: "Cao",
    Priority.MEDIUM: "Vừa",
    Priority.LOW: "Thấp",
}
LABELS: Final[Mapping[Label, str]] = {
    Label.CORRECTION: "Bài bác bỏ, cải chính",
    Label.OPINION: "Ý kiến, bình luận",
    Label.SATIRE: "Châm biếm",
    Label.DRILL: "Diễn tập, giả định",
    Label.ORIGIN_ONLY: "Quê quán",
    Label.ELSEWHERE: "Ngoài địa bàn",
    Label.TRUE_NEGATIVE: "Đúng sự thật, tiêu cực",
}
STANDINGS: Final[Mapping[Standing, str]] = {
    Standing.OURS: "Trong địa bàn",
    Standing.NOT_OURS: "Ngoài địa bàn",
    Standing.UNDECIDED: "Chưa xác định địa bàn",
}
TOPICS: Final[Mapping[Topic, str]] = {
    Topic.GOV: "Chính quyền",
    Topic.CRIME: "An ninh, pháp luật",
    Topic.ACCIDENT: "Tai nạn",
    Topic.DISASTER: "Thiên tai",
    Topic.ENVIRONMENT: "Môi trường",
    Topic.ECONOMY: "Kinh tế",
    Topic.EDUCATION: "Giáo dục",
    Topic.HEALTH: "Y tế",
    Topic.CULTURE: "Văn hóa, du lịch",
    Topic.OTHER: "Khác",
}
HARMS: Final[Mapping[Harm, str]] = {
    Harm.LIFE: "tính mạng",
    Harm.ORDER: "trật tự, sức khỏe, tài sản",
    Harm.REPUTATION: "uy tín",
    Harm.NONE: "không rõ tác hại",
}
TONES: Final[Mapping[Tone, str]] = {
    Tone.NEGATIVE: "Sắc thái tiêu cực",
    Tone.NEUTRAL: "Sắc thái trung lập",
    Tone.POSITIVE: "Sắc thái tích cực",
}
TONE_NAMES: Final[Mapping[Tone, str]] = {
    Tone.NEGATIVE: "tiêu cực",
    Tone.NEUTRAL: "trung lập",
    Tone.POSITIVE: "tích cực",
}
LANGUAGES: Final[Mapping[str, str]] = {
    "vi": "tiếng Việt",
    "en": "tiếng Anh",
    "zh": "tiếng Trung",
    "fr": "tiếng Pháp",
    "ru": "tiếng Nga",
    "ja": "tiếng Nhật",
    "ko": "tiếng Hàn",
    "lo": "tiếng Lào",
}
CHANNELS: Final[Mapping[Channel, str]] = {
    Channel.PRESS: "Báo chí",
    Channel.PORTAL: "Cổng, trang thông tin",
    Channel.BROADCAST: "Phát thanh, truyền hình",
    Channel.PRINT: "Báo in",
    Channel.FORUM: "Diễn đàn",
    Channel.VIDEO: "Video",
    Channel.SOCIAL: "Mạng xã hội",
    Channel.FOREIGN: "Báo nước ngoài",
    Channel.PUBLIC: "Người dân phản ánh",
}
PUBLISHED_FROM: Final[Mapping[PublishedFrom, str]] = {
    PublishedFrom.FEED: "theo nguồn tin RSS",
    PublishedFrom.PAGE: "theo trang bài",
    PublishedFrom.SITEMAP: "theo sơ đồ trang",
    PublishedFrom.URL: "theo địa chỉ bài",
    PublishedFrom.HAND: "do người nhập ghi",
    PublishedFrom.NONE: "không rõ thời gian",
}
CONDITIONS: Final[Mapping[Condition, str]] = {
    Condition.WELL: "hoạt động",
    Condition.SILENT: "im lặng bất thường",
    Condition.FAILED: "không truy cập được",
    Condition.LIMITED: "hết hạn mức",
    Condition.UNREAD: "chưa đọc lần nào",
}
ACTS: Final[Mapping[Act, str]] = {
    Act.OPENED: "mở vụ việc",
    Act.SIGNS: "máy thêm hoặc rút dấu hiệu",
    Act.MOVED: "vụ việc chuyển sang mã khác trong kho",
    Act.MERGED: "nhập vào {into}",
    Act.TAKEN: "nhận việc ({track})",
    Act.RELEASED: "trả lại hàng chờ ({track})",
    Act.ASSIGNED: "giao cho {to} ({track})",
    Act.CONFIRMED: "xác nhận dấu hiệu {kinds} ({track})",
    Act.DISMISSED: "bỏ dấu hiệu {kinds}: {dismissal} ({track})",
    Act.CONCLUDED: "kết luận {conclusion} ({track})",
    Act.HANDLED: "xử lý: {handling} ({track})",
    Act.CLOSED: "kết quả: {result} ({track})",
    Act.WITHDRAWN: "rút lại bước vừa rồi ({track})",
    Act.UNDONE: "hoàn tác: {action}",
    Act.COMMENTED: "ghi chú",
    Act.ROUTED: "chuyển {agency}",
    Act.RULED: "ghi nhận {field}: {value}",
    Act.JOINED: "nhận {case} nhập vào",
    Act.SPLIT: "tách một bài ra vụ việc riêng",
}
RULED: Final[Mapping[RulingField, str]] = {
    RulingField.ABOUT: "địa bàn",
    RulingField.PLACE: "nơi xảy ra",
    RulingField.TOPIC: "chủ đề",
    RulingField.STORY: "vụ việc",
}
NOTES: Final[Mapping[Note, str]] = {
    Note.ENTRY_WITHOUT_LINK: "mục không có địa chỉ",
    Note.ENTRY_WITHOUT_TITLE: "mục không có tiêu đề",
    Note.ENTRY_DUPLICATE: "mục trùng mã",
    Note.DATE_UNREADABLE: "ngày giờ không đọc được",
    Note.DATE_IMPLAUSIBLE: "ngày giờ vô lý, coi như không rõ",
    Note.DATE_AHEAD: "ngày giờ ở tương lai",
    Note.UNDATED: "bài không rõ thời gian",
    Note.WORDS_CUT: "bài quá dài, đã cắt bớt",
    Note.LIST_CUT: "danh sách quá dài, đã cắt bớt",
    Note.LIST_DAMAGED: "danh sách hỏng một phần",
    Note.KEPT_FROM_FEED: "chỉ giữ được phần tóm tắt",
    Note.LEFT_FOR_LATER: "bài để lại lượt sau",
    Note.SAME_ADDRESS: "trùng địa chỉ với nguồn khác",
}
READINGS: Final[Mapping[ReadingOutcome, str]] = {
    ReadingOutcome.NEW: "có bài mới",
    ReadingOutcome.UNCHANGED: "không có bài mới",
    ReadingOutcome.LIMITED: "hết hạn mức",
    ReadingOutcome.FAILED: "lỗi",
}

# One sentence a code of index.errors: what, where, what to do.
ERRORS: Final[Mapping[str, str]] = {
    "error": "Có lỗi chưa được gọi tên. Báo quản trị kèm mã lỗi.",
    "config": "{file}: mục “{key}” có giá trị “{found}” không dùng được; giá trị cho phép: {allowed}.",
    "collect": "Không đọc được nguồn.",
    "address_refused": "Địa chỉ không được phép đọc.",
    "name_unresolved": "Không tìm thấy máy chủ; kiểm tra địa chỉ hoặc kết nối mạng.",
    "unreachable": "Không kết nối được; lần đọc sau sẽ thử lại.",
    "timed_out": "Không trả lời kịp; lần đọc sau sẽ thử lại.",
    "host_taken": "Chưa đến lượt: máy khác đang đọc máy chủ này; để lượt sau.",
    "certificate_invalid": "Chứng thư bảo mật không hợp lệ; không đọc khi chưa được sửa.",
    "refused": "Máy chủ từ chối ({status}); lần đọc sau sẽ thử lại.",
    "limited": "Hết hạn mức của nền tảng (không phải lỗi).",
    "robots_forbid": "robots.txt không cho đọc; xin văn bản đồng ý của cơ quan báo chí hoặc tắt nguồn.",
    "robots_unreadable": "robots.txt không trả lời; lượt này không đọc nguồn.",
    "not_kept": "Không ghi được trang xuống ổ đĩa; báo quản trị. Lần đọc sau sẽ đọc lại.",
    "too_large": "Trang quá lớn; kiểm tra lại địa chỉ nguồn.",
    "redirect_loop": "Trang chuyển hướng vòng quanh; kiểm tra lại địa chỉ nguồn.",
    "unreadable": "Nhận được {found}, không phải {expected}; kiểm tra lại địa chỉ nguồn.",
    "nothing_found": "Không thấy bài nào; trang đã đổi bố cục hoặc đòi đăng nhập.",
    "store": "Kho lưu không làm được việc vừa yêu cầu; không mất dữ liệu. Thử lại.",
    "archive": "Kho bài viết không làm được việc vừa yêu cầu; không mất dữ liệu. Thử lại.",
    "archive_unavailable": "Chưa mở được kho bài viết. Việc trên hàng chờ vẫn làm được; thử lại sau ít phút.",
    "archive_refused": "Không mở được kho bài viết trên máy chủ. Báo quản trị chạy kiemtin doctor; việc trên hàng chờ "
    "vẫn làm được.",
    "archive_damaged": "Tệp kho bài viết đã hỏng. Báo quản trị chạy kiemtin doctor; việc trên hàng chờ vẫn làm được.",
    "article_not_found": "Không còn bài viết này trong kho.",
    "story_not_found": "Không còn vụ việc này trong kho.",
    "mark_unknown": "Kho bài viết đã được thay; tải lại trang.",
    "casebook": "Sổ vụ việc không làm được việc vừa yêu cầu; không mất dữ liệu. Thử lại.",
    "casebook_damaged": "Tệp sổ vụ việc đã hỏng. Báo quản trị chạy kiemtin doctor; chưa ghi được gì thêm.",
    "casebook_unavailable": "Chưa dùng được sổ vụ việc: máy chủ dữ liệu không trả lời. Đợi ít phút rồi tải lại trang; "
    "xem việc vừa làm đã được ghi chưa trước khi làm lại.",
    "casebook_refused": "Không mở được sổ vụ việc trên máy chủ dữ liệu. Báo quản trị chạy kiemtin doctor.",
    "superseded": "Một máy khác đang gom vụ việc của tỉnh; không mất dữ liệu.",
    "queue_unavailable": "Chưa chia được việc cho các máy khác. Báo quản trị kiểm tra Redis; không mất việc nào.",
    "file_missing": "Không thấy một tệp dữ liệu của cơ quan. Báo quản trị chạy kiemtin doctor.",
    "service_runs": "Một dịch vụ khác đang chạy trên cùng dữ liệu.",
    "schema_newer": "Dữ liệu do phiên bản mới hơn ghi; quản trị cần nâng cấp phần mềm.",
    "upgrade": "Chưa nâng cấp được dữ liệu, dữ liệu vẫn như cũ. Báo quản trị kiểm tra ổ đĩa.",
    "backup": "Không sao lưu được; quản trị kiểm tra ổ đĩa.",
    "backup_stopped": "Đã dừng sao lưu theo yêu cầu.",
    "backup_refused": "Tệp không phải bản sao lưu nguyên vẹn.",
    "no_room": "Ổ đĩa không đủ chỗ.",
    "book_elsewhere": "Một phần dữ liệu nằm trên máy chủ khác, phải sao lưu ở đó.",
    "conflict": "Chưa lưu: {by} vừa sửa vụ này lúc {at}. Đã tải bản mới.",
    "illegal_move": "Bước này không làm được ở tình trạng hiện tại. Tải lại để xem bản mới.",
    "case_not_found": "Không có vụ việc này, hoặc vai trò của anh/chị chưa được xem.",
    "account": "Không đổi được tài khoản: {why}.",
    "sign_in": "Tên hoặc mật khẩu không đúng.",
    "sign_in_busy": "Nhiều lượt đăng nhập cùng lúc. Thử lại sau ít giây.",
    "account_locked": "Tạm khóa đến {until}. Liên hệ quản trị.",
    "session_ended": "Phiên đã hết. Đăng nhập để trở lại trang đang xem.",
    "forbidden": "Vai trò của anh/chị không làm được việc này.",
    "source_not_found": "Không có nguồn này.",
    "tip": "Chưa lưu tin: mục “{field}” còn thiếu hoặc chưa đúng.",
    "search": "Chưa lưu tìm kiếm: mục “{field}” còn thiếu hoặc chưa đúng.",
    "output": "Không ghi được tệp {path}.",
    "page": "Chưa ghi vào điểm báo: mục “{field}” còn thiếu hoặc chưa đúng.",
    "names_left": "Chưa ghi: dòng này có thể còn nêu tên người dân: {names}.",
    "attachment": "Không nhận tệp này: {problem}.",
    "attachment_not_found": "Không còn tệp này.",
    "files_unavailable": "Kho tệp đang tạm gián đoạn; tệp mới vẫn được giữ và tự chuyển sau. Thử lại sau ít phút.",
    "files_refused": "Không mở được kho tệp. Báo quản trị chạy kiemtin doctor; tệp mới vẫn được giữ.",
    "snapshot_not_found": "Không còn bản lưu này.",
    "snapshot_damaged": "Bản lưu này không còn nguyên vẹn.",
    "signal": "Một bộ xét không chạy được; bài sẽ được xét lại.",
    "newsroom": "Tòa soạn mẫu không mở được.",
    "port_refused": "Cổng {port} không dùng được.",
    "newsroom_file_unreadable": "Không đọc được tệp phát lại.",
}

# Why one page of many was not read, in the few words of a line that counts them.
PAGE_ERRORS: Final[Mapping[str, str]] = {
    "collect": "lỗi chưa rõ",
    "address_refused": "địa chỉ không được phép đọc",
    "name_unresolved": "không tìm thấy máy chủ",
    "unreachable": "không kết nối được",
    "timed_out": "không trả lời kịp",
    "host_taken": "chưa đến lượt đọc",
    "certificate_invalid": "chứng thư bảo mật không hợp lệ",
    "refused": "máy chủ từ chối",
    "limited": "hết hạn mức",
    "robots_forbid": "robots.txt không cho đọc",
    "robots_unreadable": "robots.txt không trả lời",
    "not_kept": "không ghi được xuống ổ đĩa",
    "too_large": "trang quá lớn",
    "redirect_loop": "chuyển hướng vòng quanh",
    "unreadable": "không đọc ra bài viết",
    "nothing_found": "không thấy bài nào",
}
# What a page was to be, and what came in its place.
KINDS: Final[Mapping[str, str]] = {
    "feed": "nguồn tin RSS",
    "sitemap": "sơ đồ trang",
    "list": "trang chuyên mục",
    "article": "bài viết",
    "css": "bộ chọn CSS",
    "html": "trang web",
    "xml": "một tệp XML khác",
    "pdf": "tệp PDF",
    "image": "ảnh",
    "zip": "tệp nén",
    "gzip": "tệp nén hỏng",
    "empty": "trang trống",
    "login": "trang đăng nhập",
    "front_page": "trang chủ",
    "no_text": "trang không có nội dung",
    "no_title": "trang không có tiêu đề",
    "less_than_announced": "trang ngắn hơn phần tóm tắt",
    "damaged_xml": "tệp XML hỏng",
    "damaged_encoding": "dữ liệu nén hỏng",
    "too_slow": "trang đọc quá lâu",
    "crashed_reader": "trang làm hỏng bộ đọc",
    "unknown": "dữ liệu lạ",
}

# The cause of an error, where one sentence for its code would not say what to do.
CAUSES: Final[Mapping[str, str]] = {
    "account:password_length": "Mật khẩu mới cần ít nhất {shortest} ký tự.",
    "account:last_admin": "Chưa khóa: đây là quản trị viên cuối cùng còn dùng được.",
    "account:password_weak": "Mật khẩu mới dễ đoán: không chứa tên đăng nhập, không lặp một vài ký tự.",
    "illegal_move:reasoning": "Chưa ghi: cần một câu nêu lý do.",
    "illegal_move:document": "Chưa ghi: kết luận này cần ít nhất một tài liệu.",
    "illegal_move:note": "Chưa ghi: ghi chú đang trống.",
    "illegal_move:other": "Không nhập được một vụ việc vào chính nó.",
    "illegal_move:article": "Bài này không còn ở vụ việc, hoặc là bài duy nhất.",
    "illegal_move:agency": "Cơ quan này không còn trong danh mục của tỉnh.",
    "illegal_move:officer": "Không giao được: người này không có quyền xác minh.",
    "tip:url": "Chưa lưu: địa chỉ phải bắt đầu bằng http:// hoặc https://.",
    "tip:title": "Chưa lưu: cần tiêu đề, không quá 500 ký tự.",
    "tip:text": "Chưa lưu: cần nội dung, không quá 200.000 ký tự.",
    "tip:happened": "Chưa lưu: thời gian ở tương lai.",
    "tip:length": "Chưa lưu: tên hoặc liên hệ quá dài.",
    "tip:attachments": "Chưa lưu: tệp đính kèm chưa được nhận. Chọn lại tệp.",
    "search:name": "Chưa lưu tìm kiếm: cần một tên, không quá 80 ký tự.",
    "page:because": "Chưa chuyển mục: cần nêu lý do.",
    "page:title": "Chưa ghi: tiêu đề đang trống.",
    "page:line": "Dòng này không còn ở bản điểm báo. Tải lại để xem bản mới.",
    "page:page": "Chưa có bản điểm báo này.",
    "page:docx": "Tệp này đang được lập lại. Thử lại sau ít phút.",
    "page:pdf": "Tệp này đang được lập lại. Thử lại sau ít phút.",
    "page:section": "Dòng này không chuyển sang mục đó được.",
    "attachment:empty": "Không nhận tệp này: tệp trống.",
    "attachment:too_large": "Không nhận tệp này: tệp quá lớn.",
    "attachment:type": "Không nhận tệp này: chỉ nhận ảnh PNG, JPEG, tệp PDF và DOCX.",
}
TABS: Final[Mapping[Tab, str]] = {
    Tab.INFORM: TRACKS[Track.INFORM],
    Tab.VERIFY: TRACKS[Track.VERIFY],
    Tab.ANSWER: TRACKS[Track.ANSWER],
    Tab.PLACES: "Xác định địa bàn",
    Tab.MINE: "Của tôi",
}
REASON_UNKNOWN: Final = "lý do {code}"
REASONS: Final[Mapping[str, str]] = {
    "said_unconfirmed": "bài tự nói chưa được xác nhận (“{cue}”)",
    "passed_around": "dựa vào nội dung lan truyền trên mạng (“{cue}”), không dẫn cơ quan nào",
    "nameless_source": "dựa vào nguồn không nêu tên (“{cue}”), không dẫn cơ quan nào",
    "only_hedged": "chỉ nêu nghi vấn (“{cue}”), không dẫn cơ quan nào",
    "headline_not_borne_out": "tiêu đề dùng “{cue}”, nội dung không nêu điều đó",
    "headline_taken_back": "nội dung cho biết sự việc nhẹ hơn tiêu đề (“{cue}”)",
    "headline_lures": "tiêu đề gợi tò mò, không nêu sự việc (“{cue}”)",
    "complaint": "người dân phản ánh, kiến nghị (“{cue}”)",
    "harm_to_life": "liên quan tính mạng, an toàn (“{cue}”)",
    "harm_to_order": "liên quan trật tự, sức khỏe, tài sản (“{cue}”)",
    "figures_differ": "hai bài nêu khác nhau: {ours} và {theirs}",
    "topic_words": "từ chỉ chủ đề (“{cue}”)",
    "harm_words": "từ chỉ tác hại (“{cue}”)",
}
