"""Every Vietnamese sentence of the command line about the casebook on a server, and about carrying one over."""

from __future__ import annotations

from typing import Final

# What is wrong with a database, by the problem that `CasebookUnavailable` and `CasebookRefused` name.
PROBLEMS: Final[dict[str, str]] = {
    "unreachable": "không kết nối được tới máy chủ PostgreSQL ({why})",
    "lost": "máy chủ PostgreSQL ngắt kết nối giữa chừng (khởi động lại hoặc mất mạng); việc đang làm có thể chưa được "
    "ghi, xem lại trước khi làm lại",
    "starting": "máy chủ PostgreSQL đang khởi động hoặc đang dừng",
    "busy": "một lượt ghi khác chưa xong",
    "slow": "máy chủ PostgreSQL không trả lời kịp",
    "crowded": "máy chủ PostgreSQL đã hết chỗ kết nối; tăng max_connections hoặc dừng bớt chương trình khác",
    "disk_full": "ổ đĩa của máy chủ PostgreSQL đã đầy",
    "disk": "máy chủ PostgreSQL không đọc ghi được ổ đĩa ({why})",
    "read_only": "máy chủ PostgreSQL này chỉ cho đọc (máy dự phòng?); trỏ mục casebook tới máy chủ chính",
    "password": "tên hoặc mật khẩu không đúng; xem lại postgresql.user và postgresql.password_file",
    "not_admitted": "máy chủ PostgreSQL không cho máy này kết nối; thêm máy này vào pg_hba.conf",
    "no_database": "máy chủ không có cơ sở dữ liệu “{database}”; tạo bằng: createdb --owner={user} {database}",
    "permission": "tài khoản “{user}” không có quyền cần thiết ({why}); chạy trên máy chủ: "
    "ALTER DATABASE {database} OWNER TO {user}",
    "certificate": "chứng thư TLS của máy chủ không được xác nhận ({why}); xem lại postgresql.ca_file và tên máy chủ "
    "trong mục casebook",
    "ca_file": "không đọc được tệp nêu ở postgresql.ca_file ({why})",
    "no_tls": "máy chủ không nhận kết nối TLS mà postgresql.ca_file đòi hỏi; bật ssl trên máy chủ",
    "not_postgres": "ở địa chỉ này không phải máy chủ PostgreSQL",
    "encoding": "cơ sở dữ liệu dùng bảng mã {why}; tạo lại bằng: createdb --encoding=UTF8 --template=template0",
    "damaged": "máy chủ PostgreSQL báo dữ liệu hỏng ({why}); dừng dịch vụ và khôi phục từ bản sao lưu",
    "driver": "máy này thiếu thư viện psycopg; cài bằng: pip install 'kiemtin[postgresql]'",
    "empty": "ở đó chưa có sổ vụ việc; chép sang bằng: kiemtin casebook copy --from sqlite --to postgresql",
    "foreign": "ở đó đã có bảng của chương trình khác; dùng một cơ sở dữ liệu riêng",
    "not_empty": "ở đó đã có một sổ vụ việc khác (bảng {table}); không ghi đè. Dùng một cơ sở dữ liệu mới hoặc đổi tên "
    "giữ lại tệp cũ",
    "in_use": "còn {count} kết nối của Kiểm Tin từ nơi khác; dừng dịch vụ và bảng làm việc trên mọi máy rồi chép",
    "differs": "bản chép không giống bản gốc ở bảng {table}; không giữ lại gì",
}

OPTION_FROM: Final = "Sổ đang dùng: sqlite (tệp trong nhà dữ liệu) hoặc postgresql (máy chủ ở mục casebook)."
OPTION_TO: Final = "Nơi chép sang; phải chưa có sổ nào."
TWO_KEEPERS: Final = "--from và --to phải khác nhau: sqlite, postgresql."
COPIED: Final = "Đã chép {rows} dòng của {tables} bảng trong {seconds:.0f} giây; đã đọc lại và so từng dòng."
SAME_ALREADY: Final = "Hai sổ đã giống nhau ({rows} dòng của {tables} bảng); không chép gì."
NEXT_ON_SERVER: Final = (
    "Giữ casebook: {place} trong kiemtin.yaml của mọi máy rồi khởi động dịch vụ. Tệp casebook.db còn lại là bản cũ: "
    "cất đi, đừng dùng tiếp."
)
NEXT_IN_FILE: Final = (
    "Đặt casebook: sqlite trong kiemtin.yaml rồi khởi động dịch vụ. Sổ trên máy chủ còn lại là bản cũ: các máy khác "
    "không được dùng tiếp."
)

# What the doctor says.
SERVER_SOUND: Final = "ghi bền xuống ổ đĩa, kết nối an toàn"
NOT_DURABLE: Final = "fsync hoặc full_page_writes đang tắt, mất điện là mất việc đã lưu; bật lại trên máy chủ"
NOT_ENCRYPTED: Final = "kết nối không được mã hóa; bật ssl trên máy chủ và đặt postgresql.ca_file"
NOT_VOUCHED_FOR: Final = "không kiểm được đúng máy chủ hay không; đặt postgresql.ca_file"
