"""Every Vietnamese sentence of the command line."""

from __future__ import annotations

import errno
import os
import re
from typing import Final

from config import archive_messages, backup_messages, casebook_messages, files_messages, worker_messages
from index.errors import (
    AccountError,
    ArchiveError,
    ArchiveRefused,
    ArchiveUnavailable,
    BackupRefused,
    CasebookRefused,
    CasebookUnavailable,
    ConfigError,
    KiemTinError,
)
from index.shared_errors import FilesRefused, FilesUnavailable, QueueUnavailable

# One sentence a code of index.errors: what, where, what to do. Values are those that the error carries.
ERRORS: Final[dict[str, str]] = {
    **archive_messages.ERRORS,
    **backup_messages.ERRORS,
    **files_messages.ERRORS,
    **worker_messages.ERRORS,
    "error": "Có lỗi chưa được gọi tên. Chạy lại với --debug để xem chi tiết.",
    "config": "{file}: mục “{key}” có giá trị “{found}” không dùng được; giá trị cho phép: {allowed}.",
    "collect": "Không đọc được nguồn.",
    "address_refused": "Địa chỉ {url} không được phép đọc ({why}); nếu là máy trong mạng của cơ quan, "
    "thêm vào fetch.allow_hosts.",
    "name_unresolved": "Không tìm thấy máy chủ của {url}; kiểm tra địa chỉ hoặc kết nối mạng.",
    "unreachable": "Không kết nối được tới {url}; thử lại sau.",
    "timed_out": "{url} không trả lời kịp; lần đọc sau sẽ thử lại.",
    "certificate_invalid": "Chứng thư TLS của {url} không hợp lệ; không đọc khi chưa được sửa.",
    "refused": "{url} từ chối ({status}); lần đọc sau sẽ thử lại.",
    "limited": "Đã hết hạn mức của nền tảng đến {until}; đây không phải lỗi.",
    "robots_forbid": "robots.txt không cho đọc {url}; xin văn bản đồng ý của cơ quan báo chí hoặc tắt nguồn.",
    "robots_unreadable": "robots.txt của nguồn không trả lời; lượt này không đọc nguồn.",
    "not_kept": "Đã đọc {url} nhưng không ghi được xuống ổ đĩa ({why}); giải phóng ổ đĩa, lần đọc sau sẽ đọc lại.",
    "too_large": "{url} trả về nhiều hơn mức cho phép; kiểm tra nguồn hoặc tăng fetch.max_bytes.",
    "redirect_loop": "{url} chuyển hướng vòng quanh; kiểm tra lại địa chỉ nguồn.",
    "unreadable": "Nguồn trả về {found}, không phải {expected}; kiểm tra lại địa chỉ nguồn.",
    "nothing_found": "{url} không liệt kê bài nào; trang đã đổi bố cục hoặc đòi đăng nhập.",
    "store": "Kho lưu không làm được việc vừa yêu cầu; không mất dữ liệu.",
    "archive": "Kho bài viết không làm được việc vừa yêu cầu ({why}); chạy kiemtin doctor.",
    "archive_unavailable": "Chưa dùng được kho bài viết {file} ({why}); kiểm tra ổ đĩa hoặc máy chủ rồi chạy lại.",
    "archive_damaged": "Tệp kho bài viết {file} đã hỏng hoặc không phải kho bài viết ({why}); dừng dịch vụ, đổi tên "
    "giữ lại tệp này cùng các tệp {file}-wal, {file}-shm, rồi chép bản sao lưu vào chỗ cũ.",
    "article_not_found": "Không có bài viết {article_id}.",
    "story_not_found": "Không có vụ việc {story}.",
    "mark_unknown": "Dấu vị trí “{mark}” không thuộc kho này.",
    "casebook": "Sổ vụ việc {file} không làm được việc vừa yêu cầu ({detail}); chạy kiemtin doctor.",
    "casebook_damaged": "Tệp sổ vụ việc {file} đã hỏng hoặc không phải sổ vụ việc ({why}); dừng dịch vụ, đổi tên "
    "giữ lại tệp này cùng các tệp {file}-wal, {file}-shm, rồi chép bản sao lưu vào chỗ cũ.",
    "casebook_unavailable": "Chưa dùng được sổ vụ việc ở {place}: {problem}. Những gì đã lưu vẫn còn; thử lại sau.",
    "casebook_refused": "Không dùng được sổ vụ việc ở {place}: {problem}.",
    "file_missing": "Không thấy tệp {file} của nhà dữ liệu; không tạo tệp trống thay vào. Kiểm tra ổ đĩa, hoặc chép "
    "bản sao lưu vào chỗ cũ.",
    "service_runs": "Một dịch vụ khác đang chạy trên {home} (tiến trình {pid}); dừng dịch vụ đó trước.",
    "schema_newer": "Dữ liệu do phiên bản mới hơn ghi (bản {found}, máy này biết đến {known}); hãy nâng cấp Kiểm Tin.",
    "conflict": "Chưa lưu: {by} vừa sửa mục này lúc {at}. Xem bản mới rồi làm lại.",
    "illegal_move": "Bước này không làm được ở trạng thái hiện tại.",
    "case_not_found": "Không có hồ sơ {case}.",
    "account": "Tài khoản: {problem}.",
    "sign_in": "Tên hoặc mật khẩu không đúng.",
    "sign_in_busy": "Nhiều lượt đăng nhập cùng lúc; thử lại sau ít giây.",
    "account_locked": "Tài khoản tạm khóa đến {until}.",
    "session_ended": "Phiên làm việc đã hết; đăng nhập lại.",
    "forbidden": "Vai trò của tài khoản không được làm việc này.",
    "source_not_found": "Không có nguồn “{source}”; xem kiemtin sources list.",
    "tip": "Tin nhập tay thiếu hoặc sai mục {field}.",
    "output": "Không ghi được {path}: {why}. Chọn thư mục khác cho --out.",
    "page": "Không sửa được điểm báo: thiếu hoặc sai mục {field}.",
    "names_left": "Dòng viết lại có thể còn nêu tên người dân: {names}.",
    "search": "Không lưu được tìm kiếm: thiếu hoặc sai mục {field}.",
    "attachment": "Không nhận tệp đính kèm: {problem}.",
    "attachment_not_found": "Không có tệp đính kèm {sha256}.",
    "snapshot_not_found": "Không có bản chụp {sha256}.",
    "snapshot_damaged": "Bản chụp {path} không còn nguyên vẹn; khôi phục từ bản sao lưu.",
    "signal": "Một bộ xét không chạy được; bài sẽ được xét lại.",
    "newsroom": "Không mở được tòa soạn mẫu.",
    "port_refused": "Không mở được cổng {port} ({why}); chọn cổng khác bằng --port.",
    "newsroom_file_unreadable": "{file}: {why}",
}
_ACCOUNT_PROBLEMS: Final[dict[str, str]] = {
    "name": "tên “{found}” không dùng được (chữ thường không dấu, số, dấu . _ -)",
    "taken": "tên “{found}” đã có",
    "unknown": "không có tên “{found}”",
    "roles": "“{found}” cần ít nhất một vai trò",
    "password_length": "mật khẩu cần ít nhất {shortest} ký tự",
    "last_admin": "“{found}” là quản trị viên cuối cùng còn dùng được; thêm một quản trị viên khác trước",
    "password_weak": "mật khẩu dễ đoán: chứa tên đăng nhập hoặc lặp ít ký tự",
}


