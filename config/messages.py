"""Every Vietnamese sentence of the command line."""

from __future__ import annotations

from typing import Final

from index.errors import ConfigError, KiemTinError

# One sentence a code of index.errors: what, where, what to do.
ERRORS: Final[dict[str, str]] = {
    "error": "Có lỗi chưa được gọi tên. Chạy lại với --debug để xem chi tiết.",
    "config": "{file}: mục “{key}” có giá trị “{found}” không dùng được; giá trị cho phép: {allowed}.",
    "collect": "Không đọc được nguồn.",
    "address_refused": "Địa chỉ {url} không được phép đọc ({why}); nếu là máy trong mạng của cơ quan, "
    "thêm vào fetch.allow_hosts.",
    "name_unresolved": "Không tìm thấy máy chủ {host}; kiểm tra địa chỉ hoặc kết nối mạng.",
    "unreachable": "Không kết nối được tới {url}; thử lại sau.",
    "timed_out": "{url} không trả lời kịp; lần đọc sau sẽ thử lại.",
    "certificate_invalid": "Chứng thư TLS của {url} không hợp lệ; không đọc khi chưa được sửa.",
    "refused": "{url} trả lời {status}; lần đọc sau sẽ thử lại.",
    "limited": "Đã hết hạn mức của nền tảng đến {until}; đây không phải lỗi.",
    "robots_forbid": "robots.txt của {url} không cho đọc; xin văn bản đồng ý của cơ quan báo chí hoặc tắt nguồn.",
    "robots_unreadable": "robots.txt của {url} không trả lời; lượt này không đọc nguồn.",
    "too_large": "{url} trả về quá {limit} byte; kiểm tra nguồn hoặc tăng fetch.max_bytes.",
    "redirect_loop": "{url} chuyển hướng vòng quanh; kiểm tra lại địa chỉ nguồn.",
    "unreadable": "{url} trả về {found}, không phải {expected}; kiểm tra lại địa chỉ nguồn.",
    "nothing_found": "{url} không liệt kê bài nào; trang đã đổi bố cục hoặc đòi đăng nhập.",
    "twice": "Nguồn trùng địa chỉ với “{other}”; chỉ đọc một lần, hãy tắt một trong hai.",
    "extraction_failed": "Không tách được nội dung trang; bản chụp vẫn được giữ.",
    "store": "Kho lưu không làm được việc vừa yêu cầu; không mất dữ liệu.",
    "archive": "Kho bài viết không làm được việc vừa yêu cầu; không mất dữ liệu.",
    "archive_unavailable": "Không mở được kho bài viết ({detail}); kiểm tra ổ đĩa hoặc máy chủ rồi chạy lại.",
    "article_not_found": "Không có bài viết {id}.",
    "story_not_found": "Không có vụ việc {id}.",
    "mark_unknown": "Dấu vị trí “{mark}” không thuộc kho này.",
    "casebook": "Sổ vụ việc không làm được việc vừa yêu cầu; không mất dữ liệu.",
    "schema_newer": "{path} do phiên bản mới hơn ghi (bản {found}, máy này biết đến {known}); hãy nâng cấp Kiểm Tin.",
    "conflict": "Chưa lưu: {by} vừa sửa mục này lúc {at}. Xem bản mới rồi làm lại.",
    "illegal_move": "Bước này không làm được ở trạng thái hiện tại.",
    "case_not_found": "Không có hồ sơ {id}.",
    "account": "Tài khoản “{name}”: {why}.",
    "forbidden": "Vai trò của tài khoản không được làm việc này.",
    "source_not_found": "Không có nguồn “{id}”; xem kiemtin sources list.",
    "signal": "Một bộ xét không chạy được; bài sẽ được xét lại.",
    "port_busy": "Cổng {port} đang có chương trình khác dùng; chọn cổng khác bằng --port.",
}

MISSING_SETTINGS: Final = "Chưa có nhà dữ liệu tại {home}. Tạo bằng: kiemtin init --province ID --home {home}"


def sentence(error: KiemTinError) -> str:
    """The sentence for an error; an unset parameter stands as an empty word."""
    if isinstance(error, ConfigError) and not error.params["key"]:
        return NOT_READABLE.format(**error.params)
    return ERRORS[error.code].format_map(_Blank(error.params))


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


NOT_READABLE: Final = "{file}: không đọc được {found}; cần {allowed}."

