"""A daily page as an office might get one, with every kind of block; all of it invented."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from desk.paper import Bars, Heading, Notice, Paper, Paragraph, Run, Series, Shade, Table

ARTICLE: Final = "https://baovungcao.example/thoi-su/202611/tin-ve-ho-chua-nuoc-tren-song-gam-a123456.html"
LINK: Final = Run(text="Xem bài", url=ARTICLE)
NONE: Final = Paragraph(runs=(Run(text="Không có."),))


def told(number: int, title: str, where: str, words: str) -> Paragraph:
    """A story in one line: what, where and when it stood, what it says."""
    runs = (Run(text=title, bold=True), Run(text=f" – {where}. ", italic=True), Run(text=f"{words} "), LINK)
    return Paragraph(runs=runs, number=f"{number}.")


def point(name: str, words: str) -> Paragraph:
    return Paragraph(runs=(Run(text=f"{name}: ", bold=True), Run(text=words)), indent=1)


def cells(*texts: str) -> tuple[tuple[Run, ...], ...]:
    return tuple((Run(text=text),) for text in texts)


CHART: Final = Bars(
    caption="Tin, bài gốc theo ngày và sắc thái; phần viền là bài đăng lại",
    labels=(*(f"{day}/11" for day in range(10, 24)), "Không rõ thời gian"),
    series=(
        Series(name="Phản ánh", counts=(3, 4, 0, 2, 5, None, 1, 3, 9, 12, 6, 4, 7, 9, 1), shade=Shade.OCHRE),
        Series(name="Trung lập", counts=(10, 12, 0, 9, 14, None, 11, 13, 15, 20, 18, 12, 16, 18, 2), shade=Shade.GREY),
        Series(name="Tích cực", counts=(8, 9, 0, 10, 11, None, 7, 9, 8, 10, 12, 14, 13, 14, 0), shade=Shade.GREEN),
        Series(
            name="Đăng lại", counts=(20, 25, 0, 18, 30, None, 22, 24, 40, 71, 52, 33, 47, 63, 0), shade=Shade.OUTLINE
        ),
    ),
    marked={"14/11": "7/22 nguồn không truy cập được từ 18 giờ 00", "15/11": "chưa có dữ liệu"},
)

CRITICISM: Final = Table(
    head=("Nội dung phản ánh", "Nơi đăng", "Địa bàn", "Cơ quan phụ trách", "Tình trạng", "Hạn trả lời"),
    widths=(4.2, 2.2, 1.9, 2.4, 1.7, 1.6),
    rows=tuple(
        (
            (Run(text=f"{what} "), LINK),
            *cells("Báo Vùng Cao và 4 báo khác", where, agency, "Đang xác minh", "17:00 25/11"),
        )
        for what, where, agency in (
            ("Bãi rác tạm cạnh trường học, một người dân đã kiến nghị ba lần.", "P. Minh Xuân", "Sở NN&MT"),
            ("Cầu dân sinh hư hỏng sau lũ, học sinh phải đi vòng 6 km.", "X. Thượng Lâm", "Sở Xây dựng"),
            ("Thu tiền điện cao bất thường tháng 10 tại nhiều hộ.", "X. Hàm Yên", "Sở Công Thương"),
            ("Chậm trả kết quả hồ sơ đất đai quá 45 ngày.", "P. Hà Giang 1", "Sở NN&MT"),
            (f"Đường dẫn {ARTICLE} bị hỏng.", "X. Yên Sơn", "Sở Văn hóa, Thể thao và Du lịch"),
            ("Trạm y tế thiếu thuốc bảo hiểm, người bệnh phải mua ngoài.", "X. Na Hang", "Sở Y tế"),
            ("Nước giếng đục sau khi mỏ đá nổ mìn, chưa có kết quả xét nghiệm.", "X. Sơn Dương", "Sở NN&MT"),
        )
    ),
)

TO_VERIFY: Final = Table(
    head=("Nội dung", "Nguồn đầu tiên", "Dấu hiệu", "Kết quả xác minh đến thời điểm báo cáo", "Người xác minh"),
    widths=(4, 2.2, 2.4, 3.2, 2),
    rows=(
        cells(
            "“Đập Thượng Lâm đã vỡ, nước đang về”",
            "Bài đăng mạng xã hội, 01:12 23/11",
            "Chưa nêu cơ quan xác nhận; mâu thuẫn với mực nước công bố",
            "Không đúng: đập an toàn (Sở NN&MT, 05:30 23/11)",
            "Lê Thu Hà",
        ),
        cells(
            "Số người ngộ độc ở lễ hội lệch nhau: 17 và 71",
            "Thời báo Miền Núi, 16:40 22/11",
            "Hai con số khác nhau",
            "Chưa có kết quả",
            "Chưa phân công",
        ),
    ),
)

PAPER: Final = Paper(
    title="ĐIỂM BÁO NGÀY 23/11/2026",
    subtitle=(
        "(Số liệu từ 06 giờ 00 ngày 22/11 đến 06 giờ 00 ngày 23/11/2026; "
        "19 nguồn hoạt động, 3 nguồn không truy cập được)",
    ),
    agency=("UBND TỈNH TUYÊN QUANG", "SỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH"),
    page_word="Trang",
    made=datetime(2026, 11, 22, 23, 58, 4, tzinfo=UTC),
    blocks=(
        Notice(runs=(Run(text="Không truy cập được: Báo Vùng Cao (từ 02 giờ 10), Trang tin Hàm Yên (từ 04 giờ 05)."),)),
        Heading(text="I. VIỆC CẦN CHỈ ĐẠO TRONG NGÀY"),
        Paragraph(
            number="1.", runs=(Run(text="Tin “vỡ đập” ở xã Thượng Lâm lan trên mạng xã hội", bold=True, url=ARTICLE),)
        ),
        point("Đã rõ", "đập an toàn, mực nước dưới báo động 1 lúc 05 giờ 30 (Sở Nông nghiệp và Môi trường)."),
        point("Chưa rõ", "nguồn phát tán đầu tiên; số hộ đã tự sơ tán trong đêm."),
        point(
            "Đề xuất", "ra thông cáo báo chí trước 08 giờ 30, đăng trên Cổng thông tin điện tử tỉnh và trang của xã."
        ),
        Heading(text="II. TỔNG QUAN"),
        Paragraph(
            runs=(
                Run(text="Tổng số tin, bài: 104 (bài gốc 41, đăng lại 63); tích cực 14/41 (34%); "),
                Run(text="trung lập 18/41 (44%); phản ánh vấn đề 9/41 (22%); nước ngoài 2. "),
                Run(text="Có 3 bài không rõ thời gian đăng."),
            )
        ),
        CHART,
        Heading(text="III. TIN, BÀI NỔI BẬT"),
        Heading(text="1. Chính trị, xây dựng chính quyền", level=2),
        told(
            1,
            "Tỉnh họp trực tuyến với 124 xã, phường về chuyển đổi số",
            "Báo Vùng Cao, 07:15 22/11",
            "Chủ tịch UBND tỉnh yêu cầu hoàn thành số hóa hồ sơ đất đai trước 31/12. Xã xa còn thiếu đường truyền.",
        ),
        told(
            2,
            "Khai mạc kỳ họp thứ 9 Hội đồng nhân dân tỉnh",
            "Cổng thông tin điện tử tỉnh, 09:00 22/11",
            "Kỳ họp xem xét 14 nghị quyết về đầu tư công và giá dịch vụ y tế.",
        ),
        Heading(text="2. Kinh tế, đầu tư", level=2),
        told(
            1,
            "Cam sành vào vụ, giá tại vườn giảm",
            "Thời báo Miền Núi, 14:20 22/11",
            "Giá cam loại 1 còn 9.000 đồng/kg, thấp hơn cùng kỳ 3.000 đồng. Hợp tác xã đề nghị hỗ trợ tiêu thụ.",
        ),
        Heading(text="3. Văn hóa, du lịch, xã hội", level=2),
        NONE,
        Heading(text="4. Quốc phòng, an ninh, biên giới", level=2),
        NONE,
        Heading(text="5. Thiên tai, tai nạn", level=2),
        told(
            1,
            "Sạt lở trên quốc lộ 2C, một chiều xe tạm dừng",
            "Báo Vùng Cao, 22:05 22/11",
            "Khoảng 200 m³ đất đá tràn xuống đường tối qua, không ai bị thương. Dự kiến thông xe trong sáng 23/11.",
        ),
        Heading(text="IV. VẤN ĐỀ BÁO CHÍ, DƯ LUẬN PHẢN ÁNH"),
        CRITICISM,
        Heading(text="V. THÔNG TIN CẦN KIỂM CHỨNG"),
        TO_VERIFY,
        Heading(text="VI. BÁO CHÍ NƯỚC NGOÀI VIẾT VỀ TỈNH"),
        told(
            1,
            "越南宣光省橙子丰收 (cam được mùa)",
            "新华网, 10:00 22/11",
            "Bài giới thiệu vùng cam và cửa khẩu Thanh Thủy.",
        ),
        Heading(text="VII. KẾT QUẢ XỬ LÝ CÁC VIỆC KỲ TRƯỚC"),
        told(
            1, "Thông tin sai về lịch cắt điện", "Trang tin Hàm Yên, 20/11", "Đã đính chính lúc 16 giờ 00 ngày 22/11."
        ),
    ),
    notes=(
        "Ghi chú: mục V là dấu hiệu do hệ thống phát hiện, chưa phải kết luận.",
        "Lập tự động lúc 06 giờ 58; chưa có người xem lại.",
    ),
)
