"""Every deliberate error of the house, in one tree. Each carries values, not sentences: the edges find the words."""

from __future__ import annotations

from datetime import datetime
from typing import Any


class KiemTinError(Exception):
    """The root. `code` is stable and published; `params` are the values for its sentence."""

    code = "error"

    def __init__(self, **params: str) -> None:
        super().__init__(self.code, params)
        self.params: dict[str, str] = params

    def __reduce__(self) -> tuple[Any, ...]:
        """Errors cross from one process to another; their constructors take no positional arguments."""
        return _same_again, (type(self), self.args), self.__dict__

    def __str__(self) -> str:
        said = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.code}: {said}" if said else self.code


def _same_again(kind: type[KiemTinError], args: tuple[Any, ...]) -> KiemTinError:
    return kind.__new__(kind, *args)


# --- configuration ------------------------------------------------------------------------------------------------


class ConfigError(KiemTinError):
    """A setting or a file of settings is wrong: names the file, the key, what was found and what is allowed."""

    code = "config"

    def __init__(self, *, file: str, key: str, found: str, allowed: str) -> None:
        super().__init__(file=file, key=key, found=found, allowed=allowed)


# --- collecting ---------------------------------------------------------------------------------------------------


class CollectError(KiemTinError):
    """A source could not be read this time; a value in an `Outcome`, not an exception through the round."""

    code = "collect"


class AddressRefused(CollectError):
    """The address lies inside the machine or its network, or has a scheme or port that may not be asked."""

    code = "address_refused"


class NameUnresolved(CollectError):
    code = "name_unresolved"


class Unreachable(CollectError):
    """No connection, or it broke off."""

    code = "unreachable"


class TimedOut(CollectError):
    code = "timed_out"


class CertificateInvalid(CollectError):
    code = "certificate_invalid"


class Refused(CollectError):
    """The server answered with a status that is not a success; `status` says which."""

    code = "refused"


class Limited(CollectError):
    """A platform's quota is used up; `until` says until when. A web site's 429 is `Refused`."""

    code = "limited"

    def __init__(self, *, until: datetime | None, **params: str) -> None:
        super().__init__(until=until.isoformat() if until else "", **params)
        self.until = until


class RobotsForbid(CollectError):
    """robots.txt says no."""

    code = "robots_forbid"


class RobotsUnreadable(CollectError):
    """robots.txt answered 5xx or not at all: the source is not read this round (RFC 9309 §2.3.1.4)."""

    code = "robots_unreadable"


class NotKept(CollectError):
    """A page came and could not be written to the disk; it is read again, and nothing else is until then."""

    code = "not_kept"


class TooLarge(CollectError):
    code = "too_large"


class RedirectLoop(CollectError):
    code = "redirect_loop"


class Unreadable(CollectError):
    """What came is not what the collector reads: `expected` and `found` say which."""

    code = "unreadable"


class NothingFound(CollectError):
    """A page that should list articles lists none: the layout changed, or it is a login wall."""

    code = "nothing_found"


# --- the archive and the casebook ---------------------------------------------------------------------------------


class StoreError(KiemTinError):
    """A store could not do what was asked; nothing was lost."""

    code = "store"


class ArchiveError(StoreError):
    code = "archive"


class ArchiveUnavailable(ArchiveError):
    """The archive's server or file cannot be reached just now; asking again later is safe."""

    code = "archive_unavailable"


class ArchiveRefused(ArchiveError):
    """The archive's server is not as it must be, and an administrator has to mend it: `place`, `problem`, `why`."""

    code = "archive_refused"


class ArchiveDamaged(ArchiveError):
    """The archive's file is not what was written: `file` says which, `why` what SQLite says."""

    code = "archive_damaged"


class ArticleNotFound(ArchiveError):
    code = "article_not_found"


class StoryNotFound(ArchiveError):
    code = "story_not_found"


class MarkUnknown(ArchiveError):
    """A mark of another archive, or one that is not a mark."""

    code = "mark_unknown"


class CasebookError(StoreError):
    code = "casebook"


class CasebookDamaged(CasebookError):
    """The casebook's file is not what was written: `file` says which, `why` what SQLite says."""

    code = "casebook_damaged"


class CasebookUnavailable(CasebookError):
    """The casebook's server cannot be used just now; asking again later is safe. `place`, `problem` and `why` say more.

    A write during which the connection broke off may have been kept: what was written says so when it is read again.
    """

    code = "casebook_unavailable"


class CasebookRefused(CasebookError):
    """The casebook's database is not as it must be, and an administrator has to mend it: `place`, `problem`, `why`."""

    code = "casebook_refused"