_SYSTEM: Final[dict[str, str]] = {
    os.strerror(number): words
    for number, words in (
        (errno.ENOENT, "không có tệp hoặc thư mục này"),
        (errno.EACCES, "không có quyền"),
        (errno.EPERM, "không có quyền"),
        (errno.EROFS, "ổ đĩa chỉ cho đọc"),
        (errno.ENOSPC, "ổ đĩa đã đầy"),
        (errno.EIO, "ổ đĩa không đọc ghi được"),
        (errno.EISDIR, "đây là thư mục"),
        (errno.ENOTDIR, "một phần của đường dẫn không phải thư mục"),
        (errno.EEXIST, "đã có tệp cùng tên"),
        (errno.ENAMETOOLONG, "tên quá dài"),
        (errno.EFBIG, "tệp lớn hơn mức ổ đĩa này nhận"),
        (errno.EADDRINUSE, "cổng đang được dùng"),
    )
}
_NUMBER: Final = re.compile(r"\[Errno \d+\] ")


def reason(said: str) -> str:
    """What the system said of a file or a port, in the words of an office; anything else as it was said."""
    said = _NUMBER.sub("", said)
    for system, words in _SYSTEM.items():
        said = said.replace(system, words)
    return said


def sentence(error: KiemTinError) -> str:
    """The sentence for an error; an unset parameter stands as an empty word."""
    if isinstance(error, ConfigError) and not error.params["key"]:
        found = reason(error.params["found"])
        return (NOT_READABLE if found else NO_HOME).format_map(error.params | {"found": found})
    params = _Blank(error.params)
    if "why" in params:
        params["why"] = reason(params["why"])
    if error.code == AccountError.code:
        params["problem"] = _ACCOUNT_PROBLEMS[error.params["problem"]].format_map(params)
    if isinstance(error, CasebookUnavailable | CasebookRefused):
        params["problem"] = casebook_messages.PROBLEMS[error.params["problem"]].format_map(params)
    if isinstance(error, FilesUnavailable | FilesRefused):
        params["problem"] = files_messages.PROBLEMS[error.params["problem"]].format_map(params)
    if error.code == QueueUnavailable.code:
        params["problem"] = worker_messages.PROBLEMS[error.params["problem"]].format_map(params)
    if error.code == BackupRefused.code:
        params["problem"] = backup_messages.PROBLEMS[error.params["problem"]].format_map(params)
    said = ERRORS[error.code]
    if isinstance(error, ArchiveError) and "problem" in error.params:
        params["problem"] = archive_messages.PROBLEMS[error.params["problem"]].format_map(params)
        said = next((words for kind, words in _ARCHIVES.items() if isinstance(error, kind)), archive_messages.NOT_DONE)
    return said.format_map(params)


