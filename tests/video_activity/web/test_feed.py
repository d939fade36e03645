"""Messages arrive whole and in order, at whoever follows and from where."""

import asyncio
import threading

from projects.video_activity.web.feed import Feed


def read(feed, after=0, patience=5.0, most=10**6):
    async def main():
        told = []
        async for item in feed.follow(after, patience):
            told.append(item)
            if len(told) == most:
                break
        return told

    return asyncio.run(main())


def numbered(count, first=1):
    return [(n, {"n": n}) for n in range(first, first + count)]


def test_who_comes_late_reads_all_and_may_say_where_it_was():
    feed = Feed()
    for n in range(1, 6):
        feed.add({"n": n})
    feed.close()
    feed.add({"n": 99})  # after the end nothing is said
    assert read(feed) == numbered(5)
    assert read(feed, after=3) == numbered(2, 4)
    assert read(feed, after=5) == read(feed, after=50) == []
    assert feed.count == 5 and feed.readers == 0


def test_of_too_many_the_oldest_are_forgotten():
    feed = Feed(most=3)
    for n in range(1, 11):
        feed.add({"n": n})
    feed.close()
    assert read(feed) == numbered(3, 8)
    assert read(feed, after=9) == numbered(1, 10)
    assert read(feed, after=2) == numbered(3, 8)


def test_many_threads_are_heard_by_many_readers():
    feed = Feed()

    def speak():
        for _ in range(200):
            feed.add({})

    async def follow():
        return [number async for number, _ in feed.follow()]

    async def main():
        readers = [asyncio.create_task(follow()) for _ in range(5)]
        await asyncio.sleep(0.01)
        assert feed.readers == 5
        threads = [threading.Thread(target=speak) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            await asyncio.to_thread(thread.join)
        feed.close()
        return await asyncio.gather(*readers)

    assert asyncio.run(main()) == [list(range(1, 801))] * 5


def test_silence_is_told_and_ends_nothing():
    feed = Feed()
    feed.add({"n": 1})
    assert read(feed, patience=0.01, most=3) == [(1, {"n": 1}), (1, None), (1, None)]
    assert feed.readers == 0
