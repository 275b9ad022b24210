"""The broker of files: whole messages, each once, whoever puts and takes at the same time."""

from __future__ import annotations

import threading
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection, Exchange, Queue

from portal import queue
from portal.folder import Channel

RINGS = Queue("rings", Exchange("rings"), routing_key="rings")


def connected(folder: Path) -> Connection:
    return Connection("filesystem://", transport_options=queue.options(folder))


def test_many_put_and_take_at_once_and_each_message_comes_once(tmp_path: Path):
    taken: list[int] = []
    over = threading.Event()

    def take() -> None:
        with connected(tmp_path) as broker, broker.SimpleQueue(RINGS) as rings:
            while True:
                was_over = over.is_set()
                try:
                    message = rings.get_nowait()
                except Empty:
                    if was_over:
                        return
                    continue
                taken.append(message.payload)
                message.ack()

    def put(first: int) -> None:
        with connected(tmp_path) as broker, broker.SimpleQueue(RINGS) as rings:
            for number in range(first, first + 100):
                rings.put(number)

    takers = [threading.Thread(target=take) for _ in range(3)]
    putters = [threading.Thread(target=put, args=(100 * each,)) for each in range(3)]
    for thread in (*takers, *putters):
        thread.start()
    for thread in putters:
        thread.join()
    over.set()
    for thread in takers:
        thread.join()

    assert sorted(taken) == list(range(300))
    assert list((tmp_path / "messages").iterdir()) == []


def test_who_begins_together_at_a_new_queue_loses_nothing(tmp_path: Path):
    for number in range(20):
        fresh = Queue(f"new{number}", Exchange(f"new{number}"), routing_key=f"new{number}")
        together = threading.Barrier(4)

        def put(fresh: Queue = fresh, together: threading.Barrier = together) -> None:
            with connected(tmp_path) as broker:
                channel = broker.default_channel
                together.wait()
                with broker.SimpleQueue(fresh, channel=channel) as rings:
                    rings.put("ring")

        putters = [threading.Thread(target=put) for _ in range(4)]
        for thread in putters:
            thread.start()
        for thread in putters:
            thread.join()

    assert len(list((tmp_path / "messages").glob("*.msg"))) == 20 * 4


def test_half_a_message_is_no_message(tmp_path: Path):
    with connected(tmp_path) as broker, broker.SimpleQueue(RINGS) as rings:
        assert isinstance(broker.default_channel, Channel)
        (tmp_path / "messages" / "abc.draft").write_text('{"body":')

        with pytest.raises(Empty):
            rings.get_nowait()


def test_a_list_of_queues_that_is_just_being_written_is_waited_for(tmp_path: Path):
    # Kombu remembers in each process which queues it has listed: this one is new to it.
    fresh = Queue("fresh", Exchange("fresh"), routing_key="fresh")
    with connected(tmp_path) as broker, broker.SimpleQueue(fresh) as rings:
        rings.put("first")
        (table,) = (tmp_path / "control").glob("*.exchange")
        whole = table.read_bytes()
        table.write_bytes(b"")
        writer = threading.Timer(0.1, table.write_bytes, [whole])
        writer.start()
        rings.put("heard")
        writer.join()

        assert [rings.get(timeout=5).payload for _ in range(2)] == ["first", "heard"]
