"""How many different values were seen: linear counting, so that days can be merged and repeats change nothing.

Each value sets one of `BITS` bits, chosen by its hash. Sets of bits merge by OR, whatever the order, the split or the
repeats. With a share `z` of bits unset, the estimate is `-BITS * ln(z)`.

Source: Whang, Vander-Zanden, Taylor: A linear-time probabilistic counting algorithm for database applications, ACM
Transactions on Database Systems 15(2), 1990.
"""

from functools import reduce
from operator import add

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812 - the usual name

WORDS = 16
"""Longs of a set. The standard error is `sqrt(m (e^t - t - 1)) / n` with `m = 64 * WORDS` bits and `t = n / m`.

In 30 days a customer in the middle hears 300 songs, the most eager of a thousand 3,300. With 16 longs the error is
2.3 % at 300 and 4.6 % at 3,300; 8 longs would be full at 3,200, 32 would double the cost of the pass over the events.
"""

BITS = 64 * WORDS


def bucket(*columns: str) -> Column:
    """The bit that a value sets, in [0, `BITS`)."""
    return F.pmod(F.xxhash64(*columns), F.lit(BITS)).cast("int")


def word_of(bucket_column: str, word: int) -> Column:
    """Long number `word` of the set that holds one bit; 0 where the bit lies in another long or is null."""
    here = F.shiftright(bucket_column, 6) == word
    # Java shifts a long by the lowest 6 bits of the distance.
    bit = F.call_function("shiftleft", F.lit(1).cast("long"), F.col(bucket_column))
    return F.when(here, bit).otherwise(F.lit(0).cast("long"))


def word_names(prefix: str) -> list[str]:
    """Names of the longs of one set."""
    return [f"{prefix}_{word}" for word in range(WORDS)]


def estimate(words: list[Column]) -> Column:
    """Different values in a set given as its longs; a full set counts as one with half a bit unset."""
    used = reduce(add, (F.bit_count(word) for word in words))
    unset = F.greatest(F.lit(BITS) - used, F.lit(0.5))
    return -BITS * F.log(unset / BITS)
