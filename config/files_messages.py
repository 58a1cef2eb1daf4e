"""Every Vietnamese sentence of the command line about files that are kept in a bucket."""

from __future__ import annotations

from typing import Final

# What `config.messages` and `config.doctor_messages` take in, under the same names.
ERRORS: Final[dict[str, str]] = {
    "files_unavailable": "Chưa dùng được kho tệp {place}: {problem}. Bản chụp và tệp đính kèm mới được giữ trong nhà "
    "dữ liệu và tự chuyển sau.",
    "files_refused": "Không dùng được kho tệp {place}: {problem}. Bản chụp và tệp đính kèm mới được giữ trong nhà dữ "
    "liệu; sửa xong sẽ tự chuyển.",
}
DETAIL: Final[dict[str, str]] = {
    "files": "{place}: ghi, đọc, xóa được",
    "files_waiting": "{count} tệp trong nhà dữ liệu chờ chuyển vào kho tệp{oldest}",
}
FIX: Final[dict[str, str]] = {
    "files": "Sửa trên máy chủ kho tệp hoặc trong các mục snapshots, attachments, s3.* theo lời báo trên.",
    "files_waiting": "Sửa kho tệp theo lời báo trên; dịch vụ đang chạy (kiemtin run, kiemtin worker) sẽ tự chuyển.",
}

# What is wrong with a store, by the problem that the error names.
PROBLEMS: Final[dict[str, str]] = {
    "unreachable": "không kết nối được ({why}); xem máy chủ có đang chạy không, và mục s3.endpoint",
    "troubled": "máy chủ đang bận hoặc gặp lỗi ({why})",
    "bucket": "không có bucket này; tạo bucket, hoặc xem lại địa chỉ s3:// trong mục snapshots, attachments",
    "key": "khóa không đúng ({why}); xem lại s3.access_key_file và s3.secret_key_file",
    "permission": "khóa không đủ quyền ({why}); cho phép liệt kê, đọc, ghi, xóa trong bucket này",
    "certificate": "chứng thư TLS của {why} không được xác nhận; xem lại s3.ca_file và tên máy chủ trong s3.endpoint",
    "ca_file": "tệp nêu ở s3.ca_file không có ({why})",
    "clock": "giờ của máy này lệch với giờ máy chủ; chỉnh lại đồng hồ (timedatectl set-ntp true)",
    "region": "máy chủ thuộc vùng khác ({why}); xem lại s3.region",
    "full": "máy chủ đã đầy hoặc hết hạn mức ({why})",
    "product": "{why} không trả lại đúng tệp vừa ghi; xem lại s3.endpoint",
    "other": "máy chủ từ chối ({why}); xem lại s3.endpoint có đúng là máy chủ S3 không",
    "driver": "máy này thiếu thư viện botocore; cài bằng: pip install 'kiemtin[s3]'",
}
OLDEST: Final = ", lâu nhất từ {moment}"
ELSEWHERE: Final = "{count} {what} ({size}) nằm ở {place}, không chứa trong bản sao lưu; sao lưu kho tệp đó riêng."
WHAT: Final[dict[str, str]] = {"snapshots": "bản chụp", "attachments": "tệp đính kèm"}
