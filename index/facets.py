"""How the counts of a facet are put in order. Pure; the same for every archive."""

from __future__ import annotations

from collections.abc import Mapping

from index.archive import Counted, Facet


def counted(facet: Facet, counts: Mapping[str, int], of: int) -> Counted:
    """Largest first and equal ones by name, months the latest first."""
    if facet is Facet.MONTH:
        order = sorted(counts.items(), reverse=True)
    else:
        order = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return Counted(counts=dict(order), of=of)
