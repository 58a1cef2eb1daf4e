"""The errors of `index.errors` that only machines that share the work meet."""

from __future__ import annotations

from index.errors import ArchiveError, CollectError, KiemTinError, StoreError


class QueueUnavailable(KiemTinError):
    """The Redis over which machines share the work cannot be used: `place`, `problem` and `why` say more. What was
    handed out over it is found again as due or pending."""

    code = "queue_unavailable"


class HostTaken(CollectError):
    """Another machine was asking the host all the while, or nobody could say whose turn it was; nothing was asked."""

    code = "host_taken"


class Superseded(ArchiveError):
    """Another has begun to group the articles of a province since, and what this one knows of its stories is of before:
    `province` says which. Whoever groups now does the work."""

    code = "superseded"


class FilesUnavailable(StoreError):
    """A store of files elsewhere cannot be used just now: `place`, `problem` and `why` say more. What is kept meanwhile
    waits in the home; asking again later is safe."""

    code = "files_unavailable"


class FilesRefused(StoreError):
    """A store of files elsewhere is not as it must be, and an administrator has to mend it: `place`, `problem`, `why`.
    What is kept meanwhile waits in the home."""

    code = "files_refused"
