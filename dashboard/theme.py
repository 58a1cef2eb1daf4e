"""How the pages look: Streamlit's options for both themes, and the one style sheet of our own pieces."""

from __future__ import annotations

from typing import Final

FONT: Final = {"theme.baseFontSize": 15, "theme.baseRadius": "6px", "theme.paddingTop": "1rem"}
LIGHT: Final = {
    "backgroundColor": "#fbfbf9",
    "secondaryBackgroundColor": "#f1f1ed",
    "textColor": "#1d2329",
    "primaryColor": "#1f5c7a",
    "redTextColor": "#b3261e",
    "linkColor": "#1f5c7a",
}
DARK: Final = {
    "backgroundColor": "#15191d",
    "secondaryBackgroundColor": "#1e2429",
    "textColor": "#e6e6e2",
    "primaryColor": "#28759b",
    "redTextColor": "#ff8a80",
    "linkColor": "#8fc3dc",
}
OPTIONS: Final[dict[str, object]] = {
    **FONT,
    "theme.headingFontSizes": ["1.35rem", "1.15rem", "1rem"],
    **{f"theme.light.{name}": value for name, value in LIGHT.items()},
    **{f"theme.dark.{name}": value for name, value in DARK.items()},
}

# Streamlit sets `color-scheme` on the body with its theme, so `light-dark()` follows it. Colour has a meaning and never
# stands alone: red urgent, amber high, yellow a quote, blue what can be pressed.
STYLE: Final = """<style>
:root {
  --kt-red: light-dark(#b3261e, #ff8a80);
  --kt-amber: light-dark(#8a5200, #e0a23a);
  --kt-blue: light-dark(#1f5c7a, #8fc3dc);
  --kt-mark: light-dark(#ffe9a3, #5c4a12);
  --kt-added: light-dark(#dcefdc, #1f3d26);
  --kt-issue: light-dark(#b08a45, #b8975a);
  --kt-neutral: light-dark(#9aa1a8, #7d858d);
  --kt-positive: light-dark(#6b9a77, #6a9876);
  --kt-outline: light-dark(#6b737b, #a3abb3);
  --kt-band: light-dark(#e6e5e0, #2a3138);
  --kt-line: color-mix(in srgb, currentColor 14%, transparent);
  --kt-soft: color-mix(in srgb, currentColor 70%, transparent);
  --kt-wash: color-mix(in srgb, currentColor 5%, transparent);
}
[data-testid="InputInstructions"] { display: none; }
.stMainBlockContainer { max-width: 1600px; padding: 3.4rem 1.5rem 2rem; }
.stMainBlockContainer > [data-testid="stVerticalBlock"], .stColumn > [data-testid="stVerticalBlock"],
  .st-key-pane { gap: .6rem; }
.stButton button, .stLinkButton a, .stPopover button { min-height: 2.1rem; padding-top: .2rem; padding-bottom: .2rem; }
[class*="kt-"] { overflow-wrap: anywhere; }

.kt-text { white-space: pre-wrap; unicode-bidi: isolate; line-height: 1.5; max-width: 46rem; }
.kt-headline { font-size: 1.2rem; font-weight: 600; line-height: 1.3; unicode-bidi: isolate; }
.kt-caption { font-size: .87rem; font-weight: 600; margin-top: .6rem; }
.kt-small { font-size: .87rem; color: var(--kt-soft); line-height: 1.45; }
.kt-small a, .kt-text a { color: var(--kt-blue); }
.kt-quote { unicode-bidi: isolate; line-height: 1.4; }
mark { background: var(--kt-mark); color: inherit; border-radius: 2px; }
.kt-n { font-size: .72em; vertical-align: .25em; margin-right: .2em; color: var(--kt-soft); }
del { color: var(--kt-soft); text-decoration: line-through; }
ins { background: var(--kt-added); text-decoration: underline; text-underline-offset: .15em; }
.kt-dot, .kt-soft, .kt-gap { color: var(--kt-soft); }
.kt-red { color: var(--kt-red); font-weight: 600; }
.kt-amber { color: var(--kt-amber); font-weight: 600; }
.kt-strong { font-weight: 600; }
.kt-sure { white-space: nowrap; }
.st-key-keys-decide > :has(.kt-strong) { flex: none; width: auto; }
.kt-mono { font-family: "Source Code Pro", monospace; font-size: .85em; }
.kt-sign, .kt-label { display: inline-block; font-size: .8rem; line-height: 1.35; border: 1px solid var(--kt-line);
  border-radius: 4px; padding: 0 .4em; margin: 0 .3em .15em 0; }
.kt-sign { border-style: dashed; border-color: var(--kt-soft); }
.kt-label { background: var(--kt-wash); color: var(--kt-soft); }
.kt-person { border-left: 3px solid currentColor; padding-left: .6em; }
.kt-notice, .kt-warning, .kt-error { border-left: 3px solid; background: var(--kt-wash); padding: .45em .7em;
  border-radius: 3px; }
.kt-notice { border-color: var(--kt-blue); }
.kt-warning { border-color: var(--kt-amber); }
.kt-error { border-color: var(--kt-red); }
.kt-empty { color: var(--kt-soft); padding: 2.2em 1em; text-align: center; }

/* the officer's name, in the bar */
.st-key-account { position: fixed; top: .55rem; right: 1rem; width: auto; z-index: 999991; }
.kt-menu { color: inherit; text-decoration: none; }

/* tabs: the one that is open is underlined */
.st-key-tabs { border-bottom: 1px solid var(--kt-line); gap: .2rem 1.1rem; }
[class*="st-key-tab-"] button { padding: .35rem 0; border-radius: 0; border-bottom: 2px solid transparent; }
[class*="st-key-tab-"][class*="-on"] button { border-bottom-color: var(--kt-blue); font-weight: 600; }
.st-key-coverage { gap: .6rem; }
.st-key-coverage > * { flex: none; width: auto; }
.st-key-coverage button { padding: 0; min-height: 0; color: var(--kt-amber); font-size: .87rem; line-height: 1.45; }

/* a line of the queue; the button lies over all of it */
[class*="st-key-row-"] { position: relative; }
[class*="st-key-row-"] .stButton, [class*="st-key-row-"] [data-testid="stElementContainer"]:has(button)
  { position: absolute; inset: 0; width: 100%; height: 100%; }
[class*="st-key-row-"] button { width: 100%; height: 100%; opacity: 0; }
[class*="st-key-row-"]:focus-within { outline: 2px solid var(--kt-blue); outline-offset: -2px; border-radius: 4px; }
.kt-row { border-left: 3px solid transparent; border-bottom: 1px solid var(--kt-line); padding: .5rem .7rem .45rem; }
.kt-row.urgent { border-left-color: var(--kt-red); }
.kt-row.high { border-left-color: var(--kt-amber); }
.kt-row.medium { border-left-color: var(--kt-line); }
.kt-row:hover { background: var(--kt-wash); }
.kt-row.chosen { background: color-mix(in srgb, var(--kt-blue) 12%, transparent); }
.kt-row.selected .kt-title::before { content: "✓ "; color: var(--kt-blue); }
.kt-meta, .kt-foot { font-size: .84rem; color: var(--kt-soft); line-height: 1.45; }
.kt-row .kt-title { font-weight: 600; line-height: 1.35; unicode-bidi: isolate; }
.kt-row .kt-title, .kt-row .kt-quote { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2;
  overflow: hidden; }
.kt-row .kt-quote { font-size: .93rem; margin: .1rem 0 .2rem; }
.kt-foot { display: flex; justify-content: space-between; align-items: baseline; gap: .8rem; }
.kt-state { flex: none; max-width: 50%; text-align: right; }

/* list and pane side by side; the line that a key moved to is kept in sight */
@media (min-width: 900px) {
  [class*="st-key-list-"] { max-height: calc(100vh - 12.5rem); overflow-y: auto; scroll-snap-type: y proximity;
    flex-wrap: nowrap; border-right: 1px solid var(--kt-line); }
  [class*="st-key-list-"] > * { flex: none; }
  [class*="st-key-row-"]:has(.chosen) { scroll-snap-align: center; }
  .st-key-pane { position: sticky; top: 4rem; max-height: calc(100vh - 7rem); overflow-y: auto; }
}
/* a story */
.kt-head { display: grid; gap: .25rem; padding-bottom: .3rem; border-bottom: 1px solid var(--kt-line); }
.kt-steps { font-size: .87rem; }
.kt-articles { display: grid; gap: .6rem; }
/* what is out of sight is not laid out before somebody scrolls to it: a story may have a hundred articles */
.kt-article { content-visibility: auto; contain-intrinsic-size: auto 8rem; }
.kt-article { border: 1px solid var(--kt-line); border-radius: 6px; padding: .6rem .8rem; display: grid; gap: .3rem; }
.kt-article .kt-title { font-weight: 600; line-height: 1.35; unicode-bidi: isolate; }
details > summary { cursor: pointer; color: var(--kt-blue); font-size: .87rem; }
details > .kt-text { margin-top: .35rem; }
.kt-line { padding: .12rem 0; }
.kt-line .kt-text { color: light-dark(#1d2329, #e6e6e2); padding-left: .8rem; }
.st-key-way { gap: .9rem; }
.st-key-way > * { flex: none; width: auto; }
.kt-kept a { white-space: nowrap; }
.kt-kept { display: flex; justify-content: space-between; align-items: baseline; gap: .8rem; }
.kt-kept summary, details > summary .kt-meta { color: var(--kt-soft); }
details > summary .kt-meta { display: inline; }
details > summary .kt-title { color: light-dark(#1d2329, #e6e6e2); font-size: 1rem; }

/* what a search found; the button lies over a line, its links above it */
.kt-sides { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; }
.kt-sides .kt-strong { flex: none; color: light-dark(#1d2329, #e6e6e2); }
.st-key-search-bar { gap: .5rem; }
.st-key-exporting button { min-height: 2.1rem; padding-top: .2rem; padding-bottom: .2rem; }
.st-key-facets .kt-caption { margin-top: .5rem; }
.st-key-facets button { min-height: 1.7rem; padding: 0; text-align: left; }
[class*="st-key-hit-"] { border-bottom: 1px solid var(--kt-line); padding-bottom: .45rem; }
[class*="st-key-row-"]:has(.kt-hit) { flex: 1; }
.kt-hit { line-height: 1.45; max-width: 52rem; }
.kt-hit .kt-title { font-weight: 600; unicode-bidi: isolate; }
.kt-hit a { position: relative; z-index: 1; color: var(--kt-blue); white-space: nowrap; }
.kt-hit:hover .kt-title { text-decoration: underline; text-underline-offset: .15em; }

/* a source */
[class*="st-key-source-"]:has(.kt-source) { border-bottom: 1px solid var(--kt-line); padding: .1rem 0 .45rem; }
.kt-source { display: grid; gap: .1rem; }
.kt-source .kt-title { font-weight: 600; }
.kt-standing { font-weight: 400; margin-left: .8em; }
.kt-strip { display: inline-flex; gap: 1px; margin-right: .8em; vertical-align: middle; line-height: 1; }
.kt-day { display: inline-block; width: .95em; text-align: center; }

/* the daily page: one column, as on paper */
.st-key-daily { max-width: 760px; margin: 0 auto; }
.st-key-daily, .st-key-daily [data-testid="stVerticalBlock"] { gap: .3rem; }
.st-key-daily > :has(> .st-key-said) { position: sticky; top: 3.4rem; z-index: 2; }
.st-key-daily .st-key-said { background: light-dark(#fbfbf9, #15191d); }
.kt-masthead { display: grid; gap: .2rem; }
.kt-paper { font-size: 1.2rem; font-weight: 700; }
.kt-section { font-weight: 700; border-top: 1px solid var(--kt-line); margin-top: .9rem; padding-top: .7rem; }
.kt-group { font-weight: 600; margin-top: .3rem; }
.kt-item { padding: .25rem 0 .3rem; display: grid; gap: .12rem; border-radius: 4px; }
.kt-item:hover { background: var(--kt-wash); }
.kt-item .kt-title { font-weight: 600; line-height: 1.35; unicode-bidi: isolate; }
.kt-item a { color: var(--kt-blue); position: relative; z-index: 1; white-space: nowrap; }
.kt-said { line-height: 1.45; unicode-bidi: isolate; }
.kt-none { color: var(--kt-soft); }
[class*="st-key-figures-"] { gap: .1rem 1.1rem; }
[class*="st-key-figures-"] > * { flex: none; width: auto; }
[class*="st-key-figures-"] button { padding: 0; min-height: 1.7rem; color: var(--kt-blue); }
.kt-legend { display: flex; flex-wrap: wrap; gap: .1rem 1rem; }
.kt-legend i { display: inline-block; width: .8em; height: .8em; margin-right: .4em; vertical-align: -.05em; }
i.kt-issue { background: var(--kt-issue); }
i.kt-neutral { background: var(--kt-neutral); }
i.kt-positive { background: var(--kt-positive); }
i.kt-outline { border: 1px solid var(--kt-outline); }
.kt-days { border-collapse: collapse; margin: .4rem 0; font-variant-numeric: tabular-nums; }
.kt-days th, .kt-days td { padding: .1rem .7rem .1rem 0; text-align: right; border: 0; font-weight: 400; }
.kt-days th { border-bottom: 1px solid var(--kt-line); vertical-align: bottom; }
.kt-days :is(th, td):first-child { text-align: left; white-space: nowrap; }
.st-key-files, .st-key-days { gap: .3rem 1rem; }
.st-key-days > * { flex: none; width: auto; }
[class*="st-key-tools-"] { gap: 1rem; }
[class*="st-key-tools-"] > * { flex: none; width: auto; }
[class*="st-key-tools-"] button { padding: 0; min-height: 1.6rem; font-size: .87rem; color: var(--kt-blue); }
.st-key-tip-form { max-width: 46rem; }
.kt-why { margin: .2rem 0 0; padding-left: .7rem; border-left: 2px solid var(--kt-line); }
.kt-keys { border-collapse: collapse; margin: .6rem 0; }
.kt-keys td { padding: .2rem 1rem .2rem 0; border: 0; }
kbd { border: 1px solid var(--kt-line); border-radius: 4px; padding: 0 .45em; background: var(--kt-wash); }
</style>"""
