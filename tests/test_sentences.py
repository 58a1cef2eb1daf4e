"""Every error has a sentence on the command line."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from config import messages
from index import errors, shared_errors
from index.errors import AccountError, ConfigError, KiemTinError


def every(kind: type[KiemTinError]) -> Iterator[type[KiemTinError]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from every(narrower)


OURS = {errors.__name__, shared_errors.__name__}
ERRORS = sorted({kind for kind in every(KiemTinError) if kind.__module__ in OURS}, key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_has_a_sentence(kind: type[KiemTinError]) -> None:
    assert messages.ERRORS[kind.code].endswith((".", "}"))


def test_no_sentence_is_left_over() -> None:
    assert set(messages.ERRORS) == {kind.code for kind in ERRORS}


def test_every_code_is_one_errors_own() -> None:
    assert len({kind.code for kind in ERRORS}) == len(ERRORS)


def test_a_sentence_names_what_the_error_carries() -> None:
    said = messages.sentence(ConfigError(file="kiemtin.yaml", key="fetch.delay", found="nhanh", allowed="0 … 3600"))
    assert all(part in said for part in ("kiemtin.yaml", "fetch.delay", "nhanh", "0 … 3600"))
    assert "10" in messages.sentence(AccountError(problem="password_length", shortest="10"))
