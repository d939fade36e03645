"""Labeled stretches of videos become clips to learn from."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from common.errors import UserError
from common.meter import Meter
from projects.video_activity.features.cache import FeatureCache, SpanFeatures
from projects.video_activity.features.clip_set import ClipSet
from projects.video_activity.features.distributed import read_with_dask
from projects.video_activity.features.processes import Task, read_in_processes
from projects.video_activity.features.settings import FeatureSettings
from projects.video_activity.features.span_reader import Outcome, SpanReader
from projects.video_activity.features.streams import Extractor
from projects.video_activity.footage.contents import digest
from projects.video_activity.footage.decoder import VideoError
from projects.video_activity.footage.spans import Span

CACHE = "video_features"  # the folder among the downloads


def extract(
    spans: Sequence[Span],
    settings: FeatureSettings,
    cache: Path,
    *,
    workers: int = 1,
    scheduler: str | None = None,
    download: bool = False,
    quiet: bool = False,
) -> ClipSet:
    """Extract the features of spans, or find them in the cache.

    What is done is in the cache at once: whoever is killed goes on there next time.

    Args:
        spans: Stretches of videos with their labels.
        settings: How frames become features.
        cache: Folder of the cache.
        workers: Processes of this machine; 1 means this one.
        scheduler: "local:N", or the address of a Dask scheduler, instead of workers.
        download: Whether weights may be downloaded.
        quiet: Whether to say nothing of the progress.

    Returns:
        The clips, in the order of the spans. What cannot be used is told in
        `skipped`, what is strange in `notes`.

    Raises:
        UserError: A class has no span that can be used; see also `build_backbone`.
    """
    extractor = Extractor(settings, download=download)
    store = FeatureCache(cache)
    keys, reasons = _name(spans, store, extractor.digest)
    missing = {key: span for span, key in keys.items() if store.find(key) is None}
    if missing:
        with SpanReader(extractor, store) as reader:
            amounts, failed = _estimate(missing, reader)
            meter = Meter("features", sum(amounts.values()), "frames", quiet=quiet)
            tasks = [(missing[key], key) for key in amounts]
            if scheduler:
                reading = read_with_dask(
                    tasks, extractor.settings, store.folder, scheduler
                )
            elif min(workers, len(tasks)) > 1:
                reading = read_in_processes(
                    tasks, extractor.settings, store.folder, workers
                )
            else:
                reading = _read_here(tasks, reader, meter)
            failed |= _watch(reading, amounts, meter)
        reasons |= {span: failed[key] for span, key in keys.items() if key in failed}
    return _gather(spans, keys, reasons, store, extractor.settings.num_frames)


def _name(
    spans: Sequence[Span], store: FeatureCache, named: str
) -> tuple[dict[Span, str], dict[Span, str]]:
    """Return the keys of spans, and why others have none: they cannot be read."""
    contents: dict[Path, str] = {}
    keys, reasons = {}, {}
    for span in spans:
        try:
            if span.path not in contents:
                contents[span.path] = digest(span.path)
        except OSError as error:
            reasons[span] = f"{span}: {error.strerror or error}"
        else:
            content = contents[span.path]
            keys[span] = store.key(content, span.start, span.end, named)
    return keys, reasons


def _estimate(
    missing: dict[str, Span], reader: SpanReader
) -> tuple[dict[str, int], dict[str, str]]:
    """Return about how many frames spans have, and why others cannot be opened."""
    amounts, failed = {}, {}
    for key, span in missing.items():
        try:
            amounts[key] = reader.expected_frames(span)
        except VideoError as error:
            failed[key] = str(error)
    return amounts, failed


def _read_here(
    tasks: Sequence[Task], reader: SpanReader, meter: Meter
) -> Iterator[tuple[Task, Outcome]]:
    done = 0
    for task in tasks:
        outcome = reader.read(*task, lambda n, done=done: meter.show(done + n))
        yield task, outcome
        done += outcome.frames


def _watch(
    reading: Iterator[tuple[Task, Outcome]], amounts: dict[str, int], meter: Meter
) -> dict[str, str]:
    """Show how far the reading is; return what failed and why."""
    failed, done = {}, 0
    with meter:
        for number, ((_, key), outcome) in enumerate(reading, start=1):
            if outcome.reason:
                failed[key] = outcome.reason
            # Where fewer frames came than expected, there is less to do.
            meter.total += outcome.frames - amounts[key]
            done += outcome.frames
            meter.show(done, f"{number} of {len(amounts)} videos")
    return failed


def _gather(
    spans: Sequence[Span],
    keys: dict[Span, str],
    reasons: dict[Span, str],
    store: FeatureCache,
    num_frames: int,
) -> ClipSet:
    usable = [span for span in spans if span not in reasons]
    classes = tuple(sorted({span.label for span in spans}))
    _refuse_empty(classes, usable, reasons)
    parts = [_find(store, keys[span]) for span in usable]
    counts = [len(part.lengths) for part in parts]

    def each(values: Sequence[object], kind: type) -> np.ndarray:
        return np.repeat(np.array(values, dtype=kind), counts)

    lengths = np.concatenate([part.lengths for part in parts])
    return ClipSet(
        features=_pad(parts, lengths, num_frames),
        lengths=lengths,
        labels=each([classes.index(span.label) for span in usable], np.int64),
        classes=classes,
        groups=each([span.group for span in usable], object),
        paths=each([str(span.path) for span in usable], object),
        starts=np.concatenate([part.starts for part in parts]),
        skipped=tuple(reasons[span] for span in spans if span in reasons),
        notes=tuple(text for part in parts for text in part.notes),
    )


def _refuse_empty(
    classes: Sequence[str], usable: Sequence[Span], reasons: dict[Span, str]
) -> None:
    there = {span.label for span in usable}
    for label in classes:
        if label not in there:
            lost = [text for span, text in reasons.items() if span.label == label]
            raise UserError(
                f"Videos of each class expected. Received: none of {label} can be used"
                f" ({len(lost)} tried). The first: {lost[0]}"
            )
    if not classes:
        raise UserError("Labeled videos expected. Received: none.")


def _find(store: FeatureCache, key: str) -> SpanFeatures:
    found = store.find(key)
    if found is None:
        raise UserError(
            "A folder that this process and all workers see expected for features."
            f" Received: {store.folder}, where what was just made is missing. Name"
            " another one."
        )
    return found


def _pad(
    parts: Sequence[SpanFeatures], lengths: np.ndarray, num_frames: int
) -> dict[str, np.ndarray]:
    """Return streams of clips of one length, float32 `(clips, num_frames, D)`."""
    there = np.arange(num_frames) < lengths[:, None]
    padded = {}
    for name in parts[0].features:
        rows = np.concatenate([part.features[name] for part in parts])
        padded[name] = np.zeros((*there.shape, rows.shape[1]), np.float32)
        padded[name][there] = rows
    return padded
