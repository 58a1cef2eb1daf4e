"""`kiemtin backup` and `restore`: a home in one file, and a home from it."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from config import backup_messages as m
from config import files_messages, rows, saving, wiring
from config.commands.allowed import NewFile, OneOf, ReadableFile
from config.commands.invocation import Invocation, command
from config.messages import NOT_ALLOWED
from index import backup as backups
from index import clock
from index import restore as restores
from index.backup_file import BookName, Manifest
from index.sqlite_copy import Tell, silent

_NAMED: Final = 5
"""Files that a message lists."""
_FOLDERS: Final = ("snapshots", "attachments", "reports", "exports", "models")


@command("backup")
@click.argument("file", type=NewFile())
@click.option("--force", is_flag=True, help=m.OPTION_FORCE)
@click.option("--with-secrets", is_flag=True, help=m.OPTION_WITH_SECRETS)
@click.option("--without", type=OneOf(BookName), multiple=True, help=m.OPTION_WITHOUT)
def backup(call: Invocation, file: Path, force: bool, with_secrets: bool, without: Sequence[BookName]) -> None:
    started = time.monotonic()
    settings, target = call.settings, file.absolute()
    _refuse_books_that_are_here(call, without)
    if saving.is_inside(target, call.home):
        allowed = m.A_FILE_OUTSIDE.format(home=call.home)
        raise click.BadParameter(NOT_ALLOWED.format(found=file, allowed=allowed), param_hint="FILE")
    if target.exists() and not force:
        raise click.UsageError(m.FILE_TAKEN.format(file=target))
    asked = {*without, *saving.served_elsewhere(settings)}
    what = saving.contents(settings, without=asked, with_secrets=with_secrets)
    with _progress(lambda: backups.weigh(what)) as tell:
        manifest = saving.back_up(settings, what, target, now=datetime.now(UTC), replace=force, tell=tell)
    size, seconds, left_out = target.stat().st_size, time.monotonic() - started, backups.left_out(what)
    if call.json:
        made = {"file": str(target), "bytes": size, "left_out": left_out, "seconds": round(seconds, 2)}
        call.show(_document(manifest) | made)
        return
    call.say(m.MADE.format(home=call.home, file=target, size=f"{size / 1024**2:.1f} MB", seconds=seconds))
    _tell(call, manifest)
    if left_out:
        call.say(m.LEFT_OUT.format(names=_some(left_out)))


@command("restore")
@click.argument("file", type=ReadableFile())
@click.option("--dry-run", is_flag=True, help=m.OPTION_CHECK)
def restore(call: Invocation, file: Path, dry_run: bool) -> None:
    started = time.monotonic()
    if not dry_run and not restores.is_free(call.home):
        raise click.UsageError(m.NOT_EMPTY.format(home=call.home))
    with _progress(lambda: file.stat().st_size) as tell:
        manifest = restores.examine(file, tell)
    upgraded: dict[BookName, tuple[str, str]] = {}
    if not dry_run:
        with _progress(lambda: manifest.size) as tell:
            upgraded = dict(restores.restore(file, manifest, call.home, tell))
        wiring.make_folders(call.home)
    seconds = time.monotonic() - started
    if call.json:
        home = None if dry_run else str(call.home)
        call.show(_document(manifest) | {"home": home, "upgraded": upgraded, "seconds": round(seconds, 2)})
        return
    sentence = m.SOUND if dry_run else m.RESTORED
    said = {"home": call.home, "file": file, "program": manifest.program, "province": manifest.province}
    call.say(sentence.format(**said, seconds=seconds))
    _tell(call, manifest)
    for name, (before, now) in upgraded.items():
        call.say(m.UPGRADED.format(book=m.BOOKS[name], before=before, now=now))
    if not dry_run:
        call.say(m.NEXT.format(home=call.home))


def _refuse_books_that_are_here(call: Invocation, without: Sequence[BookName]) -> None:
    for name in without:
        if saving.places(call.settings)[name] == saving.EMBEDDED:
            allowed = m.BOOK_IS_HERE.format(book=name)
            raise click.BadParameter(NOT_ALLOWED.format(found=name, allowed=allowed), param_hint="--without")


@contextmanager
def _progress(weigh: Callable[[], int]) -> Iterator[Tell]:
    """A bar of as many bytes as are weighed, on a terminal."""
    if not sys.stderr.isatty():
        yield silent
        return
    with click.progressbar(length=weigh(), file=sys.stderr) as bar:
        yield bar.update


# --- what is told -------------------------------------------------------------------------------------------------


def _document(manifest: Manifest) -> rows.Row:
    return {
        "moment": rows.moment(manifest.moment),
        "program": manifest.program,
        "province": manifest.province,
        "counts": _counts(manifest),
        "missing": manifest.missing,
        "without": manifest.without,
        "elsewhere": {
            folder: {"place": there.place, "count": there.count, "bytes": there.size}
            for folder, there in manifest.elsewhere.items()
        },
        "by_hand": manifest.by_hand,
    }


def _counts(manifest: Manifest) -> dict[str, int]:
    """Rows of the books, and files by their folder."""
    files = Counter(member.name.partition("/")[0] for member in manifest.members)
    held = {name: count for state in manifest.books.values() for name, count in state.counts.items()}
    return held | {folder: files[folder] for folder in _FOLDERS}


def _tell(call: Invocation, manifest: Manifest) -> None:
    moment = clock.local(manifest.moment).strftime("%H:%M:%S %d/%m/%Y")
    counts = _counts(manifest)
    told = ", ".join(words.format(count=counts[name]) for name, words in m.COUNTED.items() if name in counts)
    call.say(m.HOLDS.format(moment=moment, counts=told))
    for name, place in manifest.without.items():
        call.say(m.WITHOUT.format(book=m.BOOKS[name], place=place))
    for folder, there in manifest.elsewhere.items():
        what, size = files_messages.WHAT[folder], f"{there.size / 1024**2:.1f} MB"
        call.say(files_messages.ELSEWHERE.format(count=there.count, what=what, size=size, place=there.place))
    if manifest.missing:
        call.say(m.MISSING.format(count=len(manifest.missing), names=_some(manifest.missing)))
    if manifest.by_hand:
        call.say(m.BY_HAND.format(names=", ".join(manifest.by_hand)))


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")


COMMANDS = (backup, restore)
