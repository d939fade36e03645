"""The files that explain answers: a page of all cards, a picture of each attention."""

from collections.abc import Sequence
from pathlib import Path

from common.errors import note
from common.files import write_text
from common.fonts import font_for, missing_font_advice
from common.plotting import save_figure
from projects.couplet.cards.card_page import make_card_page
from projects.couplet.cards.cards import Sheet
from projects.couplet.cards.figures import plot_attention

PAGE, PICTURES = "cards.html", "attention-*.png"


def write_explanation(sheets: Sequence[Sheet], folder: Path, title: str) -> list[Path]:
    """Write the page, and a picture for each card whose model has attention.

    Args:
        sheets: of first lines and their cards; pictures are numbered through.
        folder: is made; explanations in it are replaced.
        title: of the page.

    Returns:
        What was written.

    Raises:
        UserError: The font file named by the user is none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for path in written_in(folder):
        path.unlink()
    cards = [card for sheet in sheets for card in sheet.cards]
    pictures = []
    for number, card in enumerate(cards, 1):
        if card.attention is not None:
            pictures.append(folder / PICTURES.replace("*", str(number)))
            save_figure(plot_attention(card), pictures[-1])
    _note_what_lacks([card.first + card.second for card in cards], pictures)
    write_text(folder / PAGE, make_card_page(sheets, title))
    return [folder / PAGE, *pictures]


def written_in(folder: Path) -> list[Path]:
    """Return the files of earlier explanations, which `write_explanation` replaces."""
    return [*folder.glob(PAGE), *folder.glob(PICTURES)]


def _note_what_lacks(lines: Sequence[str], pictures: Sequence[Path]) -> None:
    if not pictures:
        note("This model has no attention: there is no picture of it.")
    elif font_for("".join(lines)) is None:
        note(missing_font_advice())
