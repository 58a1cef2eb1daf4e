"""Everything about one happening, as the page of a case shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from desk.accounts import Action, require
from desk.cards import outlets
from desk.routing import Agency, responsible
from index.account import Officer
from index.archive import Archive
from index.case import Case, CaseCard
from index.casebook import Book, Casebook
from index.errors import StoryNotFound
from index.model import Article, ArticleId, CaseId, ProvinceId, Review, SourceId, Story, StoryId
from index.tip import Attachment, Tip


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleShown:
    """An original of the story: its newest version, all its versions (oldest first), and its reprints in order of time.

    `outlet` is the name of its source, `undated` that no time of publication is known.
    """

    article: Article
    outlet: str
    review: Review | None
    versions: tuple[Article, ...]
    reprints: tuple[ArticleShown, ...] = ()

    @property
    def undated(self) -> bool:
        return self.article.published is None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """A story with its case, if it has one.

    `articles` are the originals in order of time, the first source in front; `merged_from` is the case that was asked
    for where its work goes on in this one. `away`: the archive could not be asked, and what it holds is missing:
    articles, reviews, the evidence of signs, tips. `proposed` is the agency to route to, for a person to say yes to;
    `attachments` are the uploaded files that tips and conclusions name, by SHA-256.
    """

    story: Story
    case: Case | None
    card: CaseCard | None
    articles: tuple[ArticleShown, ...]
    tips: tuple[Tip, ...]
    attachments: Mapping[str, Attachment]
    proposed: Agency | None
    merged_from: CaseId | None = None
    away: bool = False


class Stories:
    def __init__(self, archive: Archive, casebook: Casebook, province: ProvinceId, agencies: Sequence[Agency]) -> None:
        self._archive = archive
        self._casebook = casebook
        self._province = province
        self._agencies = agencies

    def case(self, case_id: CaseId, *, by: Officer) -> Case:
        """The case alone, which does not need the archive; one that was merged leads to the one that goes on.

        Raises `CaseNotFound`.
        """
        require(by, Action.READ)
        with self._casebook.read(self._province) as book:
            return book.cases.survivor(book.cases.get(case_id))

    def of_case(self, case_id: CaseId, *, by: Officer) -> StoryView:
        """What a case is about; one that was merged leads to the one that goes on. Raises `CaseNotFound`."""
        case = self.case(case_id, by=by)
        view = self._view(case.story, case)
        return view if case.id == case_id else replace(view, merged_from=case_id)

    def of_story(self, story_id: StoryId, *, by: Officer) -> StoryView:
        """The story, or the one it was joined into, with or without a case. Raises `StoryNotFound`."""
        require(by, Action.READ)
        with self._casebook.read(self._province) as book:
            case = book.cases.of_story(story_id)
        if case is not None:
            return self.of_case(case.id, by=by)
        return self._view(story_id, None)

    def without_archive(
        self, *, by: Officer, case_id: CaseId | None = None, story_id: StoryId | None = None
    ) -> StoryView | None:
        """What the casebook alone holds of a case, or of that of a story; None where there is none.

        Raises `CaseNotFound`.
        """
        require(by, Action.READ)
        with self._casebook.read(self._province) as book:
            case = book.cases.get(case_id) if case_id is not None else None
            case = book.cases.of_story(story_id) if story_id is not None else case
            if case is None:
                return None
            case = book.cases.survivor(case)
            return StoryView(
                story=Story(id=case.story, province=self._province, articles=(), first_seen=case.opened),
                case=case,
                card=book.cases.cards([case.id]).get(case.id),
                articles=(),
                tips=(),
                attachments=_attachments(book, case, ()),
                proposed=None,
                away=True,
            )

    def _view(self, story_id: StoryId, case: Case | None) -> StoryView:
        story = self._archive.story(story_id)
        if story.province != self._province:
            raise StoryNotFound(story=story_id)
        reviews = self._archive.reviews(story.articles, self._province)
        with self._casebook.read(self._province) as book:
            case = case or book.cases.of_story(story.id)
            tips = tuple(book.tips.of_articles(story.articles))
            names = {entry.source.id: entry.source.name for entry in book.register.all()}
            return StoryView(
                story=story,
                case=case,
                card=book.cases.cards([case.id]).get(case.id) if case else None,
                articles=self._articles(story, reviews, names, tips),
                tips=tips,
                attachments=_attachments(book, case, tips),
                proposed=self._proposed(reviews),
            )

    def _articles(
        self,
        story: Story,
        reviews: Mapping[ArticleId, Review],
        names: Mapping[SourceId, str],
        tips: Sequence[Tip],
    ) -> tuple[ArticleShown, ...]:
        articles = sorted(self._archive.articles(story.articles), key=lambda article: (article.when, article.id))
        called = outlets(articles, names, tips)
        shown = {
            article.id: ArticleShown(
                article=article,
                outlet=called[article.id],
                review=reviews.get(article.id),
                versions=tuple(self._archive.versions(article.id)) if article.version > 1 else (article,),
            )
            for article in articles
        }
        for group in story.reprints:
            first, *copies = [article_id for article_id in shown if article_id in group]
            reprints = tuple(shown.pop(copy) for copy in copies)
            shown[first] = replace(shown[first], reprints=reprints)
        return tuple(shown.values())

    def _proposed(self, reviews: Mapping[ArticleId, Review]) -> Agency | None:
        if not reviews:
            return None
        topics = Counter(review.topic.topic for review in reviews.values())
        places = list(dict.fromkeys(place.name for review in reviews.values() for place in review.places))
        return responsible(self._agencies, topics.most_common(1)[0][0], places)


def _attachments(book: Book, case: Case | None, tips: Sequence[Tip]) -> Mapping[str, Attachment]:
    """The uploaded files that the story's tips and the case's conclusions name."""
    named = [sha256 for tip in tips for sha256 in tip.attachments]
    for record in case.tracks.values() if case else ():
        named.extend(record.grounds.documents if record.grounds else ())
    found = {sha256: book.files.get(sha256) for sha256 in dict.fromkeys(named)}
    return {sha256: attachment for sha256, attachment in found.items() if attachment is not None}
