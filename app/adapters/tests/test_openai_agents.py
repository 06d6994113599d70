import unittest
from types import SimpleNamespace
from uuid import uuid4

from runseal_client import Client, Queued, RunsealError
from runseal_openai_agents import RunsealProcessor

from .service import WithService

START, END = "2026-03-17T00:00:00+00:00", "2026-03-17T00:00:01+00:00"


class Data(SimpleNamespace):
    """What a span is about, as the SDK has it: members, and `export` for those that may leave."""

    def export(self):
        hidden = ("response",)
        return {key: value for key, value in vars(self).items() if key not in hidden}


class Trace:
    """A trace that tells a processor what happens in it, in the SDK's order."""

    def __init__(self, processor, group=None):
        self.trace_id, self.group_id, self.name = f"trace_{uuid4().hex}", group, "workflow"
        self.processor = processor
        processor.on_trace_start(self)

    def begin(self, kind, parent=None, **members):
        span = SimpleNamespace(
            trace_id=self.trace_id,
            span_id=f"span_{uuid4().hex[:24]}",
            parent_id=parent and parent.span_id,
            started_at=START,
            ended_at=None,
            error=None,
            span_data=Data(type=kind, **members),
        )
        self.processor.on_span_start(span)
        return span

    def finish(self, span, error=None, **members):
        vars(span.span_data).update(members)
        span.ended_at, span.error = END, error
        self.processor.on_span_end(span)

    def whole(self, kind, parent=None, error=None, **members):
        self.finish(self.begin(kind, parent), error, **members)

    def end(self):
        self.processor.on_trace_end(self)
        return self.trace_id


class Spans(WithService):
    def processor(self, **more):
        return RunsealProcessor(Client(self.url), "agent", **more)

    def test_a_trace_is_a_run_and_its_spans_are_the_events(self):
        trace = Trace(self.processor(), group="chat 7")
        agent = trace.begin("agent", name="triage", tools=["add"])
        told = {"input": ["2 + 2?"], "output": ["call"], "usage": {"n": 7}}
        trace.whole("generation", agent, model="gpt-x", **told)
        tool = trace.begin("function", agent, name="add")
        trace.finish(tool, name="add", input="[2, 2]", output="4")
        trace.whole("handoff", agent, from_agent="triage", to_agent="writer")
        trace.whole("guardrail", agent, name="polite", triggered=False)
        trace.finish(agent)
        writer = trace.begin("agent", name="writer")
        response = SimpleNamespace(model="gpt-y", output=["four"], usage=None)
        trace.whole("response", writer, response=response, input="4", response_id="resp_1")
        trace.whole("custom", writer, name="mine", data={"x": 1})
        trace.finish(writer)
        steps = self.steps(trace.end())
        self.assertEqual(
            [word for word, _ in steps],
            [
                "message.received",
                "message.sent",
                "tool.invoke",
                "tool.result",
                "delegation.start",
                "policy.check",
                "message.received",
                "message.sent",
                "span.custom",
            ],
        )
        self.assertEqual(steps[1][1], {"model": "gpt-x", "output": ["call"], "usage": {"n": 7}})
        self.assertEqual(steps[3][1], {"tool": "add", "input": "[2, 2]", "output": "4"})
        self.assertEqual(steps[4][1], {"from_agent": "triage", "to_agent": "writer"})
        self.assertEqual(steps[7][1], {"model": "gpt-y", "output": ["four"], "usage": None})
        document = self.get(f"/v1/runproof/{trace.trace_id}")
        self.assertEqual(document["status"], "completed")
        self.assertEqual(document["trace_id"], trace.trace_id)
        self.assertEqual({event["timestamp"] for event in document["events"]}, {START, END})

    def test_an_agent_that_is_used_as_a_tool_is_a_subagent(self):
        processor = self.processor()
        trace = Trace(processor)
        agent = trace.begin("agent", name="boss")
        tool = trace.begin("function", agent, name="ask")
        helper = trace.begin("agent", tool, name="helper")
        trace.finish(helper, error={"message": "tired", "data": None})
        trace.finish(tool, name="ask", output="nothing")
        trace.finish(agent)
        steps = self.steps(trace.end())
        words = ["tool.invoke", "subagent.spawn", "subagent.result", "tool.result"]
        self.assertEqual([word for word, _ in steps], words)
        self.assertEqual(steps[2][1]["error"], "tired")
        self.assertEqual(self.get(f"/v1/run/{trace.trace_id}")["status"], "completed")
        self.assertEqual((processor._spans, processor._failed), ({}, {}))

    def test_a_tool_a_model_and_a_guardrail_that_fail_are_told(self):
        trace = Trace(self.processor())
        agent = trace.begin("agent", name="a")
        wrong = {"message": "no", "data": {"code": 7}}
        trace.whole("function", agent, wrong, name="add", input="x")
        trace.whole("generation", agent, wrong, model="gpt-x", input=[])
        trace.whole("guardrail", agent, name="polite", triggered=True)
        trace.finish(agent, error=wrong)
        steps = self.steps(trace.end())
        words = ["tool.invoke", "tool.error", "message.received", "model.error"]
        self.assertEqual([word for word, _ in steps], [*words, "policy.violation", "run.fail"])
        self.assertEqual(steps[1][1]["error_data"], {"code": 7})
        document = self.get(f"/v1/runproof/{trace.trace_id}")
        self.assertEqual(document["status"], "failed")
        self.assertEqual(document["receipt"]["reason"], "agent a failed")

    def test_what_is_not_to_be_told_is_not(self):
        trace = Trace(self.processor(redact=lambda _kind, _data: {}))
        trace.whole("function", None, {"message": "secret"}, name="pay", input="secret")
        trace.finish(trace.begin("agent", name="secret"), error={"message": "secret"})
        self.assertNotIn("secret", str(self.steps(trace.end())))

    def test_a_queue_is_emptied_when_the_sdk_shuts_down(self):
        errors = []
        calls = Queued(Client(self.url), on_error=lambda *what: errors.append(what))
        processor = RunsealProcessor(calls, "agent")
        trace = Trace(processor)
        trace.whole("function", None, name="add", input="x", output="y")
        processor.force_flush()
        self.assertEqual(self.get(f"/v1/run/{trace.trace_id}")["event_count"], 2)
        trace.end()
        processor.shutdown()
        self.assertEqual(self.words(trace.trace_id), ["tool.invoke", "tool.result"])
        self.assertEqual(errors, [])

    def test_a_span_that_is_not_taken_is_never_lost_silently(self):
        away = Client("http://127.0.0.1:1", tries=1)
        with self.assertRaises(RunsealError):
            Trace(RunsealProcessor(away, "agent"))
        errors = []
        trace = Trace(RunsealProcessor(away, "agent", on_error=errors.append))
        trace.whole("function", None, name="add")
        trace.end()
        calls = ["start", "event", "event", "end"]
        self.assertEqual([error.path for error in errors], [f"/v1/run/{call}" for call in calls])
