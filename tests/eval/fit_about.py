"""Fits the table of features by which a text is about a province, on the training texts only, and writes it.

`python -m tests.eval.fit_about [--write]`: logistic regression with a ridge, ten folds for the figure that is printed.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from classifier.about import features
from config import knowledge
from tests.eval.labelled import Row, article, rows

TABLE = Path(knowledge.__file__).parent / "lexicon" / "about.yaml"
RIDGE = 2.0
FOLDS = 10
HEAD = """# How much each fact about the way a text names a province says for (+) or against (-) its being about it.
# Logistic regression on labelled texts (tests/eval/fit_about.py, training part only); each fact: classifier/about.py.
# Between not_ours_below and ours_from a person decides.
"""
Matrix = NDArray[np.float64]


def facts(row: Row) -> dict[str, float]:
    scene = knowledge.classifier(row.province).scene(article(row))
    return dict(features(scene))


def fit(x: Matrix, y: Matrix) -> Matrix:
    weights = np.zeros(x.shape[1])
    ridge = np.eye(x.shape[1]) * RIDGE
    ridge[0, 0] = 1e-3
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ weights))
        weights -= np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + ridge, x.T @ (p - y) + ridge @ weights)
    return weights


def f1(p: Matrix, y: Matrix, at: float = 0.5) -> float:
    chosen = p >= at
    return float(2 * (chosen & (y == 1)).sum() / (chosen.sum() + (y == 1).sum()))


def main(folder: Path, *, write: bool) -> None:
    known = [row for row in rows(folder / "province_train.jsonl") if row.about is not None]
    table = [facts(row) for row in known]
    names = list(table[0])
    x = np.array([[row[name] for name in names] for row in table])
    y = np.array([float(row.about or 0) for row in known])
    fold = np.random.default_rng(0).integers(0, FOLDS, len(known))
    p = np.zeros(len(known))
    for n in range(FOLDS):
        p[fold == n] = 1 / (1 + np.exp(-x[fold == n] @ fit(x[fold != n], y[fold != n])))
    best = max((f1(p, y, at), at) for at in np.arange(0.3, 0.7, 0.01))
    sys.stdout.write(f"F1 over {FOLDS} folds: {f1(p, y):.3f} at .50, {best[0]:.3f} at {best[1]:.2f}\n")
    weights = fit(x, y)
    weights[0] -= np.log(best[1] / (1 - best[1]))  # so that the best threshold lies at one half
    if write:
        values = {name: round(float(weight), 2) for name, weight in zip(names, weights, strict=True)}
        body = yaml.safe_dump({"ours_from": 0.5, "not_ours_below": 0.25, "weights": values}, sort_keys=False)
        TABLE.write_text(HEAD + body, encoding="utf-8")


if __name__ == "__main__":
    from tests.conftest import ROOT

    main(ROOT.parent / "shared" / "data" / "labelled", write="--write" in sys.argv)
