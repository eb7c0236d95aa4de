"""Reads a folder written by `emma dataset export` (format emma-dataset/1): one row per customer, action and as-of day.

Array          shape   type  meaning
rows.f32       [R, F]  f32   the inputs in order: customer, action, pair
labels.u8      [R]     u8    1 when the target's outcome came inside its window
customer.u32   [R]     u32   line of the customers file
action.u16     [R]     u16   index into `actions`
asof.u8        [R]     u8    index into `asOf`
split.u8       [R]     u8    0 train, 1 dev, 2 held out; a customer stands in one split only
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

TRAIN, DEV = 0, 1
VALIDATION_PERCENT = 15


@dataclass(frozen=True)
class Dataset:
    """The arrays above, memory-mapped, and which of their rows may be used for what."""

    folder: Path
    about: dict
    rows: np.ndarray
    labels: np.ndarray
    customer: np.ndarray
    action: np.ndarray
    as_of: np.ndarray
    split: np.ndarray
    customers: list

    @property
    def widths(self):
        """(Fc, Fa, Fp)"""
        return tuple(self.about["widths"][part] for part in ("customer", "action", "pair"))


@dataclass(frozen=True)
class Parts:
    """Row numbers. Nothing is ever fitted on `test` or `known`."""

    fit: np.ndarray
    """Train customers, without those of `validation`: the weights."""
    validation: np.ndarray
    """15 % of the train customers: early stopping and calibration."""
    test: np.ndarray
    """Dev customers, as of the test day if one was named: what is reported."""
    known: np.ndarray
    """Train customers as of the test day, if one was named: met before, but nothing of this window."""


def read_dataset(folder):
    folder = Path(folder)
    about = json.loads((folder / "dataset.json").read_text("utf-8"))
    if about.get("format") != "emma-dataset/1":
        raise SystemExit(f"{folder}/dataset.json: the format is not emma-dataset/1; export the dataset again")
    widths, count = about["widths"], about["rows"]
    for part, width in widths.items():
        if len(about["inputs"][part]) != width:
            raise SystemExit(f"{folder}/dataset.json: {part} has {len(about['inputs'][part])} inputs, not {width}")

    def read(name, dtype, columns=1):
        path = folder / name
        expected = count * columns * np.dtype(dtype).itemsize
        if path.stat().st_size != expected:
            raise SystemExit(f"{path}: has {path.stat().st_size} bytes, not {expected}; export the dataset again")
        array = np.memmap(path, dtype=dtype, mode="r")
        return array.reshape(count, columns) if columns > 1 else array

    return Dataset(
        folder=folder,
        about=about,
        rows=read("rows.f32", "<f4", sum(widths.values())),
        labels=read("labels.u8", "u1"),
        customer=read("customer.u32", "<u4"),
        action=read("action.u16", "<u2"),
        as_of=read("asof.u8", "u1"),
        split=read("split.u8", "u1"),
        customers=(folder / about["customersFile"]).read_text("utf-8").splitlines(),
    )


def part_rows(data, test_as_of=None):
    """Splits by customer, and with `test_as_of` (YYYY-MM-DD) by time too: only earlier days are trained on."""
    at_test = np.ones(len(data.labels), bool)
    trainable = data.split == TRAIN
    if test_as_of is not None:
        days = data.about["asOf"]
        if test_as_of not in days:
            raise SystemExit(f"--test-asof {test_as_of}: the dataset has {', '.join(days)}")
        at_test = data.as_of == days.index(test_as_of)
        trainable &= np.array([day < test_as_of for day in days])[data.as_of]
    validated = np.array([validates(customer) for customer in data.customers])[data.customer]
    return Parts(
        fit=np.flatnonzero(trainable & ~validated),
        validation=np.flatnonzero(trainable & validated),
        test=np.flatnonzero((data.split == DEV) & at_test),
        known=np.flatnonzero((data.split == TRAIN) & at_test & ~trainable),
    )


def slate_length(data, rows):
    """N when `rows` are slates: for every customer and day N different actions in a row, N the same for all; else 1."""
    groups = data.as_of[rows].astype(np.int64) * len(data.customers) + data.customer[rows]
    starts = np.flatnonzero(np.diff(groups, prepend=-1))
    sizes = np.diff(starts, append=len(rows))
    if sizes.min() != sizes.max() or len(np.unique(groups)) != len(starts):
        return 1
    actions = np.sort(data.action[rows].reshape(len(starts), -1), axis=1)
    return actions.shape[1] if (np.diff(actions.astype(np.int32), axis=1) > 0).all() else 1


def validates(customer):
    """Whether a train customer belongs to the validation part: by hash, so the same in every run."""
    digest = hashlib.sha256(f"validation:{customer}".encode()).hexdigest()
    return int(digest[:8], 16) % 100 < VALIDATION_PERCENT