HOME_MADE: Final = "Đã tạo nhà dữ liệu {home} cho {province}: {sources} nguồn ({enabled} đang bật)."
HOME_EXISTS: Final = "{home} đã là một nhà dữ liệu; không ghi đè. Dùng --home để chọn thư mục khác."
ASK_PROVINCE: Final = "Mã tỉnh (ví dụ tuyen-quang)"
ASK_ADMIN: Final = "Tên đăng nhập của quản trị viên"
ASK_PASSWORD: Final = "Mật khẩu"
ASK_PASSWORD_AGAIN: Final = "Nhập lại mật khẩu"
PASSWORD_NEEDED: Final = "Cần mật khẩu: dùng --password-file khi không chạy ở cửa sổ dòng lệnh."
NO_ACCOUNT: Final = "Chưa có tài khoản nào. Tạo bằng: kiemtin user add TÊN --role admin"
SOURCES_IMPORTED: Final = "Đã nhập {count} nguồn: {new} mới, {changed} đổi, {kept} giữ bản do người sửa."
SOURCE_ADDED: Final = "Đã thêm nguồn {id}."
SOURCE_ENABLED: Final = "Đã bật nguồn {id}."
SOURCE_DISABLED: Final = "Đã tắt nguồn {id}."
NEVER_CHECKED: Final = "chưa kiểm tra"
NO_SOURCES: Final = "Không có nguồn nào để đọc; thêm bằng kiemtin sources import FILE."
ROUND_DONE: Final = (
    "Đọc {sources} nguồn trong {seconds:.0f} giây: {new} bài mới, {updated} bài sửa, {failed} nguồn lỗi."
)
ROUND_FAILED: Final = "Không nguồn nào đọc được ({count} nguồn lỗi); xem từng dòng ở trên."
REVIEWED: Final = "Đã xét {reviewed} bài, {flagged} bài có dấu hiệu, {cases} vụ việc mới, {seconds:.0f} giây."
FILE_MISSING: Final = "Không mở được {file}: {why}."
LINE_NOT_JSON: Final = "dòng không phải JSON"
LINE_NO_TEXT: Final = "dòng thiếu title hoặc text"
LINE_BAD_VALUE: Final = "dòng có giá trị không dùng được ở mục {key}"
LINE_PROVINCE_UNKNOWN: Final = "không có tỉnh “{province}”"
USER_ADDED: Final = "Đã thêm tài khoản {name}."
USER_DISABLED: Final = "Đã khóa tài khoản {name}."
USER_RESET: Final = "Đã đặt lại mật khẩu của {name}; các phiên đang mở đã đóng."
PURGED: Final = "{kind}: {count}"
WOULD_PURGE: Final = "(chạy thử, chưa xóa gì)"
NEWSROOM_UP: Final = "Tòa soạn mẫu đang chạy: {count} cơ quan, cổng {first}–{last}. Ctrl-C để dừng."
SERVICE_UP: Final = "Dịch vụ đang chạy cho {province}. Bảng làm việc: {address}. Ctrl-C để dừng."
SERVICE_DOWN: Final = "Đã dừng, không mất dữ liệu."
DEMO_ACCOUNTS: Final = "Tài khoản dùng thử (mật khẩu ghi ở {file}):"
DEMO_ACCOUNT: Final = "  {role:8} {name:10} {password}"
DEMO_READY: Final = "Mở {address} bằng trình duyệt. Ctrl-C để dừng; chạy lại make demo để làm tiếp."
DEMO_COLLECTING: Final = "Đang đọc tòa soạn mẫu…"
INTERRUPTED: Final = "Đã ngắt; không mất dữ liệu."
UNEXPECTED: Final = "Có lỗi ngoài dự kiến ({kind}). Chạy lại với --debug để xem chi tiết; không mất dữ liệu."

# doctor: name of a check -> what is wrong and how to mend it
CHECKS_OK: Final = "Mọi kiểm tra đều đạt."
CHECK_OK: Final = "đạt"
FIX: Final[dict[str, str]] = {
    "settings": "Sửa tệp kiemtin.yaml theo lời báo trên.",
    "archive": "Kiểm tra quyền ghi và ổ đĩa; nếu tệp hỏng, khôi phục từ bản sao lưu.",
    "casebook": "Kiểm tra quyền ghi và ổ đĩa; nếu tệp hỏng, khôi phục từ bản sao lưu.",
    "permissions": "chmod 700 {home}",
    "disk": "Giải phóng ổ đĩa, hoặc chạy kiemtin purge.",
    "accounts": "kiemtin user add TÊN --role admin",
    "sources": "kiemtin sources import FILE, hoặc kiemtin sources enable ID",
    "sources_failing": "kiemtin sources check ID",
    "sources_silent": "kiemtin sources check ID",
    "pending": "kiemtin classify",
    "contact": "Đặt fetch.contact là địa chỉ liên hệ của cơ quan trong kiemtin.yaml.",
    "exposed": "Đặt dashboard.address: 127.0.0.1 và dùng máy chủ TLS phía trước.",
}
DETAIL: Final[dict[str, str]] = {
    "disk": "còn {free} GB trống",
    "accounts": "{count} tài khoản đang dùng",
    "sources": "{enabled} nguồn đang bật, {unchecked} chưa kiểm tra",
    "sources_failing": "{count} nguồn lỗi liên tiếp: {ids}",
    "sources_silent": "{count} nguồn im lặng bất thường: {ids}",
    "pending": "{count} bài chờ xét",
    "permissions": "quyền thư mục {mode}",
    "contact": "{contact}",
    "exposed": "bảng làm việc nghe ở {address}",
    "archive": "{articles}",
    "casebook": "{path}",
    "settings": "{file}",
}

