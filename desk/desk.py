"""One province's desk, all its rooms together, as `config.wiring` builds it and the dashboard holds it:

desk.triage    queue, counts, opened_since; take, release, assign, confirm, dismiss, conclude, handle, close,
               withdraw, undo, comment, route; take_many, dismiss_many, route_many
desk.rulings   about, place, topic, join, split
desk.stories   of_case, of_story, case
desk.by_hand   add_address, add_text, add_article, reporter
desk.search    find, facets, advice, sources; saved, save, forget
desk.opening   open
desk.exports   articles
desk.summaries page, latest, making, files, take; rewrite, note, move, order, read_over, names_in; make, made, make_due
desk.files     add, read
desk.sources   list, enabled, get, declare, add, save, enable
desk.accounts  sign_in, officer, sign_out, change_password; colleagues; add_account, list, disable,
               enable, reset
"""

from __future__ import annotations

from collections.abc import Sequence

from desk.accounts import Accounts
from desk.by_hand import ByHand
from desk.editions import Editions
from desk.exports import Exports
from desk.files import Files
from desk.opening import Opening
from desk.personal import Discretion
from desk.private_names import PrivateNames
from desk.routing import Agency
from desk.rulings import Rulings
from desk.search import Search
from desk.sources import Sources
from desk.story import Stories
from desk.triage import Triage
from index.archive import Archive
from index.attachments import Attachments
from index.casebook import Casebook
from index.model import ProvinceId


class Desk:
    """One province's desk. Shared by all threads of a process."""

    def __init__(
        self,
        *,
        archive: Archive,
        casebook: Casebook,
        province: ProvinceId,
        agencies: Sequence[Agency],
        attachments: Attachments,
        summaries: Editions,
        names: PrivateNames,
        foreign_names: PrivateNames,
    ) -> None:
        self.province = province
        self.agencies = tuple(agencies)
        self.rulings = Rulings(archive, casebook, province)
        self.triage = Triage(casebook, province, self.agencies, self.rulings)
        self.stories = Stories(archive, casebook, province, self.agencies)
        self.by_hand = ByHand(archive, casebook, province)
        self.search = Search(archive, casebook, province)
        self.opening = Opening(archive, casebook, province, self.by_hand)
        self.exports = Exports(self.search, casebook, province, Discretion(names=names, foreign_names=foreign_names))
        self.summaries = summaries
        self.files = Files(casebook, province, attachments)
        self.sources = Sources(casebook, province)
        self.accounts = Accounts(casebook, province)
