"""Fits a RowNet and its calibration. Deterministic for one seed on one machine."""

import copy
import math

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

from net import RowNet

BATCH = 4096


def transform(rows):
    """signed_log of net.py over raw rows [R, F], for learning: once instead of in every epoch."""
    values = np.asarray(rows, np.float32)
    return np.sign(values) * np.log1p(np.abs(values))


def standards(values):
    """Mean and deviation of every input [F]; an input that never changes gets deviation 1."""
    mean = values.mean(axis=0, dtype=np.float64)
    deviation = values.std(axis=0, dtype=np.float64)
    return mean, np.where(deviation > 1e-9, deviation, 1.0)


def standardise(values, mean, deviation):
    return torch.from_numpy(((values - mean) / deviation).astype(np.float32))


def fit_net(x, y, x_validation, y_validation, settings, say):
    """AdamW with a one-cycle rate; the weights of the epoch that was best on the validation customers."""
    torch.manual_seed(settings.seed)
    net = RowNet(x.shape[1], settings.dropout)
    rate = float(y.mean())
    torch.nn.init.constant_(net.last.bias, math.log(rate / (1 - rate)))
    torch.nn.init.zeros_(net.linear.weight)
    optimiser = torch.optim.AdamW(net.parameters(), lr=settings.rate, weight_decay=settings.decay)
    batches = math.ceil(len(x) / BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, settings.rate, total_steps=settings.epochs * batches, pct_start=0.1
    )
    best, best_loss, best_epoch = None, math.inf, 0
    for epoch in range(1, settings.epochs + 1):
        net.train()
        total = 0.0
        for batch in torch.randperm(len(x)).split(BATCH):
            loss = cross_entropy(net(x[batch]), y[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item() * len(batch)
        held = float(cross_entropy(logits(net, x_validation), y_validation))
        say(f"epoch {epoch}/{settings.epochs}: log loss {total / len(x):.5f}, on validation customers {held:.5f}")
        if held < best_loss:
            best, best_loss, best_epoch = copy.deepcopy(net.state_dict()), held, epoch
    net.load_state_dict(best)
    return net.eval(), best_epoch


def logits(net, x):
    """[R], without dropout."""
    net.eval()
    with torch.no_grad():
        return torch.cat([net(part) for part in x.split(65536)])


def platt(z, y):
    """Scale and shift of the logits that minimise log loss (Platt 1999), by Newton's method."""
    z, y = z.double().numpy(), y.double().numpy()
    design = np.stack([z, np.ones_like(z)], axis=1)
    weights = np.array([1.0, 0.0])
    for _ in range(50):
        p = 1 / (1 + np.exp(-design @ weights))
        hessian = (design * (p * (1 - p))[:, None]).T @ design
        step = np.linalg.solve(hessian, design.T @ (y - p))
        weights += step
        if np.abs(step).max() < 1e-10:
            break
    return float(weights[0]), float(weights[1])
