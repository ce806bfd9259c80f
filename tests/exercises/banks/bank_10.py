"""Wrong answers to the exercises of notebook 10, full circle."""

from tests.exercises.banks import Wrong

NOT_A_NUMBER = "There is NaN"
SHAPE = "The shape should be"
IN_PLACE = "changed its inputs in place"


def cross(*lines):
    """Return an answer to the first exercise with these lines in it."""
    head = "def cross_attend(x, memory, real, to_query, to_key, to_value):"
    return "\n    ".join((head, *lines)) + "\n"


def peek(*lines):
    """Return an answer to the second exercise with these lines in it."""
    return "\n    ".join(("def prepare(target, start):", *lines)) + "\n"


ROLES = "query, key, value = x @ to_query, memory @ to_key, memory @ to_value"
SCORES = "scores = query @ key.mT / query.shape[-1] ** 0.5"
HIDE = "scores = scores.masked_fill(~real[:, None], -torch.inf)"
BLEND = "return scores.softmax(dim=-1) @ value"

FIRST = "first = torch.full_like(target[:, :1], start)"
READ = "read = torch.cat([first, target[:, :-1]], dim=1)"
SQUARE = "square = torch.ones(target.shape[1], target.shape[1], dtype=torch.bool)"

BANK = {
    "exercise-cross-attend": [
        Wrong(
            "returns None: no return",
            "ends with `return`",
            cross(ROLES, SCORES, HIDE, "context = scores.softmax(dim=-1) @ value"),
        ),
        Wrong(
            "raises: the mask's axis is missing",
            "Give the mask that axis: `real[:, None]`",
            cross(ROLES, SCORES, "scores = scores.masked_fill(~real, -torch.inf)", BLEND),
        ),
        Wrong(
            "raises: the keys are not transposed",
            "Swap the last two axes of the keys",
            cross(ROLES, "scores = query @ key / query.shape[-1] ** 0.5", HIDE, BLEND),
        ),
        Wrong(
            "raises: self-attention with the memory's mask",
            "Keys and values come from `memory`",
            cross(ROLES.replace("memory", "x"), SCORES, HIDE, BLEND),
        ),
        Wrong(
            "wrong shape: the memory asks",
            "The queries come from what is being written",
            cross(ROLES.replace("x @", "memory @"), SCORES, HIDE, BLEND),
        ),
        Wrong(
            "wrong shape: the weights",
            "These are the weights",
            cross(ROLES, SCORES, HIDE, "return scores.softmax(dim=-1)"),
        ),
        Wrong(
            "wrong shape: one context for all steps",
            SHAPE,
            cross(ROLES, SCORES, HIDE, "return (scores.softmax(dim=-1) @ value).mean(dim=1)"),
        ),
        Wrong(
            "wrong type: the weights too",
            "Only the context is asked for",
            cross(ROLES, SCORES, HIDE, "w = scores.softmax(dim=-1)", "return w @ value, w"),
        ),
        Wrong(
            "NaN: zero times infinity",
            NOT_A_NUMBER,
            cross(ROLES, SCORES, "scores = scores + ~real[:, None] * -torch.inf", BLEND),
        ),
        Wrong(
            "in place: padding overwritten in the caller's memory",
            IN_PLACE,
            cross("memory[~real] = 0", ROLES, SCORES, HIDE, BLEND),
        ),
        Wrong(
            "self-attention without a mask",
            "Keys and values come from `memory`",
            cross(ROLES.replace("memory", "x"), SCORES, BLEND),
        ),
        Wrong(
            "no mask",
            "Padding still receives attention",
            cross(ROLES, SCORES, BLEND),
        ),
        Wrong(
            "the mask is upside down",
            "The mask is upside down",
            cross(ROLES, SCORES, HIDE.replace("~", ""), BLEND),
        ),
        Wrong(
            "the mask is upside down, with a finite number",
            "The mask is upside down",
            cross(ROLES, SCORES, "scores = torch.where(real[:, None], -1e9, scores)", BLEND),
        ),
        Wrong(
            "multiplied before the softmax",
            "A score of 0 is not nothing",
            cross(ROLES, SCORES, "scores = scores * real[:, None]", BLEND),
        ),
        Wrong(
            "masked after the softmax",
            "You masked after the softmax",
            cross(ROLES, SCORES, "return (scores.softmax(dim=-1) * real[:, None]) @ value"),
        ),
        Wrong(
            "no √d",
            "The √d is missing",
            cross(ROLES, "scores = query @ key.mT", HIDE, BLEND),
        ),
        Wrong(
            "divided by d",
            "You divided by d, not by √d",
            cross(ROLES, "scores = query @ key.mT / query.shape[-1]", HIDE, BLEND),
        ),
        Wrong(
            "softmax over the queries",
            "Your softmax runs over the queries",
            cross(ROLES, SCORES, HIDE, "return scores.softmax(dim=1) @ value"),
        ),
        Wrong(
            "the values are not projected",
            "The values go through their matrix",
            cross(ROLES, SCORES, HIDE, "return scores.softmax(dim=-1) @ memory"),
        ),
        Wrong(
            "the keys are blended",
            "You blended the keys",
            cross(ROLES, SCORES, HIDE, "return scores.softmax(dim=-1) @ key"),
        ),
        Wrong(
            "no matrices",
            "The three matrices are not used",
            cross("query, key, value = x, memory, memory", SCORES, HIDE, BLEND),
        ),
        Wrong(
            "two matrices swapped",
            "Two matrices are swapped",
            cross("to_query, to_key = to_key, to_query", ROLES, SCORES, HIDE, BLEND),
        ),
        Wrong(
            "the matrices transposed, as in nn.Linear",
            "applied from the wrong side",
            cross(
                "query, key, value = x @ to_query.T, memory @ to_key.T, memory @ to_value.T",
                SCORES,
                HIDE,
                BLEND,
            ),
        ),
    ],
    "exercise-no-peeking": [
        Wrong(
            "returns None: no return",
            "ends with `return`",
            peek(FIRST, READ, SQUARE),
        ),
        Wrong(
            "raises: start is a number",
            "with TypeError",
            peek("return torch.cat([start, target[:, :-1]], dim=1), None"),
        ),
        Wrong(
            "wrong shape: one step too long",
            "nobody reads the last token",
            peek(
                FIRST,
                "read = torch.cat([first, target], dim=1)",
                "return read, torch.ones(read.shape[1], read.shape[1], dtype=torch.bool).tril()",
            ),
        ),
        Wrong(
            "wrong shape: the first token is lost",
            SHAPE,
            peek(SQUARE, "return target[:, :-1], square.tril()"),
        ),
        Wrong(
            "wrong type: no mask",
            "Return the mask too",
            peek(FIRST, READ, "return read"),
        ),
        Wrong(
            "wrong type: the wrong order",
            "first what is read, then the mask",
            peek(FIRST, READ, SQUARE, "return square.tril(), read"),
        ),
        Wrong(
            "wrong type: a mask of numbers",
            "The mask should be boolean",
            peek(FIRST, READ, SQUARE, "return read, square.float().tril()"),
        ),
        Wrong(
            "NaN: a mask of infinities, divided by itself",
            "NaN",
            peek(FIRST, READ, SQUARE, "return read, (square * torch.inf).tril() * 0"),
        ),
        Wrong(
            "in place: shifted in the caller's tensor",
            IN_PLACE,
            peek(
                SQUARE,
                "target[:, 1:] = target[:, :-1].clone()",
                "target[:, 0] = start",
                "return target, square.tril()",
            ),
        ),
        Wrong(
            "the colleague's",
            "It still peeks, in both ways",
            peek(SQUARE, "return target, square"),
        ),
        Wrong(
            "not shifted",
            "The mask is right, and it still peeks",
            peek(SQUARE, "return target, square.tril()"),
        ),
        Wrong(
            "no mask",
            "The shift is right, and it still peeks",
            peek(FIRST, READ, SQUARE, "return read, square"),
        ),
        Wrong(
            "the mask is transposed",
            "shows the future and hides the past",
            peek(FIRST, READ, SQUARE, "return read, square.triu()"),
        ),
        Wrong(
            "the mask is upside down, as in nn.MultiheadAttention",
            "Your mask is upside down",
            peek(FIRST, READ, SQUARE, "return read, square.triu(1)"),
        ),
        Wrong(
            "the diagonal is hidden too",
            "No step may look at itself in your mask",
            peek(FIRST, READ, SQUARE, "return read, square.tril(-1)"),
        ),
        Wrong(
            "the diagonal hidden in place of the shift",
            "You hid the answer with the mask instead of shifting",
            peek(SQUARE, "return target, square.tril(-1)"),
        ),
        Wrong(
            "rolled",
            "brings the last token round to the front",
            peek(SQUARE, "return target.roll(1, dims=1), square.tril()"),
        ),
        Wrong(
            "shifted the other way",
            "You shifted the other way",
            peek(FIRST, SQUARE, "return torch.cat([target[:, 1:], first], dim=1), square.tril()"),
        ),
        Wrong(
            "start over the first token, not in place",
            "You put `start` over the first token",
            peek(FIRST, SQUARE, "return torch.cat([first, target[:, 1:]], dim=1), square.tril()"),
        ),
        Wrong(
            "start is 0",
            "The first token is 0 for you",
            peek(
                "read = torch.nn.functional.pad(target[:, :-1], (1, 0))",
                SQUARE,
                "return read, square.tril()",
            ),
        ),
    ],
}
