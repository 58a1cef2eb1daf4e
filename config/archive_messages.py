"""Every Vietnamese sentence of the command line about the archive on Elasticsearch, and about carrying one over."""

from __future__ import annotations

from typing import Final

ERRORS: Final[dict[str, str]] = {
    "archive_refused": "Không dùng được kho bài viết ở {place}: {problem}.",
}
SERVER: Final = "Chưa dùng được kho bài viết ở {place}: {problem}. Những gì đã lưu vẫn còn; thử lại sau."
NOT_DONE: Final = "Kho bài viết ở {place} không làm được việc vừa yêu cầu: {problem}."

# What is wrong with a server or an index, by the problem that an `ArchiveError` names.
PROBLEMS: Final[dict[str, str]] = {
    "unreachable": "không kết nối được ({why}); kiểm tra địa chỉ (http hay https, cổng), mạng và máy chủ",
    "slow": "máy chủ không trả lời kịp",
    "busy": "máy chủ quá tải ({why}); đã chờ và gửi chậm lại mà chưa được",
    "unready": "máy chủ chưa sẵn sàng ({why})",
    "closed": "chỉ mục đang đóng, không cho ghi ({why}); nếu kiemtin archive migrate đã bị ngắt, chạy lại lệnh đó",
    "disk_full": "ổ đĩa của máy chủ gần đầy nên chỉ mục chỉ cho đọc; giải phóng ổ đĩa trên máy chủ",
    "overtaken": "nhiều nơi cùng sửa một bài ({document})",
    "login": "khóa API hoặc tên, mật khẩu không đúng; xem lại elasticsearch.api_key_file, hoặc elasticsearch.user và "
    "elasticsearch.password_file",
    "permission": "tài khoản hoặc khóa API thiếu quyền ({why}); cấp cho nó quyền trên các chỉ mục của mục "
    "elasticsearch.index_prefix: read, write, maintenance, monitor, view_index_metadata; với kiemtin archive create và "
    "migrate thêm manage",
    "certificate": "chứng thư TLS của máy chủ không được xác nhận ({why}); xem lại elasticsearch.ca_file và tên máy "
    "chủ trong mục archive",
    "ca_file": "không đọc được chứng thư trong tệp {file} nêu ở elasticsearch.ca_file ({why})",
    "ca_without_tls": "elasticsearch.ca_file chỉ dùng với địa chỉ https://; sửa mục archive hoặc bỏ mục đó",
    "no_tls": "máy chủ ở địa chỉ này không nói TLS ({why}); sửa mục archive thành http:// hoặc bật TLS trên máy chủ",
    "not_elasticsearch": "ở địa chỉ này không phải máy chủ Elasticsearch; sửa mục archive",
    "version": "máy chủ là bản không dùng được ({why}); cần Elasticsearch 8 hoặc 9",
    "foreign": "“{index}” không phải chỉ mục do Kiểm Tin tạo; không đụng tới. Đặt elasticsearch.index_prefix khác, "
    "hoặc đổi tên chỉ mục đó",
    "altered": "chỉ mục {index} đã bị sửa bằng tay ({what}); dựng lại cho đúng bằng: kiemtin archive migrate",
    "outdated": "chỉ mục {index} theo khuôn dạng cũ; nâng cấp bằng: kiemtin archive migrate",
    "empty": "ở đó chưa có kho, hoặc chưa đủ; tạo bằng: kiemtin archive create",
    "partly": "thiếu chỉ mục {index} mà các chỉ mục khác đang có dữ liệu; khôi phục từ bản sao lưu của máy chủ",
    "there": "ở đó đã có kho ({index}); không tạo đè lên",
    "unfinished": "một lượt kiemtin archive copy vào đó chưa xong; chạy lại lệnh đó cho đến khi xong",
    "not_empty": "ở đó đã có một kho khác (khác ở phần {what}); không ghi đè. Dùng elasticsearch.index_prefix khác, "
    "hoặc đổi tên giữ lại tệp cũ",
    "changed": "kho nguồn thay đổi trong lúc chép (phần {what}); dừng dịch vụ trên mọi máy rồi chạy lại, phần đã chép "
    "được giữ",
    "too_large": "bài {document} lớn hơn mức máy chủ nhận ({why}); tăng http.max_content_length trên máy chủ (và mức "
    "của máy chủ TLS phía trước) rồi chạy: kiemtin archive retry",
    "not_done": "máy chủ không nhận {document} ({why})",
}

