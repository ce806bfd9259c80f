"""Three translators of equal size on dates and numbers: four rates each, up to 800 steps."""

import functools

from helpers.encoder_decoder import TransformerSeq2Seq
from helpers.runtime import set_seed
from helpers.seq2seq import AttentionSeq2Seq, Seq2Seq
from helpers.tasks import dates_task, make_batch, make_batches, numbers_by_words
from helpers.training import match_by_step, side_by_side, whole_right

KINDS = {"RNN": Seq2Seq, "RNN + attention": AttentionSeq2Seq, "Transformer": TransformerSeq2Seq}
WIDTHS = {
    "dates": {"RNN": (66,), "RNN + attention": (64,), "Transformer": (32, 72)},
    "numbers": {"RNN": (98,), "RNN + attention": (96,), "Transformer": (48, 72)},
}
RATES = {
    "RNN": (0.003, 0.006, 0.012, 0.024),
    "RNN + attention": (0.006, 0.012, 0.024, 0.048),
    "Transformer": (0.003, 0.006, 0.012, 0.024),
}
STEPS = {"dates": (50, 75, 100, 200, 400, 600), "numbers": (100, 200, 400, 600, 800)}
AVERAGING = 0.98  # of the parameters, in every step
LONGEST = 7  # words of a number in training; it is tested with up to twice as many
VALIDATION = 256  # pairs apart from training and test, on which the rate is chosen


def data(name, seed):
    """Return a task, its training pairs, validation pairs, and test pairs by length."""
    if name == "dates":
        task = dates_task(n_train=4_000 + VALIDATION, n_test=1_024, seed=seed)
        return task, task.train[VALIDATION:], task.train[:VALIDATION], task.test
    task = numbers_by_words(LONGEST, seed=seed)
    validation = [pair for pair in task.train if len(pair.source) >= 5][:VALIDATION]
    apart = set(validation)
    return task, [pair for pair in task.train if pair not in apart], validation, task.test


def tests(task, validation, test, model):
    """Return the share of whole sentences right on validation pairs, and on test pairs by words."""
    judged = {"validation": whole_right(model, make_batch(task, validation))}
    judged |= {n: whole_right(model, make_batch(task, pairs)) for n, pairs in test.items()}
    return judged


def run(seed):
    """Return by task, network and rate what was right after so many steps, and seconds a step.

    What was right is told twice, for the last parameters and for the averaged ones.
    """
    results = {}
    for name, widths in WIDTHS.items():
        task, train, validation, test = data(name, seed)
        batches = make_batches(task, train, size=64, seed=seed)
        judge, calls = functools.partial(tests, task, validation, test), {}
        for kind, rates in reversed(RATES.items()):  # the slowest first
            for rate in rates:
                set_seed()
                model = KINDS[kind](len(task.source_vocab), len(task.target_vocab), *widths[kind])
                calls[kind, rate] = model, batches, judge, rate, STEPS[name], seed, AVERAGING
        curves = side_by_side(match_by_step, calls)
        results[name] = {
            kind: {
                str(rate): {"seconds": curves[kind, rate][1], "right": curves[kind, rate][0]}
                for rate in rates
            }
            for kind, rates in RATES.items()
        }
    return results


def best(results, steps):
    """Return what was right after so many steps, of the rate that did best on validation pairs.

    The parameters are the last or the averaged ones, whichever did better there.
    """
    rights = [right for each in results.values() for right in each["right"][steps]]
    return max(rights, key=lambda right: right["validation"])


def check(results):
    """See attention lead at small budgets, all arrive at large ones, few beyond the length."""
    for by_task in results.values():
        early = {kind: best(rates, 75)[8] for kind, rates in by_task["dates"].items()}
        late = {kind: best(rates, 400)[8] for kind, rates in by_task["dates"].items()}
        assert early["RNN + attention"] > max(0.8, early["Transformer"] + 0.15)
        assert early["RNN"] < 0.1 and min(late.values()) > 0.8
        inside = {
            steps: {
                kind: sum(best(rates, steps)[n] for n in (5, 6, 7)) / 3
                for kind, rates in by_task["numbers"].items()
            }
            for steps in (200, 800)
        }
        assert inside[200]["RNN + attention"] > inside[200]["Transformer"] + 0.3
        assert min(inside[800].values()) > 0.85
        far = {kind: best(rates, 800) for kind, rates in by_task["numbers"].items()}
        assert min(far["RNN + attention"][10], far["Transformer"][10]) > far["RNN"][10] + 0.1
        assert max(far["RNN"][2 * LONGEST], far["Transformer"][2 * LONGEST]) < 0.1
        assert far["RNN + attention"][2 * LONGEST] < 0.7
