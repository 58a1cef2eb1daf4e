"""Texts that a page may carry to be taken for something else than text."""

from __future__ import annotations

from typing import Final

HOSTILE: Final = (
    "<script>window.hacked=1</script>",
    "<img src=x onerror='window.hacked=1'>",
    "<style>body{display:none}</style>",
    '<form action="https://thu.example/x"><input name="password"></form>',
    '<iframe src="https://thu.example/"></iframe>',
    '"><svg onload=window.hacked=1>',
    "![ảnh](https://thu.example/anh.png)",
    "[bấm vào đây](https://thu.example/)",
    "https://thu.example/tu-dong và www.thu.example",
    "# Tiêu đề giả\n\n- một\n- hai",
    "$5 rồi $10 và $$\\frac{1}{2}$$",
    ":red[đỏ] :blue-badge[Đã duyệt] :material/check: :smile:",
    "**đậm** _nghiêng_ `mã` ~~gạch~~ -> --",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "trước\u202eđảo ngược\u202c sau \u200b\u2066ẩn\u2069",
    '=HYPERLINK("https://thu.example";"bấm")',
    "<details open><summary>x</summary></details><b>đậm</b>&lt;i&gt;&nbsp;",
    "a" * 400,
)
