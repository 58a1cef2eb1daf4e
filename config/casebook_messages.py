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
