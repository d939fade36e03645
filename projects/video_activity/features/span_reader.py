"""One labeled stretch of a video becomes features in the cache."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from projects.video_activity.features.cache import FeatureCache, SpanFeatures
from projects.video_activity.features.prefetch import ahead
from projects.video_activity.features.streams import Extractor
from projects.video_activity.footage.decoder import Decoder, Limits, VideoError
from projects.video_activity.footage.spans import Span
from projects.video_activity.footage.windows import Window, windows

_TOGETHER = 4  # windows that go through the extractor at once
_AHEAD = 4  # windows that are decoded meanwhile

Tell = Callable[[int], None]


@dataclass(frozen=True)
class Outcome:
    """How the reading of a span went.

    Attributes:
        frames: How many were taken.
        reason: Why there are no features; empty if there are.
    """

    frames: int
    reason: str = ""


class SpanReader:
    """A decoder, an extractor and a cache that work together; a context manager."""

    def __init__(self, extractor: Extractor, cache: FeatureCache):
        """Start; the decoder's process comes with the first video."""
        settings = extractor.settings
        self._extractor, self._cache = extractor, cache
        self._decoder = Decoder(Limits(longest_side=settings.longest_side))

    def __enter__(self) -> "SpanReader":
        """Return itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """End the decoder."""
        self._decoder.close()

    def expected_frames(self, span: Span) -> int:
        """Return about how many frames a span has.

        Raises:
            VideoError: It cannot be read.
        """
        end = span.end
        if end is None:
            end = self._decoder.probe(span.path).duration or span.start
        interval = self._extractor.settings.frame_interval
        return max(0, round((end - span.start) / interval))

    def read(self, span: Span, key: str, tell: Tell = lambda frames: None) -> Outcome:
        """Extract the features of a span and save them under `key`.

        Args:
            span: What to read.
            key: See `FeatureCache.key`.
            tell: Hears how many frames are done so far.
        """
        skipped: list[str] = []
        try:
            found = self._extract(span, skipped, tell)
        except VideoError as error:
            return Outcome(0, str(error))
        if not len(found.lengths):
            why = skipped[0] if skipped else "nothing to see"
            return Outcome(0, f"{span}: {why}")
        self._cache.save(key, found)
        return Outcome(int(found.lengths.sum()))

    def _extract(self, span: Span, skipped: list[str], tell: Tell) -> SpanFeatures:
        settings = self._extractor.settings
        frames = self._decoder.frames(
            span.path,
            interval=settings.frame_interval,
            start=span.start,
            end=span.end,
        )
        coming = windows(
            frames,
            settings.num_frames,
            settings.hop,
            settings.frame_interval,
            skipped=skipped,
        )
        parts: list[dict[str, np.ndarray]] = []
        lengths, starts = [], []
        with ahead(coming, _AHEAD) as ready:
            for together in _batched(ready, _TOGETHER):
                parts += self._extractor([window.frames for window in together])
                lengths += [len(window.frames) for window in together]
                starts += [window.start for window in together]
                tell(sum(lengths))
        features = {
            name: np.concatenate([part[name] for part in parts])
            for name in (self._extractor.settings.streams if parts else ())
        }
        notes = tuple(f"{span}: {text}" for text in self._decoder.notes)
        return SpanFeatures(
            features, np.array(lengths, np.int64), np.array(starts, float), notes
        )


def _batched(items: Iterable[Window], count: int) -> Iterator[list[Window]]:
    source = iter(items)
    while batch := list(itertools.islice(source, count)):
        yield batch