HELP: Final[dict[str, str]] = {
    "archive": "Kho bài viết trên Elasticsearch.",
    "archive create": "Tạo các chỉ mục của một kho mới trên Elasticsearch; không đụng tới kho đã có.",
    "archive copy": "Chép trọn kho bài viết sang Elasticsearch, hoặc ngược lại; bị ngắt thì chạy lại là chép tiếp.",
    "archive migrate": "Dựng chỉ mục theo khuôn dạng hoặc số phần mới bên cạnh chỉ mục đang dùng rồi thay vào, không "
    "phải dừng dịch vụ.",
    "archive deliver": "Chuyển vào kho những gì đã thu và đang chờ ở nhà dữ liệu vì máy chủ chưa nhận.",
    "archive retry": "Liệt kê những bài máy chủ không nhận, và gửi lại sau khi đã sửa.",
}
EXAMPLES: Final[dict[str, str]] = {
    "archive": "kiemtin archive create --shards 3",
    "archive create": "kiemtin archive create --shards 3 --replicas 1",
    "archive copy": "kiemtin archive copy --from sqlite --to elasticsearch",
    "archive migrate": "kiemtin archive migrate --shards 6",
    "archive deliver": "kiemtin archive deliver --json",
    "archive retry": "kiemtin archive retry --dry-run --json",
}
OPTION_SHARDS: Final = "Số phần (shard) của chỉ mục bài viết; không đổi được sau khi tạo, trừ bằng archive migrate."
OPTION_REPLICAS: Final = "Số bản sao của mỗi phần; mặc định một bản khi có từ hai máy chủ."
OPTION_DROP: Final = "Chỉ xóa các chỉ mục cũ mà những lần trước đã thay."
OPTION_FROM: Final = "Kho đang dùng: sqlite (tệp trong nhà dữ liệu) hoặc elasticsearch (máy chủ ở mục archive)."
OPTION_TO: Final = "Nơi chép sang; phải chưa có kho nào, trên Elasticsearch thì vừa tạo bằng archive create."
OPTION_ONLY_LIST: Final = "Chỉ liệt kê, không gửi lại."
TWO_KEEPERS: Final = "--from và --to phải khác nhau: sqlite, elasticsearch."

CREATED: Final = "Đã tạo kho ở {place}: {count} chỉ mục {names}; bài viết chia {shards} phần."
COPIED: Final = (
    "Đã chép xong {entries} mục (lượt này ghi {written}) trong {seconds:.0f} giây; đã đọc lại và so cả hai kho."
)
SAME_ALREADY: Final = "Hai kho đã giống nhau ({entries} mục); không chép gì."
NEXT_ON_SERVER: Final = (
    "Giữ archive: {place} trong kiemtin.yaml của mọi máy rồi khởi động dịch vụ. Tệp archive.db còn lại là bản cũ: cất "
    "đi, đừng dùng tiếp."
)
NEXT_IN_FILE: Final = (
    "Đặt archive: sqlite trong kiemtin.yaml rồi khởi động dịch vụ. Kho trên máy chủ còn lại là bản cũ: các máy khác "
    "không được dùng tiếp."
)
NOTHING_TO_MIGRATE: Final = "Mọi chỉ mục đã đúng khuôn dạng; không làm gì."
MIGRATED: Final = "{old} → {new}: {documents} mục."
NEXT_AFTER_MIGRATION: Final = (
    "Đã thay trong {seconds:.0f} giây. Chỉ mục cũ còn đó, không ai ghi nữa; thấy mọi việc ổn thì xóa bằng: "
    "kiemtin archive migrate --drop-old"
)
DROPPED: Final = "Đã xóa {count} chỉ mục cũ: {names}."
NOTHING_TO_DROP: Final = "Không có chỉ mục cũ nào để xóa."
WAITS: Final = (
    "{articles} lượt bài và {others} ghi chép về nguồn giữ ở outbox.db trong nhà dữ liệu, chờ chuyển vào kho từ "
    "{since}.{why}"
)
BECAUSE: Final = " Lý do lần thử gần nhất: {why}"
NOTHING_WAITS: Final = "Không có gì chờ chuyển vào kho."
DELIVERED: Final = "Đã chuyển vào kho {count} mục."
NOTHING_SET_ASIDE: Final = "Không có bài nào bị máy chủ từ chối."
SET_ASIDE: Final = "{id}  {title}: {why}"
RETRIED: Final = "Máy chủ đã nhận {taken} bài; còn {left} bài chưa nhận, vẫn giữ trong {folder}."
LISTED: Final = "{left} bài máy chủ chưa nhận, giữ trong {folder}. Sửa theo lý do rồi chạy: kiemtin archive retry"
