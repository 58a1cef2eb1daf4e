"""The sign-in page: plain HTML from a route, so that nothing of the application is loaded before it.

`ended` is what the application itself shows when the sign-in of an open page has ended.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

import streamlit as st

from dashboard import messages as m
from dashboard import widgets as w

PATH: Final = "/vao"
CHANGE_PATH: Final = "/mat-khau"
POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

_PLAIN: Final = 'autocapitalize="none" spellcheck="false"'
_STYLE: Final = """
:root { color-scheme: light dark; --bg: light-dark(#fbfbf9, #15191d); --panel: light-dark(#fff, #1e2429);
  --text: light-dark(#1d2329, #e6e6e2); --soft: light-dark(#59626b, #a3abb3); --line: light-dark(#d8d8d2, #343c44);
  --blue: light-dark(#1f5c7a, #28759b); --red: light-dark(#b3261e, #ff8a80); }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: flex; align-items: center; justify-content: center; padding: 1rem;
  background: var(--bg); color: var(--text); font: 15px/1.5 "Source Sans 3", system-ui, "Noto Sans", sans-serif; }
main { width: 22rem; max-width: 100%; }
h1 { font-size: 1.35rem; margin: 0; font-weight: 600; }
.office { color: var(--soft); margin: .1rem 0 1.4rem; overflow-wrap: anywhere; }
form { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 1.25rem; }
label { display: block; font-size: .9rem; margin-bottom: .9rem; }
input { display: block; width: 100%; margin-top: .25rem; padding: .55rem .6rem; font: inherit; color: inherit;
  background: var(--bg); border: 1px solid var(--line); border-radius: 6px; }
input:focus, button:focus { outline: 2px solid var(--blue); outline-offset: 1px; }
button { width: 100%; padding: .6rem; font: inherit; font-weight: 600; color: #fff; background: var(--blue); border: 0;
  border-radius: 6px; cursor: pointer; }
.said { border-left: 3px solid var(--red); padding-left: .6rem; margin: 0 0 1rem; }
.foot { color: var(--soft); font-size: .87rem; margin-top: 1rem; }
"""


def page(*, office: str, token: str, back: str, said: str = "", name: str = "") -> str:
    """The form as a whole document. `token` is the one in the cookie, `back` a local path, `said` why it is shown."""
    fields = (
        _hidden("token", token)
        + _hidden("back", back)
        + _field(m.USER_NAME, f'name="user" value="{w.escaped(name)}" autocomplete="username" {_PLAIN}', focus=not name)
        + _field(m.PASSWORD, 'name="password" type="password" autocomplete="current-password"', focus=bool(name))
    )
    return _document(title=m.SIGN_IN, office=office, path=PATH, said=said, fields=fields, foot=m.NO_SECRETS)


def password_page(*, office: str, token: str, name: str, said: str = "") -> str:
    """The form of somebody signed in who wants another password."""
    fields = (
        _hidden("token", token)
        + _field(m.OLD_PASSWORD, 'name="password" type="password" autocomplete="current-password"', focus=True)
        + _field(m.NEW_PASSWORD, 'name="new" type="password" autocomplete="new-password"')
        + _field(m.NEW_PASSWORD_AGAIN, 'name="again" type="password" autocomplete="new-password"')
    )
    return _document(
        title=m.CHANGE_PASSWORD,
        office=f"{office} · {name}",
        path=CHANGE_PATH,
        said=said,
        fields=fields,
        foot=m.PASSWORD_RULE,
    )


def closed_page(*, office: str, said: str) -> str:
    """What stands in place of a page while nobody can be let in: why."""
    return _whole(title=m.SIGN_IN, office=office, body=_notice(said))


def _document(*, title: str, office: str, path: str, said: str, fields: str, foot: str) -> str:
    form = f'<form method="post" action="{path}">{_notice(said)}{fields}<button>{title}</button></form>'
    return _whole(title=title, office=office, body=f'{form}\n<p class="foot">{foot}</p>')


def _notice(said: str) -> str:
    return f'<p class="said" role="alert">{w.escaped(said)}</p>' if said else ""


def _whole(*, title: str, office: str, body: str) -> str:
    return f"""<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – {m.PRODUCT}</title><style>{_STYLE}</style></head>
<body><main><h1>{m.PRODUCT}</h1><p class="office">{w.escaped(office)}</p>
{body}</main></body></html>"""


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{w.escaped(value)}">'


def _field(words: str, attributes: str, *, focus: bool = False) -> str:
    return f"<label>{words}<input {attributes} maxlength=200 required{' autofocus' if focus else ''}></label>"


def address(back: str) -> str:
    """Where to sign in and come back to a local path."""
    return f"{PATH}?{urlencode({'back': back})}"


def ended(back: str, why: str) -> None:
    """In an open page whose sign-in has ended: why, and the way back in."""
    way = f'<a class="kt-button" href="{w.escaped(address(back))}" target="_self">{m.SIGN_IN}</a>'
    st.html(w.block("empty", w.block("text", w.escaped(why)), way))