_ARCHIVES: Final[dict[type[ArchiveError], str]] = {
    ArchiveRefused: ERRORS[ArchiveRefused.code],
    ArchiveUnavailable: archive_messages.SERVER,
}


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


NOT_READABLE: Final = "{file}: không đọc được ({found}); cần {allowed}."
NO_HOME: Final = "Chưa có {file}; tạo bằng: {allowed}"

HOME_MADE: Final = "Đã tạo nhà dữ liệu {home} cho {province}: {sources} nguồn."
HOME_EXISTS: Final = "{home} đã là một nhà dữ liệu; không ghi đè. Dùng --home để chọn thư mục khác."
ASK_PROVINCE: Final = "Mã tỉnh (ví dụ tuyen-quang)"
ASK_ADMIN: Final = "Tên đăng nhập của quản trị viên"
ASK_PASSWORD: Final = "Mật khẩu"
ASK_PASSWORD_AGAIN: Final = "Nhập lại mật khẩu"
PASSWORD_NEEDED: Final = "Cần mật khẩu: dùng --password-file khi không chạy ở cửa sổ dòng lệnh."
NO_ACCOUNT: Final = "Chưa có tài khoản nào. Tạo bằng: kiemtin user add TÊN --role admin"
SOURCES_IMPORTED: Final = (
    "Tệp có {count} nguồn; {changed} nguồn mới hoặc khác lần nhập trước. Bản do người sửa được giữ."
)
SOURCE_ADDED: Final = "Đã thêm nguồn {id} (đọc bằng {collector})."
SOURCE_READS: Final = "{id}: đọc được {count} bài trong {seconds:.0f} giây; không lưu gì."
UNDATED: Final = "không rõ thời gian"
NOT_ALLOWED: Final = "“{found}” không dùng được; giá trị cho phép: {allowed}."
SEE_SOURCES: Final = "… (xem kiemtin sources list)"
NEXT_OF_A_SEARCH: Final = "“next” của lần tìm trước"
LATER_THAN_FROM: Final = "thời điểm sau --from"
A_WHOLE_NUMBER: Final = "số nguyên từ {least} đến {most}"
A_NUMBER: Final = "số từ {least} đến {most}"
A_FILE: Final = "tệp đã có và đọc được"
A_FOLDER: Final = "đường dẫn của một thư mục (có thể chưa có)"
A_LANGUAGE: Final = "mã ngôn ngữ hai hoặc ba chữ, ví dụ vi, en, zh"
FOUND: Final = "{total} bài"
FOUND_NEXT: Final = "Trang sau: thêm --after {next}"
COUNTED_ON: Final = "(đếm trên {of} bài mới nhất)"
SOURCE_TAKEN: Final = "Nguồn {id} đã có; chọn mã khác bằng --id."
NOT_AN_ADDRESS: Final = "“{url}” không phải địa chỉ http(s)."
USAGE_ONE_OF: Final = "Cần đúng một trong: {names}."
OPTION_SOURCE_ID: Final = "Mã của nguồn ([a-z0-9-]); mặc định lấy từ tên máy chủ."
OPTION_SOURCE_NAME: Final = "Tên của nguồn."
OPTION_CHANNEL: Final = "Kênh."
OPTION_TIER: Final = "Hạng đọc: 1 thường xuyên nhất … 3."
SOURCE_ENABLED: Final = "Đã bật nguồn {id}."
SOURCE_DISABLED: Final = "Đã tắt nguồn {id}."
ENABLED: Final = "bật"
DISABLED: Final = "tắt"
CONDITIONS: Final[dict[str, str]] = {
    "unread": "chưa đọc",
    "well": "hoạt động",
    "silent": "im lặng bất thường",
    "limited": "hết hạn mức",
    "failed": "lỗi",
}
NEVER_CHECKED: Final = "chưa kiểm tra"
NO_SOURCES: Final = "Không có nguồn nào để đọc; thêm bằng kiemtin sources import FILE."
WAITING: Final = "Một lượt đọc khác đang chạy; đợi lượt đó xong…"
ROUND_DONE: Final = (
    "Đọc {sources} nguồn trong {seconds:.0f} giây: {new} bài mới, {updated} bài sửa, {failed} nguồn lỗi."
)
ROUND_FAILED: Final = "Không nguồn nào đọc được ({count} nguồn lỗi); xem từng dòng ở trên."
REVIEWED: Final = "Đã xét {reviewed} bài, {flagged} bài có dấu hiệu, {cases} vụ việc mới, {seconds:.0f} giây."
NOT_A_TIME: Final = "“{value}” không phải thời điểm ISO 8601."
FILE_MISSING: Final = "Không mở được {file}: {why}."
LINE_NOT_JSON: Final = "dòng không phải JSON"
LINE_NO_PROVINCE: Final = "dòng không ghi province; thêm --province ID"
LINE_NO_TEXT: Final = "dòng thiếu title hoặc text"
LINE_BAD_VALUE: Final = "dòng có giá trị không dùng được: {why}"
USER_ADDED: Final = "Đã thêm tài khoản {name}."
USER_DISABLED: Final = "Đã khóa tài khoản {name}."
USER_RESET: Final = "Đã đặt lại mật khẩu của {name}; các phiên đang mở đã đóng."
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

