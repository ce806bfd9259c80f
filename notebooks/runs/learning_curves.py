"""Learning curves of the translator: without and with attention, by digits and by width."""

from helpers.runtime import set_seed
from helpers.seq2seq import AttentionSeq2Seq, Seq2Seq
from helpers.tasks import number_words_task
from helpers.training import learning_curve, side_by_side

DIGITS = range(3, 9)
SIDES = {
    "without attention": (Seq2Seq, 128, DIGITS),
    "with attention": (AttentionSeq2Seq, 128, DIGITS),
    "width 64": (Seq2Seq, 64, range(3, 6)),
    "width 32": (Seq2Seq, 32, range(3, 6)),
}


def run(seed):
    """Return the exact match by steps, up to 95%, by digits, for each side."""
    task = number_words_task()
    sizes = len(task.source_vocab), len(task.target_vocab)
    calls = {}
    for name, (build, width, lengths) in SIDES.items():
        for digits in reversed(lengths):
            set_seed()
            calls[name, digits] = build(*sizes, width), task, digits, seed
    learned = side_by_side(learning_curve, calls)
    return {
        name: {digits: learned[name, digits] for digits in lengths}
        for name, (_, _, lengths) in SIDES.items()
    }


def check(results):
    """See every network arrive, and the one without attention pay more for each two digits."""
    for sides in results.values():
        steps = {
            name: {digits: max(curve) for digits, curve in curves.items()}
            for name, curves in sides.items()
        }
        arrived = [max(curve.values()) for curves in sides.values() for curve in curves.values()]
        assert min(arrived) >= 0.95
        without, looking_back = steps["without attention"], steps["with attention"]
        assert without[7] - without[5] > 1.5 * (without[5] - without[3]) > 0
        assert without[8] > without[6] > without[4] > without[3]
        assert without[7] > 2 * looking_back[7] and without[8] > 2.5 * looking_back[8]
        assert looking_back[8] - looking_back[3] < 0.3 * (without[8] - without[3])
        assert steps["width 32"][5] > 1.5 * without[5]
