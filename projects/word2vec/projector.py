"""The files that TensorBoard's projector shows: vectors, words, and where they are."""

from pathlib import Path

from common.errors import UserError
from common.files import atomic_write, write_text
from projects.word2vec.vectors import WordVectors

VECTORS, METADATA, CONFIG = "vectors.tsv", "metadata.tsv", "projector_config.pbtxt"
FILES = (VECTORS, METADATA, CONFIG)
_PBTXT = f"""embeddings {{
  tensor_name: "words"
  tensor_path: "{VECTORS}"
  metadata_path: "{METADATA}"
}}
"""


def write_projector(vectors: WordVectors, folder: Path) -> None:
    """Write the files of the projector into a folder, which is made.

    `tensorboard --logdir FOLDER` shows them; so does any page with the projector,
    given the two .tsv files.

    Args:
        vectors: The words; their counts become a column of the metadata.
        folder: Where to write vectors.tsv, metadata.tsv, projector_config.pbtxt.

    Raises:
        UserError: A word has a tab or a line break, which part the columns.
    """
    tokens, counts = vectors.vocabulary.tokens, vectors.vocabulary.counts.tolist()
    for token in tokens:
        if not token or set(token) & set("\t\n\r"):
            raise UserError(
                "Expected words without tab and line break for the projector."
                f" Received: {token!r}. Train on text without it."
            )
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    form = "\t".join(["%.9g"] * vectors.matrix.shape[1]) + "\n"
    with (
        atomic_write(folder / VECTORS) as temporary,
        open(temporary, "w", encoding="ascii", newline="\n") as file,
    ):
        file.writelines(form % tuple(row.tolist()) for row in vectors.matrix)
    # The projector expects a head line just when there is more than one column.
    rows = [f"{t}\t{count}" for t, count in zip(tokens, counts, strict=True)]
    write_text(folder / METADATA, "\n".join(["word\tcount", *rows]) + "\n")
    write_text(folder / CONFIG, _PBTXT)