# --- help ---------------------------------------------------------------------------------------------------------

OPTION_HOME: Final = "Nhà dữ liệu của cơ quan (mặc định: KIEMTIN_HOME, hoặc ./kiemtin-home)."
OPTION_SET: Final = "Đặt một mục cấu hình cho lần chạy này, ví dụ fetch.delay=3."
OPTION_DEBUG: Final = "Hiện chi tiết kỹ thuật khi có lỗi."
OPTION_PROVINCE: Final = "Mã tỉnh, ví dụ tuyen-quang, phu-tho, lang-son."
OPTION_NO_SOURCES: Final = "Không nhập danh mục nguồn của tỉnh."
OPTION_ADMIN: Final = "Tên đăng nhập của tài khoản quản trị đầu tiên."
OPTION_PASSWORD_FILE: Final = "Tệp chứa mật khẩu; không có thì hỏi ở cửa sổ dòng lệnh."
OPTION_ROLE: Final = "Vai trò; dùng nhiều lần cho nhiều vai trò."
OPTION_DISPLAY_NAME: Final = "Họ tên hiện trên màn hình."
OPTION_DRY_RUN: Final = "Chỉ đếm, không xóa."
OPTION_SOURCE: Final = "Chỉ nguồn này; dùng nhiều lần cho nhiều nguồn."
OPTION_DUE: Final = "Chỉ những nguồn đến hạn đọc."
OPTION_ALL_SOURCES: Final = "Tất cả các nguồn đang bật."
OPTION_SINCE: Final = "Từ thời điểm này (ISO 8601, ví dụ 2026-11-20 hoặc 2026-11-20T08:00+07:00)."
OPTION_DATE: Final = "Ngày của điểm báo (ví dụ 2026-11-23); không nêu thì là hôm nay."
OPTION_EDITION: Final = "Bản sáng (morning) hay bản 16:30 (afternoon)."
OPTION_OUT: Final = "Thư mục để ghi tệp; chưa có thì được tạo."
A_DATE: Final = "ngày có thật, viết như 2026-11-23"
A_DAY_THAT_HAS_COME: Final = "ngày từ năm {earliest} đến hôm nay ({today})"
PAGE_WRITTEN: Final = (
    "Đã ghi điểm báo ngày {day}: {originals} bài gốc, {reprints} bài đăng lại; {files} tệp trong {folder}."
)
OPTION_LIMIT: Final = "Nhiều nhất bấy nhiêu dòng."
OPTION_FROM: Final = "Từ ngày hoặc thời điểm này (ISO 8601)."
OPTION_TO: Final = "Đến hết ngày này, hoặc đến trước thời điểm này."
OPTION_IN_SOURCE: Final = "Chỉ nguồn này (mã trong danh mục nguồn)."
OPTION_IN_CHANNEL: Final = "Chỉ kênh này."
OPTION_PLACE: Final = "Chỉ bài về nơi này: xã, phường hiện nay, hoặc huyện, tỉnh cũ; có dấu hay không đều được."
OPTION_TONE: Final = "Chỉ sắc thái này đối với tỉnh."
OPTION_TOPIC: Final = "Chỉ chủ đề này."
OPTION_FLAG: Final = "Chỉ bài có dấu hiệu này."
OPTION_STATE: Final = "Chỉ bài của vụ việc có một mục đang ở tình trạng này."
OPTION_LANGUAGE: Final = "Chỉ ngôn ngữ này, ví dụ vi."
OPTION_SORT: Final = "Mới nhất trước, hay sát từ tìm nhất trước."
OPTION_AFTER: Final = "Trang sau: “next” của lần tìm trước."
OPTION_HITS: Final = "Số bài của một trang."
OPTION_ALL: Final = "Xét lại cả những bài cũ khi bộ xét có bản mới."
OPTION_FILE_PROVINCE: Final = "Tỉnh cho những dòng không ghi province (mã hoặc tên, cũ hay mới)."
OPTION_OPEN: Final = "Chỉ những vụ việc còn hồ sơ mở."
OPTION_PORT: Final = "Cổng đầu tiên trên 127.0.0.1 (mặc định {default})."
OPTION_OUTLETS: Final = "Chia cho bấy nhiêu cơ quan báo chí (mặc định {default})."
OPTION_SPEED: Final = "Thời gian trôi nhanh gấp bấy nhiêu lần (mặc định {default})."
OPTION_NO_DASHBOARD: Final = "Không mở bảng làm việc."
OPTION_HELP: Final = "Hiện hướng dẫn này."
OPTION_VERSION: Final = "Hiện phiên bản."
OPTION_JSON: Final = "In JSON ra đầu ra chuẩn, ngoài ra không in gì khác ở đó."
HELP_USAGE: Final = "Cách dùng: "
HELP_HEADINGS: Final = {"Options": "Tùy chọn", "Commands": "Lệnh"}
HELP_REQUIRED: Final = "bắt buộc"
EXAMPLE: Final = "Ví dụ: {example}"
USAGE_NO_OPTION: Final = "Không có tùy chọn {name}."
USAGE_UNKNOWN_COMMAND: Final = "Không có lệnh {name}."
USAGE_NO_COMMAND: Final = "Thiếu tên lệnh."
USAGE_EXTRA: Final = "Thừa: {found}."
USAGE_NO_VALUE: Final = "Tùy chọn {name} cần một giá trị."
USAGE_VALUE: Final = "Tùy chọn {name} không nhận giá trị."
USAGE_MISSING: Final = "Thiếu {name}."
USAGE_BAD: Final = "{name}: {why}"
USAGE_HELP: Final = "Xem cách dùng: {path} --help"

