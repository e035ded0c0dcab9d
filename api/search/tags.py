"""Which of many labels each row bears: topics, languages, spaces."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Label = str | int
FEW: Final = 8  # rows, if this times as many are not all: adding these up is faster than a product with all


class Pairs:
    """Which labels the rows of a chunk bear, as pairs of row and label."""

    def __init__(self, said: Sequence[Iterable[Label]]) -> None:
        codes: dict[Label, int] = {}
        pairs = [
            (row, codes.setdefault(label, len(codes))) for row, labels in enumerate(said) for label in labels
        ]
        self.rows = np.array([row for row, _ in pairs], np.int64)
        self.codes = np.array([code for _, code in pairs], np.int64)
        self.labels = list(codes)


class Tags:
    """Which of many labels each row bears, as a matrix of rows and labels."""

    def __init__(self, rows: int, labels: Iterable[Label] = ()) -> None:
        """Begin with no row bearing any label."""
        self.columns: dict[Label, int] = {}
        for label in labels:
            self.columns.setdefault(label, len(self.columns))
        # Numbers and not truth values: adding them up is a product of matrices, which numpy does best.
        self.matrix = np.zeros((rows, len(self.columns)), np.float32)

    def take(self, pairs: Pairs, numbers: NDArray[np.int64]) -> None:
        """Let rows bear the labels of a chunk whose i-th row is numbers[i] here; -1: it is not here.

        Labels that are not in the matrix are passed over.
        """
        rows = numbers[pairs.rows]
        columns = np.array([self.columns.get(label, -1) for label in pairs.labels], np.int64)[pairs.codes]
        known = (rows >= 0) & (columns >= 0)
        self.matrix[rows[known], columns[known]] = 1

    @cached_property
    def borne(self) -> frozenset[Label]:
        """Return the labels that any row bears."""
        return frozenset(label for label, column in self.columns.items() if self.matrix[:, column].any())

    def any_of(self, labels: Iterable[Label]) -> Mask:
        """Return the rows that bear one of the labels at least."""
        columns = [self.columns[label] for label in set(labels) if label in self.columns]
        if not columns:
            return np.zeros(len(self.matrix), np.bool_)
        return np.asarray(self.matrix[:, columns].any(axis=1), np.bool_)

    def counts(self, rows: Mask) -> dict[Label, int]:
        """Return how many of the rows bear each label; labels of none are left out."""
        if rows.sum() * FEW < len(rows):
            found = self.matrix[rows].sum(axis=0).astype(np.int64).tolist()
        else:
            found = (rows.astype(np.float32) @ self.matrix).astype(np.int64).tolist()
        return {label: count for label, count in zip(self.columns, found, strict=True) if count}
