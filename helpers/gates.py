"""How the gates of an LSTM start.

In here: `raise_forget_bias`. Not in here: models, training.
"""

import torch


@torch.no_grad()
def raise_forget_bias(network, by):
    """Raise the bias of the forget gate in every LSTM of `network` by `by`; return the network.

    PyTorch keeps the biases of the four gates in one vector (4E), in the order input, forget, cell,
    output. Source: Gers et al. 2000, Jozefowicz et al. 2015. Taught in notebook 03.
    """
    for name, parameter in network.named_parameters():
        if "bias_ih" in name:
            forget_gate = parameter.chunk(4)[1]  # of input, forget, cell and output
            forget_gate += by  # a part of the parameter, changed in place
    return network
