"""The plan of the house, held: who may import whom, how long a module may be, where words may stand."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.text import fold

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("index", "crawlers", "classifier", "desk", "dashboard", "config")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
MAX_LINES = 400

# What a room may import of the others. The entrances of config and dashboard may import anything.
STAIRS = {
    "index": {"index"},
    "crawlers": {"crawlers", "index"},
    "classifier": {"classifier", "index"},
    "desk": {"desk", "index"},
    "dashboard": {"dashboard", "desk", "index"},
    "config": {"config", "crawlers", "classifier", "desk", "index"},
}
ENTRANCES = {"config/cli.py", "config/service.py", "config/worker.py", "dashboard/server.py"}
ENTRANCE_FOLDERS = {"config/commands"}
# Values know nothing of what is built from them.
VALUES = {
    "config/settings.py",
    "config/values.py",
    "config/sources.py",
    "config/profile.py",
    "config/typed.py",
    "config/law.py",
}
VALUES_MAY = {"config", "index.model", "index.errors", "index.source"}
# The ground floor's own order: nouns before what keeps them.
NOUNS = {"index/model.py", "index/source.py", "index/case.py", "index/errors.py", "index/text.py", "index/clock.py"}

# A third-party library and the only places that may import it (a module, or a folder with its slash).
LIBRARY_ROOMS = {
    "scrapy": {"crawlers/engine.py", "crawlers/guard.py", "crawlers/sharing.py"},
    "twisted": {"crawlers/engine.py", "crawlers/guard.py"},
    "feedparser": {"crawlers/feed.py"},
    "trafilatura": {"crawlers/extract.py"},
    "transformers": {"classifier/encoder.py"},
    "onnxruntime": {"classifier/encoder.py"},
    "torch": {"classifier/training/"},
    "rensa": {"classifier/stories.py", "classifier/reprints.py"},
    "elasticsearch": {"index/elastic.py", "index/elastic_"},
    "elastic_transport": {"index/elastic.py", "index/elastic_"},
    "sqlalchemy": {"index/casebook.py", "index/casebook_", "index/tables.py", "index/migrations/"},
    "psycopg": {"index/casebook_connection.py"},
    "alembic": {"index/casebook.py", "index/migrations/"},
    "warcio": {"index/snapshots.py"},
    "botocore": {"index/s3.py"},
    "argon2": {"desk/accounts.py"},
    "docx": {"desk/official_docx.py"},
    "typst": {"desk/official_pdf.py"},
    "apscheduler": {"config/service.py"},
    "dramatiq": {"config/worker.py", "config/queues.py", "config/sharing.py"},
    "redis": {"config/leases.py"},
    "prometheus_client": {"config/metrics.py"},
    "click": {"config/cli.py", "config/commands/"},
    "streamlit": {"dashboard/"},
    "altair": {"dashboard/"},
    "starlette": {"dashboard/"},
    "yaml": {"config/"},
}
# Where Vietnamese words may stand in code.
SPEAKING = {
    "config/messages.py",
    "config/archive_messages.py",
    "config/backup_messages.py",
    "config/casebook_messages.py",
    "config/doctor_messages.py",
    "config/files_messages.py",
    "config/worker_messages.py",
    "dashboard/messages.py",
    "dashboard/words.py",
    "dashboard/daily_words.py",
}
FORBIDDEN_NAMES = {"utils", "core", "common", "services", "managers", "helpers"}
FORBIDDEN_FOLDERS = {"pages"}  # Streamlit takes such a folder for pages of its own
VIETNAMESE = re.compile(r"[^\W\d_]{2,}")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in the file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_in(module: str, places: set[str]) -> bool:
    """A place is a module, or the beginning of its path where it ends in a slash or an underscore."""
    return any(module == place or (place.endswith(("/", "_")) and module.startswith(place)) for place in places)


def is_entrance(module: str) -> bool:
    return module in ENTRANCES or any(module.startswith(f"{folder}/") for folder in ENTRANCE_FOLDERS)


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_stairs_run_one_way(path: Path) -> None:
    module = name(path)
    room = module.partition("/")[0]
    for imported in imports(path):
        other = imported.partition(".")[0]
        if other not in ROOMS:
            continue
        assert is_entrance(module) or other in STAIRS[room], f"{module} may not import {imported}"
        if module in VALUES:
            assert any(imported == may or imported.startswith(f"{may}.") for may in VALUES_MAY), (module, imported)


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_third_party_libraries_stay_in_their_rooms(path: Path) -> None:
    module = name(path)
    for imported in imports(path):
        library = imported.partition(".")[0]
        if library in LIBRARY_ROOMS:
            assert is_in(module, LIBRARY_ROOMS[library]), f"{library} in {module}"


def test_the_nouns_rest_on_the_standard_library_and_each_other() -> None:
    own = {module.removesuffix(".py").replace("/", ".") for module in NOUNS}
    for module in NOUNS:
        for imported in imports(ROOT / module):
            top = imported.partition(".")[0]
            assert top in sys.stdlib_module_names or any(imported.startswith(noun) for noun in own), (module, imported)


def test_no_module_imports_itself_in_a_circle() -> None:
    edges: dict[str, set[str]] = {}
    known = {name(path).removesuffix("/__init__.py").removesuffix(".py").replace("/", "."): path for path in MODULES}
    for module, path in known.items():
        edges[module] = {
            target
            for imported in imports(path)
            for target in (imported, imported.rpartition(".")[0])
            if target in known and target != module and not module.startswith(f"{target}.")
        }
    state: dict[str, int] = {}

    def walk(module: str, way: tuple[str, ...]) -> None:
        assert state.get(module) != 1, " -> ".join((*way, module))
        if state.get(module) == 2:
            return
        state[module] = 1
        for target in sorted(edges[module]):
            walk(target, (*way, module))
        state[module] = 2

    for module in sorted(edges):
        walk(module, ())


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


def test_imports_stand_at_the_top() -> None:
    for path in MODULES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                inner = [n for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)]
                assert not inner or name(path) in LATE_IMPORTS, f"{name(path)}:{node.lineno} imports inside {node.name}"


# What may be interrupted while it loads, and what most offices never need and takes a second to load.
LATE_IMPORTS = {
    "config/cli.py",
    "config/commands/archiving.py",
    "config/commands/working.py",
    "config/keeping.py",
    "config/sharing.py",
    "config/wiring.py",
    "index/casebook_postgres.py",
}


@pytest.mark.parametrize("path", [p for p in MODULES if name(p) not in SPEAKING], ids=name)
def test_vietnamese_words_stand_in_messages_and_data_only(path: Path) -> None:
    module = tree(path)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(module)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    attribute_docs = {
        id(node.value)
        for node in ast.walk(module)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(module):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docstrings | attribute_docs
        ):
            words = [w for w in VIETNAMESE.findall(node.value) if fold(w) != w.lower() and len(w) > 1]
            assert not words, f"{name(path)}:{node.lineno}: {words}"


def test_no_room_is_a_lumber_room() -> None:
    for path in MODULES:
        parts = set(path.relative_to(ROOT).with_suffix("").parts)
        assert not parts & FORBIDDEN_NAMES, name(path)
        assert not set(path.relative_to(ROOT).parts[:-1]) & FORBIDDEN_FOLDERS, name(path)


def test_nothing_else_stands_at_the_top() -> None:
    allowed = {*ROOMS, "tests", "bench", "docs", "deploy"}
    tracked = {p.name for p in ROOT.iterdir() if p.is_dir() and any(p.rglob("*.py")) and not p.name.startswith(".")}
    assert tracked <= allowed | {"build", "kiemtin.egg-info"}
