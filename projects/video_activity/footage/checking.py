"""Whether labeled spans can be learned from: classes, copies, ends."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from common.errors import UserError
from projects.video_activity.footage.contents import same_contents
from projects.video_activity.footage.decoder import Decoder, VideoError
from projects.video_activity.footage.spans import Span, refuse_conflicts

_SLACK = 1.0  # seconds by which a span may end after its file


def check_spans(
    spans: Sequence[Span], decoder: Decoder | None = None
) -> tuple[list[Span], list[str]]:
    """Check spans before anything is extracted, and join sources that are the same.

    Args:
        spans: From `read_folder` or `read_table`.
        decoder: If given, the spans with an end or a start are compared with what
            the file says of its length: cut there, refused if they begin after it.

    Returns:
        The spans, and what there is to say of them, one sentence each.

    Raises:
        UserError: Fewer than two classes; the same pictures under two of them; a span
            that begins after the end of its file.
    """
    classes = sorted({span.label for span in spans})
    if len(classes) < 2:
        raise UserError(
            "Expected videos of two classes or more. Received:"
            f" {', '.join(classes) or 'none'}. Add a folder (or rows) of another class,"
            " such as what is usual."
        )
    spans, notes = _join_copies(list(spans))
    if decoder is not None:
        spans, cut = _cut_ends(spans, decoder)
        notes += cut
    return spans, notes


def _join_copies(spans: list[Span]) -> tuple[list[Span], list[str]]:
    by_path = defaultdict(list)
    for span in spans:
        by_path[span.path].append(span)
    joined, notes = dict[str, str](), list[str]()
    for paths in [[path] for path in by_path] + same_contents(by_path):
        same = [span for path in paths for span in by_path[path]]
        refuse_conflicts([(span, str(span)) for span in same])
        groups = sorted({_final(span.group, joined) for span in same})
        joined |= {group: groups[0] for group in groups[1:]}
        if len(paths) > 1:
            notes.append(_tell_copies(paths, len(groups) > 1))
    spans = [replace(span, group=_final(span.group, joined)) for span in spans]
    return spans, notes


def _final(group: str, joined: dict[str, str]) -> str:
    while group in joined:
        group = joined[group]
    return group


def _tell_copies(paths: list[Path], were_apart: bool) -> str:
    names = ", ".join(str(path) for path in paths)
    end = ": their sources are taken as one." if were_apart else "."
    return f"The same video is there {len(paths)} times ({names}){end}"


def _cut_ends(spans: list[Span], decoder: Decoder) -> tuple[list[Span], list[str]]:
    lengths: dict[Path, float | None] = {}
    kept, notes = [], []
    for span in spans:
        if span.start == 0 and span.end is None:
            kept.append(span)
            continue
        if span.path not in lengths:
            lengths[span.path] = _length(span.path, decoder)
        length = lengths[span.path]
        if length is not None and span.start >= length:
            raise UserError(
                f"Expected a span within its file, which has {length:.1f} s. Received:"
                f" {span}. Mend the times."
            )
        if None not in (length, span.end) and span.end > length + _SLACK:
            notes.append(f"{span}: the file ends at {length:.1f} s; cut there.")
            span = replace(span, end=None)
        kept.append(span)
    return kept, notes


def _length(path: Path, decoder: Decoder) -> float | None:
    try:
        return decoder.probe(path).duration
    except VideoError:
        return None  # named and counted when it is extracted
