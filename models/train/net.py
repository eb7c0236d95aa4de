"""The reference net: two hidden layers, 64 and 32, beside a linear term; in the form that learns and the form that serves."""

import numpy as np
import torch
from torch import nn

HIDDEN = (64, 32)


class RowNet(nn.Module):
    """Learns from whole rows: prepared inputs [..., F] (see prepare.py) → logit [...].

    logit = linear(x) + net(x): the linear term is a logistic regression, the net what that cannot say.
    """

    def __init__(self, inputs, dropout):
        super().__init__()
        self.first = nn.Linear(inputs, HIDDEN[0])
        self.second = nn.Linear(HIDDEN[0], HIDDEN[1])
        self.last = nn.Linear(HIDDEN[1], 1)
        self.linear = nn.Linear(inputs, 1, bias=False)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x):
        hidden = self.dropout(torch.relu(self.first(x)))
        hidden = self.dropout(torch.relu(self.second(hidden)))
        return (self.last(hidden) + self.linear(x)).squeeze(-1)


class BroadcastNet(nn.Module):
    """Serves: customer [B, 1, Fc], action [N, Fa], pair [B, N, Fp], all raw → probability [B, N].

    The first layer is cut into three, so that a customer's and an action's share of it is computed once and only
    added for each pair. Standardisation (x - mean)/deviation is folded into the first layer, calibration
    (logit → scale·logit + shift) into the last: the same function with fewer steps.
    """

    def __init__(self, net, widths, preparation, scale, shift):
        super().__init__()
        first = np.vstack([array(net.first.weight), scale * array(net.linear.weight)]) / preparation.deviation
        bias = np.append(array(net.first.bias), 0.0) - first @ preparation.mean
        cuts = np.cumsum(widths)[:-1]
        self.customer, self.action, self.pair = (constant(part) for part in np.split(first.T, cuts))
        per_unit = (constant(part) for part in np.split(1 / preparation.unit, cuts))
        self.per_customer_unit, self.per_action_unit, self.per_pair_unit = per_unit
        self.bias = constant(bias)
        self.second = constant(array(net.second.weight).T)
        self.second_bias = constant(array(net.second.bias))
        self.last = constant(scale * array(net.last.weight).T)
        self.last_bias = constant(scale * array(net.last.bias) + shift)

    def forward(self, customer, action, pair):
        of_action = signed_log(action, self.per_action_unit) @ self.action
        of_customer = signed_log(customer, self.per_customer_unit) @ self.customer + self.bias
        first = signed_log(pair, self.per_pair_unit) @ self.pair + (of_customer + of_action)
        hidden = torch.relu(first[..., : HIDDEN[0]])
        hidden = torch.relu(hidden @ self.second + self.second_bias)
        logit = hidden @ self.last + self.last_bias + first[..., HIDDEN[0] :]
        return torch.sigmoid(logit).squeeze(-1)


def signed_log(x, per_unit):
    """sign(x)·ln(1 + |x|/unit), as in prepare.py."""
    return torch.sign(x) * torch.log(torch.abs(x) * per_unit + 1)


def array(parameter):
    return parameter.detach().numpy().astype(np.float64)


def constant(values):
    return nn.Parameter(torch.tensor(values, dtype=torch.float32), requires_grad=False)