# --- help ---------------------------------------------------------------------------------------------------------

OPTION_HOME: Final = "Nhà dữ liệu của cơ quan (mặc định: KIEMTIN_HOME, hoặc ./kiemtin-home)."
OPTION_SET: Final = "Đặt một mục cấu hình cho lần chạy này, ví dụ fetch.delay=3."
OPTION_DEBUG: Final = "Hiện chi tiết kỹ thuật khi có lỗi."
OPTION_JSON: Final = "In JSON ra đầu ra chuẩn, ngoài ra không in gì khác ở đó."
EXAMPLE: Final = "Ví dụ: {example}"
USAGE_NO_OPTION: Final = "Không có tùy chọn {name}."
USAGE_MISSING: Final = "Thiếu {name}."
USAGE_BAD: Final = "{name}: {why}"
USAGE_HELP: Final = "Xem cách dùng: {path} --help"

HELP: Final[dict[str, str]] = {
    "kiemtin": "Kiểm Tin: theo dõi báo chí viết về tỉnh, chỉ ra dấu hiệu cần kiểm chứng, giúp trả lời kịp thời.",
    "init": "Tạo nhà dữ liệu cho một tỉnh, kèm danh mục nguồn.",
    "config": "In cấu hình đang có hiệu lực và nơi đặt từng mục.",
    "doctor": "Tìm những gì đang sai và cách sửa (mã thoát 1 nếu có mục không đạt).",
    "purge": "Xóa những gì đã hết thời hạn lưu.",
    "sources": "Danh mục nguồn.",
    "sources list": "Liệt kê nguồn và tình trạng đọc.",
    "sources add": "Thêm một nguồn theo địa chỉ; tự nhận ra RSS, sitemap hay trang mục.",
    "sources import": "Nhập danh mục nguồn từ tệp YAML; bản do người sửa được giữ.",
    "sources check": "Đọc thử một nguồn (hoặc tất cả) và cho xem những gì sẽ được lưu; không lưu gì.",
    "sources enable": "Bật một nguồn.",
    "sources disable": "Tắt một nguồn; dữ liệu đã thu vẫn giữ.",
    "crawl": "Đọc một lượt các nguồn đang bật, hoặc chỉ những nguồn đến hạn.",
    "articles": "Liệt kê bài đã lưu, bản mới nhất của mỗi bài.",
    "classify": "Xét các bài đang chờ, gom vụ việc, mở hồ sơ; hoặc xét một tệp JSONL.",
    "stories": "Liệt kê vụ việc và các bài của từng vụ.",
    "user": "Tài khoản.",
    "user add": "Thêm tài khoản.",
    "user list": "Liệt kê tài khoản.",
    "user disable": "Khóa một tài khoản và đóng các phiên của tài khoản đó.",
    "user reset": "Đặt lại mật khẩu.",
    "run": "Chạy dịch vụ: lịch đọc nguồn, xét bài, bảng làm việc.",
    "newsroom": "Chạy tòa soạn mẫu trên máy này và in tệp nguồn của nó.",
    "demo": "Chạy thử tất cả trên máy này với tòa soạn mẫu.",
}
EXAMPLES: Final[dict[str, str]] = {
    "kiemtin": "kiemtin init --province tuyen-quang",
    "init": "kiemtin init --province tuyen-quang --admin quantri --password-file mat-khau.txt",
    "config": "kiemtin config --json",
    "doctor": "kiemtin doctor",
    "purge": "kiemtin purge --dry-run",
    "sources": "kiemtin sources list",
    "sources list": "kiemtin sources list --json",
    "sources add": "kiemtin sources add https://baotuyenquang.com.vn/rss/home.rss",
    "sources import": "kiemtin sources import nguon.yaml",
    "sources check": "kiemtin sources check bao-va-pt-th-tuyen-quang",
    "sources enable": "kiemtin sources enable bao-va-pt-th-tuyen-quang",
    "sources disable": "kiemtin sources disable bao-va-pt-th-tuyen-quang",
    "crawl": "kiemtin crawl --due",
    "articles": "kiemtin articles --since 2026-11-20 --limit 20 --json",
    "classify": "kiemtin classify tin.jsonl --province tuyen-quang --json",
    "stories": "kiemtin stories --open --json",
    "user": "kiemtin user list",
    "user add": "kiemtin user add ha --role monitor",
    "user list": "kiemtin user list --json",
    "user disable": "kiemtin user disable ha",
    "user reset": "kiemtin user reset ha",
    "run": "kiemtin run",
    "newsroom": "kiemtin newsroom --port 8900 > nguon.yaml",
    "demo": "kiemtin demo",
}
