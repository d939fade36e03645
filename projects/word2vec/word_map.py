"""A map of words: where they lie on paper, in which clusters, beside which others.

Near words are alike; far apart says little, and the axes have no meaning: t-SNE
keeps neighborhoods, not distances.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from threadpoolctl import threadpool_limits

# Words that stand beside all others, so that their place on a map says nothing.
_FUNCTION_WORDS = frozenset(
    """
    a about above after again against all almost along already also although always
    am among an and another any are aren around as at away back be became because
    become been before behind being below between both but by can cannot could did
    didn do does doesn doing don done down during each either else enough even ever
    every few for from further get gets given gives go goes got had hadn has hasn
    have haven having he hence her here hers herself him himself his how however i if
    in instead into is isn it its itself just let ll made make makes making many may
    me might more most much must my myself neither never nevertheless no nor not now
    of off often on once only onto or other others otherwise our ours ourselves out
    over own per perhaps put quite rather re s same see seem seems seen set several
    shall she should shouldn since so some still such t take takes taken than that
    the their th theirs them themselves then there thereby therefore these they thing
    things this those though through thus to together too toward towards under
    unless until up upon us use used uses using ve very via was wasn way we well were
    weren what when where whereas whether which while who whole whom whose why will
    with within without would wouldn yet you your yours yourself
    zero one two three four five six seven eight nine ten
    的 了 在 是 和 与 與 及 或 而 且 但 并 並 也 又 还 還 都 就 才 只 不 没 沒 没有
    無 无 有 之 其 此 这 這 那 该 該 各 每 某 个 個 些 们 們 我 你 他 她 它 我们
    你们 他们 她们 它们 自己 为 為 因 因为 因此 由 由于 所 所以 以 以及 以后 于 於
    从 從 到 至 向 往 对 對 对于 把 被 让 讓 给 給 将 將 用 等 使 则 則 即 若 如
    如果 虽然 然而 但是 并且 可 可以 能 能够 会 會 要 已 已经 曾 曾经 正在 着 過 过
    得 地 很 更 最 亦 乎 者 矣 兮 何 谁 誰 什么 一个 一些 一种 这个 这些 那个 其他
    其它 其中 之后 之前 之间 同时 由此 上 下 中 里 内 外 前 后 後 当 當 第 通过
    根据 可能 进行 开始 成为 没 起
    这种 就是 不是 不会 还是 而且 甚至 不过 仍 仍然 却 任何 许多 所有 包括 例如 此外 另
    作为 便 再 非 均 除了 为了 来自 以来 约 是否 岂 莫 应 须 犹 乃 惟 唯 皆
    """.split()
)
_LONGEST = 32  # characters of a word
_COMMON = 20_000  # neighbors are sought among the commonest
_PERPLEXITY = 20  # how many neighbors t-SNE tries to keep together


@dataclass(frozen=True)
class WordMap:
    """Words on paper, the commonest first.

    Attributes:
        words: n words.
        positions: float64, shape (n, 2), within [-1, 1].
        clusters: int, shape (n,): regions of the map.
        cluster_names: for each cluster, three of its words.
        neighbors: for each word, the most similar of the 20,000 commonest, with
            their cosines, falling.
    """

    words: tuple[str, ...]
    positions: np.ndarray
    clusters: np.ndarray
    cluster_names: tuple[str, ...]
    neighbors: tuple[tuple[tuple[str, float], ...], ...]


def make_word_map(
    tokens: Sequence[str],
    matrix: np.ndarray,
    *,
    num_words: int = 600,
    num_clusters: int = 12,
    num_neighbors: int = 8,
    seed: int = 0,
) -> WordMap:
    """Lay out the commonest words that mean something by themselves.

    Args:
        tokens: the vocabulary, the commonest first.
        matrix: float, shape (len(tokens), embedding_dim).
        num_words: how many words to show; 1,000 take 4 s of one processor.
        num_clusters: regions that get a color and a name each.
        num_neighbors: how many neighbors to list for each word.
        seed: of the regions; the layout depends on the vectors alone.

    Returns:
        The map; the same on the same machine for the same arguments.
    """
    rows = choose_words(tokens, num_words)
    unit = _unit(np.asarray(matrix[:_COMMON], np.float64))
    shown = unit[[r for r in rows if r < len(unit)]]
    words = tuple(tokens[row] for row in rows[: len(shown)])
    # Threads would add up the same numbers in another order each time, and spin
    # while they wait for a processor that is busy.
    with threadpool_limits(1):
        layout = _lay_out(shown)
        clusters = _cluster(layout, num_clusters, seed)
        neighbors = _find_neighbors(tokens, unit, rows[: len(shown)], num_neighbors)
    names = _name_clusters(words, shown, clusters)
    return WordMap(words, _spread(layout), clusters, names, neighbors)


def choose_words(tokens: Sequence[str], count: int) -> list[int]:
    """Return the indices of the first `count` words worth showing.

    Left out are function words, numerals, single letters (not single Chinese
    characters) and what is no word: digits, signs, unprintable or endless.
    """
    worth = (i for i, token in enumerate(tokens) if _is_worth_showing(token))
    return [i for i, _ in zip(worth, range(count), strict=False)]


def place_labels(
    centers: np.ndarray, sizes: np.ndarray, frame: tuple[float, float], reach: float
) -> np.ndarray:
    """Place labels near their points so that none covers another.

    The first label gets the best place; each later one the nearest free place,
    found on growing rings round its point.

    Args:
        centers: shape (n, 2), where the labels belong, in pixels.
        sizes: shape (n, 2), their widths and heights, margins included.
        frame: width and height that no label leaves.
        reach: farthest that a label may stand off its point, in pixels.

    Returns:
        Centers of the labels, shape (n, 2); NaN where there was no room.
    """
    offsets = _rings(reach)
    placed = np.full(centers.shape, np.nan)
    lows, highs = np.empty(centers.shape), np.empty(centers.shape)
    taken = 0
    for i, (center, half) in enumerate(zip(centers, sizes / 2, strict=True)):
        places = np.clip(center + offsets, half, np.asarray(frame) - half)
        near = np.hypot(*(places - center).T) <= reach + half.max()
        apart = (places[:, None] + half <= lows[:taken]) | (
            places[:, None] - half >= highs[:taken]
        )
        free = near & apart.any(axis=2).all(axis=1)
        if free.any() and (2 * half <= frame).all():
            placed[i] = places[free.argmax()]
            lows[taken], highs[taken] = placed[i] - half, placed[i] + half
            taken += 1
    return placed


def _is_worth_showing(token: str) -> bool:
    if token in _FUNCTION_WORDS or not token.isprintable() or len(token) > _LONGEST:
        return False
    letters = sum(map(str.isalpha, token))
    return letters > 1 or (letters == 1 and token[0] >= "\u3400")


def _unit(matrix: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return matrix / np.where(lengths == 0, 1, lengths)


def _cluster(positions: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Sort words into regions of the map, numbered round its middle.

    Not of the vectors: there, k-means parted more words from their nearest
    neighbors, as the vectors themselves tell them (English Wikipedia: 31 % of the
    six nearest lay in another cluster after k-means on the map, 40 % after k-means
    on the vectors; Chinese Wikipedia: 30 % and 36 %).
    """
    count = min(count, len(np.unique(positions, axis=0)))
    if count < 2:
        return np.zeros(len(positions), int)
    means = KMeans(count, n_init=10, random_state=seed).fit(positions)
    order = np.argsort(np.arctan2(*means.cluster_centers_.T), kind="stable")
    return np.argsort(order)[means.labels_]


