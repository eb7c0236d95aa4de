"""Trains the reference model on a dataset folder and writes the model folder that Emma serves. See README.md."""

import argparse
import datetime
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch

from baseline import fit_baseline, predict_baseline, write_baseline
from dataset import part_rows, read_dataset, slate_length
from fit import fit_net, logits, platt
from metrics import all_metrics
from model_folder import cut, write_model_folder
from net import BroadcastNet
from prepare import learn_preparation

PARTS = ("fit", "validation", "test")


def main():
    settings = arguments()
    torch.set_num_threads(settings.threads)
    torch.use_deterministic_algorithms(True)
    started = time.monotonic()

    def say(text):
        print(f"[{time.monotonic() - started:5.0f} s] {text}", flush=True)

    data = read_dataset(settings.data)
    parts = part_rows(data, settings.test_asof)
    say(f"rows: {len(parts.fit)} to fit, {len(parts.validation)} to validate, {len(parts.test)} to report on")
    for name in PARTS:
        found = int(data.labels[getattr(parts, name)].sum())
        if found < 20:
            raise SystemExit(f"{settings.data}: only {found} positive rows to {name} on; export more customers or days")

    rows = {name: np.asarray(data.rows[getattr(parts, name)]) for name in PARTS}
    labels = {name: data.labels[getattr(parts, name)].astype(np.float32) for name in PARTS}
    preparation = learn_preparation(rows["fit"])
    x = {name: preparation.apply(values) for name, values in rows.items()}
    del rows

    slate = slate_length(data, np.concatenate([parts.fit, parts.validation]))
    if slate == 1:
        settings.ranking = 0.0
    say(f"slates of {slate} actions; weight of the ranking loss: {settings.ranking}")

    def slates(name):
        values = torch.from_numpy(x[name])
        return values.reshape(-1, slate, values.shape[1]), torch.from_numpy(labels[name]).reshape(-1, slate)

    net, epoch = fit_net(*slates("fit"), *slates("validation"), settings, say)
    validation, happened = slates("validation")
    scale, shift = platt(logits(net, validation), happened)
    say(f"kept epoch {epoch}; calibration: logit → {scale:.4f} · logit {shift:+.4f}")
    served = BroadcastNet(net, data.widths, preparation, scale, shift)

    with torch.no_grad():
        predicted = torch.sigmoid(net(torch.from_numpy(x["test"])) * scale + shift).numpy()
    check_served(served, data, parts.test, predicted)
    metrics = {"dev": all_metrics(labels["test"], predicted)}
    say(f"net on dev customers: {as_text(metrics['dev'])}")
    if settings.baseline:
        learned = [np.concatenate([of["fit"], of["validation"]]) for of in (x, labels)]
        regression = fit_baseline(*learned)
        rows = np.concatenate([parts.test, parts.known])
        answers = predict_baseline(regression, preparation.apply(np.asarray(data.rows[rows])))
        write_baseline(data.folder, rows, answers)
        answers = answers[: len(parts.test)]
        metrics["logisticRegression"] = all_metrics(labels["test"], answers)
        say(f"logistic regression: {as_text(metrics['logisticRegression'])}")

    write_model_folder(Path(settings.out), served, data, parts, metrics, settings)
    say(f"wrote {settings.out}")


def check_served(served, data, rows, predicted):
    """The form that serves must say what the form that learned said: on 200 rows, one by one."""
    for i in range(0, len(rows), max(1, len(rows) // 200)):
        customer, action, pair = (torch.from_numpy(part) for part in cut(data, rows[i : i + 1]))
        with torch.no_grad():
            answer = float(served(customer[None], action, pair[None]))
        if abs(answer - predicted[i]) > 1e-4:
            raise SystemExit(f"row {rows[i]}: serves {answer}, learned {predicted[i]}; the two forms of net.py differ")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder written by emma dataset export")
    parser.add_argument("--out", required=True, help="model folder to write, such as models/shop/1")
    parser.add_argument("--name", required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--outcome", required=True, help="the target: conversion, click, …")
    parser.add_argument("--within", required=True, help="the target's window: 7d, 12h")
    parser.add_argument("--given", required=True, choices=["impression", "contact"])
    parser.add_argument("--test-asof", help="as-of day (YYYY-MM-DD) kept for the report, never trained on")
    parser.add_argument("--date", default=datetime.date.today().isoformat(), help="date for the manifest")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--batch", type=int, default=4000, help="rows a step")
    parser.add_argument("--rate", type=float, default=3e-3, help="highest learning rate")
    parser.add_argument("--decay", type=float, default=1e-4, help="weight decay")
    parser.add_argument("--dropout", type=float, default=0.2)
    parser.add_argument("--ranking", type=float, default=5.0, help="weight of the ranking loss; only for slates")
    parser.add_argument("--threads", type=int, default=2, help="1 is faster on a machine that is busy otherwise")
    parser.add_argument("--no-baseline", dest="baseline", action="store_false", help="no logistic regression beside it")
    settings = parser.parse_args()
    settings.argv = sys.argv[1:]
    return settings


def as_text(metrics):
    return json.dumps({name: round(value, 5) for name, value in metrics.items()})


if __name__ == "__main__":
    main()
