"""A tracing processor for the OpenAI Agents SDK that gives every trace a signed receipt.

    from agents import add_trace_processor
    from runseal_client import Client, Queued
    from runseal_openai_agents import RunsealProcessor

    calls = Queued(Client(), on_error=lambda error, path, body: print(error, body))
    add_trace_processor(RunsealProcessor(calls, agent_id="triage"))

A trace is the run, its spans are the events. The SDK calls from the agents' own event loop, so the
calls are better queued; it closes the queue when it shuts down.
"""

import threading

from runseal_client import now, short

try:
    from agents.tracing import TracingProcessor as _Base
except ImportError:
    _Base = object

SOURCE = "openai-agents"
MODELS = frozenset({"generation", "response"})


class RunsealProcessor(_Base):
    """Posts what the SDK traces.

    `redact(type, data)` returns what may be told of an event. Without `on_error(error)` the SDK
    gets what the client raises, and logs it.
    """

    def __init__(self, client, agent_id, redact=None, on_error=None):
        self._client, self._agent_id = client, agent_id
        self._redact = redact or (lambda _type, data: data)
        self._on_error = on_error
        self._lock = threading.Lock()
        self._spans = {}  # What goes on: its id, and parent and type.
        self._failed = {}  # Traces whose outermost agent failed, and how.

    def on_trace_start(self, trace):
        group = getattr(trace, "group_id", None)
        session = {"session_key": short(group)} if group else {}
        self._try(
            self._client.start,
            trace.trace_id,
            self._agent_id,
            adapter=SOURCE,
            trace_id=trace.trace_id,
            **session,
        )

    def on_trace_end(self, trace):
        with self._lock:
            error = self._failed.pop(trace.trace_id, None)
        if error is None:
            self._try(self._client.end, trace.trace_id)
            return
        self._tell(trace.trace_id, trace.trace_id, "run.fail", error, now())
        # A receipt may be shown where the events are not, so it does not quote them.
        reason = f"agent {error['name']} failed"
        self._try(self._client.end, trace.trace_id, success=False, reason=reason)

    def on_span_start(self, span):
        data, kind = _data(span)
        with self._lock:
            inside = self._in_an_agent(span.parent_id)
            self._spans[span.span_id] = (span.parent_id, kind)
        if kind == "function":
            told = {"tool": data.get("name"), "input": data.get("input")}
            self._say(span, "tool.invoke", told, span.started_at)
        elif kind == "agent" and inside:
            self._say(span, "subagent.spawn", {"name": data.get("name")}, span.started_at)

    def on_span_end(self, span):
        data, kind = _data(span)
        with self._lock:
            self._spans.pop(span.span_id, None)
            inside = self._in_an_agent(span.parent_id)
        error = _error(span)
        if kind == "function":
            self._function_ends(span, data, error)
        elif kind == "agent":
            self._agent_ends(span, data, error, inside)
        elif kind in MODELS:
            self._model_ends(span, data, error)
        elif kind == "handoff":
            self._say(span, "delegation.start", {**data, **error}, span.ended_at)
        elif kind == "guardrail":
            word = "policy.violation" if data.get("triggered") else "policy.check"
            self._say(span, word, {**data, **error}, span.ended_at)
        else:
            self._say(span, short(f"span.{kind}"), {**data, **error}, span.ended_at)

    def shutdown(self):
        """Posts what is left, if the client keeps a queue."""
        getattr(self._client, "close", lambda: None)()

    def force_flush(self):
        """Waits until the client's queue is empty, if it keeps one."""
        getattr(self._client, "flush", lambda: None)()

    def _function_ends(self, span, data, error):
        told = {"tool": data.get("name"), "input": data.get("input")}
        if error:
            self._say(span, "tool.error", {**told, **error}, span.ended_at)
        else:
            self._say(span, "tool.result", {**told, "output": data.get("output")}, span.ended_at)

    def _agent_ends(self, span, data, error, inside):
        if inside:
            told = {"name": data.get("name"), **error}
            self._say(span, "subagent.result", told, span.ended_at)
        elif error:
            with self._lock:
                self._failed[span.trace_id] = {"name": data.get("name"), **error}

    def _model_ends(self, span, data, error):
        # What went in is known for sure only now, and nothing happens inside a call of a model.
        about = {"model": data.get("model")}
        given = {**about, "input": data.get("input")}
        self._say(span, "message.received", given, span.started_at)
        if error:
            self._say(span, "model.error", {**about, **error}, span.ended_at)
            return
        output = data.get("output", data.get("response_id"))
        told = {**about, "output": output, "usage": data.get("usage")}
        self._say(span, "message.sent", told, span.ended_at)

    def _say(self, span, word, data, moment):
        self._tell(span.trace_id, span.span_id, word, data, moment)

    def _tell(self, run, call, word, data, moment):
        told = self._redact(word, data)
        self._try(
            self._client.event,
            run,
            f"{call}/{word}",
            word,
            told,
            source=SOURCE,
            timestamp=moment,
        )

    def _in_an_agent(self, span_id):
        while span_id in self._spans:
            span_id, kind = self._spans[span_id]
            if kind == "agent":
                return True
        return False

    def _try(self, call, *args, **named):
        try:
            call(*args, **named)
        except Exception as error:
            if self._on_error is None:
                raise
            self._on_error(error)


def _data(span):
    """What a span says of itself, and its type; a response's own members stand in an object of it."""
    described = span.span_data
    kind = described.type
    data = {key: value for key, value in (described.export() or {}).items() if key != "type"}
    if kind == "response":
        response = getattr(described, "response", None)
        data["input"] = getattr(described, "input", None)
        for member in ("model", "output", "usage"):
            if getattr(response, member, None) is not None:
                data[member] = getattr(response, member)
    return data, kind


def _error(span):
    error = span.error
    if not error:
        return {}
    return {"error": error.get("message"), "error_data": error.get("data")}
