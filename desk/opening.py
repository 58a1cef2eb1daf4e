"""A case opened on an officer's word, for an article of the archive in which the machine saw nothing to look at."""

from __future__ import annotations

from datetime import datetime

from desk.accounts import Action, require
from desk.by_hand import ByHand
from desk.intake import open_story
from index.account import Officer
from index.archive import Archive
from index.case import Case
from index.casebook import Casebook
from index.model import ArticleId, ProvinceId


class Opening:
    def __init__(self, archive: Archive, casebook: Casebook, province: ProvinceId, by_hand: ByHand) -> None:
        self._archive = archive
        self._casebook = casebook
        self._province = province
        self._by_hand = by_hand

    def open(self, article_id: ArticleId, *, by: Officer, at: datetime) -> Case | None:
        """The case of the article's story, the one that it has already or a new one that waits in the queue.

        None for an article that is in no story yet, or was not taken for the province's: that it is stands now, and
        its case comes with the next review. Raises `ArticleNotFound`.
        """
        require(by, Action.DECIDE)
        story_id = self._archive.story_of(article_id, self._province)
        if story_id is None:
            self._by_hand.add_article(article_id, by=by, at=at)
            return None
        return open_story(self._archive, self._casebook, self._archive.story(story_id), by=by.name, now=at)
