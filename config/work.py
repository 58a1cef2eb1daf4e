"""What one machine may hand out to others, and in which queue it waits."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Queue(StrEnum):
    """What a worker may be told to do."""

    CRAWL = "crawl"
    REVIEW = "review"


class Work(StrEnum):
    """GROUP: review what is pending and put it into stories; EXAMINE: some articles, each by its own words."""

    CRAWL = "crawl"
    GROUP = "group"
    EXAMINE = "examine"


QUEUE_OF: Final[Mapping[Work, Queue]] = {
    Work.CRAWL: Queue.CRAWL,
    Work.GROUP: Queue.REVIEW,
    Work.EXAMINE: Queue.REVIEW,
}