HELP: Final[dict[str, str]] = {
    **archive_messages.HELP,
    **backup_messages.HELP,
    **worker_messages.HELP,
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
    "report": "Báo cáo của văn phòng.",
    "report daily": "Ghi điểm báo của một ngày ra DOCX, PDF và JSON; ngày đã lập thì ghi bản đang có.",
    "classify": "Xét các bài đang chờ, gom vụ việc, mở hồ sơ; hoặc xét một tệp JSONL.",
    "stories": "Liệt kê vụ việc và các bài của từng vụ.",
    "search": "Tìm trong kho, có dấu hay không dấu; cụm từ đặt trong ngoặc kép. QUERY trống là mọi bài.",
    "casebook": "Sổ vụ việc.",
    "casebook copy": "Chép trọn sổ vụ việc sang máy chủ PostgreSQL, hoặc ngược lại; không xong thì không để lại gì.",
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
    **archive_messages.EXAMPLES,
    **backup_messages.EXAMPLES,
    **worker_messages.EXAMPLES,
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
    "report": "kiemtin report daily --out bao-cao",
    "report daily": "kiemtin report daily --date 2026-11-23 --out bao-cao",
    "classify": "kiemtin classify tin.jsonl --province tuyen-quang --json",
    "stories": "kiemtin stories --open --json",
    "search": "kiemtin search 'bai rac \"Nhữ Khê\"' --from 2026-11-01 --to 2026-11-30 --json",
    "casebook": "kiemtin casebook copy --from sqlite --to postgresql",
    "casebook copy": "kiemtin casebook copy --from sqlite --to postgresql --json",
    "user": "kiemtin user list",
    "user add": "kiemtin user add ha --role monitor",
    "user list": "kiemtin user list --json",
    "user disable": "kiemtin user disable ha",
    "user reset": "kiemtin user reset ha",
    "run": "kiemtin run",
    "newsroom": "kiemtin newsroom --port 8900 > nguon.yaml",
    "demo": "kiemtin demo",
}
