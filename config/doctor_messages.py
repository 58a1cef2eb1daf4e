"""Every Vietnamese sentence of the doctor: what it found, and the command that mends it."""

from __future__ import annotations

from typing import Final

from config import backup_messages, files_messages

CHECK_OK: Final = "đạt"
CHECK_NOT_OK: Final = "CHƯA ĐẠT"

# By the name of a check. What stands in braces are values of the check; `home` is the office's folder, quoted.
DETAIL: Final[dict[str, str]] = {
    **backup_messages.DETAIL,
    **files_messages.DETAIL,
    "disk": "{said}",
    "integrity": "{said}",
    "unexamined": "{count} bài chưa xét được đầy đủ: {ids}",
    "clock": "{said}",
    "accounts": "{count} tài khoản đang dùng",
    "sources": "{enabled} nguồn đang bật, {unchecked} chưa kiểm tra",
    "sources_failing": "{count} nguồn lỗi ở lần đọc gần nhất: {ids}",
    "sources_silent": "{count} nguồn im lặng bất thường: {ids}",
    "rounds": "{said}",
    "pending": "{count} bài chờ xét{oldest}",
    "intake": "{said}",
    "search": "{said}",
    "permissions": "{said}",
    "owner": "{said}",
    "exposed": "bảng làm việc nghe ở {address}{behind}",
    "weak": "{said}",
    "law": "{count} hạn theo luật; cơ quan cần xác nhận trước khi dùng: {unconfirmed}",
    "archive": "{place}",
    "archive_server": "Elasticsearch: {said}",
    "set_aside": "{count} bài máy chủ Elasticsearch không nhận, đang giữ trong nhà dữ liệu",
    "outbox": "{said}",
    "queue": "{place}",
    "casebook": "{path}",
    "casebook_server": "PostgreSQL {version}: {said}",
}
FIX: Final[dict[str, str]] = {
    **backup_messages.FIX,
    **files_messages.FIX,
    "archive": "Kiểm tra quyền ghi và ổ đĩa; nếu tệp hỏng, khôi phục từ bản sao lưu.",
    "archive_server": "Sửa trên máy chủ Elasticsearch theo lời báo trên; bài đang thu vẫn được giữ.",
    "set_aside": "kiemtin archive retry --home {home}",
    "outbox": "Sửa máy chủ Elasticsearch theo lý do trên; dịch vụ tự chuyển khi kho nhận lại, hoặc chạy: "
    "kiemtin archive deliver --home {home}",
    "queue": "Sửa trên máy chủ Redis hoặc trong các mục redis.* theo lời báo trên.",
    "casebook": "Kiểm tra quyền ghi và ổ đĩa; nếu tệp hỏng, khôi phục từ bản sao lưu.",
    "casebook_server": "Sửa trên máy chủ PostgreSQL hoặc trong các mục casebook, postgresql.* theo lời báo trên.",
    "permissions": "chmod go-rwx {paths}",
    "owner": "chown -R --reference={home} {home}",
    "disk": "kiemtin purge --home {home}, hoặc giải phóng ổ đĩa.",
    "integrity": "Dừng dịch vụ, đổi tên giữ lại tệp hỏng, rồi kiemtin restore TỆP vào thư mục mới.",
    "unexamined": "Xem các bài này trong kho; bộ xét sẽ thử lại khi dịch vụ khởi động lại.",
    "clock": "timedatectl set-ntp true. Nếu đồng hồ đúng (máy đã tắt lâu ngày): kiemtin purge --home {home} một lần.",
    "accounts": "kiemtin user add TÊN --role admin --home {home}",
    "sources": "kiemtin sources import TỆP --home {home}, hoặc kiemtin sources enable ID --home {home}",
    "sources_failing": "kiemtin sources check {first} --home {home}",
    "sources_silent": "kiemtin sources check {first} --home {home}",
    "rounds": "Khởi động lại dịch vụ: kiemtin run --home {home} (hoặc systemctl restart kiemtin).",
    "pending": "kiemtin classify --home {home}",
    "intake": "kiemtin classify --home {home}",
    "search": "Khôi phục bản sao lưu vào thư mục mới: kiemtin restore TỆP --home THƯ_MỤC_MỚI",
    "exposed": "Đặt dashboard.address: 127.0.0.1, một máy chủ TLS phía trước, và dashboard.public_url: https://…",
    "weak": "Sửa {file} theo lời báo trên, rồi khởi động lại dịch vụ.",
}
# Where the error itself says what would mend it, whatever was looked at.
FIX_OF_ERROR: Final[dict[str, str]] = {
    "schema_newer": "Cài phiên bản Kiểm Tin mới hơn trên máy này rồi chạy lại kiemtin doctor --home {home}.",
    "file_missing": "Gắn lại ổ đĩa; nếu tệp đã mất: kiemtin restore TỆP --home THƯ_MỤC_MỚI",
}

