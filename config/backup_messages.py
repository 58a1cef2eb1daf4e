"""Every Vietnamese sentence of the command line about backups."""

from __future__ import annotations

from typing import Final

# What `config.messages` takes in, under the same names.
ERRORS: Final[dict[str, str]] = {
    "upgrade": "Chưa nâng cấp {file} lên bản {version}: không giữ được bản sao trước khi nâng cấp ({why}); tệp vẫn như "
    "cũ. Giải phóng ổ đĩa rồi chạy lại.",
    "backup": "Không ghi được {file}: {why}. Không để lại tệp dở dang; sửa xong rồi chạy lại.",
    "backup_stopped": "Đã dừng sao lưu theo yêu cầu; không để lại tệp dở dang.",
    "backup_refused": "{file}: {problem}. Chưa khôi phục gì.",
    "no_room": "Ổ đĩa của {place} còn {free}, cần {needed}; giải phóng ổ đĩa hoặc chọn nơi khác bằng --home.",
    "book_elsewhere": "Chưa sao lưu: {book} nằm trên máy chủ {place}, bản sao lưu này không chứa được. Sao lưu riêng "
    "trên máy chủ đó, rồi chạy lại với --without {book} (hoặc đặt backup.without: [{book}]).",
}
FIX: Final[dict[str, str]] = {
    "backup": "kiemtin backup TỆP, hoặc đặt backup.folder (thư mục trên ổ đĩa khác) để dịch vụ tự sao lưu hằng ngày.",
    "backup_place": "Đặt backup.folder là thư mục trên ổ đĩa khác hoặc máy khác.",
}
DETAIL: Final[dict[str, str]] = {
    "backup": "{said}",
    "backup_place": "{said}",
}
HELP: Final[dict[str, str]] = {
    "backup": "Sao lưu nhà dữ liệu vào một tệp, cả khi dịch vụ đang chạy.",
    "restore": "Khôi phục nhà dữ liệu từ một tệp sao lưu vào thư mục trống hoặc chưa có.",
}
EXAMPLES: Final[dict[str, str]] = {
    "backup": "kiemtin backup /mnt/sao-luu/kiemtin.tar.gz",
    "restore": "kiemtin restore /mnt/sao-luu/kiemtin.tar.gz --home /srv/kiemtin",
}

# What is wrong with a file that shall be restored, by the problem that `BackupRefused` names.
PROBLEMS: Final[dict[str, str]] = {
    "foreign": "không phải bản sao lưu của Kiểm Tin, hoặc phần đầu tệp đã bị sửa; chọn đúng tệp",
    "cut": "tệp bị cắt cụt, hoặc phần cuối đã bị sửa; chép lại từ nơi cất giữ hoặc dùng bản sao lưu khác",
    "altered": "tệp đã bị sửa hoặc hỏng (SHA-256 không khớp); chép lại từ nơi cất giữ hoặc dùng bản sao lưu khác",
    "newer": "tệp theo khuôn dạng mới hơn (bản {what}); hãy nâng cấp Kiểm Tin",
    "forged": "nội dung không khớp bản kê ở {what}; không tin được tệp này, dùng bản sao lưu khác",
}
OUTSIDE_HOME: Final = "đường dẫn đầy đủ, nằm ngoài nhà dữ liệu {home}"
A_FILE_OUTSIDE: Final = "tệp nằm ngoài nhà dữ liệu {home}"
A_NEW_FILE: Final = "đường dẫn của một tệp (thường chưa có)"
FILE_TAKEN: Final = "{file} đã có; không ghi đè. Dùng tên khác, hoặc --force để thay."
BOOK_IS_HERE: Final = "sổ nằm trên máy chủ; {book} nằm trong nhà dữ liệu này và luôn được sao lưu cùng"
NOT_EMPTY: Final = "{home} không trống; chỉ khôi phục vào thư mục trống hoặc chưa có. Dùng --home để chọn thư mục khác."

OPTION_FORCE: Final = "Thay tệp đã có."
OPTION_WITH_SECRETS: Final = "Đưa cả mật khẩu và khóa trong cấu hình vào tệp; giữ tệp như giữ khóa."
OPTION_WITHOUT: Final = "Bỏ qua sổ nằm trên máy chủ (archive, casebook), đã được sao lưu riêng ở đó."
OPTION_CHECK: Final = "Chỉ kiểm tra tệp, không khôi phục gì."

MADE: Final = "Đã sao lưu {home} vào {file} ({size}, {seconds:.0f} giây); đã đọc lại và kiểm tra."
SOUND: Final = "{file} nguyên vẹn (Kiểm Tin {program}, tỉnh {province}); chưa khôi phục gì."
RESTORED: Final = "Đã khôi phục {home} (tỉnh {province}) trong {seconds:.0f} giây; hai sổ và mọi tệp đã được kiểm tra."
HOLDS: Final = "Đủ mọi bài thu thập trước {moment}. Gồm: {counts}."
COUNTED: Final[dict[str, str]] = {
    "articles": "{count} bài",
    "waiting": "{count} mục chờ chuyển vào kho",
    "stories": "{count} vụ việc",
    "cases": "{count} hồ sơ",
    "accounts": "{count} tài khoản",
    "snapshots": "{count} bản chụp",
    "attachments": "{count} tệp đính kèm",
    "reports": "{count} tệp báo cáo",
    "exports": "{count} tệp kết xuất",
    "models": "{count} tệp mô hình",
}
UPGRADED: Final = "Đã nâng cấp {book} từ bản {before} lên bản {now}."
MISSING: Final = "Thiếu {count} tệp mà sổ còn nhắc đến, nhà dữ liệu không còn: {names}."
WITHOUT: Final = "KHÔNG gồm {book}: nằm ở {place}, phải sao lưu và khôi phục riêng trên máy chủ đó."
BY_HAND: Final = "Không có trong bản sao lưu, khi khôi phục phải tự mang theo: {names}."
LEFT_OUT: Final = "Không sao lưu, vì không thuộc nhà dữ liệu hoặc tên tệp không dùng được: {names}."
NEXT: Final = "Xem lại bằng: kiemtin doctor --home {home}"
BOOKS: Final[dict[str, str]] = {
    "archive": "kho bài viết",
    "casebook": "sổ vụ việc",
    "outbox": "phần chờ chuyển vào kho",
}

# What the doctor says.
NO_BACKUP: Final = "chưa có bản sao lưu nào"
NO_BACKUP_YET: Final = "chưa có bản sao lưu nào; nhà dữ liệu còn mới"
LAST_BACKUP: Final = "bản gần nhất lúc {moment}"
BACKUP_FAILED: Final = "lần sao lưu lúc {moment} không xong: {why}"
PLACE_MISSING: Final = "không thấy thư mục {folder}"
PLACE_SAME: Final = "{folder} nằm cùng ổ đĩa với nhà dữ liệu; hỏng ổ là mất cả hai"
PLACE_OTHER: Final = "{folder}"
