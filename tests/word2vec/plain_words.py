"""Corpora encoded in plain Python: what the fast way must agree with."""

import random
from collections import Counter

from projects.word2vec.reading.chunks import Chunk

FIRST = 1 << 31


def random_sentences(seed, num_sentences=300, num_words=60):
    """Return sentences, lists of words, with rare and frequent ones."""
    rng = random.Random(seed)
    words = [f"w{n}" for n in range(num_words)] + ["été", "水", "山", "𝒳"]
    weights = [(n + 1) ** -1.4 for n in range(len(words))]
    lengths = [rng.choice([1, 2, 5, 30]) for _ in range(num_sentences)]
    return [rng.choices(words, weights, k=length) for length in lengths]


def chunks_of(sentences, seed=0, longest=50):
    """Cut sentences into chunks at random places, also into empty ones."""
    rng = random.Random(seed)
    tokens = [word for sentence in sentences for word in sentence]
    starts, position = set(), 0
    for sentence in sentences:
        starts.add(position)
        position += len(sentence)
    begin = 0
    while begin < len(tokens):
        end = min(begin + rng.randrange(longest), len(tokens))
        yield Chunk(
            tokens[begin:end], [s - begin for s in sorted(starts) if begin <= s < end]
        )
        begin = end


def order_of(sentences, min_count=1, max_size=None):
    """Return the vocabulary as pairs of word and count."""
    counts = Counter(word for sentence in sentences for word in sentence)
    kept = [(word, n) for word, n in counts.items() if n >= min_count]
    return sorted(kept, key=lambda pair: (-pair[1], pair[0]))[:max_size]


def tokens_of(sentences, words):
    """Return the tokens that a corpus with these words has, as a list."""
    ids = {word: number for number, word in enumerate(words)}
    result = []
    for sentence in sentences:
        kept = [ids[word] for word in sentence if word in ids]
        result += [kept[0] | FIRST, *kept[1:]] if kept else []
    return result
