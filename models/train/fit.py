"""Fits a RowNet and its calibration. Deterministic for one seed and one number of threads on one machine."""

import copy
import math

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

from net import RowNet


def fit_net(x, y, x_validation, y_validation, settings, say):
    """AdamW with a one-cycle rate; the weights of the epoch that was best on the validation customers.

    Slates x [S, N, F], y [S, N], S customers (at an as-of day) with N rows each; N = 1 for rows without slates.
    """
    torch.manual_seed(settings.seed)
    net = RowNet(x.shape[-1], settings.dropout)
    rate = float(y.mean())
    torch.nn.init.constant_(net.last.bias, math.log(rate / (1 - rate)))
    torch.nn.init.zeros_(net.linear.weight)
    optimiser = torch.optim.AdamW(net.parameters(), lr=settings.rate, weight_decay=settings.decay)
    slates = max(1, settings.batch // x.shape[1])
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, settings.rate, total_steps=settings.epochs * math.ceil(len(x) / slates), pct_start=0.1
    )
    best, best_loss, best_epoch = None, math.inf, 0
    for epoch in range(1, settings.epochs + 1):
        net.train()
        total = 0.0
        for batch in torch.randperm(len(x)).split(slates):
            logit = net(x[batch])
            loss = cross_entropy(logit, y[batch])
            total += loss.item() * len(batch)
            if settings.ranking > 0:
                loss = loss + settings.ranking * ranking_loss(logit, y[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        held = float(cross_entropy(logits(net, x_validation), y_validation))
        say(f"epoch {epoch}/{settings.epochs}: log loss {total / len(x):.5f}, on validation customers {held:.5f}")
        if held < best_loss:
            best, best_loss, best_epoch = copy.deepcopy(net.state_dict()), held, epoch
    net.load_state_dict(best)
    return net.eval(), best_epoch


def ranking_loss(logit, y):
    """-ln(chance that one action, drawn by softmax from the slate, had the outcome), for slates in which one had.

    Every customer with an outcome counts alike here, however many they had; log loss is ruled by those with many. Per
    row like log loss, so that the weight does not depend on N.
    """
    had = y.any(dim=1)
    of_had = logit[had].masked_fill(y[had] == 0, -math.inf).logsumexp(dim=1)
    return (logit[had].logsumexp(dim=1) - of_had).sum() / y.numel()


def logits(net, x):
    """Without dropout."""
    net.eval()
    with torch.no_grad():
        return torch.cat([net(part) for part in x.split(max(1, 65536 // x.shape[1]))])


def platt(z, y):
    """Scale and shift of the logits that minimise log loss (Platt 1999), by Newton's method."""
    z, y = z.double().numpy().ravel(), y.double().numpy().ravel()
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
