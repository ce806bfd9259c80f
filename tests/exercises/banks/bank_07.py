"""Wrong answers to the exercises of notebook 07, nonlinearity."""

from tests.exercises.banks import Wrong

BANK = {
    "exercise-feed-forward": [
        Wrong(
            "returns None: no return",
            "ends with `return`",
            """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                hidden = torch.relu(x @ widen + widen_bias)
                output = hidden @ narrow + narrow_bias
            """,
        ),
        Wrong(
            "raises: the two matrices in the wrong order",
            "Either the two are in the wrong order",
            """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                return torch.relu(x @ narrow + narrow_bias) @ widen + widen_bias
            """,
        ),
        Wrong(
            "raises: the matrix on the left",
            "so they stand on the left",
            """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                return narrow @ torch.relu(widen @ x + widen_bias) + narrow_bias
            """,
        ),
        Wrong(
            "raises: transposed, as nn.Linear stores it",
            "or you transposed one",
            """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                return torch.relu(x @ widen.mT + widen_bias) @ narrow.mT + narrow_bias
            """,
        ),
        Wrong(
            "raises: a matrix is called",
            "object is not callable",
            """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                return narrow(torch.relu(widen(x)))
            """,
        ),
        Wrong(
            "wrong shape: the hidden units",
            "You stopped half-way",
            """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                return torch.relu(x @ widen + widen_bias)
            """,
        ),
        Wrong(
            "wrong shape: the first sentence alone",
            "The shape should be (2, 5, 3)",
            """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                return torch.relu(x[0] @ widen + widen_bias) @ narrow + narrow_bias
            """,
        ),
        Wrong(
            "wrong type: a list",
            "Return a tensor: yours returned a list",
            """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                return [torch.relu(s @ widen + widen_bias) @ narrow + narrow_bias for s in x]
            """,
        ),
        Wrong(
            "NaN: normed by a logarithm",
            "There is NaN",
            """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                return (torch.log(x @ widen + widen_bias)) @ narrow + narrow_bias
            """,
        ),
        Wrong(
            "in place: the input is overwritten",
            "changed its inputs in place",
            """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                output = torch.relu(x @ widen + widen_bias) @ narrow + narrow_bias
                x.copy_(output)
                return output
            """,
        ),
        Wrong(
            "in place: the bias is added to the matrix",
            "Your function",
            """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                widen += 1
                return torch.relu(x @ widen + widen_bias) @ narrow + narrow_bias
            """,
        ),
        Wrong(
            "no activation",
            "There is no activation",
            """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                return (x @ widen + widen_bias) @ narrow + narrow_bias
            """,
        ),
        Wrong(
            "activation after narrowing",
            "The activation comes too late",
            """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                return torch.relu((x @ widen + widen_bias) @ narrow + narrow_bias)
            """,
        ),
        Wrong(
            "activation twice",
            "One activation too many",
            """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                return torch.relu(torch.relu(x @ widen + widen_bias) @ narrow + narrow_bias)
            """,
        ),
        Wrong(
            "activation first",
            "The activation comes too early",
            """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                return (torch.relu(x) @ widen + widen_bias) @ narrow + narrow_bias
            """,
        ),
        Wrong(
            "GELU",
            "That is GELU",
            """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                return nn.functional.gelu(x @ widen + widen_bias) @ narrow + narrow_bias
            """,
        ),
        Wrong(
            "tanh",
            "That is tanh",
            """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                return torch.tanh(x @ widen + widen_bias) @ narrow + narrow_bias
            """,
        ),
        Wrong(
            "sigmoid",
            "That is the sigmoid",
            """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                return torch.sigmoid(x @ widen + widen_bias) @ narrow + narrow_bias
            """,
        ),
        Wrong(
            "softmax",
            "That is a softmax",
            """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                return (x @ widen + widen_bias).softmax(dim=-1) @ narrow + narrow_bias
            """,
        ),
        Wrong(
            "absolute value",
            "That is the absolute value",
            """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                return (x @ widen + widen_bias).abs() @ narrow + narrow_bias
            """,
        ),
        Wrong(
            "no first bias",
            "The first bias is missing",
            """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                return torch.relu(x @ widen) @ narrow + narrow_bias
            """,
        ),
        Wrong(
            "first bias after the bend",
            "The first bias came after the bend",
            """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                return (torch.relu(x @ widen) + widen_bias) @ narrow + narrow_bias
            """,
        ),
        Wrong(
            "no second bias",
            "The second bias is missing",
            """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                return torch.relu(x @ widen + widen_bias) @ narrow
            """,
        ),
        Wrong(
            "with the residual",
            "That is the residual",
            """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                return x + torch.relu(x @ widen + widen_bias) @ narrow + narrow_bias
            """,
        ),
        Wrong(
            "averaged over the words",
            "You averaged over the words",
            """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                output = torch.relu(x @ widen + widen_bias) @ narrow + narrow_bias
                return output.mean(dim=1, keepdim=True).expand(x.shape)
            """,
        ),
        Wrong(
            "leaky",
            "The shape is right, the numbers are not",
            """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                return nn.functional.leaky_relu(x @ widen + widen_bias, 0.2) @ narrow + narrow_bias
            """,
        ),
    ],
    "exercise-one-map": [
        Wrong(
            "returns None: the stub",
            "If you have not begun, begin there",
            """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                ...
            """,
        ),
        Wrong(
            "raises: the biases are added",
            "so they do not add up",
            """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return widen @ narrow, widen_bias + narrow_bias
            """,
        ),
        Wrong(
            "raises: the matrices are added",
            "that they fit only as a product",
            """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return widen + narrow, widen_bias @ narrow + narrow_bias
            """,
        ),
        Wrong(
            "raises: multiplied number by number",
            "that they fit only as a product",
            """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return widen * narrow, widen_bias @ narrow + narrow_bias
            """,
        ),
        Wrong(
            "wrong shape: the wrong way round",
            "`narrow @ widen` is 4E wide",
            """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return narrow @ widen, widen_bias @ narrow + narrow_bias
            """,
        ),
        Wrong(
            "wrong shape: the wrong order of the two",
            "first the matrix, then the bias",
            """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return widen_bias @ narrow + narrow_bias, widen @ narrow
            """,
        ),
        Wrong(
            "wrong shape: the bias spread over rows",
            "The shape should be (3,)",
            """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return widen @ narrow, (widen_bias @ narrow + narrow_bias).expand(3, 3)
            """,
        ),
        Wrong(
            "wrong type: the matrix alone",
            "That is the matrix alone",
            """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return widen @ narrow
            """,
        ),
        Wrong(
            "wrong type: a function",
            "Return 2 things",
            """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return lambda x: (x @ widen + widen_bias) @ narrow + narrow_bias
            """,
        ),
        Wrong(
            "NaN: divided by nothing",
            "There is NaN",
            """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                matrix = widen @ narrow
                return matrix * 0 / 0, widen_bias @ narrow + narrow_bias
            """,
        ),
        Wrong(
            "in place: the second bias is added to",
            "changed its inputs in place",
            """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                narrow_bias += widen_bias @ narrow
                return widen @ narrow, narrow_bias
            """,
        ),
        Wrong(
            "transposed",
            "The matrix is transposed",
            """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return (widen @ narrow).mT, widen_bias @ narrow + narrow_bias
            """,
        ),
        Wrong(
            "transposed, multiplied from the other side",
            "The matrix is transposed",
            """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return narrow.mT @ widen.mT, widen_bias @ narrow + narrow_bias
            """,
        ),
        Wrong(
            "the first bias is lost",
            "The first bias is lost",
            """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return widen @ narrow, narrow_bias
            """,
        ),
        Wrong(
            "the second bias is lost",
            "The second bias is lost",
            """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return widen @ narrow, widen_bias @ narrow
            """,
        ),
        Wrong(
            "the first bias is cut off",
            "You cut the first bias off",
            """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return widen @ narrow, widen_bias[:3] + narrow_bias
            """,
        ),
        Wrong(
            "a ReLU on the matrix",
            "There is a ReLU in it",
            """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return torch.relu(widen) @ narrow, widen_bias @ narrow + narrow_bias
            """,
        ),
        Wrong(
            "a ReLU on the bias",
            "There is a ReLU in it",
            """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return widen @ narrow, torch.relu(widen_bias) @ narrow + narrow_bias
            """,
        ),
        Wrong(
            "multiplied number by number, transposed to fit",
            "That multiplies number by number",
            """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return widen * narrow.mT, widen_bias @ narrow + narrow_bias
            """,
        ),
        Wrong(
            "added, transposed to fit",
            "You added the matrices",
            """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return widen + narrow.mT, widen_bias @ narrow + narrow_bias
            """,
        ),
        Wrong(
            "the second bias is subtracted",
            "Of what you return, number 2 is not right",
            """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return widen @ narrow, widen_bias @ narrow - narrow_bias
            """,
        ),
        Wrong(
            "the biases inside the matrix",
            "Of what you return, number 1 is not right",
            """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return widen @ narrow + narrow_bias, widen_bias @ narrow
            """,
        ),
    ],
    "exercise-share": [
        Wrong(
            "returns None: no return",
            "ends with `return`",
            """
            def share(first, second, output):
                step = second - first
                weight = (output - first) @ step / (step @ step)
            """,
        ),
        Wrong(
            "raises: matrix product with a number",
            "both arguments to",
            """
            def share(first, second, output):
                step = (second - first).norm()
                return (output - first) @ step / step**2
            """,
        ),
        Wrong(
            "raises: a list is asked for",
            "NameError",
            """
            def share(first, second, output):
                return (output - value) @ second / (second @ second)
            """,
        ),
        Wrong(
            "wrong shape: one for each number",
            "one answer for each number",
            """
            def share(first, second, output):
                return (output - first) / (second - first)
            """,
        ),
        Wrong(
            "wrong shape: not added up",
            "The products are not added up",
            """
            def share(first, second, output):
                step = second - first
                return (output - first) * step / (step @ step)
            """,
        ),
        Wrong(
            "wrong shape: both weights",
            "Return one number",
            """
            def share(first, second, output):
                step = second - first
                weight = (output - first) @ step / (step @ step)
                return torch.stack([1 - weight, weight])
            """,
        ),
        Wrong(
            "wrong type: both weights in a tuple",
            "Return one number",
            """
            def share(first, second, output):
                step = second - first
                weight = ((output - first) @ step / (step @ step)).item()
                return 1 - weight, weight
            """,
        ),
        Wrong(
            "NaN: number by number",
            "There is NaN",
            """
            def share(first, second, output):
                return ((output - first) / (second - first)).mean().item()
            """,
        ),
        Wrong(
            "NaN: the first number only",
            "There is NaN",
            """
            def share(first, second, output):
                return ((output - first)[0] / (second - first)[0]).item()
            """,
        ),
        Wrong(
            "in place: the first value is subtracted",
            "changed its inputs in place",
            """
            def share(first, second, output):
                second -= first
                output -= first
                return output @ second / (second @ second)
            """,
        ),
        Wrong(
            "the weight of the first",
            "That is the weight of the first value",
            """
            def share(first, second, output):
                step = first - second
                return (output - second) @ step / (step @ step)
            """,
        ),
        Wrong(
            "a dot product alone",
            "grows with the length of the step",
            """
            def share(first, second, output):
                return (output - first) @ (second - first)
            """,
        ),
        Wrong(
            "divided once",
            "Divide by the length of the step once more",
            """
            def share(first, second, output):
                step = second - first
                return (output - first) @ step / step.norm()
            """,
        ),
        Wrong(
            "a distance",
            "how far the output is from the first value",
            """
            def share(first, second, output):
                return (output - first).norm()
            """,
        ),
        Wrong(
            "from the origin",
            "You measured from the origin",
            """
            def share(first, second, output):
                return output @ second / (second @ second)
            """,
        ),
        Wrong(
            "a cosine",
            "compares directions seen from the origin",
            """
            def share(first, second, output):
                return nn.functional.cosine_similarity(output, second, dim=0)
            """,
        ),
        Wrong(
            "a cosine of the steps",
            "it is 1 all along the segment",
            """
            def share(first, second, output):
                return nn.functional.cosine_similarity(output - first, second - first, dim=0)
            """,
        ),
        Wrong(
            "one distance by the other",
            "Divide by the length of the whole segment",
            """
            def share(first, second, output):
                return (output - first).norm() / (output - second).norm()
            """,
        ),
        Wrong(
            "a new softmax",
            "You computed new weights with a softmax",
            """
            def share(first, second, output):
                return torch.stack([output @ first, output @ second]).softmax(dim=0)[1]
            """,
        ),
        Wrong(
            "in percent",
            "but yours is 30",
            """
            def share(first, second, output):
                step = second - first
                return (100 * (output - first) @ step / (step @ step)).item()
            """,
        ),
    ],
}