FREE: Final = "{place}: còn {free} GB trống"
NO_ROOM_FOR_FILES: Final = "{place}: chỉ còn chỗ cho {count} tệp nữa"
FILES_SOUND: Final = "không thấy lỗi trong {files}"
FILE_NOT_SOUND: Final = "{file}: {fault}"
FILE_TOO_LARGE: Final = "{file}: chưa kiểm tra hết"
OLDEST: Final = ", bài chờ lâu nhất từ {moment}"

CLOSED: Final = "người khác trên máy không đọc được nhà dữ liệu, bản chụp và bản sao lưu"
OPEN_TO_OTHERS: Final = "người khác trên máy đọc được {paths}"
ONE_OWNER: Final = "mọi tệp cùng một chủ"
OTHER_OWNERS: Final = "tệp của người dùng khác, dịch vụ có thể không ghi được: {names}"

BEHIND: Final = ", sau {url}"

NOTHING_WEAK: Final = "không thấy mục nào yếu"
SHOWN_IN_COMMAND: Final = "{key} nằm trên dòng lệnh, người khác trên máy đọc được; dùng {key}_file"
IN_THE_CLEAR: Final = "{key}: {address} không mã hóa, đi qua mạng; dùng {secure}"
NOT_ASKED_WHO: Final = "{key}: {address} không đòi mật khẩu; đặt {secret}_file"
IMPOLITE: Final = "fetch.delay: {delay} giây giữa hai lần hỏi một máy chủ ngoài mạng của cơ quan; nên từ {least} giây"

ON_TIME: Final = "không nguồn nào quá hẹn đọc"
OVERDUE: Final = "{count} nguồn quá hẹn đọc, lâu nhất từ {moment}: {ids}"

NO_PAUSE: Final = "các lượt đọc liền nhau"
PAUSE: Final = "không có lượt đọc nào trong khoảng {said}; dịch vụ tạm không xóa gì theo thời hạn lưu"
CLOCK_UNKNOWN: Final = "chưa đủ nguồn đọc được để so giờ"
CLOCK_RIGHT: Final = "khớp giờ của {of}"
CLOCK_AHEAD: Final = "đồng hồ máy nhanh {seconds} giây so với {of}"
CLOCK_BEHIND: Final = "đồng hồ máy chậm {seconds} giây so với {of}"
OF_SOURCES: Final = "{count} máy chủ báo chí vừa đọc"
OF_CASEBOOK: Final = "máy chủ PostgreSQL"
OF_ARCHIVE: Final = "máy chủ Elasticsearch"

NOTHING_WAITS: Final = "không có gì chờ chuyển vào kho"
STATE: Final = "trạng thái {colour}, {nodes} máy"
COLOURS: Final[dict[str, str]] = {
    "green": "xanh",
    "yellow": "vàng (đủ bài, thiếu bản dự phòng)",
    "red": "đỏ",
}
RED: Final = "trạng thái đỏ: một phần kho không đọc được"
READ_ONLY: Final = "chỉ mục chỉ cho đọc: {names}"
FULL: Final = "ổ đĩa của máy chủ đã dùng {used}%"
NOT_ALLOWED_TO_ASK: Final = "tài khoản không được hỏi tình trạng máy chủ (cần quyền monitor của cụm)"

FOLLOWED: Final = "sổ vụ việc theo kịp kho bài viết"
NOT_FOLLOWED: Final = "hơn {count} vụ việc đã đổi mà sổ vụ việc chưa theo"
OTHER_ARCHIVE: Final = "sổ vụ việc đang theo một kho bài viết khác (mới hơn hoặc cũ hơn kho này)"
SEARCH_SOUND: Final = "tìm được {count} bài mới nhất"
SEARCH_BEHIND: Final = "tìm không ra {count} trong {of} bài mới nhất: {ids}"
