"""Whether the service's jobs are as they should be."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from config.jobs import PATIENCE, Jobs, JobState
from tests.office import NOW

MINUTE = timedelta(minutes=1)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def jobs(clock: Clock) -> Jobs:
    made = Jobs(clock)
    made.begin("review", MINUTE)
    return made


def test_a_job_that_has_just_been_taken_up_is_well(jobs: Jobs) -> None:
    assert jobs.states() == {"review": JobState.OK}


def test_a_job_that_fails_is_told_until_it_ends_well(jobs: Jobs) -> None:
    jobs.ended("review", "archive_unavailable")
    jobs.ended("review", "archive_unavailable")
    assert jobs.states() == {"review": JobState.FAILED}
    jobs.ended("review")
    assert jobs.states() == {"review": JobState.OK}
    assert jobs.all()["review"].failures == 2


def test_a_job_that_does_not_come_to_an_end_is_late(jobs: Jobs, clock: Clock) -> None:
    clock.now += PATIENCE
    assert jobs.states() == {"review": JobState.OK}
    clock.now += MINUTE
    assert jobs.states() == {"review": JobState.LATE}
    jobs.ended("review")
    assert jobs.states() == {"review": JobState.OK}


def test_a_rare_job_may_be_away_for_three_of_its_turns(jobs: Jobs, clock: Clock) -> None:
    jobs.begin("purge", timedelta(days=1))
    clock.now += timedelta(days=3)
    assert jobs.states()["purge"] is JobState.OK
    clock.now += MINUTE
    assert jobs.states()["purge"] is JobState.LATE


def test_success_is_remembered_through_failures(jobs: Jobs, clock: Clock) -> None:
    jobs.ended("review")
    clock.now += MINUTE
    jobs.ended("review", "store")
    job = jobs.all()["review"]
    assert (job.succeeded, job.ended, job.error) == (NOW, NOW + MINUTE, "store")
