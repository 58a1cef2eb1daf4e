"""An officer who works through the desk without a screen, and says of each act that it was acknowledged.

    python -m bench.officer HOME SEED

A line of JSON for each act that returned: the case, the revision it made, and what was done; or the tip that was added.
Runs until it is killed. `bench.faults` holds what it said against what is in the casebook.
"""

from __future__ import annotations

import json
import os
import random
import string
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from config import settings, wiring
from desk.by_hand import Circumstances
from desk.desk import Desk
from index.account import Officer, Role
from index.case import Case, Conclusion, Dismissal, Grounds, TrackState
from index.casebook_queue import Filters, QueueItem, Tab
from index.errors import CasebookError, KiemTinError
from index.model import Channel, OfficerName, Topic, Track
from index.tip import TipId

OFFICER: Final = Officer(name=OfficerName("ha"), display_name="Ha", roles=frozenset({Role.MONITOR}))
_TABS: Final = (Tab.VERIFY, Tab.ANSWER, Tab.INFORM)
_STATES: Final = (TrackState.NEW, TrackState.NEW, TrackState.VERIFYING)
_BETWEEN: Final = 0.25
"""Seconds from one act to the next."""
_TIPS: Final = 0.2
"""How many of the acts bring something in."""
_OWN_WORDS: Final = 30

Said = dict[str, str | int]


def main() -> None:
    home, chance = Path(sys.argv[1]), random.Random(int(sys.argv[2]))
    desk = wiring.open_desk(settings.load(home, environment=os.environ))
    while True:
        try:
            said = _tip(desk, chance) if chance.random() < _TIPS else _decision(desk, chance)
        except CasebookError:
            said = None  # the machine was faster, or the workflow has no such step: nothing was promised
        except KiemTinError as error:
            print(error, file=sys.stderr)
            said = None
        if said is not None:
            print(json.dumps(said), flush=True)
        time.sleep(_BETWEEN * chance.random())


def _tip(desk: Desk, chance: random.Random) -> Said:
    name = f"{chance.getrandbits(64):x}"
    told = Circumstances(submission=TipId(name), channel=Channel.PUBLIC, track=chance.choice(list(Track)))
    # Words that no other tip has, so that it is a story, and a case to decide, of its own.
    heard = " ".join("".join(chance.choices(string.ascii_lowercase, k=7)) for _ in range(_OWN_WORDS))
    tip = desk.by_hand.add_text(heard[:40], heard, told, by=OFFICER, at=wiring.clock())
    return {"tip": tip.id}


def _decision(desk: Desk, chance: random.Random) -> Said | None:
    tab = chance.choice(_TABS)
    items = desk.triage.queue(OFFICER, tab, Filters(state=chance.choice(_STATES))).items
    if not items or tab.track is None:
        return None
    item = chance.choice(items)
    done = chance.choice(_acts(desk, item, tab.track))()
    if done.revision <= item.case.revision:
        return None
    return {"case": done.id, "revision": done.revision, "action": done.history[-1].action}


def _acts(desk: Desk, item: QueueItem, track: Track) -> tuple[Callable[[], Case], ...]:
    case, triage, now = item.case, desk.triage, wiring.clock()

    def concluded() -> Case:
        taken = triage.take(case.id, track, by=OFFICER, at=now, revision=case.revision)
        grounds = Grounds(reasoning="Đã gọi hỏi cơ quan được giao.", documents=("12/BC-UBND",))
        return triage.conclude(case.id, track, Conclusion.TRUE, grounds, by=OFFICER, at=now, revision=taken.revision)

    return (
        lambda: triage.take(case.id, track, by=OFFICER, at=now, revision=case.revision),
        lambda: triage.confirm(case.id, track, by=OFFICER, at=now, revision=case.revision),
        lambda: triage.dismiss(case.id, track, Dismissal.OTHER, by=OFFICER, at=now, revision=case.revision),
        lambda: triage.dismiss(case.id, track, Dismissal.NOT_OURS, by=OFFICER, at=now, revision=case.revision),
        lambda: triage.comment(case.id, "Đang hỏi xã.", by=OFFICER, at=now, revision=case.revision),
        lambda: desk.rulings.topic(case.id, Topic.DISASTER, by=OFFICER, at=now, revision=case.revision),
        concluded,
    )


if __name__ == "__main__":
    main()