class FileMissing(StoreError):
    """A file that a home must have is gone. It is not made anew: that would look like an office that never worked."""

    code = "file_missing"


class ServiceRuns(StoreError):
    """Another service has the home; two would read and review everything twice."""

    code = "service_runs"


class SchemaNewer(StoreError):
    """A file was written by a newer version of the program."""

    code = "schema_newer"


class UpgradeRefused(StoreError):
    """A file of an earlier version cannot be brought up to date, as no copy of it could be kept; it is as it was."""

    code = "upgrade"


class BackupError(StoreError):
    """A backup cannot be made or laid out: `file` says where, `why` what the system said. Nothing half is left."""

    code = "backup"


class BackupStopped(BackupError):
    """Whoever asked for a backup told it to stop; nothing is left of it."""

    code = "backup_stopped"


class BackupRefused(StoreError):
    """A file is no whole backup: `file` says which, `problem` what is wrong (`foreign`, `cut`, `altered`, `newer`,
    `forged`), `what` where in it."""

    code = "backup_refused"


class NoRoom(StoreError):
    """There is less room at `place` (`free` bytes) than what is to be laid out there takes (`needed` bytes)."""

    code = "no_room"


class BookElsewhere(StoreError):
    """A book is kept on a server (`place`), which this backup does not hold: `book` says which of the two."""

    code = "book_elsewhere"


class Conflict(CasebookError):
    """Somebody was faster: the revision that a write rests on is no longer the newest. Nothing was overwritten."""

    code = "conflict"

    def __init__(self, *, by: str, at: datetime) -> None:
        super().__init__(by=by, at=at.isoformat())
        self.by = by
        self.at = at


class IllegalMove(CasebookError):
    """A step that the workflow does not have from where the track stands."""

    code = "illegal_move"


class CaseNotFound(CasebookError):
    code = "case_not_found"


class AccountError(CasebookError):
    """An account cannot be made or changed as asked."""

    code = "account"


class SignInRefused(AccountError):
    """Name or password is wrong, or the account is disabled; which of them is not said."""

    code = "sign_in"


class SignInBusy(AccountError):
    """Too many sign-ins are being looked at; this one was not, and was not counted."""

    code = "sign_in_busy"


class AccountLocked(AccountError):
    """Too many failures; `until` says when the next attempt is looked at."""

    code = "account_locked"

    def __init__(self, *, until: datetime) -> None:
        super().__init__(until=until.isoformat())
        self.until = until


class SessionEnded(AccountError):
    """No sign-in under this token: never was, revoked, idle too long, or too old. `why` is `none`, `idle` or `old`."""

    code = "session_ended"


class Forbidden(CasebookError):
    """The officer's roles do not allow this."""

    code = "forbidden"


class SourceNotFound(CasebookError):
    code = "source_not_found"


class TipRefused(CasebookError):
    """What was added by hand lacks something, or is not what it should be; `field` says where."""

    code = "tip"


class SearchRefused(CasebookError):
    """A search cannot be kept as asked; `field` says what of it is missing or too long."""

    code = "search"


class PageRefused(CasebookError):
    """A daily page cannot be changed as asked; `field` says what of it is missing or not what it should be."""

    code = "page"


class NamesLeft(CasebookError):
    """The words that an officer wrote may name a private person: `names` says which."""

    code = "names_left"


class AttachmentRefused(StoreError):
    """A file that is too large, empty, or of a type that is not kept; `problem` says which."""

    code = "attachment"


class AttachmentNotFound(StoreError):
    code = "attachment_not_found"


class OutputRefused(StoreError):
    """A file cannot be written where somebody asked for it: `path` says where, `why` what the system said."""

    code = "output"


class SnapshotNotFound(StoreError):
    code = "snapshot_not_found"


class SnapshotDamaged(StoreError):
    """A kept page is not what it was when it was kept."""

    code = "snapshot_damaged"


# --- the classifier -----------------------------------------------------------------------------------------------


class SignalError(KiemTinError):
    """A signal could not examine; the review says so and is repeated when the signal is back."""

    code = "signal"


# --- the local newsroom -------------------------------------------------------------------------------------------


class NewsroomError(KiemTinError):
    """The local newsroom cannot open."""

    code = "newsroom"


class PortRefused(NewsroomError):
    """The newsroom cannot listen on a port: `port` says which, `why` what the system said."""

    code = "port_refused"


class NewsroomFileUnreadable(NewsroomError):
    """A file to be replayed cannot be read, or has no line that can be served."""

    code = "newsroom_file_unreadable"
