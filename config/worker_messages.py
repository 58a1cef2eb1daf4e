"""Every Vietnamese sentence of the command line about sharing the work between machines."""

from __future__ import annotations

from typing import Final

# What `config.messages` takes in, under the same names.
ERRORS: Final[dict[str, str]] = {
    "queue_unavailable": "Chưa chia được việc qua Redis ở {place}: {problem}. Không mất việc nào; sửa xong rồi chạy "
    "lại.",
    "superseded": "Một máy khác vừa bắt đầu gom vụ việc của tỉnh {province}; lượt này dừng, máy kia làm tiếp.",
    "host_taken": "Chưa đến lượt hỏi máy chủ của {url}: máy khác đang đọc, hoặc chưa hỏi được Redis; để lượt sau.",
}
HELP: Final[dict[str, str]] = {
    "worker": "Nhận việc từ các máy khác: đọc nguồn, xét bài. Chạy trên bao nhiêu máy cũng được; cần redis.address.",
}
EXAMPLES: Final[dict[str, str]] = {
    "worker": "kiemtin worker --queues crawl,review",
}

# What is wrong with a Redis, by the problem that `QueueUnavailable` names.
PROBLEMS: Final[dict[str, str]] = {
    "unreachable": "không kết nối được ({why}); xem Redis có đang chạy không, và mục redis.address",
    "slow": "máy chủ Redis không trả lời kịp",
    "starting": "máy chủ Redis đang nạp dữ liệu để khởi động",
    "password": "tên hoặc mật khẩu không đúng; xem lại redis.user và redis.password_file",
    "permission": "tài khoản Redis không đủ quyền ({why}); cho phép các khóa kiemtin:* và các lệnh dùng đến",
    "certificate": "chứng thư TLS của máy chủ không được xác nhận ({why}); xem lại redis.ca_file và tên máy chủ trong "
    "redis.address",
    "ca_file": "tệp nêu ở redis.ca_file không đọc được hoặc không phải chứng thư ({why})",
    "not_redis": "ở địa chỉ này không phải máy chủ Redis",
    "read_only": "máy chủ Redis này chỉ cho đọc (máy dự phòng?); trỏ redis.address tới máy chủ chính",
    "full": "máy chủ Redis đã đầy bộ nhớ; tăng maxmemory",
    "refused": "máy chủ Redis từ chối ({why})",
    "driver": "máy này thiếu thư viện dramatiq và redis; cài bằng: pip install 'kiemtin[workers]'",
}

OPTION_QUEUES: Final = "Những việc máy này nhận, cách nhau bằng dấu phẩy: {queues} (mặc định: tất cả)."
OPTION_DISTRIBUTED: Final = "Chia việc đọc nguồn và xét bài cho các máy đang chạy kiemtin worker (cần redis.address)."
QUEUES_ALLOWED: Final = "“{found}” không phải tên việc; có: {queues}."
WORKER_UP: Final = "Đang nhận việc {queues} của tỉnh {province} từ {place}. Ctrl-C để dừng."
WORKER_DOWN: Final = "Đã dừng; việc chưa xong được trả lại cho máy khác."