def _name_clusters(
    words: Sequence[str], unit: np.ndarray, clusters: np.ndarray
) -> tuple[str, ...]:
    """Name each cluster by the commonest three among its most typical words."""
    names = []
    for cluster in range(clusters.max(initial=-1) + 1):
        members = np.flatnonzero(clusters == cluster)
        cosines = unit[members] @ unit[members].mean(axis=0)
        typical = members[np.argsort(-cosines, kind="stable")]
        commonest = sorted(typical[: max(3, len(typical) // 3)])[:3]
        names.append(", ".join(words[i] for i in commonest))
    return tuple(names)


def _lay_out(unit: np.ndarray) -> np.ndarray:
    """Return centered positions: principal components, then t-SNE.

    Squared distances of unit vectors are 2 - 2 cosine, so near means similar.
    """
    positions = np.zeros((len(unit), 2))
    if not len(unit) or not np.ptp(unit, axis=0).any():
        return positions
    parts = PCA(min(50, *unit.shape), svd_solver="full").fit_transform(unit)
    positions[:, : parts.shape[1]] = parts[:, :2]
    if len(unit) > 3:
        start = positions / positions[:, 0].std() * 1e-4
        tsne = TSNE(
            perplexity=min(_PERPLEXITY, (len(unit) - 1) / 3),
            init=start.astype(np.float32),
            random_state=0,  # never asked, for the start is given
        )
        positions = tsne.fit_transform(parts.astype(np.float32)).astype(np.float64)
    return positions - (positions.max(axis=0) + positions.min(axis=0)) / 2


def _spread(positions: np.ndarray) -> np.ndarray:
    """Spread a layout over a whole sheet; its axes have no unit.

    Half way to even columns and rows: left stays left and above stays above, but
    crowds thin out and gaps close.
    """
    ranks = positions.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    last = len(positions) - 1
    even = (2 * ranks - last) / max(last, 1)
    extent = np.abs(positions).max(axis=0, initial=0)
    return (positions / np.where(extent == 0, 1, extent) + even) / 2


def _find_neighbors(
    tokens: Sequence[str], unit: np.ndarray, rows: Sequence[int], count: int
) -> tuple[tuple[tuple[str, float], ...], ...]:
    count = min(count, len(unit) - 1)
    found = []
    for start in range(0, len(rows), 128):  # 20 MB at a time
        part = rows[start : start + 128]
        cosines = unit[part] @ unit.T
        cosines[np.arange(len(part)), part] = -np.inf  # not itself
        nearest = np.argsort(-cosines, axis=1, kind="stable")[:, :count]
        found += [
            tuple((tokens[i], round(float(row[i]), 3)) for i in best)
            for row, best in zip(cosines, nearest, strict=True)
        ]
    return tuple(found)


def _rings(reach: float) -> np.ndarray:
    """Return offsets round a point, nearest first, shape (m, 2)."""
    offsets = [np.zeros((1, 2))]
    for radius in np.linspace(0, reach, 13)[1:]:
        angles = np.arange(16) * (np.pi / 8)
        offsets.append(radius * np.column_stack([np.cos(angles), np.sin(angles)]))
    return np.concatenate(offsets)
