"""Where public texts and tests come from."""

import os
from pathlib import Path

from common.download import Source, fetch

_RAW = "https://raw.githubusercontent.com/"
_GENSIM = _RAW + "piskvorky/gensim/4.4.0/gensim/test/test_data/"
_RESEARCH = "free for research; see its authors' pages"

TEXT8 = Source(
    name="text8.zip",
    # Plain http, as its owner names it; the hash vouches for the content.
    url="http://mattmahoney.net/dc/text8.zip",
    sha256="a6640522afe85d1963ad56c05b0ede0a0c000dddc9671758a6cc09b7a38e5232",
    size=31_344_016,
    licence="CC BY-SA",
    citation="Wikipedia's authors, 2006; cleaned by Matt Mahoney",
    mirror_path="text/text8.zip",
)
CORPORA = {"text8": TEXT8}

QUESTIONS_WORDS = Source(
    name="questions-words.txt",
    url=_GENSIM + "questions-words.txt",
    sha256="8c29b3332afc46f3fb8be04cb5297bf96f39aa7131272dff57869b4485b22a36",
    size=603_955,
    licence="Apache-2.0",
    citation="Mikolov, Chen, Corrado, Dean: Efficient Estimation of Word"
    " Representations in Vector Space, 2013",
    mirror_path="eval/questions-words.txt",
)
WORDSIM353 = Source(
    name="wordsim353.tsv",
    url=_GENSIM + "wordsim353.tsv",
    sha256="f92a022fc2537793a15bc3a8c162ebcd74990e033a228bb6388cb71e4c0b1e1d",
    size=7_186,
    licence=_RESEARCH,
    citation="Finkelstein et al.: Placing Search in Context: the Concept Revisited,"
    " 2002",
    mirror_path="eval/wordsim353.tsv",
)
SIMLEX999 = Source(
    name="simlex999.txt",
    url=_GENSIM + "simlex999.txt",
    sha256="d5e0501971478a511430ee880bd0121e94ac701ba86d90544d83e6d2ba3db05d",
    size=18_126,
    licence=_RESEARCH,
    citation="Hill, Reichart, Korhonen: SimLex-999: Evaluating Semantic Models with"
    " (Genuine) Similarity Estimation, 2015",
    mirror_path="eval/simlex999.txt",
)
CA8 = Source(
    name="CA8_morphological.txt",
    url=_RAW + "Embedding/Chinese-Word-Vectors/"
    "b2f76767356a4dbc464d67b5dda3082ed5fba3ee/testsets/CA8/morphological.txt",
    sha256="ed47740c28d5ce052f205e7ffff8e28dfefe451fcd39867bbe98ef710cc6bf4f",
    size=341_904,
    licence="Apache-2.0",
    citation="Li, Zhao, Hu, Li, Liu, Du: Analogical Reasoning on Chinese Morphological"
    " and Semantic Relations, 2018",
    mirror_path="eval/CA8_morphological.txt",
)
WORDSIM240 = Source(
    name="wordsim240.txt",
    url=_RAW + "Leonard-Xu/CWE/917fc7cef9e2e8aaab822798a3b94a71a6152618/data/240.txt",
    sha256="822b25ceba0f6b916355e20a6611704de4b65933898196ee19de95f9c0203483",
    size=4_896,
    licence="none stated by its publisher; for study only",
    citation="Wang, Jia, Zhou, Ding, Liang: Computing Semantic Relatedness using"
    " Chinese Wikipedia Links and Taxonomy, 2011",
    mirror_path="eval/wordsim240.txt",
)


def find_corpus(corpus: str, cache: Path | None = None) -> str:
    """Return what `read_chunks` takes, fetching a public text by its name.

    Args:
        corpus: A name out of `CORPORA`, unless a file bears it; anything else is
            returned as it is.
        cache: The folder of downloads, see `fetch`.

    Raises:
        UserError: See `fetch`.
    """
    if corpus in CORPORA and not os.path.exists(corpus):
        return str(fetch(CORPORA[corpus], cache))
    return corpus
