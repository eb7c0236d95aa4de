"""Trains the reference model on a dataset folder and writes the model folder that Emma serves. See README.md."""

import argparse
import datetime
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch

from baseline import write_baseline
from dataset import part_rows, read_dataset
from fit import fit_net, logits, platt, standardise, standards, transform
from metrics import all_metrics
from model_folder import write_model_folder
from net import BroadcastNet


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
    for name in ("fit", "validation", "test"):
        found = int(data.labels[getattr(parts, name)].sum())
        if found < 20:
            raise SystemExit(f"{settings.data}: only {found} positive rows to {name} on; export more customers or days")

    raw = {name: transform(data.rows[getattr(parts, name)]) for name in ("fit", "validation", "test")}
    mean, deviation = standards(raw["fit"])
    x = {name: standardise(values, mean, deviation) for name, values in raw.items()}
    del raw
    y = {name: torch.tensor(data.labels[getattr(parts, name)], dtype=torch.float32) for name in x}

    net, epoch = fit_net(x["fit"], y["fit"], x["validation"], y["validation"], settings, say)
    scale, shift = platt(logits(net, x["validation"]), y["validation"])
    say(f"kept epoch {epoch}; calibration: logit → {scale:.4f} · logit {shift:+.4f}")
    served = BroadcastNet(net, data.widths, mean, deviation, scale, shift)

    predicted = torch.sigmoid(logits(net, x["test"]) * scale + shift).numpy()
    metrics = {"dev": all_metrics(y["test"].numpy(), predicted)}
    say(f"net on dev customers: {as_text(metrics['dev'])}")
    if settings.baseline:
        together = np.concatenate([x["fit"].numpy(), x["validation"].numpy()])
        labels = np.concatenate([y["fit"].numpy(), y["validation"].numpy()])
        regression = write_baseline(data.folder, together, labels, parts.test, x["test"].numpy())
        metrics["logisticRegression"] = all_metrics(y["test"].numpy(), regression)
        say(f"logistic regression: {as_text(metrics['logisticRegression'])}")

    write_model_folder(Path(settings.out), served, data, parts, metrics, settings)
    say(f"wrote {settings.out}")


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
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--rate", type=float, default=2e-3, help="highest learning rate")
    parser.add_argument("--decay", type=float, default=1e-4, help="weight decay")
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--no-baseline", dest="baseline", action="store_false", help="no logistic regression beside it")
    settings = parser.parse_args()
    settings.argv = sys.argv[1:]
    return settings


def as_text(metrics):
    return json.dumps({name: round(value, 5) for name, value in metrics.items()})


if __name__ == "__main__":
    main()
