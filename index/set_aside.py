"""Articles that an archive's server does not take, kept as files of a home until they are taken.

One file an article, with every version that was refused, in order, and what the server said the last time. Nothing is
taken out before the archive has confirmed it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index import documents
from index.errors import ArchiveError
from index.files import write_whole
from index.model import Article, ArticleId
from index.source import Known


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """What was refused of an article, oldest first, and why: the `params` of the error."""

    articles: tuple[Article, ...]
    why: Mapping[str, str]

    @property
    def error(self) -> ArchiveError:
        return ArchiveError(**self.why)


class Drawer:
    def __init__(self, folder: Path) -> None:
        """The folder is made when something is put into it."""
        self.folder = folder

    def put(self, articles: Sequence[Article], error: ArchiveError) -> None:
        """Keep what was refused of one article, durably, beside what was refused of it before."""
        file = self._file(articles[0].id)
        before = self._read(file).articles if file.exists() else ()
        kept = SetAside(articles=(*before, *(one for one in articles if one not in before)), why=error.params)
        write_whole(file, documents.to_json(kept).encode())

    def take(self, article_id: ArticleId) -> None:
        """Let go of an article that the archive holds now."""
        self._file(article_id).unlink()

    def held(self) -> Iterator[SetAside]:
        for file in sorted(self.folder.glob("*.json")):
            yield self._read(file)

    def known(self, ids: Collection[ArticleId]) -> Mapping[ArticleId, Known]:
        """What is remembered of those that were set aside, so that they are not fetched again and again."""
        if not self.folder.exists():
            return {}
        files = {article_id: self._file(article_id) for article_id in ids}
        newest = {name: self._read(file).articles[-1] for name, file in files.items() if file.exists()}
        return {
            name: Known(version=one.version, collected=one.collected, read=one.collected, extent=one.extent)
            for name, one in newest.items()
        }

    def _file(self, article_id: ArticleId) -> Path:
        return self.folder / f"{article_id}.json"

    @staticmethod
    def _read(file: Path) -> SetAside:
        return documents.from_json(file.read_text(encoding="utf-8"), SetAside)
