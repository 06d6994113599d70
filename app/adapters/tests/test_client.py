import math
import unittest
from dataclasses import dataclass

from runseal_client import Client, Queued, RunsealError, plain, short

from .service import Door, WithService


@dataclass
class Point:
    x: int
    y: object


class Described:
    def model_dump(self):
        return {"kind": "message", "inside": Point(1, None)}


class WhatIsSent(unittest.TestCase):
    def test_anything_becomes_json_that_has_one_meaning(self):
        for value, expected in [
            ({"a": [1, 2.5, True, None, "é"]}, {"a": [1, 2.5, True, None, "é"]}),
            ((1, 2), [1, 2]),
            ({1: "one"}, {"1": "one"}),
            (2**53 - 1, 2**53 - 1),
            (2**53, "9007199254740992"),
            (-(2**53), "-9007199254740992"),
            (math.nan, "nan"),
            (-math.inf, "-inf"),
            ("\ud800", "\\ud800"),
            ({"\udfff": "x"}, {"\\udfff": "x"}),
            (Point(1, (2,)), {"x": 1, "y": [2]}),
            (Described(), {"kind": "message", "inside": {"x": 1, "y": None}}),
            (Point, "Point"),
            (b"\xff", "b'\\xff'"),
        ]:
            self.assertEqual(plain(value), expected, value)

    def test_a_long_text_stands_as_its_hash(self):
        held = plain("a" * 1_000_000)
        million = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        self.assertEqual(held, {"sha256": million, "size_bytes": 1_000_000})

    def test_what_contains_itself_ends(self):
        knot = []
        knot.append(knot)
        untied, depth = plain(knot), 0
        while isinstance(untied, list):
            [untied], depth = untied, depth + 1
        self.assertEqual((untied, depth), ("[[...]]", 32))

    def test_a_reason_is_one_short_line(self):
        self.assertEqual(short("a\n b\tc\x00"), "a b c")
        self.assertLessEqual(len(short("é" * 1000).encode()), 256)


class Calls(WithService):
    def client(self, url=None, **more):
        return Client(url or self.url, first_wait=0.0, **more)

    def test_a_run_gets_a_receipt(self):
        client = self.client()
        self.assertEqual(client.start("plain", "agent", adapter="mine")["status"], "started")
        client.event("plain", "e1", "message.received", {"content": "2 + 2?"})
        client.event("plain", "e2", "tool.invoke", {"strange": [math.nan, 2**60, "\ud800"]})
        ended = client.end("plain", success=False, reason="it\nfailed")
        self.assertEqual(ended["event_count"], 2)
        document = self.get("/v1/runproof/plain")
        self.assertEqual((document["status"], document["adapter"]), ("failed", "mine"))
        self.assertEqual(document["root_hash"], ended["root_hash"])
        self.assertEqual(self.words("plain"), ["message.received", "tool.invoke"])

    def test_what_passes_is_repeated_and_counts_once(self):
        for number, wrong in enumerate(["503", "429", "cut", "lose"]):
            run = f"again-{number}"
            client = self.client()
            client.start(run, "agent")
            with Door(self.url, [wrong, wrong]) as door:
                answer = self.client(door.url).event(run, "e", "tool.invoke", {"n": 1})
            self.assertEqual(len(door.calls), 3, wrong)
            self.assertEqual(len(set(door.calls)), 1, wrong)
            self.assertEqual(answer["status"], "duplicate" if wrong == "lose" else "recorded")
            self.assertEqual(client.end(run)["event_count"], 1, wrong)

    def test_an_end_whose_answer_was_lost_is_answered_the_same_again(self):
        client = self.client()
        client.start("end", "agent")
        with Door(self.url, ["lose"]) as door:
            ended = self.client(door.url).end("end")
        self.assertEqual(ended, client.end("end"))

    def test_what_does_not_pass_is_an_error_at_once(self):
        client = self.client()
        client.start("wrong", "agent")
        client.event("wrong", "e", "t", {"n": 1}, timestamp="t")
        for status, call in [
            (404, lambda client: client.event("nobody", "e", "t")),
            (404, lambda client: client.end("nobody")),
            (409, lambda client: client.event("wrong", "e", "t", {"n": 2}, timestamp="t")),
            (409, lambda client: client.start("wrong", "another")),
            (422, lambda client: client.start("", "agent")),
            (422, lambda client: client.event("wrong", "\n", "t")),
            (404, lambda client: client.post("/v1/nothing", {})),
        ]:
            with Door(self.url, []) as door, self.assertRaises(RunsealError) as caught:
                call(self.client(door.url))
            self.assertEqual(caught.exception.status, status, caught.exception)
            self.assertEqual(len(door.calls), 1)

    def test_what_stays_is_an_error_after_all_tries(self):
        with Door(self.url, ["503"] * 9) as door, self.assertRaises(RunsealError) as caught:
            self.client(door.url, tries=3).start("never", "agent")
        self.assertEqual((caught.exception.status, len(door.calls)), (503, 3))
        with self.assertRaises(RunsealError) as caught:
            self.client("http://127.0.0.1:1", tries=2).start("never", "agent")
        self.assertIsNone(caught.exception.status)

    def test_a_queue_posts_in_order_what_it_was_given(self):
        wrong = []
        calls = Queued(self.client(), on_error=lambda *what: wrong.append(what), most=3)
        calls.start("queued", "agent")
        for number in range(50):
            calls.event("queued", f"e{number}", "tool.invoke", {"n": number})
        calls.end("queued")
        calls.close()
        self.assertEqual(wrong, [])
        self.assertEqual([data["n"] for _word, data in self.steps("queued")], list(range(50)))
        with self.assertRaises(RunsealError):
            calls.end("queued")

    def test_a_queue_hands_over_what_failed_and_goes_on(self):
        wrong = []

        def on_error(error, path, body):
            wrong.append((error.status, path, body["event_id"]))

        calls = Queued(self.client(), on_error)
        calls.start("goes-on", "agent")
        calls.event("unknown", "lost", "t")
        calls.event("goes-on", "kept", "t")
        calls.end("goes-on")
        calls.flush()
        self.assertEqual(wrong, [(404, "/v1/run/event", "lost")])
        self.assertEqual(self.words("goes-on"), ["t"])
        calls.close()
